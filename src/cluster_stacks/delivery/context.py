"""What the templates of a generator see: releases as release.json tells them, and what follows from all of them.

Added to the data of release.json: `release.folder` and `addon.folder`, paths from the branch's root; an addon's
`required` (no cluster opts in) and `wrapper` (the key under which an umbrella chart holds the values of its chart).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_stacks.delivery.escaping import escaped, is_harmless, same
from cluster_stacks.delivery.generator import Generator, Scope
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.layout import release_folder, unit_folder

Context = dict[str, Any]

_ABSENT: Context = {"classes": [], "addons": [], "images": None, "clusterVariables": [], "notes": []}
"""What release.json may leave out."""


@dataclass(frozen=True, slots=True)
class Item:
    """What one file is made of, and the release that it belongs to, if it does to one."""

    context: Context
    release: str | None


def base_context(
    generator: Generator, parameters: Mapping[str, Any], releases: Sequence[ReleaseFacts], settings: Settings,
    escape: Callable[[str], str] = same,
) -> Context:
    """What every template sees, with every text escaped.

    `releases` are sorted here: stacks in their order, versions from old to new. Each of them is one object wherever it
    appears: templates cannot change it.
    """
    known = [
        release if is_harmless(release, escape) else escaped(release, escape)
        for release in map(_release, sorted(releases, key=lambda facts: facts.sort_key))
    ]
    about = {
        "generator": {"name": generator.name, "version": generator.version},
        "parameters": dict(parameters),
        "repository": {"url": readable_url(settings.repository_url), "branch": settings.branch},
    }
    return {
        **escaped(about, escape),
        "releases": known,
        "stacks": _stacks(known),
        "image_units": _image_units(known),
        "addon_sets": _addon_sets(known),
    }


def readable_url(url: str) -> str:
    """`git@host:group/repo.git` as the `ssh://` URL that Flux wants; every other form as it is."""
    host, colon, path = url.partition(":")
    return f"ssh://{host}/{path.lstrip('/')}" if colon and "/" not in host and not path.startswith("//") else url


def items(scope: Scope, base: Context) -> Iterator[Item]:
    """What outputs of this scope are made of, one item a file."""
    match scope:
        case Scope.ONCE:
            yield Item(base, None)
        case Scope.STACK:
            for stack in base["stacks"]:
                yield Item({**base, "stack": stack}, None)
        case Scope.RELEASE:
            for release in base["releases"]:
                yield Item({**base, "release": release}, release["name"])
        case Scope.ADDON:
            for release in base["releases"]:
                for addon in release["addons"]:
                    yield Item({**base, "release": release, "addon": addon}, release["name"])
        case Scope.IMAGE_UNIT:
            for unit in base["image_units"]:
                yield Item({**base, "image_unit": unit}, None)
        case Scope.ADDON_SET:
            for addon_set in base["addon_sets"]:
                yield Item({**base, "addon_set": addon_set}, None)


def _release(facts: ReleaseFacts) -> Context:
    folder = release_folder(facts.stack, facts.version)
    release: Context = {**_ABSENT, **facts.data}
    stack = {**release["stack"], "series": facts.stack.series}
    addons = [_addon(addon, folder) for addon in release["addons"]]
    return {**release, "folder": folder, "stack": stack, "addons": addons}


def _addon(addon: Context, folder: str) -> Context:
    chart = addon.get("chart") or {}
    return {
        **addon,
        "folder": f"{folder}/{addon['path']}",
        "required": not addon.get("clusterLabels"),
        "clusterLabels": addon.get("clusterLabels") or {},
        "clusterValues": addon.get("clusterValues") or {},
        "dependsOn": addon.get("dependsOn") or [],
        "wrapper": chart.get("alias") or chart.get("name") or "",
    }


def _stacks(releases: Sequence[Context]) -> list[Context]:
    """Each stack with its releases."""
    found: dict[str, Context] = {}
    for release in releases:
        found.setdefault(release["stack"]["id"], {**release["stack"], "releases": []})["releases"].append(release)
    return list(found.values())


def _image_units(releases: Sequence[Context]) -> list[Context]:
    """The units of node images with objects to deliver, each with the names of the releases that need it."""
    found: dict[tuple[str, str], Context] = {}
    for release in releases:
        images = release.get("images")
        if images and images.get("objects"):
            key = release["stack"]["id"], images["unit"]
            folder = unit_folder(_stack_id(release["stack"]), images["unit"])
            unit = found.setdefault(key, {**images, "stack": release["stack"], "folder": folder, "releases": []})
            unit["releases"].append(release["name"])
    return list(found.values())


def _stack_id(stack: Mapping[str, str]) -> StackId:
    return StackId(stack["provider"], stack["name"], stack["minor"])


def _addon_sets(releases: Sequence[Context]) -> list[Context]:
    """Each addon over all minors and versions of its stack: one identity, from old releases to new.

    `members` are pairs of a release and that addon in it.
    """
    found: dict[tuple[str, str, str], Context] = {}
    for release in releases:
        stack = release["stack"]
        for addon in release["addons"]:
            key = stack["provider"], stack["name"], addon["name"]
            new: Context = {**dict(zip(("provider", "stack", "addon"), key, strict=True)), "members": []}
            found.setdefault(key, new)["members"].append({"release": release, "addon": addon})
    return list(found.values())
