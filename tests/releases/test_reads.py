"""Which names a template reads, by its text."""

from __future__ import annotations

import pytest

from cluster_stacks.releases.reads import chains, values_read


@pytest.mark.parametrize(("text", "names"), [
    ("plain: text", set()),
    ("<% vars.a.b %>", {("vars", "a", "b")}),
    ("<% vars['a'][\"b\"].c %>", {("vars", "a", "b", "c")}),
    ("<% images['u-24'].name %>", {("images", "u-24", "name")}),
    ("<% vars['a-b']['2404'] - vars.c-1 %>", {("vars", "a-b", "2404"), ("vars", "c")}),
    ("<% vars . a\n . b %>", {("vars", "a", "b")}),
    ("<% vars.a | default('vars.b') %>", {("vars", "a"), ("default",)}),
    ("<%% if vars.a %%>x<%% endif %%>", {("vars", "a"), ("if",), ("endif",)}),
    ("  #% for x in vars.list\n- <% x %>\n", {("for",), ("x",), ("in",), ("vars", "list")}),
    ("key: value #% no statement vars.a", set()),
    ("<# <% vars.a %> #>", set()),
    ("<% vars[key] %>", {("vars",), ("key",)}),
    ("<% x.vars.a %>", {("x", "vars", "a")}),
    ("<% 'it\\'s vars.a' %>", set()),
    ("{{ vars.a }} << .Vars >> ${vars.a}", set()),
])
def test_chains(text: str, names: set[tuple[str, ...]]) -> None:
    assert chains(text.encode()) == names


def test_bytes_that_are_no_text() -> None:
    assert chains(b"\xff<% vars.a %>\xfe") == {("vars", "a")}


@pytest.mark.parametrize(("chain", "read"), [
    (("vars",), {"vars": {"a": {"b": None}, "items": 1}}),
    (("vars", "a"), {"vars.a": {"b": None}}),
    (("vars", "a", "b"), {"vars.a.b": None}),
    (("vars", "a", "b", "c"), {"vars.a.b": None}),
    (("vars", "a", "x"), {"vars.a.x?": None}),
    (("vars", "a", "x", "y"), {"vars.a.x?": None}),
    (("vars", "x"), {"vars.x?": None}),
    (("vars", "items"), {"vars": {"a": {"b": None}, "items": 1}}),
    (("vars", "a", "get"), {"vars.a": {"b": None}}),
    (("other", "a"), {}),
])
def test_values_read(chain: tuple[str, ...], read: dict[str, object]) -> None:
    assert values_read("vars", {"a": {"b": None}, "items": 1}, [chain]) == read
