"""What `history` says of each commit is what the rules of change say of `--base COMMIT^ --head COMMIT`."""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_stacks.model.finding import Finding
from cluster_stacks.operations.comparing import reads
from cluster_stacks.operations.history import Asked, history
from cluster_stacks.repository.comparison import compare_commits
from cluster_stacks.repository.git import Git
from cluster_stacks.versioning.detect import detect
from cluster_stacks.versioning.replay import BEFORE
from cluster_stacks.versioning.rules import judge_change
from gitrepo_plugin import Content, GitRepo, _change, executable, link, metadata, new_repository, submodule

FAMILIES = ("providers/docker/scs", "providers/docker/two")
MINORS = ("1-35", "1-36")
KEYS = (
    "cluster-class/class.yaml", "cluster-class/more.yaml", "cluster-addon/cilium/values.yaml",
    "cluster-addon/cilium/Chart.yaml", "cluster-addon/cilium/addon.yaml", "node-images/images.yaml",
    "clusteraddon.yaml", "README.md", "cluster-class/README.md",
)
PLAIN = ("a: 1\n", "a: 2\n", "a: <% kubernetes.version %>\n", "a: <% vars.x %>\n", "a: <% images.a.name %>\n",
         "version: v1\n", "version: v2\n", "releaseName: x\n", "images: [{name: a}]\n")
ODD: tuple[Content, ...] = (executable("a: 1\n"), link("../x"), submodule(), b"\xff\0", None)
ROOT = (
    "csctl.yaml", "versions.yaml", "metadata.yaml", "cluster-class/x.yaml", "1-36.1/metadata.yaml", "1-36/overlay.yaml",
    "1-36/csctl.yaml",
)
CSCTL = (
    "apiVersion: csctl.clusterstack.x-k8s.io/v1alpha1\nconfig: {kubernetesVersion: v1.36.1, clusterStackName: scs, "
    "provider: {type: docker, apiVersion: x}}\n"
)
ROOT_TEXTS: tuple[Content, ...] = (
    "- {kubernetes: 1.34.1}\n", "a: [", None, "vars: {x: 2}\n", "remove: [cluster-class/class.yaml]\n",
    CSCTL,
)
BROKEN: tuple[Content, ...] = ("a: [", "", link("x"), submodule(), None, metadata("v2").replace("\n", "\r\n"))

family = st.sampled_from(FAMILIES)
folder = st.sampled_from((*MINORS, "shared"))
edit = st.tuples(st.tuples(family, folder, st.sampled_from(KEYS)).map("/".join), st.sampled_from(PLAIN))
odd = st.tuples(st.tuples(family, folder, st.sampled_from(KEYS)).map("/".join), st.sampled_from(ODD))
root = st.tuples(st.tuples(family, st.sampled_from(ROOT)).map("/".join), st.sampled_from(ROOT_TEXTS))
heads = st.tuples(family, st.sampled_from(MINORS), st.just("metadata.yaml")).map("/".join)
broken = st.tuples(heads, st.sampled_from(BROKEN))
VERSIONS = ("v1", "v2", "v3", "v2-alpha.0")


class Bump(NamedTuple):
    """Moves the versions of a stack by some numbers, or sets clusterStack to a text."""

    family: str
    minor: str
    steps: tuple[int, int, int]
    patch: int
    text: str


bump = st.builds(
    Bump, family, st.sampled_from(MINORS),
    st.tuples(st.sampled_from((1, 1, 1, 0, 2, -1)), st.sampled_from((0, 0, 1)), st.sampled_from((0, 0, 1))),
    st.sampled_from((0, 0, 0, 1, -1)), st.sampled_from(("", "", "", *VERSIONS)),
)
quiet = st.lists(st.one_of(edit, edit, bump), min_size=1, max_size=4)
wild = st.lists(st.one_of(edit, odd, root, bump, broken), min_size=1, max_size=4)
Step = list[tuple[str, Content] | Bump]


class Writer:
    """Writes a history as one stream of fast-import; every third commit may be the merge of a branch."""

    def __init__(self) -> None:
        self.stream: list[bytes] = []
        self.files: dict[str, Content] = {}
        self.versions: dict[tuple[str, str], list[int]] = {}
        self.mark = 0

    def start(self) -> None:
        files: dict[str, Content] = {}
        for each in FAMILIES:
            for minor in MINORS:
                files |= {f"{each}/{minor}/{key}": "a: 0\n" for key in KEYS[:3]}
                self.versions[each, minor] = [1, 1, 1, 1]
                files[f"{each}/{minor}/metadata.yaml"] = self._metadata(each, minor)
            files[f"{each}/shared/cluster-class/more.yaml"] = "a: 0\n"
        self._commit(files, [])

    def step(self, step: Step) -> None:
        files: dict[str, Content] = {}
        for each in step:
            if not isinstance(each, Bump):
                files[each[0]] = each[1]
                continue
            numbers = self.versions[each.family, each.minor]
            for index, by in enumerate((*each.steps, each.patch)):
                numbers[index] = max(1, numbers[index] + by)
            text = self._metadata(each.family, each.minor, each.text)
            files[f"{each.family}/{each.minor}/metadata.yaml"] = text
        self._commit(files, [self.mark])

    def merge(self, ours: Step, theirs: Step) -> None:
        """Both sides of a fork, then a merge that has what both did."""
        base = self.mark
        self.step(ours)
        first = self.mark
        self._commit({each[0]: each[1] for each in theirs if not isinstance(each, Bump)}, [base], "topic")
        files = {each[0]: each[1] for each in theirs if not isinstance(each, Bump)}
        self._commit(files, [first, self.mark])

    def _metadata(self, family: str, minor: str, text: str = "") -> str:
        stack, addon, image, patch = self.versions[family, minor]
        kubernetes = f"v{minor.replace('-', '.')}.{patch}"
        return metadata(text or f"v{stack}", kubernetes, f"v{addon}", f"v{image}")

    def _commit(self, files: Mapping[str, Content], parents: list[int], branch: str = "main") -> None:
        self.mark += 1
        self.stream.append(b"commit refs/heads/%s\nmark :%d\n" % (branch.encode(), self.mark))
        self.stream.append(b"committer A <a@b> 1767323045 +0000\ndata 1\nx\n")
        words = zip((b"from", b"merge"), parents, strict=False)
        self.stream += [b"%s :%d\n" % (word, parent) for word, parent in words]
        self.stream += [_change(path, content) for path, content in files.items()]
        self.stream.append(b"\n")


def plain(finding: Finding, target: str = BEFORE) -> Finding:
    message = finding.message.replace(f" on {target}", f" on {BEFORE}").replace(f" of {target}", f" of {BEFORE}")
    return dataclasses.replace(finding, fix=None, message=message.replace(f"of {target}", f"of {BEFORE}"))


def by_check(git: Git, commit: str) -> Counter[Finding]:
    """What the rules of change say of one commit."""
    comparison = compare_commits(git, f"{commit}^", commit)
    detected = detect(comparison, reads)
    found = [*detected.findings, *(finding for change in detected.changes for finding in judge_change(change))]
    return Counter(plain(finding, comparison.shown) for finding in found)


def compare(steps: list[Step | tuple[Step, Step]], *, exact: bool) -> None:
    writer = Writer()
    writer.start()
    for step in steps:
        if isinstance(step, tuple):
            writer.merge(*step)
        else:
            writer.step(step)
    with tempfile.TemporaryDirectory() as scratch:
        repo = new_repository(Path(scratch))
        repo.git("fast-import", "--quiet", "--force", stdin=b"".join(writer.stream))
        agree(repo, Asked(), exact=exact)
        if any(isinstance(step, tuple) for step in steps):
            agree(repo, Asked(all_refs=True), exact=True)


def agree(repo: GitRepo, asked: Asked, *, exact: bool) -> None:
    found: dict[str, Counter[Finding]] = {}
    for row in history(repo.path, asked).rows:
        told = Counter(map(plain, row.judged.findings))
        found[row.judged.commit.oid] = found.get(row.judged.commit.oid, Counter()) + told
    words = ("--all",) if asked.all_refs else ("--first-parent", "main")
    git = Git.discover(repo.path)
    for commit in repo.git("rev-list", "--min-parents=1", *words).split():
        ours, theirs = found.get(commit, Counter()), by_check(git, commit)
        more = [finding for finding in ours - theirs if not finding.rule.startswith("CS18")]
        assert theirs - ours == Counter()
        assert all("commit " in finding.message or not exact for finding in more)
        assert not more or not exact
    git.close()


history_of = st.lists(st.one_of(quiet, quiet, st.tuples(quiet, quiet)), min_size=2, max_size=6)
wild_history_of = st.lists(st.one_of(wild, quiet, st.tuples(wild, wild)), min_size=2, max_size=6)
checked = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@checked
@given(steps=history_of)
def test_of_plain_edits(steps: list[Step | tuple[Step, Step]]) -> None:
    compare(steps, exact=True)


@checked
@given(steps=wild_history_of)
def test_of_anything(steps: list[Step | tuple[Step, Step]]) -> None:
    compare(steps, exact=False)


def test_a_class_that_begins_to_name_an_image() -> None:
    """No plain edit: what the file says decides whether another component moves."""
    scs = f"{FAMILIES[0]}/1-36"
    bump = Bump(FAMILIES[0], "1-36", (1, 0, 0), 0, "")
    texts = ("a: 1\n", "a: 2\n", "a: <% images.a.name %>\n", "b: <% images.a.name %>\n", "a: 3\n", "a: 4\n")
    steps: list[Step | tuple[Step, Step]] = [[(f"{scs}/node-images/images.yaml", "images: [{name: a}]\n")]]
    steps += [[(f"{scs}/cluster-class/class.yaml", text), bump] for text in texts]
    compare(steps, exact=True)


def test_an_addon_file_that_is_a_submodule() -> None:
    addon = f"{FAMILIES[0]}/1-36/cluster-addon/cilium/addon.yaml"
    compare([[(addon, "releaseName: x\n")], [(addon, submodule())], [(addon, "releaseName: x\n")]], exact=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
@thorough
@given(steps=st.one_of(history_of, wild_history_of))
def test_of_very_many(steps: list[Step | tuple[Step, Step]]) -> None:
    compare(steps, exact=False)
