"""What Argo CD's ApplicationSet controller makes of clusters' Secrets: the clusters generator with goTemplate.

A model of the few forms of Go's text/template that the generator writes, with missingkey=error; any other is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ACTION = re.compile(
    r"\{\{`(?P<raw>[^`]*)`\}\}"
    r"|\{\{(?P<path>(?:\.\w+)+)\}\}"
    r"|\{\{with index \.metadata\.labels `(?P<label>[^`]*)`\}\}\{\{\.\}\}"
    r"\{\{else\}\}\{\{fail `(?P<fail>[^`]*)`\}\}\{\{end\}\}"
    r"|(?P<bad>\{\{)"
)


class TemplateFailed(Exception):  # noqa: N818 — what happened
    """What the controller would say."""


@dataclass(frozen=True)
class Cluster:
    """A cluster's Secret."""

    name: str
    labels: Mapping[str, str]


def applications(sets: list[Any], clusters: list[Cluster]) -> list[Any]:
    """The Applications that ApplicationSets make of clusters."""
    return [application for one in sets for application in _of_set(one, clusters)]


def _of_set(value: Any, clusters: list[Cluster]) -> Iterator[Any]:
    spec = value["spec"]
    assert spec["goTemplate"] is True
    assert spec["goTemplateOptions"] == ["missingkey=error"]
    assert "templatePatch" not in spec
    for generator in spec["generators"]:
        for cluster in clusters:
            labels = {"argocd.argoproj.io/secret-type": "cluster", **cluster.labels}
            if generator["clusters"]["selector"]["matchLabels"].items() <= labels.items():
                context = {"name": cluster.name, "nameNormalized": cluster.name, "server": f"https://{cluster.name}",
                           "metadata": {"labels": labels}}
                values = rendered(generator["clusters"]["values"], context)
                made = rendered(spec["template"], {**context, "values": values})
                yield {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", **made}


def rendered(value: Any, context: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _ACTION.sub(lambda match: _value(match, context), value)
    if isinstance(value, dict):
        return {rendered(key, context): rendered(item, context) for key, item in value.items()}
    if isinstance(value, list):
        return [rendered(item, context) for item in value]
    return value


def _value(match: re.Match[str], context: Mapping[str, Any]) -> str:
    if match["bad"]:
        raise TemplateFailed(f"not a form of this model: {match.string[match.start():][:40]}")
    if match["raw"] is not None:
        return match["raw"]
    if match["label"] is not None:
        label = context["metadata"]["labels"].get(match["label"])
        if not label:
            raise TemplateFailed(match["fail"])
        return str(label)
    found: Any = context
    for key in match["path"].strip(".").split("."):
        if key not in found:
            raise TemplateFailed(f"map has no entry for key {key!r}")
        found = found[key]
    return str(found)
