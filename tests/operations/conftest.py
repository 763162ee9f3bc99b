"""What the tests of several verbs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo
from stacks_fixture import Cli, make_cli
from widgets import CRD, OTHER


@pytest.fixture
def cli(repo: GitRepo, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs the command on the module's own `repo`: (exit code, stdout, stderr)."""
    return make_cli(repo, capfd)


@pytest.fixture
def crds(tmp_path: Path) -> Path:
    """A folder with both CRDs, among what is none."""
    folder = tmp_path / "crds"
    (folder / "deep").mkdir(parents=True)
    (folder / "widgets.yaml").write_text(f"kind: Namespace\napiVersion: v1\n---\n{CRD}")
    (folder / "deep" / "gadgets.yml").write_text(OTHER)
    (folder / "README.md").write_text("not read: [")
    return folder
