"""Both engines on the corpus: what passes, what does not and why, and that they agree on every single object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.finding import Severity
from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.judge import prepare, stage
from cluster_stacks.validation.kubeconform import Batch, Status
from cluster_stacks.validation.store import Store
from cluster_stacks.validation.validate import validate

# Typed loosely: the cases come from this folder's conftest, which no module can import.
Case = Any


def test_good_objects_pass_the_embedded_engine(good: Case) -> None:
    verdict = validate(good.documents, kubernetes="1.36", engine="embedded")
    assert [f.message for f in verdict.findings if f.severity is Severity.ERROR] == []
    assert verdict.judged == {"embedded": verdict.documents}
    assert verdict.documents > 0


def test_bad_objects_have_exactly_the_findings_they_say(bad: Case) -> None:
    verdict = validate(bad.documents, kubernetes="1.36", engine="embedded")
    errors = [finding for finding in verdict.findings if finding.severity is Severity.ERROR]
    assert {(f.rule, f.object.pointer if f.object else "") for f in errors} == bad.expected
    assert len(errors) == len(bad.expected) == len({finding.fingerprint for finding in errors})
    assert bad.expected, "a bad file says what is wrong with it"


def test_findings_do_not_depend_on_the_engine(bad: Case, kubeconform: Tool) -> None:
    embedded = validate(bad.documents, kubernetes="1.36", engine="embedded")
    other = validate(bad.documents, kubernetes="1.36", engine="kubeconform")
    assert other.findings == embedded.findings
    assert other.judged == {"kubeconform": embedded.judged["embedded"]}


def test_the_engines_agree_object_by_object(
    corpus: list[Case], store: Store, kubeconform: Tool, tmp_path: Path
) -> None:
    batch, engine, own = Batch(tmp_path), Embedded(store), {}
    for case in corpus:
        prepared = prepare(case.documents, store)
        keys, unwritable = stage(prepared, batch, case.path.stem)
        assert not unwritable
        for key, index in keys.items():
            item, info = prepared.items[index], prepared.kinds[index]
            assert info is not None
            batch.put_schema(info, store.schema(info))
            own[key] = engine.is_valid(item, info)
    judgements = batch.run(kubeconform, set(own), 2)
    assert {key: judgement.status is Status.VALID for key, judgement in judgements.items()} == own
    assert sum(own.values()) >= 40
    assert sum(not valid for valid in own.values()) >= 25


def test_both_engines_run_where_both_are_asked_for(corpus: list[Case], kubeconform: Tool) -> None:
    documents = [document for case in corpus for document in case.documents]
    verdict = validate(documents, kubernetes="1.36", engine="both")
    assert verdict.judged["kubeconform"] == verdict.judged["embedded"] > 60
    assert "CS411" not in {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize("engine", ["embedded", "kubeconform"])
def test_everything_is_judged_or_has_a_finding(corpus: list[Case], kubeconform: Tool, engine: str) -> None:
    documents = [document for case in corpus for document in case.documents]
    verdict = validate(documents, kubernetes="1.36", engine=engine)
    unjudged = [finding for finding in verdict.findings if finding.rule in ("CS401", "CS406")]
    assert verdict.judged[engine] + len(unjudged) == verdict.documents
