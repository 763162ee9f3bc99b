"""After any change that is refused, a bump makes the check pass, a second one does nothing, and only versions moved."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_stacks.model.finding import Severity
from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import Content, GitRepo, metadata, new_repository

FAMILY = "providers/docker/scs"
MINORS = ("1-35", "1-36")
KEYS = (
    "cluster-class/class.yaml", "cluster-class/more.yaml", "cluster-addon/cilium/values.yaml",
    "cluster-addon/cilium/Chart.yaml", "node-images/images.yaml", "node-images/templates/image.yaml", "README.md",
)
TEXTS = ("a: 1\n", "a: 2\n", "a: <% kubernetes.version %>\n", "a: <% vars.x %>\n", "version: v1\n", "version: v2\n")
VERSIONS = ("v1", "v2", "v3", "v4", "v2-alpha.0", "v2-alpha.1")
OVERLAYS = ("vars: {x: 1}\n", "vars: {x: 2, z: 1}\n")

files = st.dictionaries(
    st.tuples(st.sampled_from((*MINORS, "shared")), st.sampled_from(KEYS)).map("/".join), st.sampled_from(TEXTS),
    max_size=6,
)
deletions = st.sets(st.tuples(st.sampled_from((*MINORS, "shared")), st.sampled_from(KEYS)).map("/".join), max_size=2)
version = st.sampled_from(VERSIONS)
heads = st.fixed_dictionaries({
    minor: st.tuples(version, st.sampled_from(("1", "2")), version, version, st.sampled_from(OVERLAYS))
    for minor in MINORS
})
State = tuple[Mapping[str, str], set[str], Mapping[str, tuple[str, str, str, str, str]]]
states = st.tuples(files, deletions, heads)


def tree(state: State, before: Mapping[str, Content] | None = None) -> dict[str, Content]:
    """The files of a state, on top of another: what it deletes there is None."""
    written, deleted, versions = state
    found: dict[str, Content] = {f"{FAMILY}/{path}": text for path, text in written.items()}
    for path in deleted:
        if f"{FAMILY}/{path}" in (before or {}) and f"{FAMILY}/{path}" not in found:
            found[f"{FAMILY}/{path}"] = None
    for minor, (stack, patch, addon, image, overlay) in versions.items():
        number = f"v{minor.replace('-', '.')}.{patch}"
        found[f"{FAMILY}/{minor}/metadata.yaml"] = metadata(stack, number, addon, image)
        found[f"{FAMILY}/{minor}/overlay.yaml"] = overlay
    return found


def wrong(repo: GitRepo, question: Question) -> list[str]:
    """The errors of the rules on changes."""
    findings = check(repo.path, question).findings
    return [f.message for f in findings if f.severity is Severity.ERROR and f.rule.startswith("CS10")]


def without_versions(text: str) -> str:
    return re.sub(r"(clusterStack|clusterAddon|nodeImage): \S+", r"\1:", text)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=states, mine=states, theirs=st.none() | states, staged=st.booleans())
def test_a_bump_mends_any_change(base: State, mine: State, theirs: State | None, staged: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = new_repository(Path(folder))
        start = tree(base)
        repo.commit(start)
        repo.commit(tree(mine, start), branch="topic", parent="main")
        if theirs is not None:
            repo.commit(tree(theirs, start))
        repo.checkout("topic")
        before = {path: path.read_text() for path in repo.path.glob("providers/**/*.yaml")}
        question = Question(base="main", staged=staged, worktree=not staged)
        refused = bool(wrong(repo, question))
        result = bump(repo.path, [], question)
        assert bool(result.bumps) == refused
        assert wrong(repo, question) == []
        assert bump(repo.path, [], question).bumps == ()
        for path, text in before.items():
            after = path.read_text()
            assert without_versions(after) == without_versions(text) if path.name == "metadata.yaml" else after == text
        assert repo.git("diff", "--name-only") == ("" if staged else repo.git("diff", "--name-only", "HEAD"))
