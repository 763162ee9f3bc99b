"""The YAML door: what is read, where it stands, and one clear finding for everything else."""

from __future__ import annotations

import gc
import time

import pytest
import yaml as pyyaml

from cluster_stacks.documents import loader, nodes
from cluster_stacks.documents.yaml import Document, Limits, load, load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import Position

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)


@pytest.fixture(params=["libyaml", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers of PyYAML: the second is what an installation without libyaml has."""
    if request.param == "python":
        monkeypatch.setattr(loader, "Parser", pyyaml.SafeLoader)
        monkeypatch.setattr(nodes, "Parser", pyyaml.SafeLoader)
    return str(request.param)


def read(text: str) -> Document:
    return load(text.encode(), "file.yaml")


def refused(data: str | bytes) -> Finding:
    with pytest.raises(Refused) as caught:
        load(data.encode() if isinstance(data, str) else data, "dir/file.yaml")
    assert len(caught.value.findings) == 1
    return caught.value.findings[0]


def test_plain_data_come_out(parser: str) -> None:
    value = read("a: 1\nb: [x, 'y', \"z\"]\nc:\n  d: |\n    one\n    two\n  e: >-\n    f\n    g\nh:\n- i: ~\n").value
    assert value == {"a": 1, "b": ["x", "y", "z"], "c": {"d": "one\ntwo\n", "e": "f g"}, "h": [{"i": None}]}


def test_a_byte_order_mark_and_carriage_returns_are_read() -> None:
    document = load("\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\n".encode(), "f")
    assert document.value == {"a": 1, "b": "x\ny\n"}
    assert document.position(("a",), key=True) == Position(1, 1, 1, 2)


def test_aliases_are_copies_and_merges_are_done(parser: str) -> None:
    value = read("a: &a {x: [1]}\nb: *a\nc:\n  <<: *a\n  w: 2\nd: {<<: [{z: 1}, {z: 2, w: 3}], z: 4}\n").value
    assert value == {"a": {"x": [1]}, "b": {"x": [1]}, "c": {"x": [1], "w": 2}, "d": {"z": 4, "w": 3}}
    value["b"]["x"].append(2)
    assert value["a"] == {"x": [1]}
    assert value["c"]["x"] == [1]


def test_the_first_source_of_a_merge_counts() -> None:
    assert read("<<: [{a: 1}, {a: 2}]\n").value == {"a": 1}


def test_a_merge_sign_that_merges_nothing_is_text() -> None:
    value = read("- <<\n- '<<': 1\n- {a: <<, <<: {b: 1}}\n").value
    assert value == ["<<", {"<<": 1}, {"a": "<<", "b": 1}]
    assert {type(value[0]), type(value[2]["a"])} == {str}


def test_an_anchor_can_be_used_again_for_another_value() -> None:
    assert read("[&a 1, *a, &a 2, *a, &a [3], *a]").value == [1, 1, 2, 2, [3], [3]]


def test_keys_are_text() -> None:
    assert read("1: a\n0x10: b\n").value == {"1": "a", "16": "b"}


def test_empty_documents_are_left_out() -> None:
    documents = load_documents(b"---\n# nothing\n---\na: 1\n---\n---\n- 2\n...\n", "f")
    assert [(each.value, each.index, each.line) for each in documents] == [({"a": 1}, 0, 3), ([2], 1, 6)]


def test_anchors_end_with_their_document() -> None:
    with pytest.raises(Refused, match="no anchor &a"):
        load_documents(b"a: &a 1\n---\nb: *a\n", "f")


def test_positions_of_values_and_keys(parser: str) -> None:
    document = read("# comment\na:\n  b: [10, 'x y']\n  c:\n  - d: e\n    f: 1\nlast: 1\n")
    assert document.position(("a", "b", 1)) == Position(3, 11, 3, 16)
    assert document.position(("a", "c", 0, "f"), key=True) == Position(6, 5, 6, 6)
    assert document.position(("a", "c", 0)) == Position(5, 5, 6, 9)
    assert document.position(("a",)) == Position(3, 3, 6, 9)
    assert document.position() == Position(2, 1, 7, 8)


def test_a_block_of_text_ends_with_its_last_line() -> None:
    assert read("a: |\n  x\n  y\nb: 1\n").position(("a",)) == Position(1, 4, 3, 0)


def test_the_position_of_something_missing_is_the_nearest_above() -> None:
    document = read("a:\n  b: {c: 1}\n")
    assert document.position(("a", "b", "missing", 3)) == document.position(("a", "b"))
    assert document.position(("a", "b", 0)) == document.position(("a", "b"))


def test_positions_look_through_aliases_and_merges() -> None:
    document = read("x: &x\n  a: 1\n  b: {c: 2}\nv: *x\nz:\n  <<: *x\n  d: 3\nw: {<<: [*x]}\n")
    assert document.position(("v",)) == Position(4, 4, 4, 6)
    assert document.position(("v", "b", "c")) == document.position(("x", "b", "c")) == Position(3, 10, 3, 11)
    assert document.position(("z", "a")) == document.position(("w", "a")) == Position(2, 6, 2, 7)
    assert document.position(("z", "d"), key=True) == Position(7, 3, 7, 4)


def test_positions_in_a_later_document_and_beyond_ascii() -> None:
    documents = load_documents("a: 1\n---\nä: {ö: ü}\n".encode(), "f")
    assert documents[1].position(("ä", "ö")) == Position(3, 8, 3, 9)


def test_positions_know_keys_as_json_has_them() -> None:
    assert read("a: 1\n0x10: 3\n").position(("16",), key=True) == Position(2, 1, 2, 5)


def test_the_text_of_a_value() -> None:
    document = read("ä: 1\nv: 1.30\nw: 'x'\n")
    assert [document.text((key,)) for key in "vw"] == ["1.30", "'x'"]


BAD = [
    ("tab", "a:\n\tb: 1\n", "CS202", 2, 1, "a tab where YAML wants spaces"),
    ("tab first", "\ta: 1\n", "CS202", 1, 1, "a tab where YAML wants spaces"),
    ("unclosed list", "a: [1, 2\n", "CS202", 2, 1, "closing ']'"),
    ("unclosed quote", "a: 'x\nb: 1\n", "CS202", 3, 1, "close the quote"),
    ("second colon", "a: b: c\n", "CS202", 1, 5, "quote the value"),
    ("indentation", "a:\n    b: 1\n  c: 2\n", "CS202", 3, 3, "mend the indentation"),
    ("at sign", "a: @x\n", "CS202", 1, 4, "cannot begin with '@'"),
    ("unknown alias", "a: *b\n", "CS202", 1, 4, "no anchor &b"),
    ("no document", "a: 1\n...\nb: 1\n", "CS202", 3, 1, "begin it with '---'"),
    ("duplicate key", "a: 1\nb: 2\na: 3\n", "CS203", 3, 1, "the key 'a' is here twice"),
    ("duplicate key in flow", "x: {a: 1, a: 2}\n", "CS203", 1, 11, "the key 'a' is here twice"),
    ("duplicate key below", "x:\n- b: {c: [], d: 1, c: 2}\n", "CS203", 2, 20, "the key 'c' is here twice"),
    ("duplicate key as text", "1: a\n'1': b\n", "CS203", 2, 1, "the key '1' is here twice"),
    ("duplicate key beside a merge", "<<: {x: 1}\na: 1\na: 2\n", "CS203", 3, 1, "the key 'a' is here twice"),
    ("directive", "%YAML 1.1\n---\na: 1\n", "CS205", 1, 1, "directives"),
    ("tag directive", "%TAG ! tag:x,2000:\n---\na: 1\n", "CS205", 1, 1, "directives"),
    ("tag", "a: !secret x\n", "CS205", 1, 4, "'!secret'"),
    ("tag of a mapping", "a: 1\nb: !!python/object/apply:os.system [x]\n", "CS205", 2, 4, "has no form in JSON"),
    ("infinity", "a:\n- .inf\n", "CS205", 2, 3, ".inf has no form in JSON"),
    ("null key", "a: 1\n~: 2\n", "CS205", 2, 1, "a key is empty or null"),
    ("key that is true", "on: 1\n", "CS205", 1, 1, "a key is true in YAML"),
    ("fractional key", "1.30: x\n", "CS205", 1, 1, "a key is a number"),
    ("mapping as key", "? {a: 1}\n: 2\n", "CS205", 1, 3, "a key is a mapping"),
    ("inside its own anchor", "a: &a\n  b: *a\n", "CS205", 2, 6, "inside its own anchor"),
    ("merge of text", "a: 1\n<<: x\n", "CS205", 2, 5, "only mappings"),
    ("merge after its key", "a: 1\n<<: {a: 2}\n", "CS205", 2, 1, "put the << first"),
    ("content beside the separator", "--- {a: 1}\n", "CS205", 1, 5, "Kubernetes drops"),
    ("empty", "", "CS206", 1, 1, "the file is empty"),
    ("only a comment", "# nothing\n", "CS206", 1, 1, "the file is empty"),
    ("two documents", "a: 1\n---\nb: 1\n", "CS206", 2, 1, "a second document"),
    ("control character", "a: 1\nb: x\x1b[31m\n", "CS201", 2, 5, "U+001B"),
    ("null character", "a: \x00\n", "CS201", 1, 4, "U+0000"),
    ("30,000 brackets", "[" * 30_000, "CS204", 1, 201, "levels of nesting"),
    ("30,000 braces", "{" * 30_000, "CS204", 1, 201, "levels of nesting"),
    ("30,000 dashes", "- " * 30_000, "CS204", 1, 401, "levels of nesting"),
    ("bomb", BOMB, "CS204", 5, 38, "aliases add more than"),
]
IDS = [each[0] for each in BAD]


@pytest.mark.parametrize(("text", "rule", "line", "column", "says"), [each[1:] for each in BAD], ids=IDS)
def test_bad_text_is_one_positioned_finding(text: str, rule: str, line: int, column: int, says: str) -> None:
    finding = refused(text)
    assert (finding.rule, finding.path, finding.line, finding.column) == (rule, "dir/file.yaml", line, column)
    assert says in finding.message
    assert "\n" not in finding.message
    assert len(finding.message) < 200


@pytest.mark.parametrize("text", [each[1] for each in BAD], ids=IDS)
def test_without_libyaml_the_same_text_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "Parser", pyyaml.SafeLoader)
    monkeypatch.setattr(nodes, "Parser", pyyaml.SafeLoader)
    finding = refused(text)
    assert finding.rule in {"CS201", "CS202", "CS203", "CS204", "CS205", "CS206"}
    assert finding.line


@pytest.mark.parametrize(
    ("data", "line", "column", "says"),
    [
        (b"a: 1\nb: \xff\n", 2, 4, "0xff"),
        ("a: 1\n# ä \xe9\n".encode("latin-1"), 2, 3, "0xe4"),
        ("a: 1\n".encode("utf-16"), 1, 1, "UTF-16"),
        (b"\xef\xbb\xbfa: \xff", 1, 4, "0xff"),
        (b"a: \xed\xa0\x80\n", 1, 4, "0xed"),
    ],
)
def test_bytes_that_are_no_utf8(data: bytes, line: int, column: int, says: str) -> None:
    finding = refused(data)
    assert (finding.rule, finding.line, finding.column) == ("CS201", line, column)
    assert says in finding.message


def test_the_first_of_two_keys_is_related() -> None:
    assert [(each.line, each.column) for each in refused("x:\n  a: 1\n  a: 2\n").related] == [(2, 3)]


def test_what_began_where_is_related() -> None:
    assert [(each.line, each.message) for each in refused("x:\n- [1,\n2\n").related] == [
        (2, "parsing a flow sequence that began here")
    ]


def test_long_names_are_cut_in_messages() -> None:
    assert len(refused(f"{'k' * 900}: 1\n{'k' * 900}: 2\n").message) < 120


def test_a_line_of_ten_megabytes_is_refused_where_it_stands() -> None:
    finding = refused(b"a: 1\nb: " + b"x" * 10_000_000 + b"\nc: 1\n")
    assert (finding.rule, finding.line) == ("CS204", 2)


def test_a_file_that_is_too_large_is_refused() -> None:
    finding = refused(b"a: 1\n" * 7_000_000)
    assert (finding.rule, finding.line) == ("CS204", 0)


def test_limits_can_be_set() -> None:
    for limits in (Limits(depth=1), Limits(nodes=5), Limits(documents=0), Limits(bytes=3), Limits(line=3)):
        with pytest.raises(Refused) as caught:
            load_documents(b"a: [b]\n", "f", limits=limits)
        assert caught.value.findings[0].rule == "CS204"


def test_aliases_cannot_nest_deeper_than_allowed() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300))
    assert refused(text).rule == "CS204"


@pytest.mark.parametrize("text", ["[" * 30_000, BOMB, "a: " + "x " * 1_000_000, "- a\n" * 200_000 + "\t"])
def test_hostile_text_costs_little(text: str) -> None:
    before = time.process_time()
    with pytest.raises(Refused):
        load(b"x: 1\n---\n" + text.encode(), "f")
    assert time.process_time() - before < 4


def test_reading_costs_about_half_of_pyyamls_fastest_loader() -> None:
    """Generous: the point is that nobody puts PyYAML's constructors, or positions, back into the hot path."""
    block = "".join(
        f"- name: item-{number}\n  value: {{a: {number}, b: 'text'}}\n  definition:\n    path: /spec/{number}\n"
        for number in range(3_000)
    ).encode()

    def cost(function: object) -> float:
        gc.collect()
        times = []
        for _ in range(3):
            start = time.process_time()
            function()  # type: ignore[operator]
            times.append(time.process_time() - start)
        return min(times)

    ours = cost(lambda: load(block, "f"))
    theirs = cost(lambda: pyyaml.load(block, Loader=pyyaml.CSafeLoader))
    assert ours < 0.85 * theirs


def test_positions_beyond_many_values_are_those_of_what_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cluster_stacks.documents.yaml.POSITIONS", 12)
    first, second, third = load_documents(b"a: 1\n---\nb: [x, {c: 1, d: 2}]\n---\ne: 3\n", "x.yaml")
    assert first.position(("a",)) == Position(1, 4, 1, 5)
    assert second.position(("b", 0)) == Position(3, 5, 3, 6)
    assert second.position(("b", 1, "d")).line == 3
    assert third.position(("e",)) == Position(4, 1)
    assert third.text(("e",)) == "3"
    assert third.position(("e",)) == Position(5, 4, 5, 5)
