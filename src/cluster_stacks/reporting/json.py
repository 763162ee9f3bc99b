"""Findings for machines: the form of schemas/check.schema.json."""

from __future__ import annotations

from typing import Any

from cluster_stacks.model.finding import Finding, Waived
from cluster_stacks.reporting.escape import encodable
from cluster_stacks.reporting.report import Report

SCHEMA_VERSION = 1


def json(report: Report) -> str:
    """One JSON document. Every key is always there; what is not known is null."""
    from cluster_stacks.documents.json import dumps  # the other reporters do without YAML

    counts = {f"{severity}s": count for severity, count in report.counts.items()}
    findings = sorted(report.findings, key=lambda each: (each.stack, each.sort_key))
    return dumps({
        "schemaVersion": SCHEMA_VERSION,
        **({"base": _encodable(dict(report.base))} if report.base else {}),
        "findings": [finding_data(finding) for finding in findings],
        "waived": [waived_data(waived) for waived in report.waived],
        "summary": {**report.facts, **counts},
    })


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data, its keys in the order of the contract; undecodable bytes of names are escaped."""
    about, fix = finding.object, finding.fix
    data = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": finding.path or None,
        "line": finding.line or None,
        "column": finding.column or None,
        "endLine": finding.end_line or None,
        "object": about and {
            "apiVersion": about.api_version, "kind": about.kind, "name": about.name, "pointer": about.pointer,
        },
        "related": [
            {"path": each.path, "line": each.line or None, "column": each.column or None, "message": each.message}
            for each in finding.related
        ],
        "stack": finding.stack or None,
        "fingerprint": finding.fingerprint,
        "fix": fix and {"description": fix.description, "command": fix.command or None},
    }
    return {key: _encodable(value) for key, value in data.items()}


def waived_data(waived: Waived) -> dict[str, Any]:
    """A finding that was let pass, with its reason and the day until which."""
    data = finding_data(waived.finding)
    return {**data, "reason": _encodable(waived.reason), "expires": waived.expires}


def _encodable(value: Any) -> Any:
    """Undecodable bytes of file names, which no JSON text can hold, escaped."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list) else value
