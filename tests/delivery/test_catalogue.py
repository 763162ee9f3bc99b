"""Generators of the repository itself, from real Git snapshots; the examples of docs/generators.md are such ones."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from cluster_stacks.delivery.catalogue import bundled, bundled_names, find_generator, own_names
from cluster_stacks.delivery.deliver import deliver
from cluster_stacks.documents.yaml import load, load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import GeneratorSettings
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import IndexSnapshot

Repository = Callable[[Mapping[str, str]], IndexSnapshot]
DOCS = Path(__file__).parents[2] / "docs" / "generators.md"

PROXY = {
    "generators/caaph/generator.yaml": """\
apiVersion: cluster-stacks.io/v1alpha1
name: caaph
version: 1.0.0
description: Addons by the Cluster API addon provider for Helm
outputs:
- template: proxy.yaml
  path: <% release.name %>/<% addon.name %>.yaml
  scope: addon
  when: addon.chart
  escape: goTemplate
""",
    "generators/caaph/proxy.yaml": """\
apiVersion: addons.cluster.x-k8s.io/v1alpha1
kind: HelmChartProxy
metadata:
  name: <% release.name ~ "-" ~ addon.name %>
  namespace: default
spec:
  clusterSelector:
    matchLabels:
      cluster-stacks.io/release: <% release.name %>
  chartName: <% addon.chart.name %>
  repoURL: <% addon.chart.repository %>
  version: <% addon.chart.version %>
  releaseName: <% addon.releaseName %>
  namespace: <% addon.namespace %>
#% set own = {"cluster_name": "{{ .Cluster.metadata.name }}", "cluster_namespace": "{{ .Cluster.metadata.namespace }}"}
  valuesTemplate: <% addon.values | place(addon.clusterValues, own) | to_yaml %>
""",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    def make(files: Mapping[str, str]) -> IndexSnapshot:
        root = tmp_path / "repository"
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("-> "):
                path.symlink_to(text[3:])
            else:
                path.write_text(text)
        subprocess.run(["git", "-C", str(root), "add", "--all"], check=True)
        return IndexSnapshot(Git.discover(root))

    return make


@pytest.fixture
def documented() -> dict[str, str]:
    """The files that docs/generators.md shows, by the path in their first line."""
    blocks = re.findall(r"```yaml\n# (generators/\S+)\n(.*?)```", DOCS.read_text(), re.DOTALL)
    return dict(blocks)


def test_the_bundled_ones() -> None:
    assert bundled_names() == ["argocd", "flux"]
    for name in bundled_names():
        generator = bundled(name)
        assert generator
        assert generator.name == name
        assert {output.template for output in generator.outputs} | {"generator.yaml"} == set(generator.files)


def test_a_generator_of_the_repository_without_python(
    repository: Repository, facts: ModuleType, objects: ModuleType
) -> None:
    snapshot = repository(PROXY)
    assert own_names(snapshot) == ["caaph"]
    files = deliver(find_generator("caaph", snapshot), facts.docker(), facts.settings())
    values = [load(file.data, file.path).value for file in files]
    assert [file.path for file in files][:3] == [
        f"docker-scs-1-36-v3/{name}.yaml" for name in ("cilium", "konnectivity", "oci")
    ]
    assert objects.faults(values) == []
    (template,) = load_documents(values[0]["spec"]["valuesTemplate"].encode(), "values")
    assert template.value["cluster"] == {"name": "{{ .Cluster.metadata.name }}"}
    assert template.value["${{`{`}}key}"] == "{{`{`}}{{`{`}} key }}"


def test_the_documented_generator_works(repository: Repository, facts: ModuleType, documented: dict[str, str]) -> None:
    snapshot = repository(documented)
    files = {
        file.path: file.data
        for file in deliver(find_generator("portal", snapshot), facts.docker() + facts.openstack(), facts.settings())
    }
    assert load(files["kustomization.yaml"], "k").value["resources"] == sorted(set(files) - {"kustomization.yaml"})
    assert load(files["releases/docker-scs-1-36-v3.yaml"], "r").value == {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "docker-scs-1-36-v3", "namespace": "portal"},
        "data": {"class": "docker-scs-1-36-v3", "kubernetes": "v1.36.2",
                 "addons": "cilium oci umbrella plain after konnectivity"},
    }


def test_the_documented_change_of_a_bundled_one_works(
    repository: Repository, facts: ModuleType, documented: dict[str, str]
) -> None:
    changed = find_generator("flux", repository(documented))
    assert changed.version == "1.0.0-team.1"
    settings = facts.settings(GeneratorSettings("flux", {"team": "x", "namespace": "gitops"}))
    before = {file.path for file in deliver(find_generator("flux"), facts.docker(), facts.settings())}
    after = {file.path: file.data for file in deliver(changed, facts.docker(), settings)}
    assert set(after) - before == {"alert.yaml"}
    assert before <= set(after)
    (alert,) = load_documents(after["alert.yaml"], "a")
    assert alert.value["spec"]["summary"] == "Classes of x"
    assert alert.value["metadata"]["namespace"] == "gitops"


def test_a_folder_of_the_same_name_replaces_a_bundled_one(repository: Repository, facts: ModuleType) -> None:
    files = {path.replace("caaph", "argocd"): text.replace("caaph", "argocd") for path, text in PROXY.items()}
    assert len(find_generator("argocd", repository(files)).outputs) == 1
    assert len(find_generator("argocd").outputs) > 1


def test_a_name_that_nobody_has(repository: Repository) -> None:
    snapshot = repository(PROXY)
    with pytest.raises(Refused, match="did you mean 'caaph'") as caught:
        find_generator("capah", snapshot)
    assert (caught.value.findings[0].rule, caught.value.findings[0].path) == ("CS502", ".cluster-stacks.yaml")
    with pytest.raises(Refused, match="there is argocd, flux"):
        find_generator("../../x")


def test_files_without_a_definition(repository: Repository) -> None:
    with pytest.raises(Refused, match=r"needs generator\.yaml") as caught:
        find_generator("x", repository({"generators/x/template.yaml": "a"}))
    assert caught.value.findings[0].path == "generators/x/generator.yaml"


def test_a_link_is_no_file_of_a_generator(repository: Repository) -> None:
    with pytest.raises(Refused, match="not of links") as caught:
        find_generator("caaph", repository({**PROXY, "generators/caaph/more.yaml": "-> /etc/passwd"}))
    assert caught.value.findings[0].path == "generators/caaph/more.yaml"
