"""Good examples, spoilt: a version out of line is found everywhere, and an edit wherever it counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_stacks.model.finding import Severity
from cluster_stacks.versioning.rules import RULES
from gitrepo_plugin import Content, Special
from versioning.model import reading, spec
from versioning.model.asking import Scratch, asked, said
from versioning.model.edits import Files, Shift, Write
from versioning.model.history import Commit
from versioning.model.reading import stacks
from versioning.test_examples import EXAMPLES, FILES, edits

GOOD = [path for path in FILES if path.parts[-2] == "good"]


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    yield made
    made.close()


def laid(files: Files, written: dict[str, Content]) -> Files:
    """Files with the edits of an example."""
    found = dict(files)
    for path, content in written.items():
        found.pop(path, None)
        if isinstance(content, Special):
            found[path] = (content.mode, content.data.encode())
        elif content is not None:
            found[path] = ("100644", content if isinstance(content, bytes) else content.encode())
    return found


def states(path: Path) -> tuple[Files, Files, Files]:
    """Merge base, topic and target of an example."""
    read: dict[str, Any] = yaml.safe_load(path.read_text())
    main = laid({}, edits(read, "main"))
    return main, laid(main, edits(read, "change")), laid(main, edits(read, "since"))


def told(scratch: Scratch, base: Files, theirs: Files, heads: list[Files]) -> list[set[tuple[str, str, str | None]]]:
    """What the checker says of each of these heads."""
    commits = [Commit(base, ()), Commit(theirs, (0,)), *(Commit(head, (0,)) for head in heads)]
    _, tip, *topics = scratch.commits(commits)
    return [{row[:3] for row in said(asked(scratch.repo, topic, tip))} for topic in topics]


def with_other_numbers(files: Files) -> Files:
    for stack in stacks(files):
        for component in reading.COMPONENTS:
            files = Shift(stack, component, 7).apply(files)
    return files


def with_edits(files: Files, *keys: str) -> Files:
    for stack in stacks(files):
        for key in keys:
            files = Write(f"{stack}/{key}", "a: 7\n").apply(files)
    return files


def name(path: Path) -> str:
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_numbers_from_nowhere_and_edits_are_found(scratch: Scratch, path: Path) -> None:
    base, mine, theirs = states(path)
    try:
        if not stacks(mine) or spec.judge(base, mine, theirs):
            pytest.skip("not the native layout, or good for its own rule alone")
    except (KeyError, TypeError, AssertionError):
        pytest.skip("metadata.yaml of another kind")
    spoilt = [
        with_other_numbers(mine), with_edits(mine, "cluster-class/x.yaml", "README.md"),
        with_edits(mine, "cluster-addon/x/y.yaml", "node-images/x.sh"),
    ]
    expected = [{wrong[:3] for wrong in spec.judge(base, head, theirs)} for head in spoilt]
    assert {row[1] for row in expected[0]} == set(reading.COMPONENTS)
    assert told(scratch, base, theirs, spoilt) == expected


def test_each_rule_has_an_example_that_breaks_it_alone() -> None:
    notes = {rule.id for rule in RULES if rule.severity is Severity.NOTE}
    for rule in RULES:
        if not (EXAMPLES / f"{rule.id}-{rule.name}").exists():
            continue  # one of the rules that judge histories, which no example can show
        files = [path for path in FILES if path.parts[-3:-1] == (f"{rule.id}-{rule.name}", "bad")]
        broken = [{line[:5] for line in yaml.safe_load(path.read_text())["findings"]} for path in files]
        assert any(rules - notes <= {rule.id} for rules in broken), rule.id
