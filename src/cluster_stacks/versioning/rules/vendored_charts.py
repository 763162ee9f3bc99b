"""Chart.yaml, Chart.lock and the packed charts say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.upstream import at, charts, get, is_settled, is_written_for, on, parsed

RULE = RuleInfo(
    "CS157", "vendored-charts", "Chart.yaml, Chart.lock and charts/ do not hold the same charts",
    "What is installed is what charts/ holds, or what Chart.lock names, whatever Chart.yaml says: after an edit of "
    "Chart.yaml alone, the old chart is shipped under a new version.",
    source="Helm",
)

# Compiled when they are first used: most stacks vendor nothing.
_EXACT = r"(?a)v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)"
_WILDCARD = r"(?a)v?(\d+(?:\.\d+)?)\.[xX*](?:\.[xX*])?"
_PACKED = r"(?a)(?P<name>[^/]+?)-v?(?P<version>\d+\.\d+\.\d+[^/]*)\.tgz"


class Dependency(NamedTuple):
    """A chart by name and version, and where that is written."""

    name: str
    version: str
    pointer: tuple[str | int, ...]


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each chart that another file has otherwise; what a template makes is passed over."""
    for folder in charts(source):
        chart = source.files[f"{folder}/Chart.yaml"]
        if b"dependencies" not in chart.data or not is_written_for(source):
            continue
        document, wrong = parsed(source, f"{folder}/Chart.yaml")
        yield from wrong
        if document is None or b"#%" in chart.data or b"<%%" in chart.data:
            continue
        wanted = _dependencies(document)
        if wanted is None:
            continue
        lock, problems = parsed(source, f"{folder}/Chart.lock")
        yield from problems
        locked = _dependencies(lock) if lock else None
        if lock and locked is not None:
            yield from _lock(source, document, wanted, lock, locked)
        yield from _packed(source, document, folder, wanted, locked or [])


def _dependencies(document: Document) -> list[Dependency] | None:
    """What a Chart.yaml or Chart.lock names; None where that is not plainly written."""
    items = get(document, ("dependencies",)) or []
    if not isinstance(items, list):
        return None
    found = []
    for index in range(len(items)):
        pointer = ("dependencies", index)
        name, version = get(document, (*pointer, "name")), get(document, (*pointer, "version"))
        if not isinstance(name, str) or not is_settled(name):
            return None
        found.append(Dependency(name, version if isinstance(version, str) else "", (*pointer, "version")))
    return found


def _lock(
    source: StackState, document: Document, wanted: list[Dependency], lock: Document, locked: list[Dependency]
) -> Iterator[Finding]:
    for item in wanted:
        there = _versions(locked, item.name)
        if not there:
            message = f"Chart.lock does not have the chart {item.name}: run `helm dependency update`"
            yield at(RULE, source, document, (*item.pointer[:-1], "name"), message)
        elif not any(_fits(version, item.version) for version in there):
            message = f"{item.name} is {item.version} here and {there[0]} in Chart.lock: run `helm dependency update`"
            yield at(RULE, source, document, item.pointer, message)
    names = {item.name for item in wanted}
    for item in locked:
        if item.name not in names:
            message = f"Chart.yaml does not have the chart {item.name}: run `helm dependency update`"
            yield at(RULE, source, lock, (*item.pointer[:-1], "name"), message)


def _packed(
    source: StackState, document: Document, folder: str, wanted: list[Dependency], locked: list[Dependency]
) -> Iterator[Finding]:
    packed = {key: match for key in source.files if (match := _of_folder(key, folder))}
    if not packed:
        return
    for key, match in packed.items():
        name, version = match["name"], match["version"]
        named, there = _versions(wanted, name), _versions(locked, name)
        message = ""
        if not named:
            message = f"Chart.yaml does not have the chart {name}: remove the file, or name it there"
        elif right := _missed(version, named) or _missed(version, there):
            mend = "run `helm dependency build`, and remove the old file"
            message = f"the packed chart is {name} {version}, {right} is wanted: {mend}"
        if message:
            yield on(RULE, source, source.files[key], message, key)
    names = {match["name"] for match in packed.values()}
    for item in wanted:
        if item.name not in names and f"{folder}/charts/{item.name}/Chart.yaml" not in source.files:
            message = f"charts/ holds packed charts, but not {item.name}: run `helm dependency build`"
            yield at(RULE, source, document, (*item.pointer[:-1], "name"), message)


def _versions(items: list[Dependency], name: str) -> list[str]:
    """The versions of a chart, of which there may be several under aliases."""
    return [item.version for item in items if item.name == name]


def _missed(version: str, wanted: list[str]) -> str:
    """A version that is wanted, where the given one is none of them."""
    return "" if not wanted or any(_fits(version, each) for each in wanted) else wanted[0]


def _of_folder(key: str, folder: str) -> re.Match[str] | None:
    prefix = f"{folder}/charts/"
    return re.fullmatch(_PACKED, key.removeprefix(prefix)) if key.startswith(prefix) else None


def _fits(version: str, wanted: str) -> bool:
    """Whether a whole version is one that is wanted. True for ranges other than 1.2.x, and for what a tool replaces."""
    exact, wild = re.fullmatch(_EXACT, wanted), re.fullmatch(_WILDCARD, wanted)
    own = version.removeprefix("v")
    if exact:
        return own == exact[1]
    return own.startswith(f"{wild[1]}.") if wild else True
