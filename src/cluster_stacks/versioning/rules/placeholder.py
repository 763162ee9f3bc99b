"""Placeholders of csctl that nothing replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack import Layer
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.scan import found, is_content, matches, text_files
from cluster_stacks.versioning.upstream import is_native

RULE = RuleInfo(
    "CS159", "unknown-placeholder", "a placeholder of csctl that nothing replaces",
    "csctl knows << .ClusterClassVersion >>, << .ClusterAddonVersion >> and << .NodeImageVersion >>, with these "
    "spaces. Any other becomes empty text, or ends the build. In the native layout nothing replaces any of them.",
    source="csctl",
)

KNOWN = frozenset({b"<< .ClusterClassVersion >>", b"<< .ClusterAddonVersion >>", b"<< .NodeImageVersion >>"})
_NATIVE = rb"<<[ \t]*\.[A-Za-z_]\w*[ \t]*>>"
_UPSTREAM = rb"<<[ \t]*\.[A-Za-z_][^\n>]{0,80}(?:>>)?"


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each of them."""
    native = is_native(source)
    for file in text_files(source, *Layer, holding="<<"):
        for place, match in matches(file, re.compile(_NATIVE if native else _UPSTREAM)):
            text = match.group().rstrip()
            if (not native and text in KNOWN) or not is_content(file, match):
                continue
            given = text.decode("utf-8", "replace")
            message = (
                f"{given} is replaced by nothing here: write a value such as <% release_name %>" if native
                else f"{given} is no placeholder of csctl: write one of {', '.join(sorted(k.decode() for k in KNOWN))}"
            )
            yield found(RULE, source, file, place, message, given)
