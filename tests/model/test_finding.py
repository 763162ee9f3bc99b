"""Fingerprints: stable under edits elsewhere, different for different things."""

from __future__ import annotations

from dataclasses import replace

from cluster_stacks.model.finding import Finding, ObjectRef, Severity

FINDING = Finding("CS101", Severity.ERROR, "clusterStack must be v4", "providers/a/b/1-36/metadata.yaml", 3, 5)


def test_a_fingerprint_does_not_depend_on_the_line() -> None:
    assert replace(FINDING, line=30, column=1).fingerprint == FINDING.fingerprint


def test_a_key_keeps_the_fingerprint_when_the_words_change() -> None:
    keyed = replace(FINDING, key="clusterStack")
    assert replace(keyed, message="in other words").fingerprint == keyed.fingerprint != FINDING.fingerprint


def test_another_object_is_another_finding() -> None:
    first, second = (replace(FINDING, object=ObjectRef("v1", "Secret", name)) for name in "ab")
    assert first.fingerprint != second.fingerprint


def test_undecodable_paths_have_fingerprints() -> None:
    assert len(replace(FINDING, path="a\udcff.yaml").fingerprint) == 32
