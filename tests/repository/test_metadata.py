"""metadata.yaml: every way to get it wrong is one positioned finding."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Component
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.metadata import parse_metadata
from gitrepo_plugin import metadata

STACK = StackId("docker", "scs", "1-36")
GOOD = metadata("v3", "v1.36.1", "v2", "v1-alpha.0")
FLOW = (
    "{apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1, versions: {kubernetes: v1.36.1, clusterStack: v3, "
    "components: {nodeImage: v1-alpha.0, clusterAddon: v2}}}"
)


def refused(text: str | bytes) -> list[Finding]:
    with pytest.raises(Refused) as error:
        parse_metadata(text if isinstance(text, bytes) else text.encode(), STACK.metadata_path, STACK)
    return list(error.value.findings)


def told(text: str | bytes) -> tuple[str, int, int, str]:
    (finding,) = refused(text)
    assert finding.path == STACK.metadata_path
    return finding.rule, finding.line, finding.column, finding.message


def test_the_versions_and_where_they_stand() -> None:
    found = parse_metadata(GOOD.encode(), STACK.metadata_path, STACK)
    assert found.as_dict() == {
        "clusterStack": "v3", "kubernetes": "v1.36.1", "clusterAddon": "v2", "nodeImage": "v1-alpha.0"
    }
    assert dict(found.positions)[Component.KUBERNETES] == Position(4, 15, 4, 22)


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n---\n" + GOOD,
        GOOD.replace("v3", "'v3'").replace("v1.36.1", '"v1.36.1"'),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        FLOW,
        GOOD + "    clusterClass: v3\n",
    ],
)
def test_the_form_of_the_text_does_not_count(text: str) -> None:
    assert parse_metadata(text.encode(), STACK.metadata_path, STACK).as_dict()["clusterStack"] == "v3"


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "column", "message"),
    [
        ("v3", "3", "CS221", 3, 17, "versions.clusterStack is a number: write a version such as v3"),
        ("v3", "v3.0", "CS221", 3, 17, "versions.clusterStack: 'v3.0' is not a version such as v3 or v1-alpha.0"),
        ("v3", "V3", "CS221", 3, 17, "not a version"),
        ("v3", "'v3 '", "CS221", 3, 17, "not a version"),
        ("v3", "v٣", "CS221", 3, 17, "not a version"),
        ("v3", "yes", "CS221", 3, 17, "versions.clusterStack is true or false"),
        ("v3", "[v3]", "CS221", 3, 17, "versions.clusterStack is a list"),
        (" v3", "", "CS221", 3, 16, "versions.clusterStack is empty"),
        ("v1.36.1", "1.30", "CS221", 4, 15, "versions.kubernetes is a number: write a version such as v1.36.2"),
        ("v1.36.1", "'1.36.1'", "CS221", 4, 15, "'1.36.1' is not a Kubernetes version such as v1.36.2"),
        ("v1.36.1", "v1.36", "CS221", 4, 15, "not a Kubernetes version"),
        ("v1.36.1", "v1.35.1", "CS222", 4, 15, "kubernetes v1.35.1 is not of the minor 1-36: write a v1.36 version"),
        ("nodeImage", "nodeimage", "CS221", 7, 5, "nodeImage"),
        ("  components:", "  component:", "CS221", 5, 3, "components"),
        ("v1alpha1", "v1beta1", "CS221", 1, 13, "metadata.clusterstack.x-k8s.io/v1alpha1"),
        ("    nodeImage: v1-alpha.0\n", "", "CS221", 5, 3, "nodeImage"),
        ("apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1\n", "", "CS221", 1, 1, "apiVersion"),
        ("v1-alpha.0\n", "v1\n    clusterClass: v2\n", "CS223", 8, 19, "clusterClass must be v3, as clusterStack is"),
        ("v1-alpha.0\n", "v1\n    clusterClass: 2\n", "CS221", 8, 19, "clusterClass is a number"),
        ("v1-alpha.0\n", "v1\nkind: Metadata\n", "CS221", 8, 1, "kind"),
        ("  components", "\tcomponents", "CS202", 5, 1, "tab"),
        ("v3", "v3\n  clusterStack: v4", "CS203", 4, 3, "clusterStack"),
    ],
)
def test_one_thing_wrong(old: str, new: str, rule: str, line: int, column: int, message: str) -> None:
    assert old in GOOD
    found = told(GOOD.replace(old, new, 1))
    assert message in found[3]
    assert found[0] == rule
    assert found[1] == line
    assert abs(found[2] - column) <= 2, found


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "CS206"), ("# nothing\n", "CS206"), ("---\n", "CS206"), ("- a\n", "CS221"), ("text\n", "CS221"),
        ("{}\n", "CS221"),
        (GOOD + "---\n" + GOOD, "CS206"), (GOOD.encode("utf-16"), "CS201"), (GOOD.encode() + b"# \xff\n", "CS201"),
        (b"\x00", "CS201"), ("[" * 30_000, "CS204"), ("a: &a [x]\nb: *b\n", "CS202"), ("key: [\n", "CS202"),
        ("versions: !!python/object:os.system {}\n", "CS205"), ("versions: []\napiVersion: x\n", "CS221"),
    ],
)
def test_no_metadata_at_all(text: str | bytes, rule: str) -> None:
    found = refused(text)
    assert {finding.rule for finding in found} == {rule}
    assert all(finding.path == STACK.metadata_path for finding in found)


def test_every_wrong_value_is_told() -> None:
    found = refused(GOOD.replace("v3", "3").replace("v2", "2"))
    assert [(finding.line, finding.key) for finding in found] == [(3, "clusterStack"), (6, "clusterAddon")]
    assert {finding.stack for finding in found} == {"docker/scs/1-36"}


def test_a_good_file_is_read_without_a_validator() -> None:
    code = (
        "import sys; from cluster_stacks.repository.metadata import parse_metadata; "
        f"parse_metadata({GOOD.encode()!r}, 'x', None); print(*sys.modules)"
    )
    modules = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"jsonschema", "jinja2", "git", "rich", "ruamel.yaml"} & set(modules)
