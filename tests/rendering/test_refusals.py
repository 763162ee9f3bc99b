"""Wrong sources: each is refused with findings at the place in the source, and never with anything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource

Make = Callable[..., StackSource]
Refuse = Callable[[StackSource], tuple[Finding, ...]]
Render = Callable[[StackSource], Release]
Place = Callable[[tuple[Finding, ...]], tuple[str, str, int, int]]

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: <% release_name %>-a}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: <% nothing %>", ("CS300", 1, 7)),
        ("#% if x\na: 1\n", ("CS301", 2, 1)),
        ("\n<% 'x'.center(10**9) %>", ("CS302", 2, 8)),
        ("#% if true\na: [1\n#% endif\nb: 2\n", ("CS202", 4, 2)),
        ("#% for i in range(3)\na: 1\n#% endfor\n", ("CS203", 2, 1)),
        ("k: 1\n<% '\\tx: 1' %>\n", ("CS202", 2, 1)),
        ("a: 1\n\tb: 2\n", ("CS202", 2, 1)),
        ("\n- 1\n", ("CS306", 2, 1)),
        ("kind: A\napiVersion: v1\nmetadata: {}\n", ("CS306", 1, 1)),
        ("kind: 1\napiVersion: v1\nmetadata: {name: a}\n", ("CS306", 1, 1)),
        ("kind: List\napiVersion: v1\nitems: []\n", ("CS306", 1, 1)),
        ("#% if true\n" + MAP + "---\n" + MAP + "#% endif\n", ("CS307", 8, 18)),
        (MAP.replace("}", ", namespace: x}"), ("CS308", 3, 40)),
        (MAP.replace("<% release_name %>", "docker-scs-1-36-v2"), ("CS309", 3, 18)),
        (MAP.replace("<% release_name %>-a", "docker-scs-1-36-v33"), ("CS309", 3, 18)),
        (b"a: \xff\n", ("CS201", 1, 4)),
        (("120000", "other.yaml"), ("CS305", 0, 0)),
        ("[" * 30000, ("CS204", 1, 201)),
        ("a: " + "<% '[' * 30000 %>", ("CS204", 1, 4)),
        ("<% ('x' * (2**31)) | length %>", ("CS302", 1, 1)),
        ("a: &a [x,x,x]\nb: &b [*a,*a,*a]\n" + "".join(
            f"{chr(99 + i)}: &{chr(99 + i)} [{','.join(['*' + chr(98 + i)] * 9)}]\n" for i in range(12)
        ), ("CS204", 0, 0)),
    ],
)
def test_a_class_file(
    make: Make, refuse: Refuse, place: Place, text: str | bytes | tuple[str, str], expected: tuple[str, int, int]
) -> None:
    rule, path, line, column = place(refuse(make({"cluster-class/x.yaml": text})))
    assert (rule, path) == (expected[0], "cluster-class/x.yaml")
    assert (line, column) == expected[1:] or expected[1] == 0


@pytest.mark.parametrize(
    "files",
    [{}, {"cluster-class/class.yaml": ""}, {"cluster-class/class.yaml": "# only\n<# comments #>\n---\n"},
     {"cluster-class/other.yaml": MAP}],
)
def test_a_stack_without_a_class(make: Make, refuse: Refuse, files: dict[str, str]) -> None:
    (finding,) = refuse(make(files, class_=False))
    assert finding.rule == "CS304"


@pytest.mark.parametrize(
    ("path", "rule"),
    [("cluster-class/script.sh", "CS305"), ("cluster-addon/notes.yaml", "CS305"), ("cluster-addon/a/b.txt", "CS305"),
     ("cluster-addon/Not_A_Name/a.yaml", "CS330")],
)
def test_files_that_nothing_reads(make: Make, refuse: Refuse, path: str, rule: str) -> None:
    findings = refuse(make({path: MAP}))
    assert [(f.rule, f.path.endswith(path)) for f in findings] == [(rule, True)]


def test_everything_wrong_is_told_at_once(make: Make, refuse: Refuse) -> None:
    findings = refuse(make({
        "cluster-class/a.yaml": "<% no %>", "cluster-class/b.yaml": "a: [", "sample-cluster.yaml": "a: <% nope %>",
        "cluster-addon/x/y.yaml": "<% release_name %>",
    }))
    assert sorted((f.rule, f.path.rpartition("/")[2]) for f in findings) == [
        ("CS202", "b.yaml"), ("CS300", "a.yaml"), ("CS300", "sample-cluster.yaml"), ("CS300", "y.yaml"),
    ]


def test_an_addon_has_no_release_name(make: Make, refuse: Refuse) -> None:
    (finding,) = refuse(make({"cluster-addon/x/y.yaml": "a: 1\nb: <% release_name %>"}))
    assert (finding.line, finding.column) == (2, 7)
    assert finding.message == (
        "'release_name' is not defined here: an addon's content must not depend on the version of the stack"
    )


def test_a_sample_without_a_cluster(make: Make, refuse: Refuse, place: Place) -> None:
    assert place(refuse(make({"sample-cluster.yaml": MAP})))[:2] == ("CS306", "sample-cluster.yaml")


def test_names_with_strange_characters_stay_in_the_folder(make: Make, render: Render) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: <% release_name %>-../../x}\n"
    # What an API server would refuse is validation's to say; no file may leave the folder for it.
    release = render(make({"cluster-class/x.yaml": text}))
    assert "cluster-class/configmap-_.._x.yaml" in release.files
