"""Escaped facts arrive as they were, for Flux and for Go templates."""

from __future__ import annotations

from types import MappingProxyType, ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_stacks.delivery.escaping import ESCAPES, escaped, go_template, references, substitution, variable
from cluster_stacks.delivery.generator import Escape

TEXTS = st.text(alphabet="${}ab`\\\"' \n", max_size=30)


@given(fact=TEXTS)
def test_flux_gives_back_the_fact(flux: ModuleType, fact: str) -> None:
    around = "${name}-" + substitution(fact) + "${name}"
    assert flux.substitute(around, {"name": "x"}) == f"x-{fact}x"


@pytest.mark.parametrize(
    ("fact", "written"),
    [
        ("$HOME ${HOME}", "$HOME $${HOME}"),
        ("$${kept}", "$$$${kept}"),
        ("$$", "$$$$"),
        ("costs $", "costs $$"),
        ("{{ .Values.x }}", "{{ .Values.x }}"),
    ],
)
def test_what_is_escaped_for_flux(fact: str, written: str) -> None:
    assert substitution(fact) == written


@given(fact=TEXTS.filter(lambda text: "`" not in text))
def test_a_go_template_gives_back_the_fact(argocd: ModuleType, fact: str) -> None:
    assert argocd.rendered(go_template(fact) + "{{.name}}", {"name": "x"}) == f"{fact}x"


def test_all_texts_are_escaped_wherever_they_are() -> None:
    value = MappingProxyType({"${a}": ["${b}", 1, None, ("${c}",)], "d": True})
    assert escaped(value, ESCAPES[Escape.SUBSTITUTION]) == {"$${a}": ["$${b}", 1, None, ["$${c}"]], "d": True}


@pytest.mark.parametrize("value", ["7", "1e3", "true", "null", "0x1f", "team-a"])
def test_a_variable_that_is_a_whole_value_stays_text(flux: ModuleType, value: str) -> None:
    (found,) = flux.instantiated([{"namespace": variable("namespace")}], {"namespace": value})
    assert found == {"namespace": value}


def test_the_quote_may_be_set_as_flux_documents_it(flux: ModuleType) -> None:
    (found,) = flux.instantiated([{"a": variable("x")}], {"x": "7", "quote": '"'})
    assert found == {"a": "7"}


def test_references_are_found_in_keys_and_defaults_but_not_when_escaped() -> None:
    value = {"${a}": [variable("b"), "$${c} $$${d:=x}"], "e": "$${f}"}
    assert set(references(value)) == {"a", "b", "d"}
