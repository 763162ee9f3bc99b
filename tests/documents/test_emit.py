"""What is emitted is read back as the same by every reader, and always has the same bytes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cluster_stacks.documents.emit import emit, emit_all
from cluster_stacks.documents.scalars import WORDS
from cluster_stacks.documents.yaml import load, load_documents

# Texts that some reader takes for something else, or that break a careless emitter.
AWKWARD = [
    *WORDS, "1.30", "1.36.1", "1e3", "1E3", "12e03", "0123", "08", "0o17", "0x1F", "0b11", "1_000", "12:30", "12:30:45",
    "2024-01-01", "2001-12-14t21:59:43.10-05:00", ".inf", "-.INF", ".nan", "NaN", "inf", "Infinity", "-", "--", "---",
    "--- a", "...", "- a", "-a", "--a", "? a", "?", ": a", ":", "a:", "a: b", "a #b", "#", "#a", "!t", "!", "&a", "*a",
    "|", ">", "|-", "%YAML", "@a", "`a`", "<<", "=", "[a]", "[", "{a}", "}", ",", "a, b", "'", "''", '"', "it's", "\\",
    'a "b" \\c', "{{ .x }}", "{{ ne .x \"\" }}", "<% x %>", "a ", " a", "\ta", "a\t", "\n", "\n\n", " \n", "a\n",
    "a\nb", " a\nb", "\na", "\n a\n", "a\n\n\n", "a\n \n", "a\n  b\n", "\ta\nb\n", "a \nb\n",
    "#!/bin/sh\nset -e\n\techo \"$x\"\n",
    "a\r\nb", "a\rb", "\x00", "\x07", "\x1b[0m", "\x7f", "\x85", "\xa0", "\u2028", "\u200b", "\ufeff", "\ufeffa", "ä",
    "日本語", "😀", "\U0001f600\n😀\n", "\ufffe", "a" * 1025, "a b " * 400, "\u202ea",
]

texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(alphabet=st.sampled_from(" \n\t-#:'\"\\ab0.e[]{},&*!|>%@`?~=<ä\x85\u2028\ufeff\x00"), max_size=12),
    st.text(alphabet=st.sampled_from("0123456789.+-_:eExXoObBaAfFtTzZyYnNsS"), max_size=8),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
numbers = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([2**64 - 1, 1e20]),
)
data = st.recursive(
    st.one_of(texts, numbers, st.none(), st.booleans()),
    lambda children: st.one_of(st.lists(children, max_size=4), st.dictionaries(texts, children, max_size=4)),
    max_leaves=12,
)
wide = settings(max_examples=400, deadline=None, derandomize=True)


def ours(text: str) -> Any:
    found = load_documents(text.encode(), "f")
    assert len(found) == (text != "null\n")
    return found[0].value if found else None


@wide
@given(data)
def test_what_is_emitted_is_read_back(value: Any) -> None:
    text = emit(value)
    assert ours(text) == value
    assert emit(ours(text)) == text


@wide
@given(data)
def test_other_readers_read_the_same(value: Any) -> None:
    text = emit(value)
    assert pyyaml.safe_load(text) == value
    assert pyyaml.load(text, Loader=pyyaml.CSafeLoader) == value


@settings(max_examples=100, deadline=None, derandomize=True)
@given(data)
def test_a_reader_of_yaml_1_2_reads_the_same(value: Any) -> None:
    assert YAML(typ="safe", pure=True).load(emit(value)) == value


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_survive_everywhere(text: str) -> None:
    value = {"key": text, text: "value", "list": [text, [text], {text: {text: text}}]}
    for reader in (ours, pyyaml.safe_load, YAML(typ="safe", pure=True).load):
        assert reader(emit(value)) == value
    assert ours(emit(text)) == (text or "")


def test_what_kubernetes_reads_as_something_else_is_quoted() -> None:
    table = json.loads((Path(__file__).parent / "scalars.json").read_text(encoding="utf-8"))
    for text in [*table["values"], *table["refused"]]:
        assert ours(emit({"k": text})) == {"k": text}
        assert pyyaml.safe_load(emit({text: text})) == {text: text}


def test_the_form_is_that_of_kubernetes_tools() -> None:
    value = {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "x", "labels": {}, "annotations": {"a/b": "true"}},
        "list": ["a", {"b": "c", "d": [1, 1.5]}, [["x"], []], None, True], "version": "1.30", "replicas": 3,
        "args": ["--port=80", "-v", "10.0.0.0/16", "5m0s", "100Mi", "http://x:80/y"],
        "enabledIf": '{{ ne .x "" }}', "script": "#!/bin/sh\necho a\n", "cut": "a\nb", "more": "a\n\n",
        "deep": "  a\nb\n",
    }
    assert emit(value) == (
        "apiVersion: v1\n"
        "kind: ConfigMap\n"
        "metadata:\n"
        "  name: x\n"
        "  labels: {}\n"
        "  annotations:\n"
        '    a/b: "true"\n'
        "list:\n"
        "- a\n"
        "- b: c\n"
        "  d:\n"
        "  - 1\n"
        "  - 1.5\n"
        "- - - x\n"
        "  - []\n"
        "- null\n"
        "- true\n"
        'version: "1.30"\n'
        "replicas: 3\n"
        "args:\n"
        "- --port=80\n"
        "- -v\n"
        "- 10.0.0.0/16\n"
        "- 5m0s\n"
        "- 100Mi\n"
        "- http://x:80/y\n"
        "enabledIf: '{{ ne .x \"\" }}'\n"
        "script: |\n"
        "  #!/bin/sh\n"
        "  echo a\n"
        "cut: |-\n"
        "  a\n"
        "  b\n"
        "more: |+\n"
        "  a\n"
        "\n"
        "deep: |2\n"
        "    a\n"
        "  b\n"
    )


def test_numbers() -> None:
    numbers = [1.0, -0.0, 1e-7, 1e20, 1.5e300, 2**63, -(2**63), 123456789012345680.0]
    assert [emit(number).strip() for number in numbers] == [
        "1", "0", "1.0e-07", "1.0e+20", "1.5e+300", "9223372036854775808", "-9223372036854775808", "123456789012345680",
    ]


def test_several_documents_are_separated() -> None:
    assert emit_all([{"a": 1}, {"b": 2}, []]) == "a: 1\n---\nb: 2\n---\n[]\n"
    assert emit_all([]) == ""


def test_a_long_key_is_written_so_that_it_can_be_read() -> None:
    value = {"a": {"k" * 2000: {"b": [1]}, "'" * 1500: "x\ny\n"}, "z": [{"q" * 1001: 1}]}
    text = emit(value)
    assert "? " + "k" * 2000 in text
    for reader in (ours, pyyaml.safe_load):
        assert reader(text) == value


@pytest.mark.parametrize(
    "value",
    [
        {1: "a"}, {None: 1}, ("a",), {"a": {"b"}}, b"x", object(), math.nan, math.inf, [-math.inf], 2**64, -(2**63) - 1,
        "\ud800", {"\udcff": 1}, ["a\n\udcff"],
    ],
)
def test_what_is_no_plain_data_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no plain data"):
        emit(value)


def test_data_without_end_are_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(TypeError, match="levels of nesting"):
        emit(value)


def test_subclasses_of_plain_types_are_plain() -> None:
    class Text(str):
        __slots__ = ()

    assert emit({Text("a"): Text("yes"), "b": [Text("x")]}) == 'a: "yes"\nb:\n- x\n'


def test_the_largest_nesting_that_is_read_is_emitted() -> None:
    text = "[" * 199 + "1" + "]" * 199
    assert load(emit(load(text.encode(), "f").value).encode(), "f").value == load(text.encode(), "f").value
