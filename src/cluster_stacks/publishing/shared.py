"""The files of the branch that tell of all releases at once. Pure functions of release.json and series.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from cluster_stacks.documents.json import dumps
from cluster_stacks.model.metadata import Component
from cluster_stacks.model.stack import StackId
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Release
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.series import Series, State, stack_json, status_json

ATTRIBUTES = f"""\
* -text
{layout.README} linguist-generated=true
{layout.CATALOGUE_PAGE} linguist-generated=true
*.json linguist-generated=true
{layout.HYDRATOR} linguist-generated=true
{layout.DELIVERY}/** linguist-generated=true
{layout.RELEASES}/** linguist-generated=true
"""

_README = """\
# Cluster stacks, rendered

This branch is written by `cluster-stacks publish` and read by Flux, Argo CD and people. Do not edit it: change the
sources and publish again. To see the same files in a folder: `cluster-stacks render -o DIR`; to hold what is here
against its sources: `cluster-stacks publish --verify`.

| stack | latest | Kubernetes | node images | addons | live |
|---|---|---|---|---|---|
{rows}
The same as a page, with what differs from release to release and how to use each: `{page}`.

Each release stands in `{releases}/<provider>/<stack>/<minor>/<version>/`, with a README that says how to use it and how
to move a cluster to it. A published release never changes.{yanked}{delivery}
"""
_YANKED = """

Yanked, which no Cluster should use:

"""
_DELIVERY = """

What brings them to clusters:

"""


def catalogue(series: Mapping[StackId, Series], facts: Sequence[ReleaseFacts]) -> bytes:
    """catalogue.json: every version of every stack, with what a live one is made of (schemas/catalogue.schema.json)."""
    by_version = {(item.stack, item.version): item for item in facts}
    stacks = [_catalogue_stack(series[stack], by_version) for stack in sorted(series, key=lambda s: s.sort_key)]
    return dumps({"schemaVersion": 1, "stacks": stacks}).encode()


def readme(series: Mapping[StackId, Series], facts: Sequence[ReleaseFacts], generators: Iterable[str]) -> bytes:
    """The README of the branch: one row a stack, and where delivery starts."""
    rows = [_row(stack, list(items)) for stack, items in groupby(facts, key=lambda item: item.stack)]
    live = {item.stack for item in facts}
    none = [f"| {stack} | none | | | | |" for stack in series if stack not in live]
    lines = [f"- `{layout.delivery_folder(name)}/`: {name}" for name in sorted(generators)]
    yanked = [
        f"- {stack} {item.version}" + (f": {_cell(item.status.reason)}" if item.status.reason else "")
        for stack in sorted(series, key=lambda s: s.sort_key)
        for item in series[stack].versions
        if item.state is State.YANKED
    ]
    text = _README.format(
        rows="".join(f"{row}\n" for row in (*rows, *none)), releases=layout.RELEASES, page=layout.CATALOGUE_PAGE,
        yanked=_YANKED + "\n".join(yanked) if yanked else "",
        delivery=_DELIVERY + "\n".join(lines) if lines else "",
    )
    return text.encode()


def _catalogue_stack(series: Series, facts: Mapping[Release, ReleaseFacts]) -> dict[str, object]:
    releases: list[dict[str, object]] = []
    for item in series.versions:
        entry: dict[str, object] = {
            "version": str(item.version), "state": item.state.value,
            "path": layout.release_folder(series.stack, item.version),
        }
        known = facts.get((series.stack, item.version))
        releases.append(entry | status_json(item) | (_catalogue_release(known) if known else {}))
    latest = series.latest
    return {"stack": stack_json(series.stack), "latest": str(latest.version) if latest else None, "releases": releases}


def _catalogue_release(facts: ReleaseFacts) -> dict[str, object]:
    return {
        "name": facts.name,
        "versions": facts.metadata.as_dict(),
        "classes": [item.name for item in facts.classes],
        "addons": [
            {"name": item.name, "chart": {"name": item.chart.name, "version": item.chart.version}}
            if item.chart else {"name": item.name}
            for item in facts.addons
        ],
        "images": [item.image for item in facts.images.items] if facts.images else [],
    }


def _row(stack: StackId, facts: Sequence[ReleaseFacts]) -> str:
    newest = facts[-1]
    versions = newest.metadata
    addons = ", ".join(_cell(f"{a.name} {a.chart.version}" if a.chart else a.name) for a in newest.addons)
    live = ", ".join(f"[{f.version}]({layout.release_folder(stack, f.version)})" for f in facts)
    images = str(versions.component(Component.NODE_IMAGE)) if newest.images else ""
    return f"| {stack} | {newest.version} | {versions.kubernetes} | {images} | {addons} | {live} |"


def _cell(text: str) -> str:
    """Text that stays in its cell."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
