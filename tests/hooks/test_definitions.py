"""`.pre-commit-hooks.yaml`: what each hook is given. That they work is shown with the real pre-commit elsewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from cluster_stacks.cli.main import cli


@pytest.fixture
def hooks(root: Path) -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())}


@pytest.mark.parametrize(
    "path",
    [
        ".cluster-stacks.yaml", "providers/docker/scs/1-36/metadata.yaml", "providers/docker/scs/1-36/overlay.yaml",
        "providers/docker/scs/1.36/metadata.yaml",
    ],
)
def test_files_of_the_metadata_hook(hooks: dict[str, dict[str, Any]], path: str) -> None:
    assert re.search(hooks["cluster-stacks-metadata"]["files"], path)


@pytest.mark.parametrize(
    "path",
    [
        "docs/.cluster-stacks.yaml", "providers/docker/scs/1-36/cluster-class/metadata.yaml", "providers/metadata.yaml",
        "providers/docker/scs/1-36/metadata.yaml.bak", "x/providers/docker/scs/1-36/metadata.yaml",
        "providers/docker/scs/1-36/metadatayaml",
    ],
)
def test_files_that_are_none_of_its(hooks: dict[str, dict[str, Any]], path: str) -> None:
    assert not re.search(hooks["cluster-stacks-metadata"]["files"], path)


@pytest.mark.parametrize("id_", ["check", "bump", "metadata", "validate", "clusters"])
def test_an_entry_is_a_command_that_there_is(hooks: dict[str, dict[str, Any]], id_: str) -> None:
    program, verb, *options = shlex.split(hooks[f"cluster-stacks-{id_}"]["entry"])
    assert program == "cluster-stacks"
    with click.Context(cli) as context:
        command = cli.get_command(context, verb)
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(options) <= known


def test_pages_name_every_hook(root: Path, hooks: dict[str, dict[str, Any]]) -> None:
    """The lists are generated, and held by the test of docs/generate.py; here, that the pages show real ones."""
    for page in ("README.md", "docs/hooks-and-ci.md", "docs/clusters.md"):
        text = (root / page).read_text()
        shown = set(re.findall(r"^ +- id: (cluster-stacks-\S+)$", text, re.MULTILINE))
        assert shown, page
        assert shown <= set(hooks), page
