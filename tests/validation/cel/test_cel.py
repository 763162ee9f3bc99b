"""Expressions: the same answers as the API server's own libraries, and an end to every evaluation."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping

import pytest

from cluster_stacks.validation.cel import (
    CelError,
    EvaluationError,
    Program,
    Unevaluated,
    bad_field_path,
    compile_rule,
    evaluate,
    schema_problems,
    violations,
)
from validation.cel.answers import ANSWERS, Question, questions

ALL = list(questions())
THEIRS = json.loads(ANSWERS.read_text())
TEXT = {"type": "string", "maxLength": 100}
LIST = {"type": "array", "items": {"type": "string"}}


def compiled(rule: str, schema: Mapping[str, object] | None = None) -> Program:
    program = compile_rule(rule, schema or TEXT)
    assert isinstance(program, Program), program
    return program


def refused(rule: str, schema: Mapping[str, object] | None = None) -> CelError:
    error = compile_rule(rule, schema or TEXT)
    assert isinstance(error, CelError), error
    return error


def ours(question: Question) -> object:
    program = compile_rule(question.rule, question.schema, root=question.root)
    if isinstance(program, CelError):
        return "refused"
    schema = {**question.schema, "x-kubernetes-validations": [{"rule": question.rule}]}
    found = list(violations(schema, question.value, question.old, root=question.root))
    assert not any(each.unevaluated for each in found), found
    return [min(program.cost, 2**63 - 1), not found]


@pytest.mark.parametrize(("question", "theirs"), list(zip(ALL, THEIRS, strict=True)), ids=range(len(ALL)))
def test_same_answer_as_the_api_server(question: Question, theirs: object) -> None:
    assert ours(question) == theirs


@pytest.mark.parametrize(
    ("rule", "line", "column"),
    [("self.x == 1", 1, 6), ("self ==\n  typo", 2, 3), ("self == 'a' &&", 1, 15), ("self + 1 == ''", 1, 6)],
)
def test_an_error_has_a_place(rule: str, line: int, column: int) -> None:
    error = refused(rule)
    assert (error.line, error.column) == (line, column), error


def test_a_misspelt_field_is_told() -> None:
    error = refused("self.replica > 1", {"type": "object", "properties": {"replicas": {"type": "integer"}}})
    assert str(error) == "undefined field 'replica': did you mean replicas?"


@pytest.mark.parametrize(
    "rule",
    [
        "(" * 3000 + "true" + ")" * 3000, "[" * 3000, "!" * 100_000 + "true", "self" + ".a" * 30_000,
        "-" * 5000 + "1 > 0",
        "self" + " + self" * 30_000 + " == ''", "true ? " * 3000, "'" + "x" * 200_000 + "'", "{" * 5000, "a(" * 5000,
        "1" * 90_000 + " > 0", "self.matches('" + "(" * 5000 + "')", "x" * 99_000, "\\" * 1000, "self == '\\ud800'",
    ],
)  # fmt: skip
def test_hostile_texts_are_refused_soon(rule: str) -> None:
    start = time.perf_counter()
    refused(rule)
    assert time.perf_counter() - start < 2


def test_long_chains_of_and_are_fine() -> None:
    assert evaluate(compiled(" && ".join(["self == 'a'"] * 4000)), "a") is True


def test_an_expression_that_would_run_for_ever_is_given_up() -> None:
    rule = "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d != ''))))"
    schema = {**LIST, "x-kubernetes-validations": [{"rule": rule}]}
    start = time.perf_counter()
    found = list(violations(schema, ["x"] * 1000))
    assert [each.unevaluated for each in found] == [True]
    assert found[0].message in ("it takes more than 200000 steps", "it takes longer than 2 seconds")
    assert time.perf_counter() - start < 5
    of_field = {"type": "object", "properties": {"a": schema}}
    assert any("too expensive" in message for _, message in schema_problems(of_field))
    assert any("directly on a variable that is a list" in message for _, message in schema_problems(schema))


def test_many_values_share_one_budget() -> None:
    inner = {**LIST, "x-kubernetes-validations": [{"rule": "self.all(a, self.all(b, a == b))"}]}
    start = time.perf_counter()
    found = list(violations({"type": "array", "items": inner}, [["x"] * 400] * 300))
    assert found
    assert all(each.unevaluated for each in found)
    assert time.perf_counter() - start < 15


@pytest.mark.parametrize(
    "rule",
    ["self" + ".replace('', 'aaaaaaaaaa')" * 12 + " == ''", "lists.range(1000000000).size() > 1",
     "lists.range(4000).map(x, lists.range(4000)).flatten().size() > 1"],
)  # fmt: skip
def test_nothing_huge_is_made(rule: str) -> None:
    with pytest.raises(Unevaluated):
        evaluate(compiled(rule), "a" * 100)


def test_steps_that_take_long_are_given_up() -> None:
    start = time.perf_counter()
    with pytest.raises(Unevaluated, match="seconds"):
        evaluate(compiled("self.all(x, self.reverse().sort().size() > 0)", LIST), [str(i) for i in range(50_000)])
    assert time.perf_counter() - start < 20  # of which it had two


def test_patterns_do_not_blow_up() -> None:
    assert evaluate(compiled("self.matches('^(a+)+$')"), "a" * 5000 + "b") is False
    with pytest.raises(Unevaluated):
        evaluate(compiled("self.find('(a+)+$') == ''"), "a" * 40 + "b")


def test_values_of_another_type_end_in_an_error_not_in_a_crash() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "l": LIST, "n": {"type": "integer"}}}
    rules = (
        "self.a.size() > 1", "self.l.all(x, x == 'a')", "self.n + 1 > 0", "self.a.startsWith('x')", "self.l[0] == 'x'",
    )  # fmt: skip
    values: tuple[object, ...] = ({"a": 1, "l": 2, "n": "x"}, {"a": [], "l": {}, "n": None}, [], "x", 5)
    for rule in rules:
        for value in values:
            with contextlib.suppress(EvaluationError):
                assert isinstance(evaluate(compiled(rule, schema), value), bool)


def test_messages_and_places_of_violations() -> None:
    schema = {
        "type": "object",
        "properties": {
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"min": {"type": "integer"}, "max": {"type": "integer"}},
                    "x-kubernetes-validations": [{
                        "rule": "self.min <= self.max", "message": "min is above max", "fieldPath": ".min",
                        "messageExpression": "'%d is above %d'.format([self.min, self.max])",
                    }],
                },
            },
        },
    }  # fmt: skip
    value = {"items": [{"min": 1, "max": 2}, {"min": 3, "max": 2}, {"min": 1}]}
    found = [(each.pointer, each.message) for each in violations(schema, value)]
    assert found == [
        (("items", 1, "min"), "3 is above 2"),
        (("items", 2), "min is above max (no such key: max)"),
    ]


def test_rules_in_all_of_hold_with_the_types_around_them() -> None:
    def rule(text: str) -> dict[str, object]:
        return {"x-kubernetes-validations": [{"rule": text}]}

    entry = {"type": "object", "properties": {"name": TEXT}}
    schema = {
        "type": "object",
        "properties": {"a": TEXT, "list": {"type": "array", "items": entry}, "map": {
            "type": "object", "additionalProperties": {"type": "integer"}, "allOf": [rule("size(self) < 2")],
        }},
        "allOf": [
            {"properties": {"a": {"allOf": [rule("self != 'a'")]}, "none": rule("false")}},
            {"properties": {"list": {"items": {"properties": {"name": rule("self.size() > 1")}}}}},
            {"properties": {"map": {"additionalProperties": rule("self > 1")}}, **rule("has(self.a)")},
        ],
    }
    value = {"a": "a", "none": 1, "list": [{"name": "xx"}, {"name": "x"}], "map": {"x": 1, "y": 2}}
    found = {(each.pointer, each.rule, each.unevaluated) for each in violations(schema, value)}
    assert found == {
        (("a",), "self != 'a'", False), (("list", 1, "name"), "self.size() > 1", False),
        (("map", "x"), "self > 1", False), (("map",), "size(self) < 2", False),
    }
    assert [each.rule for each in violations(schema, {})] == ["has(self.a)"]


def test_rules_about_a_change() -> None:
    rules = [
        {"rule": "self == oldSelf", "message": "fixed"},
        {
            "rule": "!oldSelf.hasValue() || oldSelf.value().size() <= self.size()",
            "optionalOldSelf": True, "message": "longer",
        },
        {"rule": "oldSelf.hasValue()", "optionalOldSelf": True, "message": "not new"},
    ]  # fmt: skip
    schema = {**TEXT, "x-kubernetes-validations": rules}
    assert [each.message for each in violations(schema, "a")] == ["not new"]
    assert [each.message for each in violations(schema, "a", "a")] == []
    assert [each.message for each in violations(schema, "a", "ab")] == ["fixed", "longer"]


def test_old_entries_of_a_list_are_told_by_their_keys() -> None:
    entry = {
        "type": "object", "properties": {"name": {"type": "string"}, "v": {"type": "integer"}},
        "x-kubernetes-validations": [{"rule": "self.v >= oldSelf.v", "message": "down"}],
    }  # fmt: skip
    schema = {"type": "array", "items": entry, "x-kubernetes-list-map-keys": ["name"], "x-kubernetes-list-type": "map"}
    old, new = [{"name": "a", "v": 1}, {"name": "b", "v": 5}], [{"name": "b", "v": 4}, {"name": "c", "v": 0}]
    assert [each.pointer for each in violations(schema, new, old)] == [(0,)]


def test_what_is_refused_of_the_rules_of_a_schema() -> None:
    schema = {
        "type": "object",
        "properties": {
            "names": {
                "type": "array", "items": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf"}]},
                "x-kubernetes-validations": [{"rule": "self.all(x, self.all(y, x == y))"}],
            },
            "size": {"type": "integer", "x-kubernetes-validations": [{"rule": "self.typo"}, {"rule": "self > 1"}]},
        },
    }  # fmt: skip
    found = dict(schema_problems(schema, ("schema",)))
    names, item, size = ("names",), ("names", "items"), ("size",)
    told = {
        where: found["schema", "properties", *where, "x-kubernetes-validations", 0, "rule"]
        for where in (names, item, size)
    }
    assert "more than 100 times the limit" in told[names]
    assert "oldSelf cannot be used" in told[item]
    assert told[size].startswith("type 'int' does not support field selection")
    assert "together" in found["schema",]


@pytest.mark.parametrize(
    ("path", "fine"),
    [(".a", True), (".a.b", True), ("['a']['b']", True), (".c", False), ("a", False), (".a[0]", False)],
)
def test_field_paths(path: str, fine: bool) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "object", "additionalProperties": {"type": "string"}}}}
    assert (bad_field_path(path, schema) == "") == fine
