"""Findings for code scanning: SARIF 2.1.0 (OASIS), in the part of it that GitHub reads.

GitHub refuses more than 25,000 results and shows 5,000, so errors come first and what is beyond is counted. A finding
that was let pass is there with its suppression. Locations are relative to %SRCROOT%, the root of the repository.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from cluster_stacks import __version__
from cluster_stacks.model.finding import Finding, RuleInfo, Severity, Waived
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.links import HOME, rule_url
from cluster_stacks.reporting.report import ANYWHERE, Report, by_severity, fingerprints, mending, plural

LIMIT = 25_000
SCHEMA = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
FINGERPRINT = "clusterStacks/v1"

# Halves of characters that stand for no byte of a file's name.
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def sarif(report: Report) -> str:
    """One log with one run."""
    from cluster_stacks.documents.json import dumps

    waived: list[Waived | None] = [None] * len(report.findings)
    pairs = [*zip(by_severity(report.findings), waived, strict=True), *((each.finding, each) for each in report.waived)]
    shown, more = pairs[:LIMIT], len(pairs[LIMIT:])
    ids = sorted({finding.rule for finding, _ in shown})
    prints = fingerprints(finding for finding, _ in shown)
    results = [
        _result(finding, let, ids.index(finding.rule), print_, with_suppressions=bool(report.waived))
        for (finding, let), print_ in zip(shown, prints, strict=True)
    ]
    known = report.rules() if ids else {}
    return dumps({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cluster-stacks", "version": __version__, "informationUri": HOME,
                "rules": [_rule(id_, known) for id_ in ids],
            }},
            "automationDetails": {"id": f"cluster-stacks/{report.verb}/"},
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": True, **_more(more)}],
            "results": results,
        }],
    })


def _more(count: int) -> dict[str, Any]:
    if not count:
        return {}
    said = {"text": f"{plural(count, 'more result')} than SARIF's readers take; the errors are all among the first."}
    return {"toolExecutionNotifications": [{"level": "warning", "message": said}]}


def _rule(id_: str, known: Mapping[str, RuleInfo]) -> dict[str, Any]:
    info = known.get(id_)
    data: dict[str, Any] = {"id": id_, "helpUri": rule_url(id_)}
    if info is None:
        return data
    settings = f"`cluster-stacks rules {id_}` shows it with an example; docs/settings.md says how to set its severity."
    source = f"\n\nSource: {info.source}" if info.source else ""
    return {
        **data,
        "name": "".join(word.capitalize() for word in info.name.split("-")),
        "shortDescription": {"text": f"{info.summary[:1].upper()}{info.summary[1:]}."},
        "fullDescription": {"text": info.explanation},
        "help": {
            "text": f"{info.explanation}{source}\n\n{settings}",
            "markdown": f"**[{id_}]({rule_url(id_)}) {info.name}**: {info.summary}.\n\n{info.explanation}{source}"
                        f"\n\n{settings}",
        },
        "defaultConfiguration": {"level": info.severity.value},
        "properties": {"tags": ["cluster-stacks"], "precision": "very-high",
                       "problem.severity": _PROBLEM[info.severity]},
    }


def _result(
    finding: Finding, waived: Waived | None, index: int, print_: str, *, with_suppressions: bool
) -> dict[str, Any]:
    fix = f" (fix: {mending(finding.fix)})" if finding.fix else ""
    location: dict[str, Any] = {"physicalLocation": _place(
        finding.path, finding.line, finding.column, finding.end_line, finding.end_column
    )}
    logical = _logical(finding)
    if logical:
        location["logicalLocations"] = logical
    data: dict[str, Any] = {
        "ruleId": finding.rule, "ruleIndex": index, "level": finding.severity.value,
        "message": _text(finding.message + fix),
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: print_},
    }
    if finding.related:
        data["relatedLocations"] = [
            {
                "id": number, "physicalLocation": _place(each.path, each.line, each.column),
                **({"message": _text(each.message)} if each.message else {}),
            }
            for number, each in enumerate(finding.related, 1)
        ]
    if with_suppressions:  # once a run tells of any, an empty list says that there is none
        data["suppressions"] = [_suppression(waived)] if waived else []
    if finding.stack:
        data["properties"] = {"stack": printable(finding.stack)}
    return data


def _suppression(waived: Waived) -> dict[str, Any]:
    until = f" (until {waived.expires})" if waived.expires else ""
    return {"kind": "external", "status": "accepted", "justification": printable(waived.reason + until)}


def _logical(finding: Finding) -> Sequence[dict[str, str]]:
    about = finding.object
    if about is None:
        return []
    name = "/".join(filter(None, (about.kind, about.name)))
    return [{"fullyQualifiedName": printable(name + about.pointer), "kind": "object"}] if name + about.pointer else []


def _place(path: str, line: int, column: int, end_line: int = 0, end_column: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {"artifactLocation": {"uri": _uri(path or ANYWHERE), "uriBaseId": "%SRCROOT%"}}
    if line > 0:
        region = {"startLine": line}
        if column > 0:
            region["startColumn"] = column
        if end_line >= line:
            region["endLine"] = end_line
            if column > 0 and end_column > (column if end_line == line else 0):
                region["endColumn"] = end_column
        data["region"] = region
    return data


def _uri(path: str) -> str:
    """A relative reference, undecodable bytes of the name included. Two slashes at its beginning would name a host."""
    return re.sub("//+", "/", quote(_NO_BYTE.sub("\ufffd", path).encode("utf-8", "surrogateescape")))


def _text(text: str) -> dict[str, str]:
    """A message in which nothing is a link: SARIF reads `[words](address)` as one."""
    return {"text": printable(text).replace("](", "] (")}
