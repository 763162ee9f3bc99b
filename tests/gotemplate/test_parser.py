"""What is refused, where, and in which words; what is understood."""

from __future__ import annotations

import pytest

from cluster_stacks.gotemplate.engine import NONE, parse
from cluster_stacks.gotemplate.errors import TemplateError


@pytest.mark.parametrize(("text", "line", "column", "message"), [
    ("{{ .a", 1, 6, "unclosed action"),
    ("{{ if .a }}x", 1, 13, "unexpected EOF"),
    ("a\nb {{ env \"X\" }}", 2, 6, 'function "env" not defined'),
    ("{{ $x }}", 1, 4, 'undefined variable "$x"'),
    ("{{ }}", 1, 4, "missing value for command"),
    ("{{ .a | 3 }}", 1, 9, "non executable command in pipeline stage 2"),
    ("{{ end }}", 1, 1, "unexpected {{end}}"),
    ("{{ break }}", 1, 4, "{{break}} outside {{range}}"),
    ('{{ "a }}', 1, 4, "unterminated quoted string"),
    ("{{/* a }}", 1, 3, "unclosed comment"),
    ("{{ (1 }}", 1, 7, "unclosed left paren"),
    ("{{ .a.+ }}", 1, 6, "bad character U+002B '+'"),
    ("{{ 08 }}", 1, 4, 'integer overflow: "08"'),
    ("{{ if 1 }}{{ else }}{{ else }}{{ end }}", 1, 21, "expected end; found {{else}}"),
    ('{{ define "x" }}1{{ end }}{{ define "x" }}2{{ end }}', 1, 37, 'template: multiple definition of template "x"'),
])
def test_refused(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        parse(text)
    assert (raised.value.line, raised.value.message, raised.value.phase) == (line, message, "parse")
    assert raised.value.column == column


def test_naming_templates_have_no_sprig() -> None:
    with pytest.raises(TemplateError, match='function "trunc" not defined'):
        parse("{{ trunc 3 .random }}", functions=NONE)
    assert parse("{{ slice .random 0 2 }}", functions=NONE).render({"random": "abc"}) == "ab"


@pytest.mark.parametrize("text", [
    "{{" + "(" * 50_000, "{{if 1}}" * 20_000, "{{" + "(" * 5_000 + "1" + ")" * 5_000 + "}}", "{" * 300_000,
])
def test_nesting_has_a_limit(text: str) -> None:
    with pytest.raises(TemplateError):
        parse(text)


@pytest.mark.parametrize("text", ["\ud800{{ .a }}", "{{ \"\ud800\" }}{{ .a }}", "{{ .b }}{{ .a }}"])
def test_half_a_character_is_what_json_makes_of_it(text: str) -> None:
    assert parse(text).render({"a": "x", "b": "\ud800"}) == "\ufffdx"
    assert parse("{{ len .b }}").render({"b": "\udfff"}) == "3"


def test_a_parsed_template_is_kept() -> None:
    assert parse("{{ .kept }}") is parse("{{ .kept }}")


def test_the_place_of_an_error_at_run_time() -> None:
    with pytest.raises(TemplateError) as raised:
        parse("x\n{{ if eq .a 1 }}{{ end }}").render({"a": "b"})
    assert str(raised.value) == "2:7: error calling eq: incompatible types for comparison: string and int"
    assert raised.value.phase == "execute"
