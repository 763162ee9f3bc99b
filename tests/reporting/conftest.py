"""Findings made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import jsonschema_rs
import pytest
from lxml import etree

from cluster_stacks.model.finding import Finding, Fix, ObjectRef, Related, Severity
from cluster_stacks.reporting.report import Report

METADATA = b"apiVersion: x\nversions:\n  clusterStack: v3 # c\n  kubernetes: 1.30\n"
PATH = "providers/docker/scs/1-36/metadata.yaml"


@pytest.fixture
def bump() -> Finding:
    """One with everything."""
    return Finding(
        "CS101", Severity.ERROR, "clusterStack must be v4: cluster-class changed (templates/machine.yaml and 2 more)",
        PATH, 3, 17, 3, 19, stack="docker/scs/1-36", key="clusterStack",
        related=(Related("providers/docker/scs/shared/cluster-class/class.yaml", 12, 3, "changed here"),),
        fix=Fix("move the version", "cluster-stacks bump docker/scs/1-36"),
    )


@pytest.fixture
def field() -> Finding:
    """One about an object, of which only the file is known."""
    return Finding(
        "CS401", Severity.WARNING, "spec.x is not known", "providers/docker/scs/1-36/cluster-class/class.yaml",
        object=ObjectRef("v1", "ClusterClass", "scs", "/spec/x"), stack="docker/scs/1-36",
    )


@pytest.fixture
def hostile() -> Finding:
    """One whose every text tries to be more than text."""
    return Finding(
        "CS202", Severity.NOTE, "bad\x1b[2J\n::error::gotcha %0A \u202e | <script> `x`",
        "a\n::b,c:\udcff%\x1b.yaml", 1, 2,
        related=(Related("r\n::x", 1, 1, "m\n::y"),), fix=Fix("d\n::z", "c\r::w"), stack="s\n::t",
    )


@pytest.fixture
def report(bump: Finding, field: Finding, hostile: Finding) -> Report:
    return Report([hostile, field, bump], "3 stacks", {"stacks": 3}, read=reader(METADATA))


def reader(data: bytes) -> Callable[[str], bytes | None]:
    """A repository with one file."""
    return lambda path: data if path == PATH else None


SCHEMAS = Path(__file__).parent / "schemas"
Check = Callable[[str], None]


@pytest.fixture(scope="session")
def valid() -> Mapping[str, Check]:
    """By the name of a format, what raises an error on a text that is not of it."""
    junit = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    return {
        "json": by_schema(Path("schemas/check.schema.json")),
        "sarif": by_schema(SCHEMAS / "sarif-2.1.0.json"),
        "gitlab": by_schema(SCHEMAS / "gitlab-code-quality.json"),
        "junit": lambda text: junit.assertValid(etree.fromstring(text.encode())),
        "html": well_formed,
    }


def by_schema(path: Path) -> Check:
    """What judges JSON by a schema; formats such as `uri` count."""
    # One pattern of SARIF's schema has a bracket too many, which only some engines let pass as a letter.
    schema = path.read_text(encoding="utf-8").replace("{2}]?$", "{2}\\\\]?$")
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    return lambda text: validator.validate(json.loads(text.encode()))


def well_formed(text: str) -> None:
    """The page is XML too, which forgives nothing that a browser would."""
    etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True))
