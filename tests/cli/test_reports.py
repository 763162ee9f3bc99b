"""--report: several at once, whole files, and an exit code that no report changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.reporting.reporters import REPORTERS
from gitrepo_plugin import GitRepo, stack
from small_stack import files

CLASS = "providers/docker/scs/1-36/cluster-class/class.yaml"
CHECK = ("check", "--base", "main", "--head", "topic")


@pytest.fixture
def bad(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A branch `topic` whose class changed and whose version did not."""
    git_repo.commit(stack())
    git_repo.commit({CLASS: "a: 2\n"}, branch="topic", parent="main")
    monkeypatch.chdir(git_repo.path)
    return git_repo


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.usefixtures("bad")
def test_the_exit_code_depends_on_no_report(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CHECK, "--report", name]) == 1
    assert "CS101" in capsys.readouterr().out
    assert run([*CHECK, "--report", f"{name}=new/folder/report"]) == 1
    assert "CS101" in Path("new/folder/report").read_text()
    assert run(["check", "--base", "main", "--head", "main", "--report", f"{name}=report"]) == 0
    assert "CS101" not in Path("report").read_text()


def test_several_at_once(bad: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CHECK, "--report", "sarif=a.sarif", "--report", "github", "--report", "json=b.json"]) == 1
    assert capsys.readouterr().out.startswith("::error file=providers/")
    (ran,) = json.loads((bad.path / "a.sarif").read_text())["runs"]
    assert ran["automationDetails"]["id"] == "cluster-stacks/check/"
    told = json.loads((bad.path / "b.json").read_text())
    assert told["base"]["ref"] == "main"
    assert [each["rule"] for each in told["findings"]] == ["CS101"]


@pytest.mark.usefixtures("bad")
def test_standard_output_keeps_its_format_where_reports_go_to_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*CHECK, "--format", "json", "--report", "html=x.html"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["errors"] == 1


@pytest.mark.parametrize(("args", "said"), [
    (["--report", "xml=x"], "there are text, json, github, sarif, junit, gitlab, markdown, html"),
    (["--report", "sarif="], "names no file"),
    (["--report", "sarif", "--report", "html"], "both want standard output"),
    (["--format", "text", "--report", "sarif"], "both want standard output"),
    (["--report", "sarif=x", "--report", "html=./x"], "both want ./x"),
])
@pytest.mark.usefixtures("bad")
def test_what_cannot_be_is_a_question_without_an_answer(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*CHECK, *args]) == 2
    assert said in capsys.readouterr().err
    assert not Path("x").exists()


@pytest.mark.usefixtures("bad")
def test_a_report_that_cannot_be_written_leaves_the_old_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("report").write_text("old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", full)
    assert run([*CHECK, "--report", "sarif=report"]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert Path("report").read_text() == "old"
    assert [path.name for path in Path().iterdir() if "report" in path.name] == ["report"]


@pytest.mark.usefixtures("bad")
def test_a_link_stays_a_link_and_a_device_is_written_to() -> None:
    Path("there").mkdir()
    Path("report").symlink_to("there/report")
    assert run([*CHECK, "--report", "sarif=report", "--report", f"html={os.devnull}"]) == 1
    assert Path("report").is_symlink()
    assert "CS101" in Path("there/report").read_text()


@pytest.fixture
def good(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A stack that renders, with two environments."""
    environments = "environments:\n  - {name: a, branch: env/a}\n  - {name: b, branch: env/b}\n"
    git_repo.commit({**files(), ".cluster-stacks.yaml": environments})
    git_repo.checkout()
    monkeypatch.chdir(git_repo.path)
    return git_repo


@pytest.mark.usefixtures("good")
def test_verbs_that_have_a_result_write_reports_of_nothing_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["render", "-o", "out", "--report", "junit=junit.xml"]) == 0
    assert "nothing found" in Path("junit.xml").read_text()
    assert "nothing found" not in capsys.readouterr().out
    assert run(["render", "-o", "out", "--report", "sarif"]) == 2
    assert "standard output has the result of `render`" in capsys.readouterr().err
    assert run(["validate", "--staged", "--report", "gitlab=quality.json"]) == 0
    assert json.loads(Path("quality.json").read_text()) == []


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_publish_to_several_environments_writes_all_its_findings(good: GitRepo, format_: str) -> None:
    assert run(["publish", "--format", format_, "--report", "json=report"]) == 0
    assert json.loads(Path("report").read_text())["findings"] == []
    good.commit(files(image="b"))
    assert run(["publish", "--format", format_, "--report", "json=report"]) == 1
    found = json.loads(Path("report").read_text())["findings"]
    assert [each["rule"] for each in found] == ["CS582", "CS582", "CS561"], "one about each other, one about both"


def test_what_is_refused_before_there_is_a_result_is_reported_too(
    good: GitRepo, capsys: pytest.CaptureFixture[str]
) -> None:
    good.commit({".cluster-stacks.yaml": "nonsense: 1\n"})
    assert run(["publish", "--report", "json=report"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(".cluster-stacks.yaml:1:1: unknown key")
    assert [each["rule"] for each in json.loads((good.path / "report").read_text())["findings"]] == ["CS231"]
    assert run(["publish", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::error file=.cluster-stacks.yaml,line=1")


@pytest.mark.usefixtures("bad")
def test_the_summary_of_a_job_holds_what_the_annotations_leave_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run([*CHECK, "--report", "github"]) == 1
    assert summary.read_text().startswith("before\n### cluster-stacks check: 1 error in 1 stack\n")


@pytest.mark.parametrize(("args", "loaded"), [
    ((), set()), (("--report", "junit=x"), {"junit"}), (("--format", "json"), {"json"}),
])
def test_no_reporter_is_loaded_unless_used(git_repo: GitRepo, args: tuple[str, ...], loaded: set[str]) -> None:
    git_repo.commit(stack())
    git_repo.checkout()
    command = ["check", "--staged", *args]
    script = f"import sys; from cluster_stacks.cli.main import run; run({command!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=git_repo.path, capture_output=True, text=True, check=True,
    )
    modules = set(done.stdout.splitlines()[-1].split())
    expected = loaded | ({"text"} if "--report" in args else set())
    assert {name for name in REPORTERS if f"cluster_stacks.reporting.{name}" in modules} == expected
    assert ("cluster_stacks.cli._reports" in modules) == ("--report" in args)
