"""The ground that all tests stand on: the built tools, and an environment that knows nothing of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools" / "bin"

# A run in the background may ignore Ctrl-C, and processes inherit that: the tests of Ctrl-C would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Plain modules of tests/ are imported by name; last on the path, where a folder of tests hides no library.
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]
pytest_plugins = ["gitrepo_plugin"]

GIT_CONFIG = """\
[user]
\tname = A Tester
\temail = tester@example.invalid
[init]
\tdefaultBranch = main
[commit]
\tgpgSign = false
[tag]
\tgpgSign = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[protocol "file"]
\tallow = always
[advice]
\tdetachedHead = false
"""

FIXED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+00:00",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
    "TZ": "UTC",
    "COLUMNS": "100",
    "NO_COLOR": "1",
}
LEAKS = ("GIT_", "GITHUB_", "PRE_COMMIT_", "CLUSTER_STACKS_", "HELM_", "KUSTOMIZE_", "CI_", "FORCE_COLOR")


@pytest.fixture(scope="session", autouse=True)
def _environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Own HOME and Git configuration, fixed dates and locale, no variable of a hook or CI job that runs the tests.

    HOME moves for Git, helm and kustomize; what only makes installing fast (pip's and Go's caches) stays where it was.
    """
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(GIT_CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        _keep_caches(patch)
        for name in [name for name in os.environ if name.startswith(LEAKS) or name == "CI"]:
            patch.delenv(name)
        for name, value in FIXED.items():
            patch.setenv(name, value)
        patch.setenv("HOME", str(home))
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
        for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(variable, str(home / variable.lower()))
        patch.setenv("PATH", f"{TOOLS}{os.pathsep}{_scripts()}{os.pathsep}{os.environ['PATH']}")
        time.tzset()
        yield
    time.tzset()


def _keep_caches(patch: pytest.MonkeyPatch) -> None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if "PIP_CACHE_DIR" not in os.environ and not os.environ.get("PIP_NO_CACHE_DIR"):
        patch.setenv("PIP_CACHE_DIR", str(cache / "pip"))
    configuration = Path.home() / ".config" / "pip" / "pip.conf"
    if "PIP_CONFIG_FILE" not in os.environ and configuration.is_file():
        patch.setenv("PIP_CONFIG_FILE", str(configuration))


def _scripts() -> str:
    """Where the console scripts of the environment under test are, so that `cluster-stacks` is the one tested."""
    return sysconfig.get_path("scripts")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout under test."""
    return ROOT


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of the built programs. A missing one fails, it never skips."""
    missing = [name for name in ("kubeconform", "helm", "kustomize", "actionlint") if not (TOOLS / name).is_file()]
    assert not missing, f"{', '.join(missing)} not built: run `make tools`"
    return TOOLS


@dataclass(frozen=True, slots=True)
class Source:
    """This checkout as another machine gets it: a Git repository with one commit, and nothing that is ignored."""

    path: Path
    rev: str


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A copy of the files that Git has or would take, committed: what a clone or `pre-commit` sees. Read only.

    One for all workers of a run: what pre-commit installs, it knows again by this path.
    """
    folder = _shared(tmp_path_factory) / "source"
    copy, done = folder / "cluster-stacks", folder / "rev"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(600):
            if done.is_file():
                return Source(copy, done.read_text())
            time.sleep(0.1)
        raise
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
    _git(copy, "init", "--quiet")
    _git(copy, "add", "--all")
    _git(copy, "commit", "--quiet", "--message", "The checkout under test")
    (folder / "rev.new").write_text(_git(copy, "rev-parse", "HEAD").strip())
    (folder / "rev.new").rename(done)
    return Source(copy, done.read_text())


def _shared(factory: pytest.TempPathFactory) -> Path:
    """The folder of a run, for all its workers."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def pre_commit_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One PRE_COMMIT_HOME for all workers of a run: a hook repository is installed once (pre-commit locks it)."""
    home = _shared(tmp_path_factory) / "pre-commit"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRE_COMMIT_HOME", str(home))
        yield home


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")
