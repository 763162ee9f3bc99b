"""`sources.yaml` in a repository's folder of schemas: what `schemas add` made the schemas of, with a checksum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import CannotTell

FILE = "sources.yaml"
SCHEMA_VERSION = 1
_HEAD = "# What `cluster-stacks schemas add` made the schemas of this folder of.\n"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A file that CRDs came from: a path in the repository, a name of a file elsewhere, or an address.

    `sha256` is of the file as it was, packed where it is an archive; `kinds` are `Widget example.org/v1`.
    """

    origin: str
    sha256: str
    kinds: tuple[str, ...]


def merged(before: Iterable[Origin], added: Iterable[Origin]) -> list[Origin]:
    """What the folder is made of now: a kind comes from where it was added last; what gives no kind is left out."""
    new = {origin.origin: origin for origin in added}
    taken = {kind for origin in new.values() for kind in origin.kinds}
    kept = (
        Origin(old.origin, old.sha256, tuple(kind for kind in old.kinds if kind not in taken))
        for old in before if old.origin not in new
    )
    return sorted(origin for origin in (*kept, *new.values()) if origin.kinds)


def changed(before: Iterable[Origin], added: Iterable[Origin]) -> list[Origin]:
    """What is added from the same origin as before, with other content than then."""
    old = {origin.origin: origin.sha256 for origin in before}
    return [origin for origin in added if old.get(origin.origin, origin.sha256) != origin.sha256]


def dump(origins: Iterable[Origin]) -> bytes:
    """The text of the file."""
    sources = [{"origin": o.origin, "sha256": o.sha256, "kinds": sorted(o.kinds)} for o in origins]
    return (_HEAD + emit({"schemaVersion": SCHEMA_VERSION, "sources": sources})).encode()


def parse(data: bytes | None, label: str) -> list[Origin]:
    """The content of the file, nothing where there is none. Raises Refused, CannotTell for another form."""
    if data is None:
        return []
    value = load(data, f"{label}/{FILE}").value
    try:
        if value["schemaVersion"] != SCHEMA_VERSION:
            raise KeyError("schemaVersion")
        return [Origin(str(s["origin"]), str(s["sha256"]), tuple(map(str, s["kinds"]))) for s in value["sources"]]
    except (KeyError, TypeError) as error:
        hint = "remove it, and add the CRDs again"
        raise CannotTell(f"{label}/{FILE} is not what `schemas add` writes: {hint}") from error
