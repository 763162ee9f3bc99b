"""JSON in one form, and a reader that refuses what parsers disagree on."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import Any, NoReturn

from cluster_stacks.documents import rules, syntax
from cluster_stacks.documents.words import shown
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Position

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]')
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class _DuplicateError(ValueError):
    """A key that an object has twice."""


def dumps(value: Any) -> str:
    """Canonical JSON: two spaces, keys in the order of the data, characters as they are, a line end at the end.

    Raises TypeError or ValueError for what is no plain data or has no form in JSON (infinities, half characters).
    """
    text = _written(value, "\n") + "\n"
    text.encode()
    return text


def loads(data: bytes, path: str, *, limits: syntax.Limits = syntax.DEFAULT) -> Any:
    """The value of a JSON file. Raises Refused with one finding for anything wrong, duplicate keys and NaN included."""
    text = syntax.decoded(data, path, limits)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        # No more than there are brackets, those in texts included: most files are told apart by that.
        if text.count("{") + text.count("[") > limits.depth and _is_deeper(value, limits.depth):
            raise _too_deep(text, path, limits.depth)
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except _DuplicateError as error:
        raise _located(error, data, path, limits) from None
    except json.JSONDecodeError as error:
        at = Position(error.lineno, error.colno)
        raise rules.refused(rules.JSON_SYNTAX, f"not JSON: {error.msg.lower()}", path, at) from None
    except RecursionError:
        raise _too_deep(text, path, limits.depth) from None
    except ValueError as error:  # a number of thousands of digits, NaN, half a character
        raise rules.refused(rules.JSON_SYNTAX, f"not JSON: {error}", path) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _DuplicateError(f"the key {shown(key)} is here twice: keep one")
    return value


def _located(error: _DuplicateError, data: bytes, path: str, limits: syntax.Limits) -> Refused:
    """JSON is YAML, nearly, and that reader knows where the second key stands."""
    from cluster_stacks.documents.yaml import load_documents

    try:
        load_documents(data, path, limits=limits)
    except Refused as refused:
        if refused.findings[0].rule == rules.DUPLICATE_KEY:
            return refused
    return rules.refused(rules.DUPLICATE_KEY, str(error), path)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _is_deeper(value: Any, limit: int) -> bool:
    """Whether containers stand in one another more than `limit` times."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        level = [
            item for container in level for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return bool(level)


def _too_deep(text: str, path: str, limit: int) -> Refused:
    """Where the first container stands that is one too many."""
    depth = 0
    for token in _TOKEN.finditer(text):
        first = token.group()[0]
        depth += (first in "[{") - (first in "]}")
        if depth > limit:
            break
    at = syntax.place(text[: token.start()])
    return rules.refused(rules.LIMIT, f"more than {limit} levels of nesting: no file needs them", path, at)


def _written(value: Any, line: str) -> str:
    """`value` as the standard library writes it with an indent, several times as fast; `line` begins a line.

    It would write keys that are no text as text, and tuples as lists: other data in, other data out.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        inner = f"{line}  "
        items = f",{inner}".join([f"{_key(key)}: {_written(item, inner)}" for key, item in value.items()])
        return f"{{{inner}{items}{line}}}" if items else "{}"
    if isinstance(value, list):
        inner = f"{line}  "
        items = f",{inner}".join([_written(item, inner) for item in value])
        return f"[{inner}{items}{line}]" if items else "[]"
    if value is None or isinstance(value, int | float):
        return json.dumps(value, allow_nan=False)
    raise TypeError(f"no plain data: a value of type {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"no plain data: a key of type {type(key).__name__}")
    return encode_basestring(key)
