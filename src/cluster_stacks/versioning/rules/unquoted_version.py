"""Versions in YAML are text."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.model.layout import STACK, VERSIONS, is_topology
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.upstream import at, charts, get, is_written_for, parsed

RULE = RuleInfo(
    "CS160", "unquoted-version", "a version is written as a number",
    "YAML reads 1.30 as the number 1.3, and Kubernetes' reader refuses a number where a text is wanted. Versions are "
    "quoted, or carry a v. Where the number loses a digit it is an error, else a warning.",
    source="derived from the YAML specification",
)

_Pointer = tuple[str | int, ...]


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each version that is a number."""
    for key, pointers in _places(source):
        document, _ = parsed(source, key)  # what is wrong with it is told by the rules that read it
        if document is None:
            continue
        for pointer in _all(document, pointers):
            value = get(document, pointer)
            if isinstance(value, int | float) and not isinstance(value, bool):
                text = document.text(pointer)
                lossy = str(value) != text
                read = f" and is read as {value}" if lossy else ""
                message = f"{text} is a number{read}: write \"{text}\""
                severity = Severity.ERROR if lossy else Severity.WARNING
                yield at(RULE, source, document, pointer, message, severity=severity)


def _places(source: StackState) -> Iterator[tuple[str, tuple[_Pointer, ...]]]:
    """The files with versions at known places; `*` stands for every key or index."""
    if STACK in source.files:
        yield STACK, (("kubernetesVersion",), ("addons", "*"))
    if VERSIONS in source.files and _is_first(source):
        yield VERSIONS, (("*", "*"),)
    for folder in charts(source):
        if is_written_for(source):
            yield f"{folder}/Chart.yaml", (("version",), ("appVersion",), ("dependencies", "*", "version"))
    for key in source.files:
        if key == "sample-cluster.yaml" or is_topology(key):
            yield key, (("spec", "topology", "version"),)


def _is_first(source: StackState) -> bool:
    """One folder for all minors is told of once."""
    return not source.is_template or is_written_for(source)


def _all(document: Document, pointers: tuple[_Pointer, ...]) -> Iterator[_Pointer]:
    for pointer in pointers:
        yield from _expanded(document, (), pointer)


def _expanded(document: Document, done: _Pointer, rest: _Pointer) -> Iterator[_Pointer]:
    if not rest:
        yield done
    elif rest[0] != "*":
        yield from _expanded(document, (*done, rest[0]), rest[1:])
    else:
        value = get(document, done) if done else document.value
        keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for key in keys:
            yield from _expanded(document, (*done, key), rest[1:])
