"""The reference stacks of providers/, rendered: what tests of them look at."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from gitrepo_plugin import GitRepo, new_repository

MINORS = ("1-35", "1-36", "1-37")
STACKS = tuple(f"{stack}/{minor}" for stack in ("docker/scs", "openstack/scs") for minor in MINORS)


@dataclass(frozen=True)
class Rendered:
    """One rendered release and its images: the objects as plain data, by kind and name."""

    stack: str
    folder: Path

    @cached_property
    def facts(self) -> Any:
        return json.loads((self.folder / "v1" / "release.json").read_bytes())

    @cached_property
    def objects(self) -> list[Any]:
        paths = sorted((self.folder / "v1" / "cluster-class").glob("*.yaml"))
        return [obj for path in paths for obj in documents(path)]

    @cached_property
    def cluster_class(self) -> Any:
        return self.one("ClusterClass")

    @cached_property
    def variables(self) -> dict[str, Any]:
        return {entry["name"]: entry for entry in self.cluster_class["spec"]["variables"]}

    @cached_property
    def patches(self) -> dict[str, Any]:
        return {patch["name"]: patch for patch in self.cluster_class["spec"]["patches"]}

    @cached_property
    def sample(self) -> Any:
        (sample,) = documents(self.folder / "v1" / "sample-cluster.yaml")
        return sample

    @cached_property
    def image(self) -> Any:
        """The Image object of openstack-resource-controller."""
        (path,) = (self.folder / "node-images" / "v1").glob("image-*.yaml")
        return documents(path)[0]

    def one(self, kind: str, suffix: str = "") -> Any:
        """The one object of that kind whose name ends so."""
        found = [obj for obj in self.objects if obj["kind"] == kind and obj["metadata"]["name"].endswith(suffix)]
        assert len(found) == 1, f"{kind} {suffix}: {len(found)} of them"
        return found[0]


def documents(path: Path) -> list[Any]:
    return [value for value in yaml.safe_load_all(path.read_bytes()) if value is not None]


def repository_of(providers: Path, folder: Path) -> GitRepo:
    """A repository that holds the reference stacks, committed."""
    repository = new_repository(folder)
    shutil.copytree(providers, folder / "providers")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "The reference stacks")
    return repository
