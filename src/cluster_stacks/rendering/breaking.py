"""Reads cluster-class/breaking.yaml: what a release breaks on purpose for Clusters that move to it."""

from __future__ import annotations

import dataclasses

from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.layout import BREAKING


def read_breaking(source: StackSource) -> list[dict[str, str]]:
    """The announcements, `what` and `reason` of each, in order; none where there is no such file.

    It is plain YAML, no template: it stands in the release as it is written. Raises Refused where it has another form.
    """
    file = source.files.get(BREAKING)
    if file is None:
        return []
    document = load(file.data, file.path)
    value = document.value
    entries = value.get("breaking") if isinstance(value, dict) and value.keys() == {"breaking"} else None
    if not isinstance(entries, list) or not all(map(_is_entry, entries)):
        from cluster_stacks.documents.schema import check

        found = [dataclasses.replace(each, rule=rules.BREAKING) for each in check(document, "breaking")]
        raise Refused(*found) if found else rules.refused(rules.BREAKING, "`breaking` must be a list", file.path)
    told = [str(entry["what"]) for entry in entries]
    for index, what in enumerate(told):
        if what in told[:index]:
            at = document.position(("breaking", index, "what"))
            raise rules.refused(rules.BREAKING, f"{what} is announced twice: say it once", file.path, at, key=what)
    return [{"what": str(entry["what"]), "reason": " ".join(str(entry["reason"]).split())} for entry in entries]


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or entry.keys() != {"what", "reason"}:
        return False
    what, reason = entry["what"], entry["reason"]
    fits = isinstance(what, str) and isinstance(reason, str) and len(what) <= 512 and len(reason) <= 2048
    return fits and bool(what) and bool(reason.strip()) and "\n" not in what and "\r" not in what
