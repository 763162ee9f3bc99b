"""csctl.yaml, stack.yaml and versions.yaml say the same as the path and metadata.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.model.layout import CSCTL, STACK, VERSIONS
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.repository.layouts import csctl, stack_file
from cluster_stacks.repository.layouts.said import version
from cluster_stacks.versioning.upstream import Pinned, at, get, is_native, is_settled, parsed

RULE = RuleInfo(
    "CS155", "layout-agreement", "csctl.yaml or stack.yaml names another stack than the path and metadata.yaml",
    "Provider, name and Kubernetes version stand in several files of upstream's layouts, and tools believe different "
    "ones: a release then has the name of one stack and the content of another.",
    source="derived from csctl and the scripts of the cluster-stacks repository",
)

_Pointer = tuple[str, ...]


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each value that differs."""
    if is_native(source):
        return
    for key, provider, name, kubernetes in (
        (CSCTL, csctl.PROVIDER, csctl.NAME, csctl.KUBERNETES),
        (STACK, stack_file.PROVIDER, stack_file.NAME, stack_file.KUBERNETES),
    ):
        document, wrong = parsed(source, key)
        yield from wrong
        if document is None:
            continue
        if source.is_template and not _is_first(source, document):
            continue
        yield from _names(source, document, ((provider, source.stack.provider), (name, source.stack.name)))
        yield from _kubernetes(source, document, kubernetes, whole=key == CSCTL and STACK not in source.files)


def _names(source: StackState, document: Document, wanted: tuple[tuple[_Pointer, str], ...]) -> Iterator[Finding]:
    for pointer, right in wanted:
        given = get(document, pointer)
        if given is None:
            yield at(RULE, source, document, pointer, f"{'.'.join(pointer)} is missing: write {right}")
        elif given != right and (not isinstance(given, str) or is_settled(given)):
            shown = given if isinstance(given, str) else "no text"
            message = f"{'.'.join(pointer)} is {shown}, the folder says {right}: mend one of them"
            yield at(RULE, source, document, pointer, message)


def _kubernetes(source: StackState, document: Document, pointer: _Pointer, *, whole: bool) -> Iterator[Finding]:
    try:
        given = Pinned(*version(document, pointer))
    except Refused:
        message = f"{'.'.join(pointer)} is no Kubernetes version: write one such as v{source.stack.kubernetes_minor}.1"
        yield at(RULE, source, document, pointer, message)
        return
    metadata = source.metadata
    if source.is_template:
        yield from _in_list(source, document, pointer, given)
    elif f"{given.major}-{given.minor}" != source.stack.minor:
        message = f"Kubernetes {given} is not of the minor {source.stack.minor}: mend it, or move the stack"
        yield at(RULE, source, document, pointer, message)
    elif given.patch is None:
        if whole:
            message = f"Kubernetes {given} has no patch: csctl reads v{source.stack.kubernetes_minor}.1"
            yield at(RULE, source, document, pointer, message)
    elif metadata and metadata.patch_known and metadata.kubernetes.patch != given.patch:
        message = f"Kubernetes is {given} here and {metadata.kubernetes} in metadata.yaml: mend one of them"
        yield at(RULE, source, document, pointer, message)


def _in_list(source: StackState, document: Document, pointer: _Pointer, given: Pinned) -> Iterator[Finding]:
    """The folder is a stack of the one version that csctl.yaml names; a script makes the others by the list."""
    if VERSIONS not in source.files:
        return
    if f"{given.major}-{given.minor}" != source.stack.minor:
        message = f"Kubernetes {given} is of no minor that versions.yaml lists: add it there, or mend it"
        yield at(RULE, source, document, pointer, message, severity=Severity.WARNING)
    elif source.kubernetes and source.kubernetes.patch != given.patch:
        message = f"Kubernetes is {given} here and {source.kubernetes} in versions.yaml: mend one of them"
        yield at(RULE, source, document, pointer, message, severity=Severity.WARNING)


def _is_first(source: StackState, document: Document) -> bool:
    """Whether this is the minor to tell it for, of all that the folder is the source of: csctl.yaml's, else the first.

    The same finding for each of them would be noise.
    """
    from cluster_stacks.repository.layouts.versions_file import minors_in

    if document.path.rpartition("/")[2] != CSCTL:
        return False
    listed: list[str] = []
    rows, _ = parsed(source, VERSIONS)
    try:
        listed = minors_in(rows) if rows else []
        major, minor, _ = version(document, csctl.KUBERNETES)
    except Refused:
        return source.stack.minor == next(iter(listed), source.stack.minor)
    own = f"{major}-{minor}"
    return source.stack.minor == (own if own in listed or not listed else listed[0])
