"""What hatchling makes of this checkout: a wheel, an sdist, and the wheel of that sdist."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
import tarfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pre_committed import Source, configure, git, run


@dataclass(frozen=True, slots=True)
class Environment:
    """A fresh virtual environment that sees the libraries of the one under test, but not this project."""

    python: Path

    @property
    def command(self) -> Path:
        return self.python.with_name("cluster-stacks")

    def run(self, *arguments: str | Path, cwd: Path) -> str:
        """The output of a program of the environment; a failure shows what it said."""
        done = subprocess.run([*map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def pip(self, *arguments: str | Path) -> None:
        self.run(self.python, "-m", "pip", "--quiet", *arguments, cwd=self.python.parent)


@pytest.fixture(scope="session")
def new_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Environment]:
    def make() -> Environment:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder, with_pip=True, symlinks=True)
        environment = Environment(folder / "bin" / "python")
        report = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = environment.run(environment.python, "-c", report, cwd=folder).strip()
        # A folder named in a .pth file adds its packages, not the .pth files in it: those make this project importable.
        (Path(packages) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
        return environment

    return make


@pytest.fixture(scope="session")
def builder(new_environment: Callable[[], Environment]) -> Environment:
    """An environment with the build backend that pyproject.toml names."""
    environment = new_environment()
    environment.pip("install", "hatchling>=1.27", "editables")
    return environment


@pytest.fixture(scope="session")
def wheel(source_tree: Path, builder: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel made from a checkout."""
    return hatch(builder, source_tree, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(source_tree: Path, builder: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hatch(builder, source_tree, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def wheel_of_sdist(sdist: Path, builder: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return hatch(builder, unpacked, "wheel", tmp_path_factory.mktemp("wheel-of-sdist"))


@pytest.fixture(scope="session")
def source_tree(source: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that may be written to, without .git: nothing of the distribution may hang on it."""
    copy = tmp_path_factory.mktemp("tree") / "cluster-stacks"
    shutil.copytree(source.path, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))  # type: ignore[attr-defined]
    return copy


def hatch(builder: Environment, folder: Path, target: str, into: Path) -> Path:
    builder.run(builder.python, "-m", "hatchling", "build", "-t", target, "-d", into, cwd=folder)
    (made,) = into.iterdir()
    return made


@pytest.fixture
def repository(source: Source, tmp_path: Path, pre_commit_home: Path) -> Path:
    """A user's repository with the docker stacks and hooks of this checkout."""
    folder = tmp_path / "fleet"
    shutil.copytree(source.path / "providers" / "docker", folder / "providers" / "docker")
    git(folder, "init", "--quiet")
    configure(folder, source, ["cluster-stacks-check", "cluster-stacks-metadata"])
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Stacks")
    done = run(folder, "pre-commit", "install")
    assert done.returncode == 0, done.stdout
    return folder
