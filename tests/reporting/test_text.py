"""The report for people."""

from __future__ import annotations

import dataclasses
import re

from cluster_stacks.model.finding import Finding
from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.text import text

WANTED = """\
docker/scs/1-36
  error CS101  clusterStack must be v4: cluster-class changed
    (templates/machine.yaml and 2 more)
    at: providers/docker/scs/1-36/metadata.yaml:3:17
      3 |   clusterStack: v3 # c
        |                 ^^
    see: providers/docker/scs/shared/cluster-class/class.yaml:12:3: changed here
    fix: move the version (`cluster-stacks bump docker/scs/1-36`)

  warning CS401  spec.x is not known
    at: providers/docker/scs/1-36/cluster-class/class.yaml (ClusterClass/scs /spec/x)

1 error and 1 warning in 3 stacks
"""


def test_findings_are_grouped_with_place_source_and_fix(report: Report, bump: Finding, field: Finding) -> None:
    assert text(dataclasses.replace(report, findings=[field, bump])) == WANTED


def test_colours_add_nothing_but_colours(report: Report) -> None:
    coloured = text(dataclasses.replace(report, color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text(report)
    assert coloured != text(report)


def test_without_a_stack_the_file_is_the_title(field: Finding) -> None:
    found = [dataclasses.replace(field, stack=""), dataclasses.replace(field, stack="", path="", object=None)]
    lines = text(Report(found)).splitlines()
    assert "providers/docker/scs/1-36/cluster-class/class.yaml" in lines
    assert "the repository" in lines


def test_nothing_found_is_one_line() -> None:
    assert text(Report([], "3 stacks")) == "nothing found in 3 stacks\n"


def test_hostile_texts_neither_break_lines_nor_reach_the_terminal(hostile: Finding) -> None:
    printed = text(Report([hostile], read=lambda _: b"x\x1b]0;title\x07\n"))
    assert re.fullmatch(r"[\x20-\x7e\n]*", printed)
    assert not re.search(r"^\s*::", printed, re.MULTILINE)


def test_a_narrow_terminal_wraps_the_message(bump: Finding) -> None:
    lines = text(Report([bump], width=40)).splitlines()
    assert lines[1:5] == [
        "  error CS101  clusterStack must be v4:",
        "    cluster-class changed",
        "    (templates/machine.yaml and 2 more)",
        "    at: providers/docker/scs/1-36/metadata.yaml:3:17",
    ]
