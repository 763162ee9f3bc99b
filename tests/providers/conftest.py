"""The reference stacks, rendered once as their users do it: in a repository of its own, by the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from gitrepo_plugin import GitRepo
from reference_stacks import STACKS, Rendered, repository_of


@pytest.fixture(scope="session")
def providers(root: Path) -> Path:
    return root / "providers"


@pytest.fixture
def stacks_repo(providers: Path, tmp_path: Path) -> GitRepo:
    """The reference stacks in a repository that the test may change."""
    return repository_of(providers, tmp_path / "stacks")


@pytest.fixture(scope="session")
def rendered_tree(providers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    area = tmp_path_factory.mktemp("reference")
    repository = repository_of(providers, area / "repository")
    assert run(["render", "--repo", str(repository.path), "-o", str(area / "out")]) == 0
    return area / "out" / "releases"


@pytest.fixture(scope="session", params=STACKS)
def rendered(rendered_tree: Path, request: pytest.FixtureRequest) -> Rendered:
    """Each reference stack in turn."""
    return Rendered(request.param, rendered_tree / request.param)


@pytest.fixture(scope="session", params=[stack for stack in STACKS if stack.startswith("docker/")])
def docker(rendered_tree: Path, request: pytest.FixtureRequest) -> Rendered:
    return Rendered(request.param, rendered_tree / request.param)


@pytest.fixture(scope="session", params=[stack for stack in STACKS if stack.startswith("openstack/")])
def openstack(rendered_tree: Path, request: pytest.FixtureRequest) -> Rendered:
    return Rendered(request.param, rendered_tree / request.param)
