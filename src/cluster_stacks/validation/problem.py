"""What is judged, and what is wrong with it, before it is known where that stands in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cluster_stacks.model.finding import Finding, Fix, ObjectRef, Related, Severity
from cluster_stacks.model.source import Position

Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A document that is to be judged.

    `path` is the file that findings name. `scope` is what must not hold the same object twice: a stack, a folder.
    `stack` and `line` are passed on to findings where they are known.
    """

    value: object
    path: str
    scope: str = ""
    stack: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One Kubernetes object: a document, or an item of a `List`. `document` is its index among what was given."""

    document: int
    prefix: Pointer
    value: Mapping[str, object]
    scope: str = ""

    @property
    def api_version(self) -> str:
        return str(self.value.get("apiVersion", ""))

    @property
    def kind(self) -> str:
        return str(self.value.get("kind", ""))

    @property
    def metadata(self) -> Mapping[str, object]:
        metadata = self.value.get("metadata")
        return metadata if isinstance(metadata, Mapping) else {}

    @property
    def name(self) -> str:
        return str(self.metadata.get("name") or self.metadata.get("generateName") or "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a document. `pointer` is into the document; `on_key` says that the key is meant."""

    document: int
    rule: str
    message: str
    pointer: Pointer = ()
    on_key: bool = False
    severity: Severity = Severity.ERROR
    item: Item | None = field(default=None, compare=False)
    other: int | None = None
    """Another document that explains it, at `other_at`; `other_said` says what is there."""
    other_at: Pointer = ("metadata", "name")
    other_said: str = "the first one"
    fix: Fix | None = None
    within: Position | None = None
    """The line and column, both from 1, in the text at `pointer`, where only a part of it is meant."""
    related: tuple[Related, ...] = ()
    """Places outside the documents that explain it."""
    file: str = ""
    """A file of the stack, by its key there, that `pointer` is into, where that is no document that is judged."""


def text_of(pointer: Pointer) -> str:
    """The JSON pointer (RFC 6901) as text."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


def finding_of(problem: Problem, documents: Sequence[Judged]) -> Finding:
    """The finding of a problem, with the object and the pointer into it, and no line but that of its document."""
    judged = documents[problem.document]
    item = problem.item
    related = problem.related
    if problem.other is not None:
        other = documents[problem.other]
        related = (*related, Related(other.path, other.line, message=problem.other_said))
    ref = None
    if item is not None:
        inner = () if problem.file else problem.pointer[len(item.prefix):]
        ref = ObjectRef(_short(item.api_version), _short(item.kind), _short(item.name), text_of(inner))
    return Finding(
        problem.rule, problem.severity, _short(problem.message, 1500), path=judged.path, line=judged.line, object=ref,
        related=related, stack=judged.stack, fix=problem.fix, key=problem.rule if ref else "",
    )


def _short(text: str, most: int = 253) -> str:
    """A name, or a message, as findings carry it: nothing that is read may make them large."""
    return text if len(text) <= most else text[: most - 3] + "…"
