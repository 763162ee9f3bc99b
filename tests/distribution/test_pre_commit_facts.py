"""What pre-commit does that hooks are not told of: another index, another head, stashed edits, no network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pre_committed import METADATA, VALUES, Source, append, configure, git, run
from small_stack import files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

DEAD = "http://127.0.0.1:9"
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), DEAD)
ALL = ["cluster-stacks-check", "cluster-stacks-bump", "cluster-stacks-metadata", "cluster-stacks-validate"]
CLUSTER = """\
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: prod, namespace: team-a}
spec:
  topology:
    classRef: {name: docker-scs-1-36-v1}
    version: v1.36.1
"""


def bumped(folder: Path) -> None:
    """The versions that the work tree needs, in the work tree."""
    assert run(folder, "cluster-stacks", "bump").returncode == 0


def committed(folder: Path, *arguments: str) -> None:
    done = run(folder, "git", "commit", "--message", "Change", *arguments)
    assert done.returncode == 0, done.stdout


def refused(folder: Path, *arguments: str) -> str:
    done = run(folder, "git", "commit", "--message", "Change", *arguments)
    assert done.returncode == 1, done.stdout
    return done.stdout


def test_a_commit_of_named_files_is_judged_by_its_own_index(repository: Path) -> None:
    """Git makes an index for it, and names it in GIT_INDEX_FILE."""
    append(repository / VALUES)
    bumped(repository)
    git(repository, "add", "--all")
    assert "clusterAddon must be v2" in refused(repository, "--", VALUES)
    (repository / "README.md").write_text("A fleet\n")
    git(repository, "add", "README.md")
    committed(repository, "--", VALUES, METADATA, *(METADATA.replace("1-36", minor) for minor in ("1-35", "1-37")))
    committed(repository, "--", "README.md")


def test_named_files_are_taken_whatever_else_is_staged(repository: Path) -> None:
    append(repository / VALUES)
    git(repository, "add", "--all")
    (repository / "README.md").write_text("A fleet\n")
    git(repository, "add", "--intent-to-add", "README.md")
    committed(repository, "--", "README.md")


def test_a_linked_worktree(repository: Path, tmp_path: Path) -> None:
    """Git names it in GIT_DIR; its index is another than that of the first one."""
    linked = tmp_path / "linked"
    git(repository, "worktree", "add", "--quiet", "-b", "topic", str(linked))
    append(linked / VALUES)
    git(linked, "add", "--all")
    assert "clusterAddon must be v2" in refused(linked)
    (repository / "README.md").write_text("A fleet\n")
    git(repository, "add", "README.md")
    committed(repository)
    bumped(linked)
    committed(linked, "--all")


def test_refs_that_are_not_checked_out(repository: Path, source: Source) -> None:
    """`--from-ref` and `--to-ref`: what is on disk is another state, and counts for nothing."""
    git(repository, "checkout", "--quiet", "-b", "good")
    append(repository / VALUES)
    bumped(repository)
    git(repository, "commit", "--quiet", "--no-verify", "--all", "--message", "Good")
    git(repository, "checkout", "--quiet", "-b", "bad", "main")
    append(repository / VALUES)
    worker = repository / "providers/docker/scs/shared/cluster-class/default-worker.yaml"
    worker.write_text(worker.read_text().replace("joinConfiguration:", "joinConfig:"))
    (repository / METADATA).write_text("versions: [\n")
    git(repository, "commit", "--quiet", "--no-verify", "--all", "--message", "Bad")

    def pushes(hook: str, branch: str) -> subprocess.CompletedProcess[str]:
        return run(repository, "pre-commit", "run", hook, "--from-ref", "main", "--to-ref", branch)

    configure(repository, source, ALL)
    git(repository, "add", ".pre-commit-config.yaml")
    for hook in ALL:
        assert (done := pushes(hook, "good")).returncode == 0, done.stdout
    git(repository, "checkout", "--quiet", "--force", "main")
    configure(repository, source, ALL)
    git(repository, "add", ".pre-commit-config.yaml")
    for hook, says in zip(ALL, ("clusterAddon must be v2", METADATA, "CS202", "joinConfig"), strict=True):
        done = pushes(hook, "bad")
        assert done.returncode == 1, hook + done.stdout
        assert says in done.stdout, hook + done.stdout
    assert "v1" in (repository / METADATA).read_text(), "nothing on disk was touched"


def test_unstaged_edits_are_put_away_and_come_back(repository: Path) -> None:
    append(repository / VALUES)
    git(repository, "add", "--all")
    bumped(repository)
    mended = (repository / METADATA).read_text()
    assert "clusterAddon must be v2" in refused(repository), "the bump is not part of the commit"
    assert (repository / METADATA).read_text() == mended
    git(repository, "add", "--all")
    (repository / METADATA).write_text("versions: [\n")
    committed(repository)
    assert (repository / METADATA).read_text() == "versions: [\n"


def test_the_bump_hook_spares_unstaged_edits_of_the_same_file(repository: Path, source: Source) -> None:
    configure(repository, source, ["cluster-stacks-bump"])
    append(repository / VALUES)
    git(repository, "add", "--all")
    unstaged = (repository / METADATA).read_text().replace("clusterStack: v1", "clusterStack: v1 # soon v2")
    (repository / METADATA).write_text(unstaged)
    refused(repository)
    text = (repository / METADATA).read_text()
    assert text == unstaged or ("# soon v2" in text and "clusterAddon: v2" in text)


def test_untracked_files_are_no_part_of_a_commit(repository: Path) -> None:
    (repository / "providers/docker/scs/shared/cluster-class/new.yaml").write_text("a: <% unknown %>\n")
    (repository / "README.md").write_text("A fleet\n")
    git(repository, "add", "README.md")
    committed(repository)


def test_a_merge_with_a_conflict_is_judged_as_it_was_resolved(repository: Path) -> None:
    for topic, line in (("one", "    - --one\n"), ("two", "    - --two\n")):
        git(repository, "checkout", "--quiet", "-b", topic, "main")
        (repository / VALUES).write_text((repository / VALUES).read_text() + line)
        bumped(repository)
        committed(repository, "--all")
    git(repository, "branch", "--force", "main", "one")
    assert run(repository, "git", "merge", "main").returncode == 1
    both = re.sub("^(<<<<<<<|=======|>>>>>>>).*\n", "", (repository / VALUES).read_text(), flags=re.MULTILINE)
    (repository / VALUES).write_text(both)
    git(repository, "add", "--all")
    assert "clusterAddon must be v3" in refused(repository)
    done = run(repository, "cluster-stacks", "bump", "--staged")
    assert done.returncode == 0, done.stdout
    git(repository, "add", "--all")
    committed(repository)
    assert "clusterStack: v3" in (repository / METADATA).read_text()


def test_a_first_commit(source: Source, tmp_path: Path, pre_commit_home: Path) -> None:
    folder = tmp_path / "new"
    shutil.copytree(source.path / "providers" / "docker", folder / "providers" / "docker")
    git(folder, "init", "--quiet")
    configure(folder, source, ALL)
    assert run(folder, "pre-commit", "install").returncode == 0
    good = (folder / METADATA).read_text()
    (folder / METADATA).write_text(good.replace("clusterStack: v1", "clusterStack: one"))
    git(folder, "add", "--all")
    assert f"{METADATA}:3" in refused(folder)
    (folder / METADATA).write_text(good)
    git(folder, "add", "--all")
    committed(folder)


def test_no_hook_needs_the_network(repository: Path, source: Source) -> None:
    """As at pre-commit.ci: what is installed is all that there is."""
    configure(repository, source, ALL)
    append(repository / VALUES)
    bumped(repository)
    git(repository, "add", "--all")
    alone = ["unshare", "--map-root-user", "--net"] if can_be_alone() else []
    done = run(repository, *alone, "pre-commit", "run", "--all-files", env=NO_NETWORK)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Passed") == len(ALL)


def can_be_alone() -> bool:
    """Whether a process may have a network of its own here, with nothing in it."""
    unshare = shutil.which("unshare")
    return bool(unshare) and subprocess.run(
        [str(unshare), "--map-root-user", "--net", "true"], check=False, capture_output=True
    ).returncode == 0


def test_clusters_are_held_against_the_branch(source: Source, tmp_path: Path, pre_commit_home: Path) -> None:
    """The hook for repositories that hold Clusters: the files of the commit, and the branch as the clone knows it."""
    stacks, fleet = tmp_path / "stacks", tmp_path / "fleet"
    for path, text in files().items():
        (stacks / path).parent.mkdir(parents=True, exist_ok=True)
        (stacks / path).write_text(text)
    git(stacks, "init", "--quiet")
    git(stacks, "add", "--all")
    git(stacks, "commit", "--quiet", "--message", "Stacks")
    assert (done := run(stacks, "cluster-stacks", "publish")).returncode == 0, done.stdout
    (fleet / "clusters").mkdir(parents=True)
    git(fleet, "init", "--quiet")
    configure(fleet, source, ["cluster-stacks-clusters"])
    assert run(fleet, "pre-commit", "install").returncode == 0
    (fleet / "clusters" / "prod.yaml").write_text(CLUSTER)
    git(fleet, "add", "--all")
    assert "rendered" in refused(fleet), "without the branch nothing can be told, and that is no pass"
    git(fleet, "fetch", "--quiet", str(stacks), "rendered:rendered")
    committed(fleet)
    (fleet / "clusters" / "prod.yaml").write_text(CLUSTER.replace("v1.36.1", "v1.36.9"))
    git(fleet, "add", "--all")
    assert "clusters/prod.yaml:7" in (said := refused(fleet)), said
    git(fleet, "reset", "--quiet", "--", "clusters/prod.yaml")
    (fleet / "values.yaml").write_text("a: b\n")
    git(fleet, "add", "values.yaml")
    committed(fleet)
