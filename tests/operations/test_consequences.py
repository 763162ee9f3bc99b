"""One mistake is one finding, and a run never becomes green by that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.model.finding import Finding, ObjectRef, Severity
from cluster_stacks.operations.consequences import LINKS, without_consequences

CLASS = ("cluster.x-k8s.io/v1beta2", "ClusterClass", "a")
RULES = sorted({rule for link in LINKS for rule in (*link.follow, *link.causes)})
PLACES = (
    "", "/spec/infrastructure/templateRef/kind", "/spec/infrastructure/templateRef/name", "/spec/controlPlane",
    "/spec/kubernetesVersions/0", "/spec/topology/version", "/spec/variables/0/name", "/spec/patches/0/enabledIf",
    "/spec/patches/0/definitions/0/selector/kind", "/spec/a", "/spec/a/b",
)


def finding(rule: str, pointer: str, severity: Severity = Severity.ERROR, name: str = "a") -> Finding:
    object_ = ObjectRef(*CLASS[:2], name, pointer)
    return Finding(rule, severity, "wrong", "class.yaml", object=object_, stack="docker/scs/1-36")


@pytest.mark.parametrize(("cause", "follows"), [
    (("CS602", PLACES[1]), ("CS701", PLACES[2])),
    (("CS701", PLACES[2]), ("CS624", PLACES[8])),
    (("CS404", "/spec/a/b"), ("CS435", "/spec/a")),
    (("CS623", "/spec/a"), ("CS405", "/spec/a")),
    (("CS611", PLACES[4]), ("CS633", PLACES[5])),
    (("CS612", PLACES[6]), ("CS719", PLACES[7])),
    (("CS627", PLACES[8]), ("CS718", PLACES[6])),
])
def test_what_follows_is_left_out(cause: tuple[str, str], follows: tuple[str, str]) -> None:
    both = [finding(*follows), finding(*cause)]
    assert without_consequences(both) == (both[1],)


@pytest.mark.parametrize(("cause", "other"), [
    (("CS404", "/spec/a"), ("CS435", "/spec/a/b")),
    (("CS701", PLACES[2]), ("CS624", "/spec/patches/0/definitions/0/selector/matchResources/names/0")),
    (("CS405", "/spec/b"), ("CS701", PLACES[2])),
])
def test_another_mistake_stays(cause: tuple[str, str], other: tuple[str, str]) -> None:
    both = (finding(*other), finding(*cause))
    assert without_consequences(both) == both


def test_a_typo_in_the_name_of_a_field_is_not_a_missing_field_too() -> None:
    typo = replace(finding("CS402", "/spec/nam"), message="spec has no field 'nam': did you mean 'name'?")
    missing, other = finding("CS403", "/spec/name"), finding("CS403", "/spec/kind")
    assert without_consequences([typo, missing, other]) == (typo, other)


def test_a_warning_explains_nothing() -> None:
    both = (finding("CS624", PLACES[8]), finding("CS701", PLACES[2], Severity.WARNING))
    assert without_consequences(both) == both


def test_nothing_follows_from_another_object() -> None:
    both = (finding("CS701", PLACES[2]), finding("CS602", PLACES[1], name="b"))
    assert without_consequences(both) == both


@given(st.lists(st.builds(finding, st.sampled_from(RULES), st.sampled_from(PLACES)), min_size=1, max_size=12))
def test_errors_never_all_go(findings: list[Finding]) -> None:
    assert without_consequences(findings)
