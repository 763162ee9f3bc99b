"""Wheel, sdist, the sdist's wheel and an editable installation hold the same data, and the command finds it in each."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Protocol

import pytest

# One worker for all: the distributions are built once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("distribution")]

DATA = ("schemas", "generators", "providers", "hooks", "policies", "tests/versioning/examples",
        "tests/validation/examples")
WHERE = "from cluster_stacks.runtime.data import data_dir; print(*map(data_dir, {names!r}), sep='\\n')"


class Environment(Protocol):
    @property
    def python(self) -> Path: ...
    @property
    def command(self) -> Path: ...
    def run(self, *arguments: str | Path, cwd: Path) -> str: ...
    def pip(self, *arguments: str | Path) -> None: ...


def test_a_wheel_holds_every_data_file(source_tree: Path, wheel: Path) -> None:
    bundled = contents(wheel, "cluster_stacks/_bundled/")
    assert bundled == {
        path.relative_to(source_tree).as_posix(): path.read_bytes()
        for name in DATA
        for path in sorted((source_tree / name).rglob("*"))
        if path.is_file()
    }


def test_hooks_stay_executable(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        hooks = [info for info in archive.infolist() if "/_bundled/hooks/" in info.filename]
    assert hooks
    assert [info.filename for info in hooks if not (info.external_attr >> 16) & stat.S_IXUSR] == []


def test_a_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {PurePosixPath(name).parts[0] for name in contents(wheel, "")}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cluster_stacks"}
    assert not [name for name in contents(wheel, "") if "__pycache__" in name or name.endswith(".orig")]


def test_the_wheel_of_the_sdist_is_the_wheel(wheel: Path, wheel_of_sdist: Path) -> None:
    assert wheel.name == wheel_of_sdist.name
    assert contents(wheel, "") == contents(wheel_of_sdist, "")


def test_the_sdist_holds_what_its_tests_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {PurePosixPath(*PurePosixPath(name).parts[1:]).as_posix() for name in archive.getnames()}
    assert {"Makefile", "tests/conftest.py", "tools/build", "tools/helm/go.sum", "LICENSE"} <= names
    assert not [name for name in names if name.startswith((".venv", ".tools", ".git/"))]


@pytest.mark.parametrize("kind", ["wheel", "wheel_of_sdist"])
def test_an_installed_wheel_finds_its_data(
    request: pytest.FixtureRequest, kind: str, new_environment: Callable[[], Environment], tmp_path: Path
) -> None:
    environment = new_environment()
    environment.pip("install", "--no-index", "--no-deps", request.getfixturevalue(kind))
    for folder in folders(environment, tmp_path):
        assert environment.python.parent.parent in folder.parents
        assert "_bundled" in folder.parts
    answers(environment, tmp_path)


def test_an_editable_installation_finds_the_checkout(
    source_tree: Path, builder: Environment, tmp_path: Path
) -> None:
    builder.pip("install", "--no-index", "--no-deps", "--no-build-isolation", "--editable", source_tree)
    assert folders(builder, tmp_path) == [source_tree / name for name in DATA]
    answers(builder, tmp_path)


def contents(wheel: Path, prefix: str) -> dict[str, bytes]:
    """The files of a wheel below a prefix, which is cut off, less RECORD, whose order is hatchling's."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.removeprefix(prefix): archive.read(name)
            for name in archive.namelist()
            if name.startswith(prefix) and not name.endswith(("/", ".dist-info/RECORD"))
        }


def folders(environment: Environment, cwd: Path) -> list[Path]:
    return [Path(line) for line in environment.run(environment.python, "-c", WHERE.format(names=DATA), cwd=cwd).split()]


def answers(environment: Environment, cwd: Path) -> None:
    """The console script runs and reads bundled data of each kind that a verb shows."""
    assert environment.run(environment.command, "--version", cwd=cwd).startswith("cluster-stacks ")
    assert "ClusterClass" in environment.run(environment.command, "schemas", "list", cwd=cwd)
    assert Path(environment.run(environment.command, "--hooks-path", cwd=cwd).strip(), "pre-commit").is_file()
