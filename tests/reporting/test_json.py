"""The report for machines."""

from __future__ import annotations

import json as standard

import pytest

from cluster_stacks.documents.schema import violations
from cluster_stacks.model.finding import Finding
from cluster_stacks.reporting.json import json
from cluster_stacks.reporting.report import Report


def test_it_follows_its_schema(report: Report) -> None:
    assert violations(standard.loads(json(report)), "check") == []


def test_every_key_of_the_contract_is_there(bump: Finding) -> None:
    (found,) = standard.loads(json(Report([bump], facts={"stacks": 1})))["findings"]
    assert found == {
        "rule": "CS101",
        "severity": "error",
        "message": "clusterStack must be v4: cluster-class changed (templates/machine.yaml and 2 more)",
        "path": "providers/docker/scs/1-36/metadata.yaml",
        "line": 3,
        "column": 17,
        "endLine": 3,
        "object": None,
        "related": [
            {
                "path": "providers/docker/scs/shared/cluster-class/class.yaml", "line": 12, "column": 3,
                "message": "changed here",
            }
        ],
        "stack": "docker/scs/1-36",
        "fingerprint": bump.fingerprint,
        "fix": {"description": "move the version", "command": "cluster-stacks bump docker/scs/1-36"},
    }


def test_what_is_not_known_is_null(field: Finding) -> None:
    (found,) = standard.loads(json(Report([field])))["findings"]
    assert [found[key] for key in ("line", "column", "endLine", "fix")] == [None] * 4
    assert found["object"] == {"apiVersion": "v1", "kind": "ClusterClass", "name": "scs", "pointer": "/spec/x"}


def test_the_summary_counts_and_carries_facts(report: Report) -> None:
    assert standard.loads(json(report))["summary"] == {"errors": 1, "warnings": 1, "notes": 1, "stacks": 3}


def test_it_is_utf8_whatever_the_names_are(hostile: Finding) -> None:
    (found,) = standard.loads(json(Report([hostile])).encode())["findings"]
    assert found["path"] == "a\n::b,c:\\xff%\x1b.yaml"


@pytest.mark.parametrize("spoil", ["rule", "fingerprint", "fix", "line"])
def test_the_schema_asks_for_every_key(report: Report, spoil: str) -> None:
    data = standard.loads(json(report))
    del data["findings"][0][spoil]
    assert violations(data, "check")
