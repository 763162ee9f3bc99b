"""The environments of `.cluster-stacks.yaml`: each with a name and a branch of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.near import near_names
from cluster_stacks.model.settings import Environment
from cluster_stacks.repository import rules


def parse_environments(document: Document, items: Sequence[Mapping[str, Any]], path: str) -> tuple[Environment, ...]:
    """The environments of a document that fits the schema.

    Raises Refused where two have one name or would write one branch, or where `from` names none.
    """
    environments = tuple(_environment(item) for item in items)
    findings = [
        rules.finding(rules.SETTINGS, message, path, document.position(("environments", index, key)))
        for index, key, message in _problems(environments)
    ]
    if findings:
        raise Refused(*findings)
    return environments


def _environment(item: Mapping[str, Any]) -> Environment:
    default = Environment("", "")
    return Environment(
        item["name"], item["branch"], tuple(item.get("stacks", ())), tuple(item.get("channels", default.channels)),
        item.get("from", default.promoted_from), item.get("proposed", default.proposed),
    )


def _problems(environments: Sequence[Environment]) -> Iterator[tuple[int, str, str]]:
    """What is wrong: the index of the environment, the key, and the message."""
    names = [environment.name for environment in environments]
    written: dict[str, str] = {}
    for index, environment in enumerate(environments):
        if environment.name in names[:index]:
            yield index, "name", f"there are two environments {environment.name}: give each its name"
        for branch in environment.branches:
            if branch in written:
                other = written[branch]
                yield index, "branch", f"{branch} is written for the environment {other} already: give each its branch"
            written.setdefault(branch, environment.name)
        if environment.promoted_from and environment.promoted_from not in names:
            near = near_names(environment.promoted_from, names)
            advice = f"did you mean {near[0]}?" if near else f"name one of {', '.join(names)}"
            yield index, "from", f"there is no environment {environment.promoted_from}: {advice}"
        elif environment.promoted_from == environment.name:
            yield index, "from", f"{environment.name} cannot get its releases from itself: name another environment"
