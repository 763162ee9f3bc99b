"""Keys and values become a mapping: keys as JSON has them, merges done, duplicates refused."""

from __future__ import annotations

from typing import Any

from cluster_stacks.documents import rules
from cluster_stacks.documents.scalars import MERGE, ScalarError, key_of, without_merge
from cluster_stacks.documents.words import shown

_TEXT = frozenset({str})


class BadChild(Exception):  # noqa: N818 — what it says; `yaml` makes the finding
    """A mapping that is refused for its child number `child`, keys and values counted alike; `other` explains it.

    `container` is the number of the event that the mapping began with, which the loader fills in.
    """

    def __init__(self, rule: str, message: str, child: int, other: int | None = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.child, self.other = rule, message, child, other
        self.container = 0


def build(items: list[Any], merges: bool) -> dict[str, Any]:
    """The mapping of keys and values in turn; `merges` tells that there may be any. Raises BadChild."""
    keys = items[::2]
    if merges or not _TEXT.issuperset(map(type, keys)):
        return _unusual(items)
    value = dict(zip(keys, items[1::2], strict=True))
    if len(value) != len(keys):
        raise _duplicate(keys)
    return value


def _unusual(items: list[Any]) -> dict[str, Any]:
    """A mapping with merges, or with keys that are no text."""
    value: dict[str, Any] = {}
    sources: list[dict[str, Any]] = []
    keys = [key if key is MERGE else _key(key, 2 * number) for number, key in enumerate(items[::2])]
    for number, key in enumerate(keys):
        item = items[2 * number + 1]
        if key is MERGE:
            sources += _sources(item, 2 * number, value)
        elif key in value:
            raise _duplicate(keys)
        else:
            value[key] = without_merge(item)
    for source in sources:  # a mapping's own keys count first, then those of the first source
        value.update({key: item for key, item in source.items() if key not in value})
    return value


def _key(key: Any, child: int) -> str:
    try:
        return key_of(key)
    except ScalarError as error:
        raise BadChild(rules.UNSUPPORTED, str(error), child) from None


def _sources(value: Any, child: int, before: dict[str, Any]) -> list[dict[str, Any]]:
    """The mappings that a merge names. `before` is what stands before it: go-yaml v2 lets the merge win there."""
    sources = value if isinstance(value, list) else [value]
    if not all(isinstance(source, dict) for source in sources):
        raise BadChild(rules.UNSUPPORTED, "only mappings can be merged with <<: write the values out", child + 1)
    clash = next((key for source in sources for key in source if key in before), None)
    if clash is not None:
        message = f"the key {shown(clash)} stands above the << that has it too, and tools disagree on which counts"
        raise BadChild(rules.UNSUPPORTED, f"{message}: put the << first", child)
    return sources


def _duplicate(keys: list[str]) -> BadChild:
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        if key in first and key is not MERGE:
            message = f"the key {shown(key)} is here twice: keep one"
            return BadChild(rules.DUPLICATE_KEY, message, 2 * number, 2 * first[key])
        first.setdefault(key, number)
    raise AssertionError("no duplicate key")
