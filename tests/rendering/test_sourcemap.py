"""Places in the output lead back to the place in the template."""

from __future__ import annotations

import pytest

from cluster_stacks.model.source import Position
from cluster_stacks.rendering.jinja import Scope, render_text
from cluster_stacks.rendering.sourcemap import source_map

VALUES = {"vars": {"list": ["a", "b"], "block": "x\ny\nz", "name": "n"}}


def places(text: str) -> dict[str, str]:
    """Output line → the rest of the source line at the place that its first character that is no space comes from."""
    scope = Scope(VALUES)
    found = source_map(text, scope)
    assert found is not None
    output = render_text(text, "t.yaml", scope)
    assert found.output == output.replace("\r\n", "\n")
    lines = text.replace("\r\n", "\n").split("\n")
    result: dict[str, str] = {}
    for number, line in enumerate(found.output.split("\n"), 1):
        if line.strip():
            at = found.place(Position(number, len(line) - len(line.lstrip()) + 1))
            result[line.strip()] = f"{at.line}:{lines[at.line - 1][at.column - 1:]}"
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: <% vars.name %>\nc: 3\n", {"a: 1": "1:a: 1", "b: n": "2:b: <% vars.name %>", "c: 3": "3:c: 3"}),
        (
            "top:\n#% for x in vars.list\n\n  - <% x %>\n#% endfor\nend: 1\n",
            {"top:": "1:top:", "- a": "4:- <% x %>", "- b": "4:- <% x %>", "end: 1": "6:end: 1"},
        ),
        ("<% vars.block %>\nz: 1", {**dict.fromkeys("xyz", "1:<% vars.block %>"), "z: 1": "2:z: 1"}),
        ("#% if vars.no is defined\nno: 1\n#% else\nyes: 1\n#% endif\n", {"yes: 1": "4:yes: 1"}),
        ("a: 1\r\n#% set x = 1\r\nb: <% x %>\r\n", {"a: 1": "1:a: 1", "b: 1": "3:b: <% x %>"}),
        ("<# one\ntwo #>\n\na: 1\n", {"a: 1": "4:a: 1"}),
        ("k:\n  <%- vars.name -%>\n\nl: 2", {"k:nl: 2": "1:k:"}),
        ("#% macro m()\nin: 1\n#% endmacro\na: 1\n<% m() %>\n", {"a: 1": "4:a: 1", "in: 1": "5:<% m() %>"}),
        (
            "#% set b\nin: 1\n#% endset\na: <% vars.name %>\n<% b %>",
            {"a: n": "4:a: <% vars.name %>", "in: 1": "5:<% b %>"},
        ),
        ("<%% raw %%><% x %><%% endraw %%>\na: 1", {"<% x %>": "1:<% x %><%% endraw %%>", "a: 1": "2:a: 1"}),
        (
            "#% for x in vars.list\n#% if x == 'b'\nb: <% x %>\n#% endif\n#% endfor\nc: 1",
            {"b: b": "3:b: <% x %>", "c: 1": "6:c: 1"},
        ),
    ],
)
def test_places(text: str, expected: dict[str, str]) -> None:
    assert places(text) == expected


def test_a_range_of_literal_text_keeps_its_end() -> None:
    found = source_map("#% if true\nkey: value\n#% endif\nb: <% vars.name %>", Scope(VALUES))
    assert found is not None
    assert found.place(Position(1, 6, 1, 11)) == Position(2, 6, 2, 11)
    assert found.place(Position(2, 4, 2, 5)) == Position(4, 4)


def test_what_cannot_be_mapped_is_told_by_none() -> None:
    assert source_map("<% vars.no %>", Scope(VALUES)) is None
