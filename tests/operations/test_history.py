"""`history`: each commit as `check` judges it, what only the whole shows, and histories that nobody should have."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.operations.history import Asked, HistoryResult, history
from gitrepo_plugin import Content, Files, GitRepo, link, metadata, new_repository, stack, submodule

STACK = "providers/docker/scs/1-36"
CLASS = f"{STACK}/cluster-class/class.yaml"
METADATA = f"{STACK}/metadata.yaml"
ADDON = f"{STACK}/cluster-addon/cilium/values.yaml"
GONE: Files = dict.fromkeys(stack())


def rows(result: HistoryResult) -> list[tuple[str, str, str]]:
    """Subject, verdicts, rules of each row."""
    return [
        (row.judged.commit.subject, ", ".join(row.verdicts), " ".join(f.rule for f in row.judged.findings))
        for row in result.rows
    ]


def said(repo: GitRepo, *arguments: str, code: int, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["history", "--repo", str(repo.path), *arguments]) == code
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return out if code < 2 else err


def commits(repo: GitRepo, *steps: tuple[str, Files], branch: str = "main") -> GitRepo:
    for message, files in steps:
        repo.commit(files, message=message, branch=branch)
    return repo


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """A history with a mistake of every kind."""
    return commits(
        git_repo,
        ("start", stack()),
        ("good", {CLASS: "a: 2\n", METADATA: metadata("v2")}),
        ("elsewhere", {"README.md": "about"}),
        ("not moved", {CLASS: "a: 3\n"}),
        ("addon not moved", {ADDON: "a: 3\n", METADATA: metadata("v3")}),
        ("skipped", {CLASS: "a: 4\n", METADATA: metadata("v5")}),
        ("alone", {METADATA: metadata("v6")}),
        ("down", {CLASS: "a: 5\n", METADATA: metadata("v2")}),
    )


WRONG = [
    ("not moved", "not moved", "CS101"),
    ("addon not moved", "not moved", "CS102"),
    ("skipped", "skipped", "CS106"),
    ("alone", "moved without a change", "CS104"),
    ("down", "went down, used again", "CS106 CS180"),
]
SENTENCE = (
    "docker/scs/1-36: v1 … v2 in 7 commits; 2 commits left versions behind, 1 commit moved versions without a change, "
    "1 commit skipped versions, 1 commit took versions down, never given: v4, used v2 3 times"
)


def test_each_mistake_is_told_in_a_word(repo: GitRepo) -> None:
    result = history(repo.path, Asked())
    assert rows(result) == WRONG
    assert result.failed
    assert result.commits == 8


def test_a_table_and_a_line(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(repo, code=1, capsys=capsys).splitlines()
    assert lines[0].split() == ["COMMIT", "DATE", "SUBJECT", "STACK", "VERSIONS", "VERDICT"]
    assert lines[1].split(maxsplit=2)[0] == repo.git("rev-parse", "--short=10", "main~4")
    assert "v3/v1/v1 → v5/v1/v1  skipped (CS106)" in lines[3]
    assert lines[-1] == SENTENCE


def test_every_commit_where_it_is_asked_for(repo: GitRepo) -> None:
    told = rows(history(repo.path, Asked(every=True)))
    assert [subject for subject, _, _ in told] == [
        "start", "good", "not moved", "addon not moved", "skipped", "alone", "down"
    ]
    assert told[1] == ("good", "", "")


def test_json_follows_its_schema(repo: GitRepo, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads(said(repo, "--format", "json", "--every", code=1, capsys=capsys))
    schemas = [json.loads((root / f"schemas/{name}.schema.json").read_text()) for name in ("history", "check")]
    registry = Registry().with_resources([(schema["$id"], Resource.from_contents(schema)) for schema in schemas])
    jsonschema.Draft202012Validator(schemas[0], registry=registry).validate(result)
    assert result["summary"] == {"errors": 6, "warnings": 0, "notes": 0, "commits": 8, "stacks": 1}
    assert result["stacks"][0]["neverGiven"] == ["v4"]
    assert [(use["clusterStack"], use["contents"]) for use in result["stacks"][0]["versions"]] == [
        ("v1", 1), ("v2", 3), ("v3", 1), ("v5", 1), ("v6", 1)
    ]
    assert all(finding["fix"] is None for row in result["commits"] for finding in row["findings"])


def test_markdown(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(repo, "--format", "markdown", code=1, capsys=capsys)
    assert "| v3/v1/v1 → v5/v1/v1 | skipped (CS106) |" in out


def test_since_and_head(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(history(repo.path, Asked(since="main~3"))) == [*WRONG[2:4], ("down", "went down", "CS106")]
    assert rows(history(repo.path, Asked(since="main~3", head="main~1"))) == WRONG[2:4]
    assert rows(history(repo.path, Asked(since="main"))) == []
    assert "unknown revision nowhere" in said(repo, "--since", "nowhere", code=2, capsys=capsys)
    assert "names no commit" in said(repo, "--since", "a..b", code=2, capsys=capsys)


def test_numbers_that_nobody_gave(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    """A gap of any size is told by its ends; of one that may have been given before `--since`, nothing is known."""
    commits(git_repo, ("start", stack()), ("far", {METADATA: metadata("v999999999"), CLASS: "a: 2\n"}),
            ("back", {METADATA: metadata("v5"), CLASS: "a: 3\n"}))
    assert "never given: v2 to v4, v6 to v999999998" in said(git_repo, code=1, capsys=capsys)
    assert "never given" not in said(git_repo, "--since", "main~1", code=1, capsys=capsys)
    assert "never given" not in said(git_repo, "--since", "main~2", code=1, capsys=capsys)


def test_content_that_waits_for_its_bump(git_repo: GitRepo) -> None:
    """With `bump: merge`, merges between two bumps are content of the version that comes, not of the one that was."""
    settings = {".cluster-stacks.yaml": "bump: merge\n"}
    commits(git_repo, ("start", {**stack(), **settings}), ("one", {CLASS: "a: 2\n"}), ("two", {CLASS: "a: 3\n"}),
            ("bump", {METADATA: metadata("v2")}))
    timeline, = history(git_repo.path, Asked()).timelines
    assert timeline.used_again == {}


def test_stacks_that_are_named(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit({**stack("docker/other/1-36", "v4"), **stack("docker/scs/1-37", "v9")}, message="others")
    assert rows(history(repo.path, Asked(("docker/scs/1-36",)))) == WRONG
    assert len(rows(history(repo.path, Asked(("docker/scs/1-36", "providers/docker/other"))))) == len(WRONG) + 1
    assert len(history(repo.path, Asked(("docker",))).timelines) == 3
    assert rows(history(repo.path, Asked(("docker/other",), since="main"))) == []
    assert "did you mean docker/scs/1-36" in said(repo, "docker/sc/1-36", code=2, capsys=capsys)
    assert "no stack is named" in said(repo, "../x", code=2, capsys=capsys)


def test_a_history_without_mistakes(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    commits(git_repo, ("start", stack()), ("more", {CLASS: "a: 2\n", METADATA: metadata("v2")}))
    assert said(git_repo, code=0, capsys=capsys) == "docker/scs/1-36: v1 … v2 in 2 commits, nothing wrong\n"


def test_nothing_to_tell(git_repo: GitRepo, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "there is no commit yet" in said(git_repo, code=2, capsys=capsys)
    git_repo.commit({"README.md": "about"})
    assert said(git_repo, code=0, capsys=capsys) == ""
    (tmp_path / "none").mkdir()
    assert "this is no Git repository" in said(GitRepo(tmp_path / "none"), code=2, capsys=capsys)


# --- merges


@pytest.fixture
def merged(git_repo: GitRepo) -> GitRepo:
    """Two branches that both gave v2."""
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main", message="work")
    git_repo.commit({METADATA: metadata("v2")}, branch="topic", message="bump")
    git_repo.commit({f"{STACK}/cluster-class/x.yaml": "x", METADATA: metadata("v2")}, message="other")
    git_repo.checkout().git("merge", "--quiet", "--no-ff", "-m", "merge topic", "topic")
    return git_repo


def test_a_merge_is_judged_against_its_first_parent(merged: GitRepo) -> None:
    assert rows(history(merged.path, Asked())) == [("merge topic", "not moved", "CS101")]


def test_a_merge_is_judged_as_the_pull_request_that_it_was(merged: GitRepo) -> None:
    result = history(merged.path, Asked(ranges=True))
    assert rows(result) == [("merge topic", "not moved", "CS101"), ("merge topic", "used again", "CS105")]
    assert result.rows[1].range_ == "...".join(
        merged.git("rev-parse", "--short=10", f"main^{parent}") for parent in (1, 2)
    )


def test_a_merge_that_another_parent_has_all_of(git_repo: GitRepo) -> None:
    """Git's own simplification drops such a merge: it is the same as its second parent."""
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main", message="work")
    git_repo.checkout().git("merge", "--quiet", "--no-ff", "-m", "merge topic", "topic")
    assert rows(history(git_repo.path, Asked())) == [("merge topic", "not moved", "CS101")]
    assert [row[0] for row in rows(history(git_repo.path, Asked(all_refs=True)))] == ["work", "merge topic"]


def test_all_refs_has_each_commit_once(merged: GitRepo) -> None:
    merged.git("branch", "copy", "topic")
    merged.commit({CLASS: "orphan"}, branch="lost", message="lost")
    told = rows(history(merged.path, Asked(all_refs=True)))
    assert sorted(told) == [
        ("bump", "moved without a change", "CS104"), ("lost", "cannot be read", "CS220"),
        ("merge topic", "not moved", "CS101"), ("work", "not moved", "CS101"),
    ]


def test_an_orphan_is_merged(git_repo: GitRepo) -> None:
    git_repo.commit(stack())
    git_repo.commit(stack("docker/new/1-36"), branch="orphan")
    git_repo.checkout().git("merge", "--quiet", "--allow-unrelated-histories", "-m", "joined", "orphan")
    assert rows(history(git_repo.path, Asked())) == []
    assert rows(history(git_repo.path, Asked(ranges=True))) == [("joined", "", "CS182")]
    assert rows(history(git_repo.path, Asked(all_refs=True))) == []


# --- what only the whole shows


def test_a_stack_that_is_there_again(git_repo: GitRepo) -> None:
    commits(
        git_repo, ("start", stack()), ("gone", GONE), ("the same", stack()),
        ("gone", GONE), ("another", {**stack(), CLASS: "b: 1\n"}),
    )
    assert rows(history(git_repo.path, Asked())) == [
        ("gone", "", "CS109"), ("the same", "", "CS181"), ("gone", "", "CS109"),
        ("another", "used again", "CS181 CS180"),
    ]


def test_component_versions_are_used_again_too(git_repo: GitRepo) -> None:
    commits(
        git_repo, ("start", stack()), ("up", {ADDON: "a: 2\n", METADATA: metadata("v2", cluster_addon="v2")}),
        ("down", {ADDON: "a: 3\n", METADATA: metadata("v3")}),
    )
    result = history(git_repo.path, Asked())
    assert rows(result) == [("down", "went down, used again", "CS106 CS180")]
    message = result.rows[0].judged.findings[1].message
    assert message.startswith("clusterAddon v1 means two contents: this one and that of commit ")
    assert "cluster-addon changed (cilium/values.yaml)" in message


BROKEN: dict[str, Content] = {
    "syntax": "a: [", "empty": "", "version": metadata("3"), "huge": "#" * (10 * 2**20), "link": link("../x"),
    "submodule": submodule(), "binary": b"\xff\0", "deep": "[" * 40_000, "missing": None,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_then_mended(git_repo: GitRepo, kind: str) -> None:
    commits(
        git_repo, ("start", stack()), ("good", {CLASS: "a: 2\n", METADATA: metadata("v2")}),
        ("broken", {METADATA: BROKEN[kind]}), ("meanwhile", {CLASS: "a: 3\n"}), ("mended", {METADATA: metadata("v2")}),
        ("after", {CLASS: "a: 4\n", METADATA: metadata("v3")}),
    )
    told = rows(history(git_repo.path, Asked()))
    assert [row[:2] for row in told[:2]] == [("broken", "cannot be read"), ("meanwhile", "cannot be read")]
    assert len(told) == 3
    subject, words, found = told[2]
    assert subject == "mended"
    assert "not moved, used again" in words
    assert found.endswith("CS101 CS180")


def test_mended_as_it_was_is_fine(git_repo: GitRepo) -> None:
    commits(git_repo, ("start", stack()), ("broken", {METADATA: "a: ["}), ("mended", {METADATA: metadata()}))
    assert rows(history(git_repo.path, Asked())) == [("broken", "cannot be read", "CS202"), ("mended", "", "CS108")]


# --- hostile histories


def test_names_and_subjects_are_made_safe(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    bad = os.fsdecode(STACK.encode() + b"/cluster-class/\xff\n:100644 x.yaml")
    commits(git_repo, ("start", stack()), (":100644 \x1b[31mred\x1b[0m\t\u202e| <b>\x07", {bad: "x"}))
    for form in ("text", "markdown", "json"):
        out = said(git_repo, "--format", form, code=1, capsys=capsys)
        assert "CS101" in out
        assert not set(out) & {"\x1b", "\x07"}
        out.encode()
    assert ":100644 \\x1b[31mred" in said(git_repo, code=1, capsys=capsys)


def raw_commit(repo: GitRepo, *headers: str, message: bytes = b"raw") -> str:
    """A commit object, as its bytes are given."""
    tree = repo.git("rev-parse", "main^{tree}")
    lines = [f"tree {tree}", *headers]
    data = "\n".join(lines).encode() + b"\n\n" + message + b"\n"
    return repo.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=data)


@pytest.mark.parametrize("when", ["99999999999999999 +0000", "-1 +0000", "x", "1 +99999", ""])
def test_dates_that_no_calendar_has(git_repo: GitRepo, when: str, capsys: pytest.CaptureFixture[str]) -> None:
    git_repo.commit(stack(cluster_stack="v2"))
    oid = raw_commit(git_repo, f"author a <a@b> {when}", f"committer a <a@b> {when}", message=b"caf\xe9\0more")
    git_repo.git("update-ref", "refs/heads/main", oid)
    out = said(git_repo, code=1, capsys=capsys)
    assert "CS107" in out


def test_graft_and_replace_refs_are_ignored(git_repo: GitRepo) -> None:
    """What only this clone says of history does not count."""
    good_step: Files = {CLASS: "a: 3\n", METADATA: metadata("v2")}
    commits(git_repo, ("start", stack()), ("bad", {CLASS: "a: 2\n"}), ("good", good_step))
    root, bad, good = git_repo.git("rev-list", "--reverse", "main").split()
    (git_repo.path / ".git/info").mkdir(exist_ok=True)
    (git_repo.path / ".git/info/grafts").write_text(f"{good} {root}\n")
    assert rows(history(git_repo.path, Asked())) == [("bad", "not moved", "CS101")]
    (git_repo.path / ".git/info/grafts").unlink()
    git_repo.git("replace", bad, git_repo.git("commit-tree", f"{root}^{{tree}}", "-p", root, "-m", "innocent"))
    assert rows(history(git_repo.path, Asked())) == [("bad", "not moved", "CS101")]


def test_a_users_configuration_changes_nothing(repo: GitRepo) -> None:
    for name, value in (
        ("log.showSignature", "true"), ("log.showRoot", "false"), ("diff.renames", "copies"), ("diff.relative", "true"),
        ("diff.ignoreSubmodules", "all"), ("diff.orderFile", "nowhere"), ("log.follow", "true"), ("color.ui", "always"),
        ("log.diffMerges", "combined"), ("diff.external", "false"), ("notes.displayRef", "*"), ("log.mailmap", "true"),
    ):
        repo.git("config", name, value)
    assert rows(history(repo.path, Asked())) == WRONG


def test_a_shallow_clone(repo: GitRepo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clone = GitRepo(tmp_path / "shallow")
    repo.git("clone", "--quiet", "--depth=3", f"file://{repo.path}", str(clone.path))
    end = clone.git("rev-parse", "--short=10", "main~2")
    assert f"ends at commit {end}: run `git fetch --unshallow`" in said(clone, code=2, capsys=capsys)
    assert "git fetch --unshallow" in said(clone, "--all-refs", code=2, capsys=capsys)
    assert len(rows(history(clone.path, Asked(since="main~2")))) == 2


@pytest.mark.parametrize("form", ["blob:none", "tree:0"])
def test_a_partial_clone(repo: GitRepo, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is fetched behind the user's back, and what is missing is named by its commit."""
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = GitRepo(tmp_path / "partial")
    repo.git("clone", "--quiet", "--bare", f"--filter={form}", f"file://{repo.path}", str(clone.path))
    before = clone.git("count-objects", "-v")
    for options in ((), ("--all-refs",)):
        error = said(clone, *options, code=2, capsys=capsys)
        assert repo.git("rev-parse", "--short=10", "main~7" if form == "blob:none" else "main") in error
        assert "git fetch" in error
    assert clone.git("count-objects", "-v") == before


@pytest.mark.parametrize("what", ["main~2^{tree}", f"main~2:{STACK}", f"main~2:{METADATA}", "main~2"])
def test_a_missing_object(repo: GitRepo, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    short = repo.git("rev-parse", "--short=10", "main~2")
    oid = repo.git("rev-parse", what)
    unpack(repo)
    (repo.path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    error = said(repo, code=2, capsys=capsys)
    assert error.count("\n") == 1
    if what != "main~2":
        assert short in error


def unpack(repo: GitRepo) -> None:
    """Every object in a file of its own."""
    for pack in list((repo.path / ".git/objects/pack").glob("*.pack")):
        moved = repo.path / pack.name
        pack.rename(moved)
        subprocess.run(["git", "unpack-objects", "-q"], cwd=repo.path, stdin=moved.open("rb"), check=True)
        moved.unlink()
        pack.with_suffix(".idx").unlink()


def test_broken_settings_are_no_pass(repo: GitRepo) -> None:
    repo.commit({".cluster-stacks.yaml": "rules: [\n"})
    with pytest.raises(Refused):
        history(repo.path, Asked())


def test_settings_say_what_counts(repo: GitRepo) -> None:
    repo.commit({".cluster-stacks.yaml": "rules: {CS101: warning, CS104: 'off', CS180: note}\n"})
    assert rows(history(repo.path, Asked())) == [
        ("not moved", "", "CS101"), WRONG[1], WRONG[2], ("down", "went down", "CS106 CS180")
    ]


def test_a_bare_repository(repo: GitRepo, tmp_path: Path) -> None:
    bare = new_repository(tmp_path / "bare", bare=True)
    repo.git("push", "--quiet", str(bare.path), "main")
    assert rows(history(bare.path, Asked())) == WRONG


def test_all_refs_without_a_head(repo: GitRepo) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/unborn")
    assert rows(history(repo.path, Asked(all_refs=True)))[:4] == WRONG[:4]
    with pytest.raises(CannotTell, match="no commit yet"):
        history(repo.path, Asked())


def test_a_stack_without_metadata_is_told_as_such(git_repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    csctl = (
        "apiVersion: csctl.clusterstack.x-k8s.io/v1alpha1\nconfig:\n  kubernetesVersion: v1.30.1\n"
        "  clusterStackName: alpha\n  provider: {type: metal, apiVersion: v1}\n"
    )
    folder = "providers/metal/alpha/1-30"
    commits(
        git_repo, ("start", {f"{folder}/csctl.yaml": csctl, f"{folder}/cluster-class/x.yaml": "a: 1\n"}),
        ("edit", {f"{folder}/cluster-class/x.yaml": "a: 2\n"}),
    )
    out = said(git_repo, code=0, capsys=capsys)
    assert out == "metal/alpha/1-30: 2 commits; no metadata.yaml, so its versions are not in this history\n"


def test_with_bumps_after_the_merge(git_repo: GitRepo) -> None:
    """Whoever leaves versions to the merge is not told that they stayed."""
    commits(
        git_repo, ("start", {**stack(), ".cluster-stacks.yaml": "bump: merge\n"}), ("merged", {CLASS: "a: 2\n"}),
        ("bump", {METADATA: metadata("v2")}),
    )
    assert [words for _, words, _ in rows(history(git_repo.path, Asked())) if words] == []
