"""The reference stacks that are bundled, as what new stacks are made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.near import near_names
from cluster_stacks.model.stack import PROVIDERS
from cluster_stacks.model.version import KubernetesVersion
from cluster_stacks.operations.creating import NewFile
from cluster_stacks.repository.paths import METADATA, Family, shown
from cluster_stacks.runtime.data import data_dir


def reference_names() -> list[str]:
    """The stacks that are bundled: `docker/scs` …"""
    found = {path.parent.parent for path in data_dir(PROVIDERS).glob(f"*/*/*/{METADATA}")}
    return sorted(f"{path.parent.name}/{path.name}" for path in found)


def find_reference(family: Family, like: str | None) -> Path:
    """The folder of the reference stack that is named, or that is of the same provider. Raises CannotTell."""
    known = reference_names()
    name = like or next((each for each in known if each.startswith(f"{family.provider}/")), None)
    if name in known:
        return data_dir(PROVIDERS) / name
    if like is None:
        raise CannotTell(f"no reference stack is of the provider {family.provider}: name one with --like: "
                         f"{' or '.join(known)}")
    near = near_names(like, known, 1)
    advice = f"did you mean {near[0]}?" if near else f"there is {' and '.join(known)}"
    raise CannotTell(f"there is no reference stack {shown(like)}: {advice}")


def minor_like(reference: Path, version: KubernetesVersion) -> str:
    """The reference's minor that is nearest to a version: the same, else the highest below, else the lowest."""
    minors = sorted(number_of(path.parent.name) for path in reference.glob(f"*/{METADATA}"))
    below = [each for each in minors if each <= (version.major, version.minor)]
    major, minor = below[-1] if below else minors[0]
    return f"{major}-{minor}"


def number_of(minor: str) -> tuple[int, ...]:
    """(1, 36) of `1-36`."""
    return tuple(int(part) for part in minor.split("-"))


def files_below(folder: Path) -> Iterator[tuple[str, NewFile]]:
    """Every file, by its path there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            # A wheel does not keep the executable bit everywhere; a script says itself what it is.
            data = path.read_bytes()
            yield path.relative_to(folder).as_posix(), NewFile(data, "100755" if data[:2] == b"#!" else "100644")
