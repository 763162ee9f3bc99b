"""The reference stacks as their users meet them: found, fine, and what their documents say they are."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_stacks.cli.main import run
from gitrepo_plugin import GitRepo

SCRIPTS = ("docker/scs/shared/node-images/kind/build.sh", "openstack/scs/shared/node-images/image-builder/build.sh")


def test_sources_are_yaml_before_they_are_rendered(providers: Path) -> None:
    """Editors and other hooks read them: templates must not break the syntax."""
    paths = sorted(providers.rglob("*.yaml"))
    assert len(paths) > 40
    for path in paths:
        assert list(yaml.safe_load_all(path.read_bytes())), path


def test_minors_hold_only_what_sets_them_apart(providers: Path) -> None:
    for minor in providers.glob("*/*/1-*"):
        assert {path.name for path in minor.iterdir()} == {"metadata.yaml", "overlay.yaml"}, minor


def test_every_object_is_judged_and_fine_by_both_engines(
    stacks_repo: GitRepo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", "--repo", str(stacks_repo.path), "--engine", "both", "--format", "json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["findings"] == []


def test_the_same_minors_for_each_stack(rendered_tree: Path) -> None:
    found = {str(path.relative_to(rendered_tree)) for path in rendered_tree.glob("*/*/*")}
    assert found == {f"{stack}/1-{minor}" for stack in ("docker/scs", "openstack/scs") for minor in (35, 36, 37)}


def test_readmes_name_the_versions(providers: Path) -> None:
    for metadata in providers.glob("*/*/1-*/metadata.yaml"):
        version = yaml.safe_load(metadata.read_bytes())["versions"]["kubernetes"]
        readme = (metadata.parent.parent / "README.md").read_text()
        assert f"| {metadata.parent.name} | {version} |" in readme


@pytest.mark.parametrize("stack", ["docker/scs", "openstack/scs"])
def test_readmes_name_all_variables_and_addons(providers: Path, rendered_tree: Path, stack: str) -> None:
    readme = (providers / stack / "README.md").read_text()
    facts = json.loads((rendered_tree / stack / "1-36" / "v1" / "release.json").read_bytes())
    table = readme.partition("| variable |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`([A-Za-z]+)`", line.split("|")[1])}
    assert named == {variable["name"] for variable in facts["classes"][0]["variables"]}
    addons = readme.partition("| addon |")[2].partition("\n\n")[0]
    assert {line.split("|")[1].strip() for line in addons.splitlines()[2:]} == {a["name"] for a in facts["addons"]}


def test_links_between_documents_lead_somewhere(providers: Path) -> None:
    for document in providers.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document}: {target}"


@pytest.mark.parametrize("script", SCRIPTS)
def test_build_scripts_say_what_they_want(providers: Path, script: str) -> None:
    path = str(providers / script)
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
    done = subprocess.run(["bash", path], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "build.sh KUBERNETES_VERSION" in done.stderr
    done = subprocess.run(["bash", path, "1.36", "x", "y"][:5], capture_output=True, text=True, check=False)
    assert done.returncode == 2


def test_a_quickstart_object_is_what_it_says(providers: Path) -> None:
    """The ClusterResourceSet of the quickstart selects what the sample Cluster is labelled with."""
    text = (providers / "openstack" / "quickstart.md").read_text()
    body = text.partition("apply -f - <<'YAML'\n")[2].partition("    YAML")[0]
    resource_set: Any = yaml.safe_load(body)
    sample = (providers / "openstack" / "scs" / "shared" / "sample-cluster.yaml").read_text()
    assert yaml.safe_load(sample)["metadata"]["labels"] == resource_set["spec"]["clusterSelector"]["matchLabels"]
