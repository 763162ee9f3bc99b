"""Keeps facts of a release from meaning something to what reads a delivered file before Kubernetes does.

Flux substitutes `${name}` in the whole text of an object and reads `$$` as `$`; Argo CD's ApplicationSets evaluate
`{{ … }}` in every text. A chart's values may hold both (shell scripts, Prometheus rules) and must arrive as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cluster_stacks.delivery.generator import Escape

# `$$` is an escaped `$` to Flux wherever it stands, not only before a brace. At the end of a fact, more may follow.
_MEANS_SOMETHING = re.compile(r"\$(?=[${]|\Z)")
_REFERENCE = re.compile(r"\$\$|\$\{([^}:]*)")


def substitution(text: str) -> str:
    """`text` so that Flux's post-build substitution gives `text` again."""
    return _MEANS_SOMETHING.sub("$$", text) if "$" in text else text


def go_template(text: str) -> str:
    """`text` so that Go's text/template gives `text` again."""
    # Each brace, also a single one: before an action that follows, it would open it one character too early.
    return text.replace("{", '{{`{`}}')


def same(text: str) -> str:
    """`text`."""
    return text


_PLAIN = frozenset({list, tuple, int, float, bool, type(None)})
"""What is no mapping for sure: asking is slow."""

ESCAPES: Mapping[Escape, Callable[[str], str]] = {
    Escape.NONE: same,
    Escape.SUBSTITUTION: substitution,
    Escape.GO_TEMPLATE: go_template,
}


def variable(name: str) -> str:
    """A reference to a variable that is a whole value, as in `namespace: ${quote:="}${namespace}${quote:="}`.

    Flux prints an object anew before it substitutes, without the quotes of our file, and reads it again after: a
    namespace called `1e3` would become the number 1000. So the quotes are part of what is substituted: the default of
    a variable that nobody sets, or the one that Flux's documentation calls `quote`.
    """
    return f'${{quote:="}}${{{name}}}${{quote:="}}'


def references(value: Any) -> Iterator[str]:
    """The names of the variables that the texts in `value` refer to, without the one that stands for a quote."""
    for text in _texts(value):
        for match in _REFERENCE.finditer(text):
            if match[1] is not None and match[1] != "quote":
                yield match[1]


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def is_harmless(value: Any, escape: Callable[[str], str]) -> bool:
    """Whether `escaped` would give plain data as it is, as far as that is told faster than done. False says nothing."""
    if escape is same:
        return True
    return escape is substitution and "$" not in json.dumps(value, ensure_ascii=False)


def escaped(value: Any, escape: Callable[[str], str]) -> Any:
    """A copy of plain data as dicts and lists, with every text and every key escaped."""
    kind = value.__class__
    if kind is str:
        return escape(value)
    if kind is dict or (kind not in _PLAIN and isinstance(value, Mapping)):
        return {escape(str(key)): escaped(item, escape) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [escaped(item, escape) for item in value]
    return escape(str(value)) if isinstance(value, str) else value
