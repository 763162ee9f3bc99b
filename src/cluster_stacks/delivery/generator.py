"""A generator: how releases become the files that a delivery tool reads. Data alone; `load` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cluster_stacks.model.source import Position, SourceFile

GENERATORS = "generators"
DEFINITION = "generator.yaml"


class Scope(StrEnum):
    """What an output is made once for."""

    ONCE = "once"
    STACK = "stack"
    RELEASE = "release"
    ADDON = "addon"
    IMAGE_UNIT = "imageUnit"
    ADDON_SET = "addonSet"


OWNED = frozenset({Scope.RELEASE, Scope.ADDON})
"""Scopes whose files belong to one release, unless the output says that it is shared."""


class Escape(StrEnum):
    """What reads the file before Kubernetes does: every fact is escaped for it."""

    NONE = "none"
    SUBSTITUTION = "substitution"
    GO_TEMPLATE = "goTemplate"


@dataclass(frozen=True, slots=True)
class Output:
    """One kind of file: its template (a file of the generator), the template of its path, and when there is one."""

    template: str
    path: str
    scope: Scope
    shared: bool
    when: str
    escape: Escape
    origin: str
    """The generator.yaml that says so, for findings."""
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Generator:
    """One generator.

    `parameters` is a JSON Schema of type object, `files` are its templates by their path in its folder, `variables`
    the names that an operator's tool substitutes, `schemes` the URL schemes of the repository that it can deliver from
    (none: it needs no URL). `fingerprint` is 64 hex digits over all its bytes: the same one delivers the same files.
    """

    name: str
    version: str
    description: str
    parameters: Mapping[str, object]
    variables: tuple[str, ...]
    schemes: tuple[str, ...]
    outputs: tuple[Output, ...]
    files: Mapping[str, SourceFile]
    fingerprint: str
    bundled: bool = False
    """Whether it comes with this tool alone: the templates of all others are a stranger's."""


@dataclass(frozen=True, slots=True)
class DeliveryFile:
    """One delivered file. `path` is relative to the generator's folder on the branch.

    `release` names the release that owns it: such a file is kept as it was first delivered. None: the file tells of
    several releases, and is made anew at each publish.
    """

    path: str
    data: bytes
    release: str | None
