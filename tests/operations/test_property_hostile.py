"""Whatever stands in metadata.yaml and overlay.yaml, now or before: a finding or exit 2, never a pass or a crash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import example, given, note
from hypothesis import strategies as st

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Severity
from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.changes import find_changes
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from versioning.model.asking import Scratch, examples
from versioning.model.edits import FIRST, SCS, Files
from versioning.model.history import Commit

STACK = f"{SCS}/1-36"
METADATA, OVERLAY = f"{STACK}/metadata.yaml", f"{STACK}/overlay.yaml"
CLASS = f"{STACK}/cluster-class/class.yaml"
_GOOD = FIRST[METADATA][1]

BROKEN = (
    b"", b"- a\n", b"x\n", b"a: &a [*a]\n", b"\xef\xbb\xbf" + _GOOD, _GOOD + b"---\n" + _GOOD, b"[" * 3000,
    *(_GOOD.replace(b"v3", text) for text in (b"3", b"v03", b"v3\xd9\xa3", b"v" + b"9" * 30, b"v3-alpha", b"&a v3")),
    _GOOD.replace(b"v1.36.1", b"v1.35.1"), b"<<<<<<< HEAD\n" + _GOOD,
    b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    b"versions: !!python/object:os.system {}\n", b"remove: [/, .., '']\n", b"vars: 1\n",
)

broken = st.one_of(
    st.binary(max_size=40).map(lambda data: ("100644", data)),
    st.tuples(st.integers(0, len(_GOOD)), st.binary(max_size=3), st.integers(0, 4)).map(
        lambda cut: ("100644", _GOOD[: cut[0]] + cut[1] + _GOOD[cut[0] + cut[2] :])
    ),
    st.sampled_from(BROKEN).map(lambda data: ("100644", data)),
    st.sampled_from([
        ("120000", b"/etc/passwd"), ("120000", b"../1-35/metadata.yaml"), ("120000", b"metadata.yaml"),
        ("160000", b"1" * 40), ("100755", _GOOD),
    ]),
)
MORE = f"{SCS}/shared/cluster-class/more.yaml"
spots = st.sampled_from((METADATA, METADATA, OVERLAY, CLASS, MORE, f"{SCS}/1-35", STACK))
damage = st.dictionaries(spots, st.none() | broken, max_size=2)


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    yield made
    made.close()


def damaged(files: Files, edits: dict[str, tuple[str, bytes] | None]) -> Files:
    """Files with others in their place; one that stands where a folder was takes the folder's place."""
    for path, file in edits.items():
        files = {old: kept for old, kept in files.items() if not old.startswith(f"{path}/") and old != path}
        taken = any(path.startswith(f"{old}/") for old in files)
        files |= {path: file} if file and not taken else {}
    return files


def is_readable(files: Files) -> bool:
    """Whether someone who reads metadata.yaml in good faith finds four versions in it."""
    mode, data = files[METADATA]
    try:
        said: Any = yaml.safe_load(data.decode())
        versions = said["versions"]
        found = [versions["clusterStack"], versions["kubernetes"], *versions["components"].values()]
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError, AttributeError, ValueError, RecursionError):
        return False
    return mode.startswith("100") and all(isinstance(version, str) and version.startswith("v") for version in found)


@examples(30)
@given(base=damage, mine=damage, theirs=damage)
@example(base={METADATA: None}, mine={METADATA: ("160000", b"1" * 40)}, theirs={})
@example(base={METADATA: ("160000", b"1" * 40)}, mine={}, theirs={METADATA: ("160000", b"1" * 40)})
@example(base={STACK: ("100644", b"a file\n")}, mine={}, theirs={STACK: ("120000", b"1-35")})
@example(base={}, mine={OVERLAY: ("160000", b"1" * 40)}, theirs={OVERLAY: ("120000", b"x")})
def test_never_a_crash_and_never_a_pass(scratch: Scratch, base: Any, mine: Any, theirs: Any) -> None:
    states = [damaged(FIRST, edits) for edits in (base, mine, theirs)]
    changed = states[1].get(METADATA) != states[0].get(METADATA)
    main, topic, tip = scratch.commits([Commit(states[0], ()), Commit(states[1], (0,)), Commit(states[2], (0,))])
    assert main
    question = Question(base=tip, head=topic)
    path = scratch.repo.path
    for ask in (lambda: find_changes(path, question), lambda: bump(path, [], question, dry_run=True)):
        try:
            ask()
        except (CannotTell, Refused) as error:
            note(f"{error!r}")
    try:
        findings = check(scratch.repo.path, question).findings
    except (CannotTell, Refused):
        return
    note(str(findings))
    if changed and METADATA in states[1] and not is_readable(states[1]):
        assert any(f.severity is Severity.ERROR and f.path.startswith(STACK) for f in findings)
