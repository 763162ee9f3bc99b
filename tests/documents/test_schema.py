"""Findings against a schema say what is wrong, where, and what to write."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from cluster_stacks.documents import schema
from cluster_stacks.documents.schema import check, violations
from cluster_stacks.documents.yaml import load

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["apiVersion", "versions"],
    "properties": {
        "apiVersion": {"const": "example.io/v1"},
        "engine": {"enum": ["auto", "embedded"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "flag": {"type": "boolean"},
        "list": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string", "minLength": 2}},
        "free": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$", "title": "a lower-case word"}},
        "either": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["url"]}], "title": "a name or a url"},
        "long": {"type": "string", "pattern": "^(" + "x" * 90 + ")$"},
        "no": {"not": {"title": "there"}},
        "pair": {"type": "object", "dependentRequired": {"a": ["b"]}},
        "other": {"$ref": "other.schema.json"},
        "versions": {
            "type": "object",
            "additionalProperties": False,
            "required": ["clusterStack"],
            "properties": {
                "clusterStack": {"type": "string", "pattern": "^v[0-9]+$", "examples": ["v3"]},
                "kubernetes": {"type": "string", "pattern": "^v[0-9.]+$"},
            },
        },
    },
}
HEAD = "apiVersion: example.io/v1\n"
GOOD = HEAD + "versions: {clusterStack: v3}\n"


@pytest.fixture(autouse=True)
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test.schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "other.schema.json").write_text(json.dumps({"type": "string"}))
    monkeypatch.setattr(schema, "data_dir", lambda _: tmp_path)
    schema._validator.cache_clear()
    schema._quick.cache_clear()


def messages(text: str) -> list[tuple[int, int, str]]:
    return [(each.line, each.column, each.message) for each in check(load(text.encode(), "f.yaml"), "test")]


def test_a_good_document_has_no_findings() -> None:
    assert messages(GOOD) == []


def test_findings_have_the_rule_and_the_path_and_a_key() -> None:
    (finding,) = check(load((GOOD + "x: 1\n").encode(), "dir/f.yaml"), "test")
    assert (finding.rule, finding.path, finding.key) == ("CS208", "dir/f.yaml", "x/")
    assert (finding.end_line, finding.end_column) == (3, 2)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (
            HEAD + "versions:\n  clusterstack: v3\n", 3, 3,
            "unknown key 'clusterstack' in versions (did you mean clusterStack?)",
        ),
        (
            HEAD + "versions:\n  cluster_stack: v3\n", 3, 3,
            "unknown key 'cluster_stack' in versions (did you mean clusterStack?)",
        ),
        (
            GOOD + "x: 1\n", 3, 1,
            "unknown key 'x': known are apiVersion, engine, count, flag, list, free, either, long and 4 more",
        ),
        (HEAD + "versions: {}\n", 2, 1, "the key 'clusterStack' is missing in versions: add it"),
        ("versions: {clusterStack: v3}\n", 1, 1, "the key 'apiVersion' is missing: add it"),
        (HEAD + "versions:\n", 2, 10, "versions must be a mapping, not empty"),
        (HEAD + "versions: [v3]\n", 2, 11, "versions must be a mapping, not a list"),
        (
            HEAD + "versions: {clusterStack: 3}\n", 2, 26,
            "versions.clusterStack must be text, and 3 is a number in YAML: put it in quotes",
        ),
        (
            HEAD + "versions: {clusterStack: v3, kubernetes: 1.30}\n", 2, 42,
            "versions.kubernetes must be text, and 1.30 is a number in YAML: put it in quotes",
        ),
        (
            HEAD + "versions: {clusterStack: no}\n", 2, 26,
            "versions.clusterStack must be text, and no is true or false in YAML: put it in quotes",
        ),
        (
            HEAD + "versions: {clusterStack: 'v3.1'}\n", 2, 26,
            "versions.clusterStack is 'v3.1', which is not of a form such as v3",
        ),
        (
            HEAD + 'versions: {clusterStack: "v3\\n"}\n', 2, 26,
            "versions.clusterStack is 'v3\\n', which is not of a form such as v3",
        ),
        (
            HEAD + "versions: {clusterStack: v3, kubernetes: x}\n", 2, 42,
            "versions.kubernetes is 'x', which is not of the form ^v[0-9.]+$",
        ),
        ("apiVersion: v2\nversions: {clusterStack: v3}\n", 1, 13, "apiVersion must be 'example.io/v1', not 'v2'"),
        (GOOD + "engine: Embeded\n", 3, 9, "engine must be auto or embedded, not 'Embeded' (did you mean embedded?)"),
        (GOOD + "engine: 1\n", 3, 9, "engine must be auto or embedded, not 1"),
        (GOOD + "count: x\n", 3, 8, "count must be a whole number, not 'x'"),
        (GOOD + "count: 0\n", 3, 8, "count must be at least 1, not 0"),
        (GOOD + "count: 10\n", 3, 8, "count must be at most 9, not 10"),
        (GOOD + "flag: 'yes'\n", 3, 7, "flag must be true or false, not 'yes'"),
        (GOOD + "list: []\n", 3, 7, "list must have at least 1 entries, and has 0"),
        (GOOD + "list: [aa, aa]\n", 3, 7, "list has an entry twice: keep one"),
        (GOOD + "list:\n- aa\n- b\n", 5, 3, "list[1] must have at least 2 characters, and has 1"),
        (GOOD + "free: {a: 1, B: 2}\n", 3, 14, "the key 'B' in free is not a lower-case word"),
        (GOOD + "either: 1\n", 3, 9, "either is 1, which is not a name or a url"),
        (GOOD + "either: {}\n", 3, 1, "the key 'url' is missing in either: add it"),
        (GOOD + "long: q\n", 3, 7, "long is 'q', which is not of a form that is allowed here"),
        (GOOD + "'no': 1\n", 3, 7, "no must not be there"),
        (GOOD + "pair: {a: 1}\n", 3, 7, "pair is not complete: a needs b"),
        (GOOD + "other: 1\n", 3, 8, "other must be text, and 1 is a number in YAML: put it in quotes"),
        ("- 1\n", 1, 1, "the file must be a mapping, not a list"),
        ("text\n", 1, 1, "the file must be a mapping, not 'text'"),
    ],
)
def test_one_mistake_is_one_finding_that_says_what_to_write(text: str, line: int, column: int, message: str) -> None:
    assert messages(text) == [(line, column, message)]


def test_several_mistakes_come_in_the_order_of_the_text() -> None:
    found = messages("zzz: 1\napiVersion: v2\nversions: {clusterStack: 1, foo: 2}\n")
    assert [line for line, _, _ in found] == [1, 2, 3, 3]


def test_long_and_hostile_values_are_cut_and_escaped() -> None:
    (_, _, message), = messages(HEAD + 'versions: {clusterStack: "' + "\\e[31m" * 500 + '"}\n')
    assert len(message) < 300
    assert "\x1b" not in message


def test_plain_data_are_checked_without_a_text() -> None:
    (violation,) = violations({"apiVersion": "example.io/v1", "versions": {"clusterStack": 3.5}}, "test")
    assert violation.pointer == ("versions", "clusterStack")
    assert "3.5 is a number" in violation.message


def test_no_reference_opens_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    (tmp_path / "remote.schema.json").write_text(json.dumps({"$ref": "https://example.invalid/remote2.schema.json"}))
    with pytest.raises(Exception, match="remote2"):
        violations({}, "remote")
