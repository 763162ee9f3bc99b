"""The table of the kinds that come with a schema."""

from __future__ import annotations

from cluster_stacks.operations.kinds import kubernetes_minors, projects
from cluster_stacks.validation.folders import bundled, read_index


def test_every_bundled_kind_is_of_one_project() -> None:
    shown = [info for project in projects() for versions in project.kinds.values() for info in versions]
    assert len(shown) == len(set(shown)) == len(read_index(bundled()))
    assert all(project.kinds for project in projects())


def test_what_is_known_of_the_releases_of_cluster_api() -> None:
    (core,) = (project for project in projects() if project.source.name == "Cluster API")
    new, old = core.kinds["cluster.x-k8s.io", "ClusterClass"]
    assert (new.version, new.since, new.deprecated_since) == ("v1beta2", "v1.11", "")
    assert (old.version, old.deprecated_since, old.unserved_from) == ("v1beta1", "v1.11", "v1.16")
    assert ("v1alpha4", "v1.13") in core.gone


def test_kubernetes_minors_are_compared() -> None:
    minors = {minor.minor: minor for minor in kubernetes_minors()}
    assert minors["1.34"].added == minors["1.34"].removed == ()
    assert "storage.k8s.io/v1beta1/VolumeAttributesClass" in minors["1.37"].removed
    assert all(minor.count > 80 for minor in minors.values())
