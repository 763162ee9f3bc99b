"""The chart of an addon: whether it can be delivered, and whether it only passes values to one upstream chart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.version import STABLE, Version
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.helm import Chart
from cluster_stacks.rendering.layout import CHART, OVERWRITE, VALUES, is_hidden
from cluster_stacks.rendering.loaded import Loaded

_EXACT = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_REPOSITORY = re.compile(r"(https|oci)://[^\s/]+\S*")
_PASSIVE = frozenset({CHART, VALUES, OVERWRITE, "Chart.lock", "requirements.lock"})
_PLAIN_KEYS = frozenset({"name", "version", "repository", "alias"})


@dataclass(frozen=True, slots=True)
class PassThrough:
    """The one chart that an umbrella names, and the values that it gives it, unwrapped from the umbrella's key."""

    name: str
    version: str
    repository: str
    alias: str
    values: Mapping[str, Any]

    @property
    def wrapper(self) -> str:
        """The key that the chart's values stand under in the umbrella."""
        return self.alias or self.name

    def facts(self) -> dict[str, str]:
        return {"name": self.name, "version": self.version, "repository": self.repository, "alias": self.alias}


def chart_version(version: Version) -> str:
    """The SemVer that a chart of this version carries: v2 is 2.0.0, v1-alpha.0 is 1.0.0-alpha.0."""
    # SemVer takes no number that begins with 0, and a hash may look like one.
    dot = "-" if version.patch.isdecimal() and version.patch != str(int(version.patch)) else "."
    suffix = "" if version.channel == STABLE else f"-{version.channel}{dot}{version.patch}"
    return f"{version.major}.0.0{suffix}".replace("_", "-")


def dependencies(chart: Chart) -> list[dict[str, Any]]:
    """What Chart.yaml depends on. Raises Refused for what is no list of mappings with a name."""
    about = chart.about
    given = about.documents[0].value.get("dependencies")
    found = [] if given is None else given
    if not isinstance(found, list) or not all(isinstance(d, dict) and isinstance(d.get("name"), str) for d in found):
        at = about.position(0, ("dependencies",))
        raise rules.refused(rules.ADDON_CHART, "dependencies is no list of charts with a name", about.path, at)
    return found


def is_complete(chart: Chart, files: Mapping[str, SourceFile]) -> bool:
    """Whether all that the chart depends on stands in its own charts/."""
    return all(is_vendored(dependency, files) for dependency in dependencies(chart))


def is_vendored(dependency: Mapping[str, Any], files: Mapping[str, SourceFile]) -> bool:
    """Whether the chart's own charts/ holds the dependency, packed or not."""
    name = str(dependency["name"])
    packed = re.compile(rf"charts/{re.escape(name)}-v?\d[^/]*\.tgz")
    return any(path == f"charts/{name}/{CHART}" or packed.fullmatch(path) for path in files)


def check_chart(chart: Chart, files: Mapping[str, SourceFile]) -> None:
    """Raises Refused with every dependency that would be another chart tomorrow, or that nobody can fetch."""
    findings = [
        rules.finding(
            rules.ADDON_CHART, message, chart.about.path, chart.about.position(0, ("dependencies", index, key)),
            key=f"{dependency['name']} {key}",
        )
        for index, dependency in enumerate(dependencies(chart))
        if not is_vendored(dependency, files)
        for key, message in _unfetchable(dependency)
    ]
    if findings:
        raise Refused(*findings)


def wrong_source(name: str, version: str, repository: str) -> str:
    """What is wrong with a chart that is to be a dependency; empty where nothing is."""
    given = {"name": name, "version": version, "repository": repository}
    return next((message for _, message in _unfetchable(given)), "")


def _unfetchable(dependency: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = str(dependency["name"])
    if not _NAME.fullmatch(name) or not _NAME.fullmatch(str(dependency.get("alias") or name)):
        yield "name", "the name or alias of a chart has letters, digits, dots, dashes and underscores alone"
    if not _EXACT.fullmatch(str(dependency.get("version", ""))):
        yield "version", f"the chart '{name}' has no exact version: a range is another chart tomorrow, write 1.2.3"
    if not _REPOSITORY.fullmatch(str(dependency.get("repository", ""))):
        message = f"the chart '{name}' cannot be fetched: name its https:// or oci:// repository, or vendor it"
        yield "repository", message


def pass_through(chart: Chart, files: Mapping[str, SourceFile]) -> PassThrough | None:
    """The one chart of an umbrella that adds nothing to it; None where the umbrella must be delivered itself.

    Raises Refused for values that reach no chart.
    """
    found = dependencies(chart)
    if len(found) != 1 or any(path not in _PASSIVE and not is_hidden(path) for path in files):
        return None
    dependency = found[0]
    if not set(dependency) <= _PLAIN_KEYS:
        return None
    name, alias = str(dependency["name"]), str(dependency.get("alias") or "")
    key = alias or name
    values = chart.values
    given = dict(values.documents[0].value) if values and values.documents else {}
    unreached = [other for other in given if other not in (key, "global")]
    if unreached and values:
        raise Refused(*(_unreached(other, key, values) for other in unreached))
    inner = given.get(key) or {}
    if not isinstance(inner, dict):
        raise _no_values(key, values)
    where = str(dependency["version"]), str(dependency["repository"])
    return PassThrough(name, *where, alias, _with_global(inner, given))


def _with_global(inner: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The umbrella's `global` as the chart sees it: over its own, as Helm lays them."""
    above, own = given.get("global"), inner.get("global")
    if not isinstance(above, dict) or not above:
        return inner
    return {**inner, "global": {**(own if isinstance(own, dict) else {}), **above}}


def _unreached(key: str, wanted: str, values: Loaded) -> Finding:
    message = f"the values under '{key}' reach no chart: put them under '{wanted}'"
    return rules.finding(rules.ADDON_CHART, message, values.path, values.position(0, (key,), key=True), key=key)


def _no_values(key: str, values: Loaded | None) -> Refused:
    assert values is not None, "what has a wrong type was read from a file"
    at = values.position(0, (key,))
    return rules.refused(rules.ADDON_CHART, f"the values under '{key}' are no mapping", values.path, at)
