"""overlay.yaml: what a minor does without, and the values of its templates."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.overlay import is_removed, parse_overlay, unused_removals

STACK = StackId("docker", "scs", "1-36")
PATH = f"{STACK.path}/overlay.yaml"


def test_both_parts() -> None:
    text = b"remove:\n  - cluster-addon/konnectivity/\n  - cluster-class/x.yaml\nvars: {cni: {version: '1.19'}, m: 3}\n"
    found = parse_overlay(text, PATH, STACK)
    assert found.remove == ("cluster-addon/konnectivity", "cluster-class/x.yaml")
    assert found.vars == {"cni": {"version": "1.19"}, "m": 3}


@pytest.mark.parametrize("text", [b"vars: {}\n", b"remove: []\n", b"{}\n"])
def test_either_part_may_be_missing(text: bytes) -> None:
    assert (parse_overlay(text, PATH, STACK).remove, parse_overlay(text, PATH, STACK).vars) == ((), {})


@pytest.mark.parametrize(
    ("text", "rule", "line", "message"),
    [
        (b"", "CS206", 1, ""),
        (b"- a\n", "CS224", 1, ""),
        (b"vars: []\n", "CS224", 1, "vars"),
        (b"vars:\n  a: 1\nremoved: []\n", "CS224", 3, "remove"),
        (b"remove: cluster-class/x.yaml\n", "CS224", 1, "remove"),
        (b"remove:\n- 1\n", "CS224", 2, ""),
        (b"remove:\n- ../x\n", "CS224", 2, ""),
        (b"remove:\n- /x\n", "CS224", 2, ""),
        (b"remove:\n- a//b\n", "CS224", 2, ""),
        (b"remove:\n- ''\n", "CS224", 2, ""),
        (b"remove:\n- a/./b\n", "CS224", 2, ""),
        (b"vars: {a: 1, a: 2}\n", "CS203", 1, ""),
        (b"from: 1.36\n", "CS224", 1, "from"),
        (b"from: docker/scs/1-36\n", "CS224", 1, "from"),
        (b"from:\n", "CS224", 1, "from"),
    ],
)
def test_wrong_forms(text: bytes, rule: str, line: int, message: str) -> None:
    with pytest.raises(Refused) as error:
        parse_overlay(text, PATH, STACK)
    (finding,) = error.value.findings
    assert (finding.rule, finding.line, finding.path) == (rule, line, PATH)
    assert message in finding.message


def test_where_a_minor_comes_from() -> None:
    assert parse_overlay(b"from: 1-36\n", PATH, STACK).origin == "1-36"
    assert parse_overlay(b"vars: {}\n", PATH, STACK).origin == ""


def test_a_folder_is_removed_with_all_in_it_and_nothing_beside_it() -> None:
    keys = ["cluster-addon/a/x", "cluster-addon/a/b/y", "cluster-addon/ab/x", "cluster-addon/a"]
    assert [is_removed(key, ("cluster-addon/a",)) for key in keys] == [True, True, False, True]


def test_what_removes_nothing_is_told_with_its_line() -> None:
    overlay = parse_overlay(b"remove:\n- cluster-class/x.yaml\n- cluster-class/typo.yaml\n", PATH, STACK)
    (finding,) = unused_removals(overlay, ["cluster-class/x.yaml"], PATH, STACK)
    assert (finding.rule, finding.line, finding.column) == ("CS232", 3, 3)
    assert "cluster-class/typo.yaml, which shared/ does not have" in finding.message
