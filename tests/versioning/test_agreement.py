"""The rules and the digests of releases call the same things content.

A change that asks for a new version without one is refused by `check`; if it is published all the same, the digest
refuses it. Were they of two minds, something would be refused that no bump mends, or content would ship under an old
version.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.metadata import LAYER_COMPONENT, Component, Metadata
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import Entry, SourceFile
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import FIRST, KubernetesVersion
from cluster_stacks.operations.comparing import reads
from cluster_stacks.releases.digest import image_digest, source_digest
from cluster_stacks.repository.overlay import Overlay
from cluster_stacks.repository.paths import Family
from cluster_stacks.versioning.detect import Detector
from cluster_stacks.versioning.reach import FamilyStates
from cluster_stacks.versioning.sources import Sources, Versions

STACK = StackId("docker", "scs", "1-36")
FAMILY = Family("docker", "scs")
KEYS = (
    "cluster-class/class.yaml", "cluster-class/Chart.yaml", "cluster-addon/cilium/Chart.yaml",
    "cluster-addon/cilium/values.yaml", "cluster-addon/cilium/overwrite.yaml", "cluster-addon/cilium/addon.yaml",
    "cluster-addon/cilium/charts/x/Chart.yaml", "cluster-addon/cilium/README.md", "clusteraddon.yaml", "README.md",
    "sample-cluster.yaml", "node-images/images.yaml", "node-images/templates/image.yaml", "node-images/ubuntu/build.sh",
    "node-images/README.md", "node-image/Dockerfile", "kubernetes.yaml", "topology-docker.yaml", "CODEOWNERS",
    "cluster-class",
)
TEXTS = (
    "a: 1\n", "name: x\nversion: v1\n", "name: x\nversion: v2\n", "a: <% kubernetes.version %>\n",
    "a: <% kubernetes.minor %>\n", "a: <% kubernetes['number'] %>\n", "#% set k = kubernetes\na: <% k.version %>\n",
    "a: <% vars.x %>\n", "a: <% vars['a-b'].c %>\n", "#% for k in vars\n- <% k %>\n#% endfor\n", "a: <% vars.m.k %>\n",
    "#% for k, v in vars.m.items()\n- <% k %>\n#% endfor\n", "a: <% vars.m | to_yaml %>\n", "a: <% vars.x.upper() %>\n",
    "a: <% images['u-24'].name %>\n", "a: <% images.u.url %>\n", "a: <% images['u-24'].checksum %>\n",
    "#% for i in images\n- <% i %>\n#% endfor\n", "a: <% versions.cluster_stack %> <% release_name %>\n",
    "<# <% vars.x %> #>\n", "a: '<%% if vars.missing is defined %%>x<%% endif %%>'\n", "a: <% vars[vars.x] %>\n",
    "a: <% 'vars.x' %>\n", "a: <% broken\n",
)
VARS: tuple[dict[str, object], ...] = (
    {}, {"x": "1"}, {"x": "2"}, {"x": 1}, {"x": True}, {"x": 1.0}, {"a-b": {"c": 1}, "a": 1}, {"a-b": {"c": 2}, "a": 1},
    {"m": {"k": 1, "l": 2}}, {"m": {"l": 2, "k": 1}}, {"m": {"k": 1, "l": 3}}, {"missing": None}, {"items": {"k": 1}},
)

State = tuple[Mapping[str, tuple[str, str]], Mapping[str, object], int]
states = st.tuples(
    st.dictionaries(
        st.sampled_from(KEYS), st.tuples(st.sampled_from(["100644", "100755", "120000"]), st.sampled_from(TEXTS)),
        max_size=5,
    ),
    st.sampled_from(VARS), st.integers(1, 2),
)


class Texts:
    """Contents by an object id that is the content."""

    def blob(self, entry: Entry) -> bytes:
        return entry.oid.encode()

    def fetch(self, entries: Iterable[Entry]) -> None:
        pass


def metadata(state: State) -> Metadata:
    return Metadata(FIRST, KubernetesVersion(1, 36, state[2]), FIRST, FIRST)


def source(state: State) -> StackSource:
    files = {key: SourceFile(f"{STACK.path}/{key}", mode, text.encode()) for key, (mode, text) in state[0].items()}
    return StackSource(STACK, metadata(state), files, state[1])


def asked(before: State, after: State) -> set[Component]:
    """The versions that have to move, by the rules."""
    folders = [
        {"1-36": {"metadata.yaml": Entry("", "", str(state[2])), **{
            key: Entry(f"{STACK.path}/{key}", mode, text) for key, (mode, text) in state[0].items()
        }}}
        for state in (before, after)
    ]
    versions = [Versions(metadata(state), Overlay((), state[1])) for state in (before, after)]
    sources = Sources({STACK: versions[0]}, {STACK: versions[1]}, {STACK: versions[0]})
    change = Detector(Texts(), "main", reads).change(FamilyStates(FAMILY, *folders), STACK, sources)
    return {component for component in (*LAYER_COMPONENT.values(),) if change and change.changed(component)}


def has_images(state: State) -> bool:
    return bool(source(state).layer(Layer.NODE_IMAGES))


KUBERNETES = "a: <% kubernetes.version %>\n"
NAMED = "a: <% images['u-24'].name %>\n"


@pytest.mark.parametrize(
    ("images", "before", "after", "patch", "moves"),
    [
        ("a: 1\n", "a: 1\n", NAMED, 1, True), ("a: 1\n", NAMED, "a: 1\n", 1, True), ("a: 1\n", NAMED, NAMED, 1, False),
        ("a: 1\n", NAMED, NAMED, 2, True), ("a: 1\n", "a: 1\n", "a: 1\n", 2, False),
        (KUBERNETES, "a: 1\n", NAMED, 1, False), (KUBERNETES, NAMED, NAMED, 2, True),
        ("a: <% kubernetes.number %>\n", "a: 1\n", NAMED, 1, False),
        ("a: <% kubernetes %>\n", "a: 1\n", NAMED, 1, False),
        ("a: <% kubernetes.minor %>\n", "a: 1\n", NAMED, 1, True), (NAMED, "a: 1\n", NAMED, 1, False),
    ],
)
def test_the_names_of_images(images: str, before: str, after: str, patch: int, moves: bool) -> None:
    sides: list[State] = [
        ({"node-images/images.yaml": ("100644", images), "cluster-class/class.yaml": ("100644", text)}, {}, at)
        for text, at in ((before, 1), (after, patch))
    ]
    assert (Component.NODE_IMAGE in asked(*sides)) is moves
    assert (image_digest(source(sides[0]), Settings()) != image_digest(source(sides[1]), Settings())) is moves


@settings(max_examples=200, deadline=None)
@given(before=states, after=states, same=st.sets(st.integers(0, 2), max_size=2))
def test_what_moves_a_digest_asks_for_a_version_and_the_other_way_round(
    before: State, after: State, same: set[int]
) -> None:
    files, variables, patch = (before[part] if part in same else after[part] for part in range(3))
    after = (files, variables, patch)  # type: ignore[assignment]  # each part keeps its place
    old, new = source(before), source(after)
    try:
        moved = asked(before, after)
    except Refused:  # an addon.yaml that says nothing is not published either
        reject()
    assert (source_digest(old, Settings()) != source_digest(new, Settings())) is (Component.CLUSTER_STACK in moved)
    if has_images(before) and has_images(after):
        assert (image_digest(old, Settings()) != image_digest(new, Settings())) is (Component.NODE_IMAGE in moved)


@given(before=states, stack=st.integers(2, 9), image=st.integers(2, 9))
def test_versions_are_part_of_what_is_published(before: State, stack: int, image: int) -> None:
    old = source(before)
    version = dataclasses.replace(FIRST, major=stack)
    new = dataclasses.replace(old, metadata=dataclasses.replace(old.metadata, cluster_stack=version))
    assert source_digest(old, Settings()) != source_digest(new, Settings())
    assert image_digest(old, Settings()) == image_digest(new, Settings())
