"""The report for merge requests of GitLab."""

from __future__ import annotations

import json

from cluster_stacks.model.finding import Finding, Severity, Waived
from cluster_stacks.reporting.gitlab import gitlab
from cluster_stacks.reporting.report import Report


def test_an_issue_has_what_gitlab_asks_for(bump: Finding) -> None:
    assert json.loads(gitlab(Report([bump]))) == [{
        "description": "clusterStack must be v4: cluster-class changed (templates/machine.yaml and 2 more)"
                       " (fix: cluster-stacks bump docker/scs/1-36)",
        "check_name": "CS101",
        "fingerprint": bump.fingerprint,
        "severity": "critical",
        "location": {"path": "providers/docker/scs/1-36/metadata.yaml", "lines": {"begin": 3}},
    }]


def test_what_has_no_place_is_shown_at_the_settings() -> None:
    (issue,) = json.loads(gitlab(Report([Finding("CS101", Severity.NOTE, "m")])))
    assert issue["location"] == {"path": ".cluster-stacks.yaml", "lines": {"begin": 1}}


def test_what_was_let_pass_is_left_out(bump: Finding) -> None:
    assert json.loads(gitlab(Report([], waived=(Waived(bump, "known", "2027-03-31"),)))) == []
