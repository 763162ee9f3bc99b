"""What becomes of kubeconform's judgements, and of engines that differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.settings import Settings
from cluster_stacks.validation.compact import DRAFT
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.engines import choose
from cluster_stacks.validation.folders import MappingFolder
from cluster_stacks.validation.index import INDEX, KindInfo, dump_index
from cluster_stacks.validation.judge import explain, prepare, stage
from cluster_stacks.validation.kubeconform import Batch, Judgement, Status
from cluster_stacks.validation.problem import Item, Judged
from cluster_stacks.validation.store import Store
from cluster_stacks.validation.validate import validate

GOOD: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "annotations": {"a/b": "x"}},
                        "data": {"list": "x"}}
BAD = {**GOOD, "data": {"a": 1}}


def rules(value: dict[str, Any], judgement: Judgement, store: Store, *, both: bool = False) -> list[tuple[str, str]]:
    info = store.find("v1", "ConfigMap")
    assert info is not None
    found = explain(judgement, Item(0, (), value), info, Embedded(store), both=both)
    return [(problem.rule, "/".join(map(str, problem.pointer))) for problem in found]


INVALID = Judgement(Status.INVALID, "problem - at '/metadata/annotations/a/b': wrong", "/metadata/annotations/a/b")


def test_the_embedded_engine_words_what_kubeconform_refuses(store: Store) -> None:
    assert rules(BAD, Judgement(Status.INVALID), store) == [("CS404", "data/a")]
    assert rules(BAD, Judgement(Status.INVALID), store, both=True) == [("CS404", "data/a")]


def test_what_only_kubeconform_refuses_stands_in_its_own_words(store: Store) -> None:
    assert rules(GOOD, INVALID, store) == [("CS405", "metadata/annotations/a/b")]
    assert rules(GOOD, INVALID, store, both=True) == [("CS405", "metadata/annotations/a/b"), ("CS411", "")]


def test_what_only_the_embedded_engine_refuses(store: Store) -> None:
    assert rules(BAD, Judgement(Status.VALID), store) == []
    assert rules(BAD, Judgement(Status.VALID), store, both=True) == [("CS404", "data/a"), ("CS411", "")]


def test_what_kubeconform_could_not_judge_does_not_pass(store: Store) -> None:
    assert rules(GOOD, Judgement(Status.ERROR, "could not find schema"), store) == [("CS401", "")]


@pytest.mark.parametrize(("path", "pointer"), [
    ("", ""), ("/spec/items/1/name", "spec/items/1/name"), ("/spec/items/7", "spec/items"), ("/spec/nothing", "spec"),
])
def test_paths_are_followed_as_far_as_they_lead(store: Store, path: str, pointer: str) -> None:
    value = {**GOOD, "spec": {"items": [{"name": "a"}, {"name": "b"}]}}
    good = Judgement(Status.INVALID, "x", path)
    info = KindInfo("example.org", "v1", "Widget")
    schema = json.dumps({"$schema": DRAFT}).encode()
    open_store = Store("1.36", [MappingFolder({INDEX: dump_index([info]).encode(), info.file: schema}, "x")])
    (problem,) = explain(good, Item(0, (), value), info, Embedded(open_store), both=False)
    assert "/".join(map(str, problem.pointer)) == pointer


def test_what_cannot_be_written_is_a_problem_of_its_document(store: Store, tmp_path: Path) -> None:
    prepared = prepare([Judged(GOOD, "x"), Judged({**GOOD, "data": {"a": "\ud800"}}, "x", scope="y")], store)
    keys, problems = stage(prepared, Batch(tmp_path), "x")
    assert list(keys.values()) == [0]
    assert [problem.document for problem in problems] == [1]


def test_engines_are_chosen_by_what_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert choose("auto", Settings()).tool is not None
    assert choose("embedded", Settings()).tool is None
    assert choose("both", Settings()).both
    with pytest.raises(CannotTell, match="there is no engine 'x'"):
        choose("x", Settings())
    with pytest.raises(CannotTell, match=r"settings pin kubeconform to v0\.0\.1"):
        choose("auto", Settings(tools={"kubeconform": "v0.0.1"}))
    monkeypatch.setenv("PATH", str(tmp_path))
    alone = choose("auto", Settings())
    assert alone.tool is None
    assert alone.embedded
    assert alone.note == "kubeconform is not installed: the embedded engine judged"
    with pytest.raises(CannotTell, match="kubeconform is not on PATH"):
        choose("kubeconform", Settings())


def test_a_run_without_kubeconform_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    verdict = validate([Judged(GOOD, "x")], kubernetes="1.99")
    assert verdict.judged == {"embedded": 1}
    assert verdict.notes == (
        "kubeconform is not installed: the embedded engine judged",
        "there are no schemas of Kubernetes 1.99: its own kinds were judged by those of 1.37",
    )


def test_a_schema_that_does_not_compile_is_refused_not_passed() -> None:
    info = KindInfo("example.org", "v1", "Widget")
    schema = json.dumps({"$schema": DRAFT, "pattern": "(?<=a)b"}).encode()
    folder = MappingFolder({INDEX: dump_index([info]).encode(), info.file: schema}, "x")
    value = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "a"}}
    with pytest.raises(Refused, match="the schema of Widget"):
        validate([Judged(value, "x")], kubernetes="1.36", engine="embedded", folders=[folder])


def test_no_pattern_takes_exponential_time() -> None:
    info = KindInfo("example.org", "v1", "Widget")
    schema = json.dumps({"$schema": DRAFT, "properties": {"spec": {"pattern": "^(a+)+$"}}}).encode()
    folder = MappingFolder({INDEX: dump_index([info]).encode(), info.file: schema}, "x")
    value = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": "a" * 50_000 + "!"}
    verdict = validate([Judged(value, "x")], kubernetes="1.36", engine="embedded", folders=[folder])
    assert [finding.rule for finding in verdict.findings] == ["CS405"]
