"""The rules of validation by examples: a new case is a new file.

examples/<rule id>/{good,bad}/<name>.yaml are manifests. The comments that a file begins with say more of it:

    # expect: CS603 /spec/workers/machineDeployments/0/class     a finding; at the first document that gives it, or
    # expect: CS603 #2 /spec/…                                   in the document of that number, counted from 1
    # release: docker/scs/1-36 v1 v1.36.4 v1 v1                  the documents are a release's: the stack, its versions
                                                                 (class, Kubernetes, addons, node images)
    # images: [{name: kind, image: docker-scs-v1.36.4-kind-v1}]  what release.json says of its images, as YAML

In a bad file every error and every expected finding is compared, and the rule's own warnings; a good file has no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.finding import Severity
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.release import ImageUnit, Release, RenderedObject
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.judge import judge_embedded, prepare
from cluster_stacks.validation.problem import Judged, Problem, text_of
from cluster_stacks.validation.rules import RULES
from cluster_stacks.validation.store import Store

EXAMPLES = Path(__file__).parent / "examples"
FILES = sorted(EXAMPLES.glob("*/*/*.yaml"))
GOOD = [path for path in FILES if path.parts[-2] == "good"]
BAD = [path for path in FILES if path.parts[-2] == "bad"]
IMAGE = ("openstack.k-orc.cloud", "Image")
Told = tuple[str, int, str]


def head(path: Path) -> dict[str, list[str]]:
    """The comments that a file begins with, by their key."""
    found: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            break
        key, _, value = line.removeprefix("# ").partition(": ")
        found.setdefault(key, []).append(value.strip())
    return found


def expected(path: Path) -> list[Told]:
    told = []
    for line in head(path).get("expect", []):
        rule, *rest = line.split(" ", 1)
        place = rest[0] if rest else ""
        number, _, pointer = place[1:].partition(" ") if place.startswith("#") else ("0", "", place)
        told.append((rule, int(number), pointer))
    return told


def release_of(text: str, images: str, documents: list[Judged]) -> Release:
    stack, *versions = text.split()
    provider, name, minor = stack.split("/")
    kubernetes = KubernetesVersion.parse(versions[1])
    stack_version, addons, images_version = (Version.parse(versions[number]) for number in (0, 2, 3))
    metadata = Metadata(stack_version, kubernetes, addons, images_version)
    values = [document.value for document in documents if isinstance(document.value, Mapping)]
    objects = [RenderedObject(value, "", "x") for value in values]
    unit = tuple(item for item in objects if is_image(item.value))
    own = tuple(item for item in objects if not is_image(item.value))
    facts = {
        "versions": metadata.as_dict(),
        "images": {"unit": versions[3], "items": yaml.safe_load(images), "objects": [{"name": i.name} for i in unit]},
    }
    return Release(
        StackId(provider, name, minor), metadata, facts, {}, own, ImageUnit(versions[3], "", {}, unit)
    )


def is_image(value: Mapping[str, object]) -> bool:
    return str(value.get("apiVersion", "")).startswith(IMAGE[0]) and value.get("kind") == IMAGE[1]


def findings(path: Path, store: Store) -> list[Problem]:
    said = head(path)
    documents = []
    for document in load_documents(path.read_bytes(), path.name):
        value = document.value
        in_unit = isinstance(value, Mapping) and "release" in said and is_image(value)
        documents.append(Judged(value, path.name, "" if in_unit else "cluster-class", line=document.line))
    release = release_of(said["release"][0], said.get("images", ["[]"])[0], documents) if "release" in said else None
    prepared = prepare(documents, store, release=release)
    return [*prepared.problems, *judge_embedded(prepared, Embedded(store))]


def told(problem: Problem, wanted: list[Told]) -> Told:
    """A problem as `expect` says it: without the document's number where that says none."""
    pointer = text_of(problem.pointer[len(problem.item.prefix):] if problem.item else problem.pointer)
    exact = (problem.rule, problem.document + 1, pointer)
    return exact if exact in wanted else (problem.rule, 0, pointer)


def name(path: Path) -> str:
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


@pytest.mark.parametrize("path", BAD, ids=name)
def test_a_bad_example_has_the_findings_that_it_says(path: Path, store: Store) -> None:
    wanted = expected(path)
    assert wanted, "a bad file says what is wrong with it"
    compared = {path.parts[-3], *(rule for rule, _, _ in wanted)}
    found = [p for p in findings(path, store) if p.severity is Severity.ERROR or p.rule in compared]
    assert sorted(told(problem, wanted) for problem in found) == sorted(wanted), [p.message for p in found]
    assert path.parts[-3] in compared


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_a_good_example_has_none(path: Path, store: Store) -> None:
    found = [p for p in findings(path, store) if p.severity is Severity.ERROR or p.rule == path.parts[-3]]
    assert [(problem.rule, text_of(problem.pointer), problem.message) for problem in found] == []


def test_examples_are_of_rules_that_there_are() -> None:
    ids = {rule.id for rule in RULES}
    assert {folder.name for folder in EXAMPLES.iterdir()} <= ids


@pytest.mark.parametrize("folder", sorted(EXAMPLES.iterdir()), ids=lambda folder: str(folder.name))
def test_every_rule_has_a_good_and_a_bad_example(folder: Path) -> None:
    assert list((folder / "good").glob("*.yaml"))
    bad = [expected(path) for path in (folder / "bad").glob("*.yaml")]
    assert bad
    assert all(any(rule == folder.name for rule, _, _ in each) for each in bad)
