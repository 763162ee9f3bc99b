"""The report for code scanning."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster_stacks.model.finding import Finding, RuleInfo, Waived
from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.sarif import LIMIT, sarif

INFO = RuleInfo("CS101", "cluster-stack-version", "content changed", "It must move.", source="the specification")


def run(report: Report) -> dict[str, Any]:
    (found,) = json.loads(sarif(report))["runs"]
    assert isinstance(found, dict)
    return found


def test_a_result_has_its_place_its_relations_and_its_stack(bump: Finding) -> None:
    (result,) = run(Report([bump]))["results"]
    assert result == {
        "ruleId": "CS101",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "clusterStack must be v4: cluster-class changed (templates/machine.yaml and 2 more)"
                    " (fix: cluster-stacks bump docker/scs/1-36)",
        },
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "providers/docker/scs/1-36/metadata.yaml", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 3, "startColumn": 17, "endLine": 3, "endColumn": 19},
        }}],
        "partialFingerprints": {"clusterStacks/v1": bump.fingerprint},
        "relatedLocations": [{
            "id": 1,
            "physicalLocation": {
                "artifactLocation": {
                    "uri": "providers/docker/scs/shared/cluster-class/class.yaml", "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 12, "startColumn": 3},
            },
            "message": {"text": "changed here"},
        }],
        "properties": {"stack": "docker/scs/1-36"},
    }


def test_an_object_is_a_logical_location(field: Finding) -> None:
    (result,) = run(Report([field]))["results"]
    (location,) = result["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "ClusterClass/scs/spec/x", "kind": "object"}]
    assert "region" not in location["physicalLocation"]


def test_the_help_of_a_rule_has_markdown_with_a_link_to_its_section(bump: Finding) -> None:
    (rule,) = run(Report([bump], rules=lambda: {"CS101": INFO}))["tool"]["driver"]["rules"]
    assert rule["name"] == "ClusterStackVersion"
    assert rule["helpUri"].endswith("/docs/reference/rules.md#cs101")
    assert f"[CS101]({rule['helpUri']})" in rule["help"]["markdown"]
    assert "It must move." in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_what_was_let_pass_is_suppressed_with_its_reason(bump: Finding, field: Finding) -> None:
    first, second = run(Report([bump], waived=(Waived(field, "a known fault", "2027-03-31"),)))["results"]
    assert first["suppressions"] == []
    assert second["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "a known fault (until 2027-03-31)"}
    ]


@pytest.mark.parametrize(("path", "uri"), [
    ("a b#c?d%e:f.yaml", "a%20b%23c%3Fd%25e%3Af.yaml"), ("ä\udcff.yaml", "%C3%A4%FF.yaml"), ("//evil/x", "/evil/x"),
    ("", ".cluster-stacks.yaml"),
])
def test_a_path_is_a_reference_to_nothing_but_a_file(path: str, uri: str) -> None:
    (result,) = run(Report([Finding("CS101", INFO.severity, "m", path)]))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_more_than_readers_take_is_counted(field: Finding) -> None:
    found = run(Report([field] * (LIMIT + 2)))
    assert len(found["results"]) == LIMIT
    (said,) = found["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("2 more results")
