"""What the rules about patches at run time say of a class, and how often they look."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi import exploring
from cluster_stacks.validation.documents import items_of
from cluster_stacks.validation.problem import Judged, Problem
from cluster_stacks.validation.rules import running
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.store import Store

EXAMPLES = Path(__file__).parent.parent / "examples"
RULES = [f"CS{number}" for number in range(710, 721)]


def documents(name: str) -> list[Any]:
    path = EXAMPLES / name
    return [copy.deepcopy(document.value) for document in load_documents(path.read_bytes(), name)]


def found(values: list[Any], store: Store) -> list[Problem]:
    items, _ = items_of([Judged(value, "x") for value in values])
    kinds = [store.find(item.api_version, item.kind) for item in items]
    context = Context(items, kinds, None, store)
    return [problem for check in running.CHECKS for problem in check(context) if problem.rule in RULES]


def renamed(values: Any, name: str) -> Any:
    """The same objects with another name in all of them."""
    if isinstance(values, list):
        return [renamed(value, name) for value in values]
    if isinstance(values, dict):
        return {key: renamed(value, name) for key, value in values.items()}
    return values.replace("example-v1", name) if isinstance(values, str) else values


def test_a_class_that_differs_in_names_is_not_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    values = documents("CS713/bad/1-parent.yaml")
    first = found(values, store)
    assert [problem.rule for problem in first] == ["CS713"]

    def fail(*_: Any) -> None:
        raise AssertionError("it is tried again")

    monkeypatch.setattr(exploring.Explorer, "runs", fail)
    again = found(renamed(values, "example-v2"), store)
    assert [(p.pointer, p.message, p.severity) for p in again] == [(p.pointer, p.message, p.severity) for p in first]


def test_a_template_that_differs_is_tried_again(store: Store) -> None:
    values = documents("CS713/bad/1-parent.yaml")
    assert found(values, store)
    template = next(value for value in values if value["kind"] == "KubeadmControlPlaneTemplate")
    configuration = template["spec"]["template"]["spec"]["kubeadmConfigSpec"]["clusterConfiguration"]
    configuration["dns"] = {"imageTag": "v1.13.0"}
    assert found(values, store) == []


@pytest.mark.parametrize(("name", "severity", "words"), [
    ("CS711/bad/1-no-default", Severity.WARNING, "where imageRepository is not set"),
    ("CS711/bad/builtin-of-others", Severity.ERROR, "the control plane does not have it"),
    ("CS711/bad/network-may-be-absent", Severity.WARNING, "says nothing of its network"),
    ("CS713/bad/1-parent", Severity.ERROR, "dns is not there"),
    ("CS713/bad/sometimes", Severity.WARNING, "where bare is true"),
    ("CS712/bad/1-typo", Severity.ERROR, "did you mean 'imageRepository'?"),
    ("CS712/bad/off-by-default", Severity.ERROR, "did you mean 'imageRepository'?"),
    ("CS714/bad/choice", Severity.WARNING, "where style is 'cloudconfig'"),
    ("CS714/bad/1-type", Severity.ERROR, "must be a text, not a whole number (443)"),
    ("CS715/bad/1-no-default", Severity.WARNING, "where imageRepository is not set"),
    ("CS715/bad/two-optional", Severity.WARNING, "where imageRepository is not set and registry is not set"),
    ("CS715/bad/builtin-of-others", Severity.ERROR, "which the control plane does not have"),
    ("CS716/bad/1-number", Severity.ERROR, "the template prints 1.30, which YAML reads as 1.3"),
    ("CS716/bad/octal", Severity.ERROR, "the template prints 0600, which YAML reads as 384"),
    ("CS716/bad/no-quotes", Severity.WARNING, "YAML reads 1.30 as 1.3"),
    ("CS716/bad/large-number", Severity.WARNING, "as 2.1e+07"),
    ("CS717/bad/1-never", Severity.ERROR, "no value of any variable"),
    ("CS717/bad/always", Severity.WARNING, "every value"),
    ("CS717/bad/false", Severity.WARNING, "switched off"),
    ("CS710/bad/template", Severity.ERROR, "did you mean 'host'?"),
])
def test_how_bad_it_is_and_when(name: str, severity: Severity, words: str, store: Store) -> None:
    (problem,) = found(documents(f"{name}.yaml"), store)
    assert problem.severity is severity
    assert words in problem.message


@pytest.mark.parametrize("junk", [None, "{{", [None], {"a": []}])
def test_nothing_that_stands_in_a_class_ends_in_an_exception(junk: Any, store: Store) -> None:
    values = documents("CS710/good/lists.yaml")
    for place in list(_places(values[0])):
        changed = copy.deepcopy(values)
        at = changed[0]
        for part in place[:-1]:
            at = at[part]
        at[place[-1]] = junk
        if isinstance(changed[0].get("kind"), str) and isinstance(changed[0].get("apiVersion"), str):
            found(changed, store)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, child in pairs:
        yield (*place, part)
        yield from _places(child, (*place, part))
