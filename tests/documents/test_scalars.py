"""Scalars mean what Kubernetes' own library says they mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cluster_stacks.documents.scalars import MERGE, ScalarError, Scalars, key_of, resolve, tagged, without_merge

TABLE = json.loads((Path(__file__).parent / "scalars.json").read_text(encoding="utf-8"))
STR = "tag:yaml.org,2002:str"


def test_the_table_is_large() -> None:
    assert len(TABLE["values"]) > 500


@pytest.mark.parametrize("text", TABLE["values"])
def test_a_scalar_is_what_kubernetes_reads(text: str) -> None:
    theirs, ours = TABLE["values"][text], resolve(text)
    if isinstance(ours, int) and not isinstance(ours, bool) and ours >= 2**63:
        ours = float(ours)  # kept exactly here, which a float of the table cannot
    assert ours == theirs
    assert type(ours) is type(theirs)


@pytest.mark.parametrize("text", TABLE["refused"])
def test_what_has_no_form_in_json_is_refused(text: str) -> None:
    with pytest.raises(ScalarError, match="quote it"):
        resolve(text)


@pytest.mark.parametrize("text", ["9" * 5000, "0" * 5000 + "1", "1" * 400 + "." + "1" * 400, "0b" + "1" * 5000])
def test_long_numbers_are_read_or_kept_as_text(text: str) -> None:
    assert isinstance(resolve(text), str | float | int)


def test_keys_become_text_as_kubernetes_does_it() -> None:
    keys = ["a", "1", "-1", "0x1F", "0123", "1e3", "1.0", "2024-01-01"]
    assert [key_of(resolve(key)) for key in keys] == ["a", "1", "-1", "31", "83", "1000", "1", "2024-01-01"]


@pytest.mark.parametrize("value", [None, True, False, 1.5, 2**63, [], {}])
def test_keys_without_a_form_are_refused(value: object) -> None:
    with pytest.raises(ScalarError, match="quote it"):
        key_of(value)


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [("1.30", "str", "1.30"), ("3", "int", 3), ("3", "float", 3), ("1.5", "float", 1.5), ("yes", "bool", True),
     ("~", "null", None)],
)
def test_tags_of_json_types_are_read(text: str, tag: str, value: object) -> None:
    assert tagged(text, STR.replace("str", tag)) == value


@pytest.mark.parametrize(
    ("text", "tag"),
    [("x", "!secret"), ("eA==", STR.replace("str", "binary")), ("2024-01-01", STR.replace("str", "timestamp")),
     ("x", STR.replace("str", "int")), ("yes", STR.replace("str", "int")), ("1.5", STR.replace("str", "int"))],
)
def test_other_tags_are_refused(text: str, tag: str) -> None:
    with pytest.raises(ScalarError):
        tagged(text, tag)


def test_scalars_are_resolved_once_and_merges_noticed() -> None:
    scalars = Scalars()
    assert scalars["1.30"] == 1.3
    assert not scalars.merges
    assert scalars["<<"] is MERGE
    assert scalars.merges
    assert type(without_merge(MERGE)) is str
    assert dict(scalars) == {"1.30": 1.3, "<<": "<<"}
