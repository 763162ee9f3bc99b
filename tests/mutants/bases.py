"""The stacks that are spoiled: the reference stacks, rendered as `render` does it, and the files of bases/."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.release import Release
from cluster_stacks.operations.choosing import choose
from cluster_stacks.rendering.release import render
from cluster_stacks.repository.effective import load_stacks
from mutants.mutant import Base
from reference_stacks import repository_of

HERE = Path(__file__).resolve().parent
PROVIDERS = HERE.parent.parent / "providers"
MINOR = "1.36"


@cache
def reference_releases() -> tuple[Release, ...]:
    """The reference stacks as releases."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        repository = repository_of(PROVIDERS, Path(folder) / "stacks")
        with choose(repository.path) as chosen:
            return tuple(
                render(_read(source), chosen.settings) for source in load_stacks(chosen.snapshot, chosen.stacks)
            )


def _read(source: Any) -> Any:
    if isinstance(source, Refused):
        raise source
    return source


@cache
def reference_bases() -> tuple[Base, ...]:
    """The reference stacks: `docker/scs/1-36`."""
    return tuple(
        Base(
            str(release.stack), release.stack.kubernetes_minor, tuple(_objects(release)),
            4 if release.stack.kubernetes_minor == MINOR else 1,  # the minors of a stack hardly differ
        )
        for release in reference_releases()
    )


def _objects(release: Release) -> Iterator[dict[str, Any]]:
    images = release.images.objects if release.images else ()
    for found in (*release.objects, *images):
        if found.file.startswith("cluster-class/") or found in images:
            yield dict(found.value)
    yield from yaml.safe_load_all(release.files["sample-cluster.yaml"])


@cache
def own_bases() -> tuple[Base, ...]:
    """The stacks of bases/, each a file of class, templates and a Cluster."""
    return tuple(
        Base(path.stem, MINOR, tuple(yaml.safe_load_all(path.read_bytes())))
        for path in sorted((HERE / "data" / "bases").glob("*.yaml"))
    )


def all_bases() -> tuple[Base, ...]:
    return reference_bases() + own_bases()
