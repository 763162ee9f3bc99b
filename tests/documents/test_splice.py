"""Edits change the text of the values they name, and no other byte."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_stacks.documents.splice import set_scalars, set_scalars_in
from cluster_stacks.documents.yaml import load, load_documents
from cluster_stacks.model.errors import Refused

METADATA = """\
# The versions.  Do not edit by hand.
apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1

versions:
    clusterStack: v3   # moves with everything
    kubernetes: "v1.36.1"
    components: {clusterAddon: 'v1', nodeImage:   v2}   # flow
# the end"""

CLUSTER_STACK = ("versions", "clusterStack")
ALL = {
    CLUSTER_STACK: "v4",
    ("versions", "kubernetes"): "v1.36.2",
    ("versions", "components", "clusterAddon"): "v1-alpha.0",
    ("versions", "components", "nodeImage"): "v10",
}


def edited(text: str, changes: dict[tuple[str, ...], str]) -> str:
    return set_scalars(text.encode(), changes, "metadata.yaml").decode()


def test_only_the_values_change() -> None:
    wanted = METADATA.replace("v3 ", "v4 ").replace("v1.36.1", "v1.36.2").replace("'v1'", "'v1-alpha.0'")
    assert edited(METADATA, ALL) == wanted.replace("nodeImage:   v2", "nodeImage:   v10")


def test_line_ends_and_byte_order_mark_stay() -> None:
    text = "\ufeff" + METADATA.replace("\n", "\r\n")
    assert edited(text, ALL) == "\ufeff" + edited(METADATA, ALL).replace("\n", "\r\n")


def test_what_is_right_already_is_left_alone() -> None:
    once = edited(METADATA, ALL)
    assert edited(once, ALL) == once
    assert edited(METADATA, {CLUSTER_STACK: "v3"}) == METADATA
    assert edited("a: !!str v3\n", {("a",): "v3"}) == "a: !!str v3\n"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("v1", "v2", "v2"), ("v1", "1.30", '"1.30"'), ("v1", "yes", '"yes"'), ("'v1'", "it's", "'it''s'"),
        ('"v1"', 'a"b', '"a\\"b"'), ("v1", "a: b", '"a: b"'), ("v1", "a, b", '"a, b"'), ("1.30", "1.30", '"1.30"'),
        ("'v1'", "a\nb", '"a\\nb"'), ("true", "v2", "v2"), ("v1", "", '""'), ("'v1'", "\x1b", '"\\x1b"'),
    ],
)
def test_quotes_stay_and_come_where_they_are_needed(old: str, new: str, text: str) -> None:
    for form in ("a: {}\n", "b: {{a: {}, c: d}}\n"):
        place = ("a",) if form.startswith("a") else ("b", "a")
        assert edited(form.format(old), {place: new}) == form.format(text)


def test_the_same_name_elsewhere_is_not_taken() -> None:
    text = "clusterStack: v3\nother:\n- clusterStack: v3\nversions:\n  x: {clusterStack: v3}\n  clusterStack: v3\n"
    assert edited(text, {CLUSTER_STACK: "v4"}) == text[:-3] + "v4\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: &x v1\nb: *x\n", 1, 4, "shared by '&x'"),
        ("b: &x v1\na: *x\n", 2, 4, "shared by '*x'"),
        ("a: !!str v1\n", 1, 4, "not simply written on one line"),
        ("a: |\n  v1\n", 1, 4, "not simply written on one line"),
        ("a: v1\n  v2\n", 1, 4, "not simply written on one line"),
        ("a: 'v1\n  v2'\n", 1, 4, "not simply written on one line"),
        ("a:\n", 1, 3, "not simply written on one line"),
        ("b: 1\n", 1, 1, "the key 'a' is missing"),
        ("- a: 1\n", 1, 1, "the key 'a' is missing"),
        ("a: {x: 1}\n", 1, 4, "no single value"),
        ("a: [v1]\n", 1, 4, "no single value"),
        ("x: &m {a: v1}\n<<: *m\n", 1, 11, "comes from an alias or a merge"),
    ],
)
def test_what_cannot_be_edited_is_refused(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(Refused) as caught:
        edited(text, {("a",): "v2"})
    (finding,) = caught.value.findings
    assert (finding.rule, finding.path, finding.line, finding.column) == ("CS209", "metadata.yaml", line, column)
    assert says in finding.message


def test_an_edit_below_an_anchor_is_refused_where_it_shows_elsewhere() -> None:
    with pytest.raises(Refused, match="change other values too") as caught:
        edited("versions: &v\n  clusterStack: v3\ncopy: *v\n", {CLUSTER_STACK: "v4"})
    assert (caught.value.findings[0].line, caught.value.findings[0].column) == (2, 17)
    with pytest.raises(Refused, match="comes from an alias"):
        edited("copy: &v\n  clusterStack: v3\nversions: *v\n", {CLUSTER_STACK: "v4"})
    assert edited("versions: &v\n  clusterStack: v3\n", {CLUSTER_STACK: "v4"}).endswith("v4\n")


def test_a_file_that_is_wrong_is_refused_as_when_it_is_read() -> None:
    with pytest.raises(Refused) as caught:
        edited("a: 1\na: 2\n", {("a",): "v2"})
    assert caught.value.findings[0].rule == "CS203"


@pytest.mark.parametrize(
    "text", ["a: v1 \t# why\n", "a: v1\nb: {c: 1}\t\n", "a: v1\nb: [g ? h]\n", "é: ü\na: v1\nb: ü\n"]
)
def test_what_other_parsers_refuse_or_miscount_is_edited(text: str) -> None:
    assert edited(text, {("a",): "v2"}) == text.replace("v1", "v2")


def test_a_deep_file_is_edited() -> None:
    text = "a: v1\nb: " + "[" * 190 + "]" * 190 + "\n"
    assert edited(text, {("a",): "v2"}) == text.replace("v1", "v2")


comments = st.text(alphabet="ab #:'\"-{}é", max_size=10).map(lambda text: f"# {text}")
plain = st.from_regex(r"v[a-z0-9]{1,6}", fullmatch=True)
values = st.one_of(plain, plain.map(lambda text: f"'{text}'"), plain.map(lambda text: f'"{text}"'))


@st.composite
def files(draw: Any) -> tuple[str, str, str]:
    """The text before a value, the value as it is written, and the text after it."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [draw(comments) for _ in range(draw(st.integers(0, 2)))]
    before = [f"k{number}: {draw(values)}" for number in range(draw(st.integers(0, 3)))]
    after = [f"m{number}: {draw(values)} {draw(comments)}" for number in range(2)]
    lead = end.join([*lines, *before, f"outer:  {draw(comments)}", f"   target:{' ' * draw(st.integers(1, 4))}"])
    tail = draw(st.sampled_from(["", "  ", "  # why"])) + end + "   other: x" + end + end.join(after)
    return draw(st.sampled_from(["", "\ufeff"])) + lead, draw(values), tail + draw(st.sampled_from(["", end]))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(files(), plain)
def test_all_other_bytes_stay(file: tuple[str, str, str], new: str) -> None:
    before, old, after = file
    result = edited(before + old + after, {("outer", "target"): new})
    assert result.startswith(before)
    assert result.endswith(after)
    written = result[len(before) : len(result) - len(after)]
    assert re.sub(r"\w+", "", written) == re.sub(r"\w+", "", old)
    assert load(result.encode(), "f").value["outer"] == {"target": new, "other": "x"}


@given(
    documents=st.lists(st.sampled_from(["# nothing\n", "a: {b: x}\n", "a:\n  b: 'x' # c\n", "a: 1\n"]), max_size=6),
    end=st.sampled_from(["\n", "\r\n"]), bom=st.booleans(), new=st.from_regex(r"[a-z0-9./-]{1,12}", fullmatch=True),
)
@settings(max_examples=60)
def test_each_document_of_a_file_is_edited_by_itself(documents: list[str], end: str, bom: bool, new: str) -> None:
    def file(parts: list[str]) -> str:
        return ("\ufeff" if bom else "") + "".join(f"---\n{part}" for part in parts).replace("\n", end)

    real = [index for index, part in enumerate(documents) if part.startswith("a")]
    for number, place in enumerate(real):
        if "b:" not in documents[place]:
            with pytest.raises(Refused):
                set_scalars_in(file(documents).encode(), {number: {("a", "b"): new}}, "f.yaml")
            continue
        result = set_scalars_in(file(documents).encode(), {number: {("a", "b"): new}}, "f.yaml").decode()
        before, after = file(documents).split("---"), result.split("---" + end)
        assert len(after) == len(before) or "---" in new
        assert [d.value for d in load_documents(result.encode(), "f.yaml")][number] == {"a": {"b": new}}
        others = [index for index in range(len(documents)) if index != place]
        if "---" not in new:
            assert all(after[index + 1] == documents[index].replace("\n", end) for index in others)
