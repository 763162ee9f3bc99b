"""Bad and hostile input that a stack renders itself: a finding each, in bounded time, and never a traceback."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.validate import validate_stacks
from gitrepo_plugin import GitRepo
from small_stack import files

OWN = "providers/docker/scs/1-36"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
NUMBERED = CONFIG.replace("name: x", "name: x<% i %>")
SECONDS = 30.0
"""Far more than any of these takes; what grows with the square of its input takes minutes."""
DEEP = 30_000
BOMB = "".join(
    f"{k}: &{k} [{', '.join(f'*{chr(ord(k) - 1)}' if k > 'a' else 'x' for _ in range(9))}]\n" for k in "abcdefgh"
)
HUGE = "".join(f"    {'x' * 100}\n" for _ in range(100_000))


def addon(text: str, **more: str) -> dict[str, Any]:
    return {f"{OWN}/cluster-addon/own/own.yaml": text, **more}


def chart(values: str) -> dict[str, Any]:
    folder = f"{OWN}/cluster-addon/net"
    text = "apiVersion: v2\nname: net\nversion: 0.0.0\ndependencies: [{name: net, version: 1.0.0, repository: https://x.example}]\n"
    return {f"{folder}/Chart.yaml": text, f"{folder}/values.yaml": values}


STACKS: dict[str, tuple[dict[str, Any], set[str], int]] = {
    # name: files of the stack, rules of which one is found, findings at most
    "values-of-ten-mebibytes": (chart("net:\n  a: |\n" + HUGE), set(), 1),
    "values-in-one-line": (chart("net: {a: " + "x" * 10_000_000 + "}\n"), {"CS204"}, 1),
    "deep-values": (chart("net: " + "[" * DEEP + "]" * DEEP), {"CS204"}, 1),
    "values-bomb": (chart(BOMB), {"CS204"}, 1),
    "object-of-ten-mebibytes": (addon(CONFIG + "data:\n  a: |\n" + HUGE), {"CS427", "CS423"}, 1),
    "keys-beyond-number": (
        addon(f"{CONFIG}data:\n#% for i in range(99000)\n  <% i %>-a: v\n  <% i %>-b: v\n#% endfor\n"),
        {"CS423"}, 1,
    ),
    "deep-object": (addon(CONFIG + "data: " + "[" * DEEP + "]" * DEEP), {"CS204"}, 1),
    "object-bomb": (addon(BOMB), {"CS204"}, 1),
    "documents-of-one-template": (
        addon(f"#% for i in range(10000)\n---\n{NUMBERED}#% endfor\n"), set(), 1,
    ),
    "too-many-documents": (
        addon(f"#% for i in range(30000)\n---\n{NUMBERED}#% endfor\n"),
        {"CS204"}, 1,
    ),
    "a-template-that-grows": (addon(CONFIG + "data: {a: <% 'x' * 2000000000 %>}\n"), {"CS302"}, 1),
    "a-template-without-end": (
        addon("#% for i in range(90000)\n#% for j in range(90000)\n#% endfor\n#% endfor\n" + CONFIG), {"CS303"}, 1,
    ),
    "half-a-character": (addon(CONFIG + 'data: {a: "\\ud800"}\n'), {"CS202"}, 1),
}


@pytest.mark.parametrize("name", STACKS)
def test_each_ends_soon_with_its_finding(name: str, git_repo: GitRepo) -> None:
    more, rules, most = STACKS[name]
    git_repo.commit({**files(), **more})
    began = time.monotonic()
    result = validate_stacks(git_repo.path, [], Question(head="main"), engine="embedded", charts=False, every=True)
    assert time.monotonic() - began < SECONDS
    found = [finding.rule for finding in result.findings if finding.severity.value == "error"]
    assert len(found) <= most, found
    assert not rules or rules & set(found), found
    assert all(len(finding.message) < 2000 for finding in result.findings)
