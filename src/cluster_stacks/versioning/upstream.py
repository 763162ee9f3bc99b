"""What rules of state ask of stacks in upstream's layouts, and of files that are the same in every layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cluster_stacks.documents.yaml import Document, load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.model.layout import CSCTL, Layout
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.repository.paths import shown

PLACEHOLDERS = ("<<", "<%", "{{", "${")
"""What a text begins with that a tool replaces: nothing can be said of it."""


class Pinned(NamedTuple):
    """The Kubernetes version that a stack's files may name; `patch` is None where only the minor is known."""

    major: int
    minor: int
    patch: int | None

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}" + ("" if self.patch is None else f".{self.patch}")

    def is_of(self, number: str) -> bool:
        """Whether `1.34.2` is this version."""
        own = str(self).removeprefix("v")
        return number == own if self.patch is not None else number.startswith(f"{own}.")


def is_native(state: StackState) -> bool:
    """Whether it is a stack of this project's own layout."""
    return state.layout is Layout.NATIVE


def parsed(state: StackState, key: str) -> tuple[Document | None, tuple[Finding, ...]]:
    """A file of a stack as YAML, and what is wrong with it. In the native layout a template may be no YAML yet."""
    file = state.files.get(key)
    if file is None or file.mode == "120000":
        return None, ()
    try:
        return load(file.data, file.path), ()
    except Refused as refused:
        return None, () if is_native(state) else refused.findings


def named_by_csctl(state: StackState) -> Pinned | None:
    """The version that csctl.yaml names; None where there is none, or it cannot be read."""
    from cluster_stacks.repository.layouts import csctl
    from cluster_stacks.repository.layouts.said import version

    document, _ = parsed(state, CSCTL)
    try:
        return Pinned(*version(document, csctl.KUBERNETES)) if document else None
    except Refused:
        return None


def is_written_for(state: StackState) -> bool:
    """Whether the files as they stand are this minor's. One folder for all minors is that of csctl.yaml's."""
    if not state.is_template:
        return True
    named = named_by_csctl(state)
    return named is not None and f"{named.major}-{named.minor}" == state.stack.minor


def pinned(state: StackState) -> Pinned | None:
    """The Kubernetes version that the files of a stack may name; None where they are another minor's."""
    if state.is_template:
        return named_by_csctl(state) if is_written_for(state) else None
    if state.kubernetes is not None:
        return Pinned(state.kubernetes.major, state.kubernetes.minor, state.kubernetes.patch)
    major, minor = state.stack.minor.split("-")
    return Pinned(int(major), int(minor), None)


def charts(state: StackState) -> Iterator[str]:
    """The folders of charts in the layers, as keys: `cluster-class`, `cluster-addon/cni`."""
    for key in state.files:
        folder, _, name = key.rpartition("/")
        if name == "Chart.yaml" and "/templates/" not in f"/{folder}/" and "/charts/" not in f"/{folder}/":
            yield folder


def is_settled(value: object) -> bool:
    """Whether it is a text that no tool replaces."""
    return isinstance(value, str) and not any(mark in value for mark in PLACEHOLDERS)


def at(
    rule: RuleInfo, state: StackState, document: Document, pointer: tuple[str | int, ...], message: str, *,
    severity: Severity | None = None, key: bool = False,
) -> Finding:
    """A finding on a value of a file."""
    return Finding.at(
        rule.id, severity or rule.severity, shown(message), document.path, document.position(pointer, key),
        stack=str(state.stack), key=".".join(str(part) for part in pointer) or rule.name,
    )


def on(rule: RuleInfo, state: StackState, file: SourceFile, message: str, key: str) -> Finding:
    """A finding on a file as a whole."""
    return Finding.at(rule.id, rule.severity, shown(message), file.path, stack=str(state.stack), key=key)


def get(document: Document, pointer: tuple[str | int, ...]) -> Any:
    """The value at a place; None where there is none."""
    value: Any = document.value
    for key in pointer:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value
