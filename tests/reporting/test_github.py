"""Annotations of GitHub Actions."""

from __future__ import annotations

import dataclasses

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.reporting.github import LIMIT, github
from cluster_stacks.reporting.report import Report


def test_errors_come_first_with_their_place(report: Report) -> None:
    lines = github(report).splitlines()
    assert lines[0] == (
        "::error file=providers/docker/scs/1-36/metadata.yaml,line=3,endLine=3,col=17,endColumn=19,"
        "title=CS101 docker/scs/1-36::"
        "clusterStack must be v4: cluster-class changed (templates/machine.yaml and 2 more)"
        " (fix: cluster-stacks bump docker/scs/1-36)"
    )
    assert lines[1] == (
        "::warning file=providers/docker/scs/1-36/cluster-class/class.yaml,title=CS401 docker/scs/1-36::"
        "spec.x is not known"
    )
    assert lines[-1] == "1 error, 1 warning and 1 note in 3 stacks"


def test_hostile_texts_stay_in_their_command(hostile: Finding) -> None:
    command, *rest = github(Report([hostile])).splitlines()
    assert command == (
        "::notice file=a\\n%3A%3Ab%2Cc%3A\\xff%25\\x1b.yaml,line=1,col=2,title=CS202 s\\n%3A%3At"
        "::bad\\x1b[2J\\n::error::gotcha %250A \\u202e | <script> `x` (fix: c\\r::w)"
    )
    assert rest == ["1 note"]


def test_at_most_ten_of_a_kind_and_the_rest_is_counted(field: Finding) -> None:
    errors = [dataclasses.replace(field, severity=Severity.ERROR, line=line) for line in range(1, 14)]
    warnings = [dataclasses.replace(field, line=line) for line in range(1, 12)]
    lines = github(Report([*warnings, *errors])).splitlines()
    assert [line.split(" ")[0] for line in lines[:LIMIT]] == ["::error"] * LIMIT
    assert lines[LIMIT] == "3 more errors: see the summary of the job"
    assert lines[-2] == "1 more warning: see the summary of the job"
    assert len(lines) == 2 * LIMIT + 3
