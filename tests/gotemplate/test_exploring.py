"""What templates may give where data is not known."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.gotemplate.engine import Outcomes, parse
from cluster_stacks.gotemplate.errors import TemplateError
from cluster_stacks.gotemplate.schemas import of_schema
from cluster_stacks.gotemplate.unknown import Unknown

TRUE = "true".__eq__


def explored(text: str, **data: Any) -> Outcomes:
    return parse(text).explore(data)


def test_text_around_what_is_unknown() -> None:
    name = Unknown("string", ".name")
    (run,) = explored("a-{{ .name }}-{{ printf \"%s/%d\" .name 3 }}", name=name).runs
    assert run.pieces == ("a-", name, "-", name, "/3")
    assert run.text is None


def test_a_condition_on_a_bool() -> None:
    outcomes = explored("{{ .on }}", on=Unknown("bool"))
    assert outcomes.can(TRUE) is True
    assert outcomes.always(TRUE) is False


def test_a_misspelt_name_is_always_off_or_always_on() -> None:
    off = explored("{{ if .onn }}true{{ end }}", on=Unknown("bool"))
    assert (off.can(TRUE), [place.source for place, certain in off.missing() if certain]) == (False, [".onn"])
    assert explored('{{ ne .onn "" }}', on=Unknown("bool")).always(TRUE) is True


def test_a_string_may_be_anything() -> None:
    outcomes = explored('{{ ne .s "" }}', s=Unknown("string", ".s"))
    assert (outcomes.can(TRUE), outcomes.always(TRUE)) == (True, False)
    assert [run.given for run in outcomes.runs] == [(".s is not ''",), (".s is ''",)]
    assert explored("{{ .s }}", s=Unknown("string")).can(TRUE) is None
    assert explored('{{ ne .s "" }}', s=Unknown("string", least=1)).always(TRUE) is True


def test_what_one_condition_says_holds_for_the_next() -> None:
    outcomes = explored('{{ if .s }}a{{ end }}{{ if not .s }}b{{ end }}{{ eq .s "" }}', s=Unknown("string"))
    assert [run.text for run in outcomes.runs] == ["afalse", "btrue"]


def test_an_enum_is_tried_out() -> None:
    outcomes = explored("{{ trunc 1 .e | upper }}", e=Unknown("string", values=("ab", "cd")))
    assert [run.text for run in outcomes.runs] == ["A", "C"]
    assert explored("{{ .e }}", e=Unknown("string", values=("ab", "cd"))).runs[0].texts() == ("ab", "cd")


def test_no_value() -> None:
    outcomes = explored("{{ .a }}{{ .b }}", b=Unknown("string", absent=True))
    assert [(place.source, place.position[:2], certain) for place, certain in outcomes.no_values()] == [
        (".a", (1, 4), True), (".b", (1, 12), False),
    ]


def test_types_that_never_fit() -> None:
    outcomes = explored("{{ if eq .n 1 }}{{ end }}", n=Unknown("number"))
    ((error, certain, _),) = outcomes.errors()
    assert (error.message, certain) == (
        "error calling eq: incompatible types for comparison: float64 and int", True,
    )
    some = explored("{{ if .on }}{{ trunc 2 .n }}{{ end }}", on=Unknown("bool", ".on"), n=3.0)
    ((error, certain, given),) = some.errors()
    assert (error.message, certain) == ("wrong type for value; expected string; got float64", False)
    assert given == (".on is True",)


def test_a_list_of_unknown_length() -> None:
    items = Unknown("list", items=Unknown("map", fields={}))
    outcomes = explored("{{ range .l }}-{{ .name }}{{ else }}none{{ end }}", l=items)
    assert [run.text for run in outcomes.runs] == ["-<no value>", "-<no value>-<no value>", "none"]
    assert not outcomes.complete


def test_a_schema() -> None:
    schema = {
        "type": "object", "required": ["size"],
        "properties": {
            "size": {"type": "integer"}, "mode": {"type": "string", "enum": ["a", "b"]},
            "zone": {"type": "string", "default": ""},
        },
    }
    value = of_schema(schema, ".v")
    assert not [place for place, _ in explored("{{ .v.size }}{{ .v.zone }}", v=value).no_values()]
    assert {place.source for place, _ in explored("{{ .v.mode }}{{ .v.sise }}", v=value).no_values()} == {
        ".v.mode", ".v.sise",
    }


def test_too_many_ways_are_said_to_be_too_many() -> None:
    data = {f"b{index}": Unknown("bool") for index in range(12)}
    outcomes = parse("".join(f"{{{{ if .b{index} }}}}x{{{{ end }}}}" for index in range(12))).explore(data)
    assert not outcomes.complete
    assert len(outcomes.runs) == 128


def test_data_is_not_changed() -> None:
    data = {"d": {"a": "b"}}
    parse('{{ $x := set .d "a" "c" }}').render(data)
    assert data == {"d": {"a": "b"}}


@pytest.mark.parametrize("text", [
    "{{ range until 1000000000 }}x{{ end }}", "{{ range 1000000000 }}x{{ end }}",
    '{{ define "a" }}{{ template "a" . }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
    '{{ repeat 1000000000 "x" }}', '{{ $x := "xx" }}{{ range until 99 }}{{ $x = print $x $x }}{{ end }}',
    "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
    '{{ $x := dict }}{{ $y := set $x "x" $x }}{{ $x }}',
    "{{ range until 9999 }}{{ range until 9999 }}{{ range until 9999 }}{{ end }}{{ end }}{{ end }}",
    "{{ genPrivateKey \"rsa\" }}", '{{ fromJson (repeat 100000 "[") | len }}',
])
def test_what_costs_too_much_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        parse(text).render({})


def test_a_pattern_that_might_not_end_stays_unknown() -> None:
    outcomes = explored('{{ regexMatch "^(a+)+$" (repeat 60 "a") }}')
    assert outcomes.can(TRUE) is True
    assert outcomes.always(TRUE) is False


def test_fields() -> None:
    text = (
        '{{ .a.b }}{{ with .c }}{{ .d }}{{ $.e }}{{ end }}{{ range $i, $v := .l }}{{ $v.x }}{{ .y }}{{ end }}'
        '{{ $q := .m }}{{ $q.n }}{{ index .o "p" 0 }}{{ (.r).s }}'
    )
    found = [".".join(path) for path, _ in parse(text).fields()]
    assert set(found) == {
        "a.b", "c", "c.d", "e", "l", "l.[].x", "l.[].y", "m", "m.n", "o.p.[]", "o", "r", "r.s",
    }
