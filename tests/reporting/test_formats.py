"""Every format on nothing, on one finding and on ten thousand, and what it costs."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Mapping

import pytest

from cluster_stacks.model.finding import Finding, RuleInfo, Severity, Waived
from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.reporters import REPORTERS, reporter

RULES = {"CS101": RuleInfo("CS101", "a-rule", "it is so", "It must be so, because.", source="the specification")}
MANY = 10_000

Valid = Mapping[str, Callable[[str], None]]


@pytest.fixture(scope="module", params=[0, 1, MANY], ids=["none", "one", "many"])
def found(request: pytest.FixtureRequest) -> list[Finding]:
    """So many findings, warnings before errors, in a hundred stacks."""
    severities = (Severity.WARNING, Severity.NOTE, Severity.ERROR)
    return [
        Finding(
            "CS101", severities[number % 3], f"the field number {number} is not what it must be",
            f"providers/docker/scs/1-{number % 100}/cluster-class/class.yaml", number + 1, 3, number + 1, 9,
            stack=f"docker/scs/1-{number % 100}",
        )
        for number in range(request.param)
    ]


@pytest.mark.parametrize("name", REPORTERS)
def test_it_is_valid_and_made_in_no_time(name: str, found: list[Finding], valid: Valid) -> None:
    waived = tuple(Waived(finding, "a known fault", "2027-03-31") for finding in found[:1])
    report = Report(found, "100 stacks", waived=waived, rules=lambda: RULES)
    start = time.process_time()
    text = reporter(name)(report)
    assert time.process_time() - start < 4
    assert text.endswith("\n")
    assert reporter(name)(report) == text
    if name in valid:
        valid[name](text)


def test_markdown_fits_into_a_comment(found: list[Finding]) -> None:
    text = reporter("markdown")(Report(found))
    assert len(text) < 65_536 - 200
    if len(found) == MANY:
        assert text.index("| error |") < text.index("<details>") < text.index("</details>") < text.index("not shown")
        assert "| warning |" not in text, "the errors fill it"


def test_github_stays_within_its_limits(found: list[Finding]) -> None:
    lines = [line for line in reporter("github")(Report(found)).splitlines() if line.startswith("::")]
    assert len(lines) <= 30
    assert sum(line.startswith("::error ") for line in lines) == min(10, sum(f.severity == "error" for f in found))


def test_sarif_and_gitlab_know_a_finding_again_on_another_line(found: list[Finding]) -> None:
    found = found[:500]
    moved = [dataclasses.replace(finding, line=finding.line + 7, end_line=finding.end_line + 7) for finding in found]
    assert prints(found) == prints(moved)
    assert all(len(set(each)) == len(found) for each in prints(found))


def test_two_findings_alike_have_fingerprints_of_their_own(field: Finding) -> None:
    for each in prints([field, dataclasses.replace(field, line=9)]):
        assert len(set(each)) == 2


def prints(found: list[Finding]) -> tuple[list[str], list[str]]:
    """The fingerprints of SARIF, and those of GitLab."""
    results = json.loads(reporter("sarif")(Report(found)))["runs"][0]["results"]
    issues = json.loads(reporter("gitlab")(Report(found)))
    return [each["partialFingerprints"]["clusterStacks/v1"] for each in results], [e["fingerprint"] for e in issues]
