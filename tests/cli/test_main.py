"""The error boundary: what is raised becomes one line on stderr and an exit code of the contract."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import click
import pytest

from cluster_stacks.cli import main
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from gitrepo_plugin import GitRepo, stack

FINDING = Finding("CS999", Severity.ERROR, "it is wrong: mend it", "a\nb.yaml", 3, 5)


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A verb `try` that does what the test's parameter says."""

    @click.command()
    def command() -> int:
        if isinstance(request.param, BaseException):
            raise request.param
        return int(request.param)

    module = ModuleType("verb_under_test")
    module.command = command  # type: ignore[attr-defined]  # what every verb's module has
    monkeypatch.setitem(sys.modules, "verb_under_test", module)
    monkeypatch.setitem(main.VERBS, "try", ("verb_under_test", "for this test"))


@pytest.mark.parametrize(
    ("verb", "code", "said"),
    [
        (0, 0, ""),
        (1, 1, ""),
        (CannotTell("no such base: fetch it"), 2, "cluster-stacks: no such base: fetch it\n"),
        (Refused(FINDING), 1, "a\\nb.yaml:3:5: it is wrong: mend it [CS999]\n"),
        (click.UsageError("these exclude each other."), 2, "cluster-stacks: these exclude each other"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (PermissionError(13, "Permission denied", "/x"), 2, "cluster-stacks: /x: Permission denied\n"),
    ],
    indirect=["verb"],
)
@pytest.mark.usefixtures("verb")
def test_what_is_raised_becomes_a_code_and_a_line(code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["try"]) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.strip().count("\n") == 0


@pytest.mark.parametrize("verb", [ZeroDivisionError("a bug")], indirect=True)
@pytest.mark.usefixtures("verb")
def test_a_bug_never_ends_with_the_code_for_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["try"]) == 2
    assert "this is a bug in cluster-stacks" in capsys.readouterr().err


def test_an_unknown_verb_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["chek"]) == 2
    assert capsys.readouterr().err == (
        "cluster-stacks: no such verb: chek (did you mean check?): see `cluster-stacks --help`\n"
    )


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    output = capsys.readouterr().out
    assert all(f"  {verb} " in output for verb in main.VERBS)


def test_every_verb_has_a_module_with_a_command() -> None:
    for verb in main.VERBS:
        assert main.cli.get_command(click.Context(main.cli), verb) is not None


@pytest.mark.parametrize(
    ("where", "pattern"),
    [
        ("providers/docker/scs", "1-36"), ("providers/docker/scs/1-36", "."),
        ("providers/docker/scs/1-36/cluster-class", ".."), ("providers", "docker/scs/1-36"),
        ("", "providers/docker/scs/1-36/"), ("", "{root}/providers/docker/scs/1-36"),
    ],
)
def test_a_stack_by_its_path_from_where_the_user_stands(
    git_repo: GitRepo, where: str, pattern: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repo.commit({**stack(), **stack("docker/scs/1-37")})
    git_repo.checkout()
    monkeypatch.chdir(git_repo.path / where)
    assert main.run(["list", pattern.format(root=git_repo.path)]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["docker/scs/1-36"]


@pytest.mark.parametrize(("redirect", "variables"), [(">&-", ""), ("", "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0")])
def test_a_poor_terminal_is_no_crash(git_repo: GitRepo, redirect: str, variables: str) -> None:
    """A stream that is closed, or whose encoding lacks `…`, which `history` writes."""
    git_repo.commit(stack())
    git_repo.commit(stack(cluster_stack="v2") | {"providers/docker/scs/1-36/cluster-class/class.yaml": "a: 2\n"})
    command = f"{variables} {sys.executable} -m cluster_stacks history {redirect}"
    done = subprocess.run(["sh", "-c", command], cwd=git_repo.path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert redirect or r"v1 \u2026 v2" in done.stdout
