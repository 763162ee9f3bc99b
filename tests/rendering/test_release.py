"""One stack becomes a release: its files, its facts, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from cluster_stacks.documents.json import loads
from cluster_stacks.documents.yaml import load, load_documents
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.runtime.data import data_dir

TEMPLATE = """\
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: DockerMachineTemplate
metadata:
  name: <% release_name %>-<% vars.name %>
spec:
  template: {spec: {customImage: "<% images['ubuntu-2404'].url %>"}}
"""
FILES = {
    "cluster-class/machine.yaml": TEMPLATE,
    "cluster-class/.gitkeep": "",
    "cluster-class/README.md": "for people\n",
    "cluster-addon/README.md": "for people\n",
    "cluster-addon/cilium/README.md": "for people\n",
    "sample-cluster.yaml": """\
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: my-cluster}
        spec: {topology: {classRef: {name: <% release_name %>}, version: <% kubernetes.version %>}}
        """,
    "cluster-addon/cilium/Chart.yaml": """\
        # an umbrella
        apiVersion: v2
        name: cilium
        version: 0.0.0
        dependencies: [{name: cilium, version: 1.20.2, repository: "https://helm.cilium.io"}]
        """,
    "cluster-addon/cilium/values.yaml": "cilium:\n  # kept\n  replicas: <% vars.replicas %>\nglobal: {a: 1}\n",
    "cluster-addon/cilium/overwrite.yaml": "values: {{ .Cluster.metadata.name }}\n",
    "cluster-addon/cilium/addon.yaml": "clusterValues: {cilium.cluster.name: cluster_name}\n",
    "cluster-addon/plain/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: kube-system}\n",
    "cluster-addon/plain/addon.yaml": """\
        namespace: plain
        releaseName: other
        dependsOn: [cilium]
        clusterLabels: {example.org/plain: "true"}
        """,
    "node-images/images.yaml": """\
        apiVersion: cluster-stacks.io/v1alpha1
        images:
          - name: ubuntu-2404
            method: url
            url: https://example.org/ubuntu-<% kubernetes.version %>.qcow2
            checksum: sha256:0000000000000000000000000000000000000000000000000000000000000001
            format: qcow2
        """,
    "node-images/templates/image.yaml": """\
        apiVersion: openstack.k-orc.cloud/v1alpha1
        kind: Image
        metadata: {name: "<% images['ubuntu-2404'].name %>"}
        spec: {hash: "<% images['ubuntu-2404'].checksum_value %>"}
        """,
    "node-images/ubuntu/build.sh": "#!/bin/sh\necho '<% not a template'\n",
    "README.md": "the stack's own\n",
}
Render = Callable[[StackSource], Release]


@pytest.fixture
def source(make: Callable[..., StackSource]) -> StackSource:
    return make(FILES, values={"name": "worker", "replicas": 2})


@pytest.fixture
def release(source: StackSource, render: Render) -> Release:
    return render(source)


def test_files(release: Release) -> None:
    assert list(release.files) == [
        "README.md", "cluster-addon/cilium/Chart.yaml", "cluster-addon/cilium/overwrite.yaml",
        "cluster-addon/cilium/values.yaml", "cluster-addon/plain/kustomization.yaml",
        "cluster-addon/plain/manifests.yaml", "cluster-class/clusterclass.yaml",
        "cluster-class/dockermachinetemplate-worker.yaml", "kustomization.yaml", "release.json", "sample-cluster.yaml",
        "upgrade.yaml",
    ]
    assert release.images is not None
    assert list(release.images.files) == [
        "image-docker-scs-v1.36.1-ubuntu-2404-v1.yaml", "image.json", "kustomization.yaml",
    ]


def test_the_release_is_named_everywhere(release: Release) -> None:
    assert release.name == "docker-scs-1-36-v3"
    assert [(o.kind, o.name) for o in release.objects] == [
        ("ClusterClass", "docker-scs-1-36-v3"), ("DockerMachineTemplate", "docker-scs-1-36-v3-worker"),
        ("Cluster", "my-cluster"), ("ConfigMap", "a"),
    ]
    upgrade = load(release.files["upgrade.yaml"], "upgrade.yaml").value
    assert upgrade == {"spec": {"topology": {"classRef": {"name": "docker-scs-1-36-v3"}, "version": "v1.36.1"}}}


def test_templates_are_kept_from_pruning_and_the_class_is_not(release: Release) -> None:
    keep = {
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false", "kustomize.toolkit.fluxcd.io/prune": "disabled",
    }
    template = load(release.files["cluster-class/dockermachinetemplate-worker.yaml"], "t").value
    assert template["metadata"]["annotations"] == keep
    assert "annotations" not in load(release.files["cluster-class/clusterclass.yaml"], "c").value["metadata"]


def test_every_object_stands_where_it_says(release: Release) -> None:
    for item in release.objects:
        found = load_documents(release.files[item.file], item.file)
        assert item.value in [document.value for document in found]
    kustomization = load(release.files["kustomization.yaml"], "k").value
    assert kustomization["resources"] == [
        "cluster-class/clusterclass.yaml", "cluster-class/dockermachinetemplate-worker.yaml",
    ]


def test_facts_follow_their_schema(release: Release) -> None:
    schemas = data_dir("schemas")
    facts = loads(release.files["release.json"], "release.json")
    assert facts == release.facts
    jsonschema.validate(facts, json.loads((schemas / "release.schema.json").read_text()))
    assert release.images is not None
    image = loads(release.images.files["image.json"], "image.json")
    jsonschema.validate(image, json.loads((schemas / "image.schema.json").read_text()))
    ReleaseFacts.from_json(release.files["release.json"], "release.json")


def test_facts(release: Release) -> None:
    facts = release.facts
    assert facts["classes"] == [{
        "name": "docker-scs-1-36-v3", "apiVersion": "cluster.x-k8s.io/v1beta2",
        "variables": [{"name": "replicas", "required": True}, {"name": "flavor", "required": False}],
        "workers": ["default-worker"], "kubernetesVersions": ["v1.36.1"],
    }]
    addons: Any = facts["addons"]
    cilium, plain = addons
    assert cilium["chart"] == {
        "name": "cilium", "version": "1.20.2", "repository": "https://helm.cilium.io", "alias": "",
    }
    assert cilium["values"] == {"replicas": 2, "global": {"a": 1}}
    assert cilium["clusterValues"] == {"cluster.name": "cluster_name"}
    assert (cilium["order"], cilium["namespace"], cilium["releaseName"], cilium["overwrite"]) == (
        0, "kube-system", "cilium", True,
    )
    assert plain == {
        "name": "plain", "namespace": "plain", "releaseName": "other", "renderer": "manifests",
        "path": "cluster-addon/plain", "order": 1, "dependsOn": ["cilium"],
        "clusterLabels": {"example.org/plain": "true"}, "clusterValues": {}, "hook": "AfterControlPlaneInitialized",
        "chart": None, "values": None, "overwrite": False,
    }
    assert facts["images"] == {
        "unit": "v1",
        "items": [{
            "name": "ubuntu-2404", "image": "docker-scs-v1.36.1-ubuntu-2404-v1", "method": "url",
            "url": "https://example.org/ubuntu-v1.36.1.qcow2", "checksum": f"sha256:{1:064x}", "format": "qcow2",
        }],
        "objects": [{
            "apiVersion": "openstack.k-orc.cloud/v1alpha1", "kind": "Image",
            "name": "docker-scs-v1.36.1-ubuntu-2404-v1", "file": "image-docker-scs-v1.36.1-ubuntu-2404-v1.yaml",
        }],
    }
    assert facts["notes"] == ["cilium: overwrite.yaml reads the Cluster"]


def test_a_chart_is_stamped_and_its_values_are_kept(release: Release) -> None:
    chart = load(release.files["cluster-addon/cilium/Chart.yaml"], "Chart.yaml").value
    assert chart["version"] == "2.0.0"
    assert release.files["cluster-addon/cilium/values.yaml"] == b"cilium:\n  # kept\n  replicas: 2\nglobal: {a: 1}\n"
    assert release.files["cluster-addon/cilium/overwrite.yaml"] == FILES["cluster-addon/cilium/overwrite.yaml"].encode()


def test_the_same_source_gives_the_same_bytes(source: StackSource, render: Render) -> None:
    first, second = render(source), render(source)
    assert first.files == second.files
    assert first.images == second.images


def test_a_class_of_v1beta1_is_named_by_text(make: Callable[..., StackSource], render: Render) -> None:
    text = "apiVersion: cluster.x-k8s.io/v1beta1\nkind: ClusterClass\nmetadata: {name: <% release_name %>}\n"
    release = render(make({"cluster-class/class.yaml": text}, class_=False))
    assert load(release.files["upgrade.yaml"], "u").value["spec"]["topology"] == {
        "class": "docker-scs-1-36-v3", "version": "v1.36.1",
    }
    assert release.images is None
    assert release.facts["images"] is None
    assert "sample-cluster.yaml" not in release.files


def test_two_groups_may_have_one_kind(make: Callable[..., StackSource], render: Render) -> None:
    thing = "apiVersion: {}/v1\nkind: Thing\nmetadata: {{name: <% release_name %>-x}}\n"
    release = render(make({"cluster-class/t.yaml": thing.format("a.io") + "---\n" + thing.format("b.io")}))
    assert [o.file for o in release.objects if o.kind == "Thing"] == [
        "cluster-class/thing-x.yaml", "cluster-class/thing-x.2.yaml",
    ]


def test_the_readme_tells_how_to_use_it(release: Release) -> None:
    text = release.files["README.md"].decode()
    for words in ("# docker-scs-1-36-v3", "kubectl patch cluster NAME", "cilium 1.20.2", "classRef", "overwrite.yaml"):
        assert words in text
    assert text.endswith("\n")
