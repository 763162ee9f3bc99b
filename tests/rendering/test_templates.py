"""The template language: what it writes, and what it refuses."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.rendering import jinja
from cluster_stacks.rendering.jinja import Scope, render_text

VALUES = {
    "vars": {"name": "x", "list": [1, 2], "map": {"b": "1.30", "a": None}, "items": "mine", "text": "a\nb"},
    "kubernetes": {"version": "v1.36.1"},
}


def rendered(text: str) -> str:
    return render_text(text, "t.yaml", Scope(VALUES))


def refused(text: str) -> tuple[str, int, int, str]:
    with pytest.raises(Refused) as caught:
        rendered(text)
    (finding,) = caught.value.findings
    assert finding.path == "t.yaml"
    assert "\n" not in finding.message
    return finding.rule, finding.line, finding.column, finding.message


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("a: <% vars.name %>\n", "a: x\n"),
        ("#% for n in vars.list\n- <% n %>\n#% endfor\nend", "- 1\n- 2\nend"),
        ("a<%% if vars.name == 'x' %%>b<%% endif %%>c", "abc"),
        ("a<# no <% vars.nothing %> #>b", "ab"),
        ("<%- vars.name -%>  y", "xy"),
        ("<% true %> <% none %> <% 1.5 %> <% vars.list %>", "true null 1.5 [1, 2]"),
        ("<% vars.map | to_json %>", '{"b": "1.30", "a": null}'),
        ("m:\n  <% vars.map | to_yaml | indent(2) %>\n", 'm:\n  b: "1.30"\n  a: null\n'),
        ("<% 'é' | b64encode %> <% vars.text | quote %>", 'w6k= "a\\nb"'),
        ("<% vars.text | indent(2, true) %>", "  a\n  b"),
        ("<% vars.items %> <% vars.map.items() | list | length %>", "mine 2"),
        ("<% 'v' ~ 1 ~ true %> <% [3, 1] | sort | join(',') %>", "v1true 1,3"),
        ("<% kubernetes.version.replace('v', '') %> <% kubernetes.version | replace('v', '') %>", "1.36.1 1.36.1"),
        ("<% 7 % 4 %> <% 2 ** 10 %> <% '-' * 3 %>", "3 1024 ---"),
        ("<% vars.nothing is defined %> <% vars.nothing | default('d') %>", "false d"),
        ("#% set ns = namespace(n=0)\n#% for n in range(3)\n#% set ns.n = ns.n + n\n#% endfor\n<% ns.n %>", "3"),
        ("#% macro m(x)\n[<% x %>]\n#% endmacro\n<% m('q') %>", "[q]\n"),
    ],
)
def test_what_templates_write(text: str, output: str) -> None:
    assert rendered(text) == output


@pytest.mark.parametrize(
    "text",
    [
        "{{ .cluster.name }} {% if %}", "<<: *anchor", "cat <<EOF >>file", "a << b >> c", "# comment % with percent",
        "a: '<' %", "{{- if gt 1 0 }}", "x: 5%", "<!-- html -->",
    ],
)
def test_what_stands_beside_templates_stays_as_it_is(text: str) -> None:
    assert rendered(f"{text}\n<% vars.name %>") == f"{text}\nx"


def test_line_ends_of_a_template_are_those_of_unix() -> None:
    assert rendered("a: <% vars.name %>\r\nb: 1\r\n") == "a: x\nb: 1\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: 1\nb: <% vras.name %>\n", (2, 7), "'vras' is not defined: did you mean 'vars'?"),
        ("a: <% vars.name %> <% vars.nmae %>\n", (1, 28), "'nmae' is not defined here: did you mean 'name'?"),
        ("<% zzz %>", (1, 4), "'zzz' is not defined: there is kubernetes, vars"),
        ("#% for x in vars.list\n- <% x.y %>\n#% endfor", (2, 8), "a int has no 'y'"),
        ("<% vars.list[7] %>", (1, 1), "the list has 2 items, there is no item 7"),
        ("#% if vars.no\n#% endif", (1, 12), "'no' is not defined here: there is name, list, map, items, text"),
        ("#% set x = {}\n<% x.y %>", (2, 6), "'y' is not defined here: there is nothing"),
    ],
)
def test_undefined_names(text: str, place: tuple[int, int], message: str) -> None:
    rule, line, column, said = refused(text)
    assert (rule, line, column, said) == ("CS300", *place, message)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a\n<% vars. %>", (2, 1), "expected name or number"),
        ("a: <% vars name %>", (1, 12), "expected token 'end of print statement', got 'name'"),
        ("#% fro x in y\n", (1, 4), "Encountered unknown tag 'fro'"),
        ("a\n#% if vars\nb", (3, 1), "Unexpected end of template"),
        ("a\n  <% vars.a", (2, 3), "unexpected end of template"),
        ("a\n#% endfor\n", (2, 4), "Encountered unknown tag 'endfor'"),
        ("a: <% 'x %>", (1, 7), "unexpected char \"'\" at 6"),
        ("<# never closed", (1, 1), "Missing end of comment tag"),
        ("<%= vars.name %>", (1, 3), "unexpected '='"),
        ("a\n<% (1 %>", (2, 8), "unexpected '>'"),
        ("<%% include 'other' %%>", (1, 5), "'include' is not available: a template stands alone"),
        ("#% extends 'x'", (1, 4), "'extends' is not available"),
        ("#% import 'x' as y", (1, 4), "'import' is not available"),
        ("<% 'a' | center(3) %>", (1, 10), "No filter named 'center'"),
        ("<%% do x %%>", (1, 5), "Encountered unknown tag 'do'"),
    ],
)
def test_syntax_errors(text: str, place: tuple[int, int], message: str) -> None:
    rule, line, column, said = refused(text)
    assert (rule, said[: len(message)]) == ("CS301", message)
    assert (line, column) == place


HOSTILE = [
    "<% ('x' * (2**31)) | length %>", "<% 'x' * 99999999 %>", "<% [1] * 10000000 %>", "<% (2**99999)**99999 %>",
    "<% '%1000000000d' % 1 %>", "<% '%s' % 'x' %>", "<% '{:1000000000}'.format(1) %>", "<% 'x'.center(10**9) %>",
    "<% 'x'.ljust(10**9) %>", "<% 'x'.zfill(10**9) %>", "<% ('a' * 9999999).replace('a', 'b' * 999) %>",
    "<% ('a' * 9999999) | replace('a', 'b' * 999) %>", "<% (['x' * 999999] * 9999) | join %>",
    "<% 'x' | indent(10**9) %>",
    "<% range(10**9) %>", "<% range(10**9) | list %>", "<% ''.__class__ %>", "<% ''['__class__'] %>",
    "<% vars.__class__.__mro__ %>", "<% [1] | map(attribute='__class__') | list %>",
    "<% vars.list.append(3) %>", "<% vars.map.update({'a': 1}) %>", "<% vars.pop('name') %>", "<% range %>",
    "<% vars.map.items %>", "<% namespace %>", "<% self.__init__ %>", "<% vars.list | map('upper') %>",
    "<% ([[range(99999) | list] * 99999] * 99) | string %>", "<% [['x' * 9999999] * 99999] | to_yaml %>",
    "#% set n = namespace(x=[])\n#% for i in range(999)\n#% set n.x = [n.x]\n#% endfor\n<% n.x | to_json %>",
    "<% 1 / 0 %>", "<% vars.name + 1 %>", "<% 'x'.encode() %>", "<% 5 .to_bytes(10**9, 'big') %>",
    "#% macro m()\n<% m() %>\n#% endmacro\n<% m() %>", "<% (1).real %>", "<% vars.name() %>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_steps_are_refused(text: str) -> None:
    rule, line, _, message = refused("\n" + text)
    assert rule in ("CS302", "CS300"), message
    assert line >= 2


@pytest.mark.parametrize("name", ["lipsum", "cycler", "joiner", "self", "config", "request", "open", "print"])
def test_there_are_no_other_globals(name: str) -> None:
    assert refused(f"<% {name}() %>")[0] in ("CS300", "CS302")


def test_growth_by_doubling_is_bounded() -> None:
    doubling = "#% set n = namespace(t='x')\n#% for i in range(99)\n#% set n.t = n.t {} n.t\n#% endfor\n"
    for operator in "+", "~":
        rule, line, _, message = refused(doubling.format(operator))
        assert (rule, line) == ("CS302", 3)
        assert "is more than" in message


def test_output_is_bounded() -> None:
    rule, _, _, message = refused("#% for i in range(99999)\n<% 'x' * 999 %>\n#% endfor")
    assert rule == "CS302"
    assert "more than the 16777216" in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n#% for i in range(99999)\n#% for j in range(99999)\n#% endfor\n#% endfor\n", 3),
        ("<%% set x = 1 %%>\n\n<% range(99999) | map('string') | map('length') | sum + vars.n %>", 3),
    ],
)
def test_loops_without_end_are_stopped(text: str, line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jinja, "SECONDS", 0.01)
    rule, found, _, message = refused(text)
    assert (rule, found) == ("CS303", line)
    assert message == "the template used up 0.01 s: is its loop bounded?"


@pytest.mark.parametrize(
    "text",
    [
        "<% " + "(" * 5000 + "1" + ")" * 5000 + " %>", "#% if 1\n" * 300 + "#% endif\n" * 300,
        "#% for x in [1]\n" * 50 + "#% endfor\n" * 50, "<% " + "not " * 20000 + "1 %>", "<% a" + ".b" * 5000 + " %>",
    ],
)
def test_monstrous_templates_are_refused(text: str) -> None:
    assert refused(text)[0] in ("CS300", "CS301", "CS302")


def test_templates_are_compiled_once() -> None:
    jinja.compiled.cache_clear()
    for _ in range(3):
        rendered("once <% vars.name %>")
    assert jinja.compiled.cache_info().misses == 1


def test_data_stays_as_it_was() -> None:
    before = repr(VALUES)
    rendered("#% set vars = {'name': 'other'}\n<% vars.name %>")
    assert repr(VALUES) == before
