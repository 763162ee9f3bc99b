"""The report for the test view of a pipeline."""

from __future__ import annotations

from lxml import etree

from cluster_stacks.model.finding import Finding, Waived
from cluster_stacks.reporting.junit import junit
from cluster_stacks.reporting.report import Report


def suites(report: Report) -> list[etree._Element]:
    return list(etree.fromstring(junit(report).encode()))


def test_an_error_fails_a_warning_passes_and_a_waived_one_is_skipped(bump: Finding, field: Finding) -> None:
    (suite,) = suites(Report([field, bump], waived=(Waived(bump, "known", "2027-03-31"),)))
    assert dict(suite.attrib) == {
        "name": "docker/scs/1-36", "tests": "3", "failures": "1", "errors": "0", "skipped": "1",
    }
    failed, passed, skipped = suite
    assert failed.get("name") == f"CS101: {bump.message}"
    (failure,) = failed
    assert failure.tag == "failure"
    assert (failure.text or "").splitlines()[1:] == [
        "at: providers/docker/scs/1-36/metadata.yaml:3:17",
        "see: providers/docker/scs/shared/cluster-class/class.yaml:12:3 changed here",
        "fix: cluster-stacks bump docker/scs/1-36",
    ]
    assert [child.tag for child in passed] == ["system-out"]
    assert [(child.tag, child.get("message")) for child in skipped] == [("skipped", "waived until 2027-03-31: known")]


def test_nothing_found_is_one_test_that_passes() -> None:
    (suite,) = suites(Report([], "3 stacks"))
    (case,) = suite
    assert case.get("name") == "nothing found in 3 stacks"
    assert not len(case)


def test_a_name_holds_no_line_so_that_two_runs_compare(bump: Finding) -> None:
    (case,) = suites(Report([bump]))[0]
    assert "17" not in (case.get("name") or "") + (case.get("classname") or "")
