"""The functions that text/template has by itself; `and` and `or` are the evaluator's."""

from __future__ import annotations

from typing import Any, Final, NoReturn
from urllib.parse import quote_plus

from cluster_stacks.gotemplate.errors import CallError
from cluster_stacks.gotemplate.formatting import NO_VALUE, is_print, shown, sprint
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.layouts import sprintf
from cluster_stacks.gotemplate.values import (
    INVALID,
    NilMap,
    Slice,
    StringMap,
    Uint8,
    basic,
    decode,
    encode,
    is_integer,
    is_true,
    kind,
    type_name,
)

_HTML: Final = str.maketrans(
    {'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"}
)
_JS: Final = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def equal(first: Any, *others: Any) -> bool:
    """`eq`: whether the first equals any of the others."""
    if not others:
        raise CallError("missing argument for comparison")
    return any(_equals(first, other) for other in others)


def _equals(first: Any, second: Any) -> bool:
    one, two = basic(first), basic(second)
    nothing = (None, INVALID)
    if one != two:
        if {one, two} == {"int", "uint"}:
            return bool(first == second)
        if first in nothing or second in nothing:
            return False
        raise CallError(f"incompatible types for comparison: {type_name(first)} and {type_name(second)}")
    if one is not None:
        return bool(first == second)
    if first not in nothing and second not in nothing and kind(first) != kind(second):
        raise CallError(f"non-comparable types {type_name(first)} and {type_name(second)}")
    if _is_nil(first) or _is_nil(second):
        return _is_nil(first) == _is_nil(second)
    if isinstance(second, dict | list):
        raise CallError(f"non-comparable type {type_name(second)}")
    return first is second


def _is_nil(value: Any) -> bool:
    return value is None or value is INVALID or isinstance(value, NilMap) or (isinstance(value, Slice) and value.is_nil)


def _less(first: Any, second: Any) -> bool:
    one, two = basic(first), basic(second)
    if one is None or two is None:
        raise CallError("invalid type for comparison")
    if one != two:
        if {one, two} == {"int", "uint"}:
            return bool(first < second)
        raise CallError(f"incompatible types for comparison: {type_name(first)} and {type_name(second)}")
    if one in ("bool", "complex"):
        raise CallError("invalid type for comparison")
    return encode(first) < encode(second) if one == "string" else bool(first < second)


def _at_most(first: Any, second: Any) -> bool:
    return _less(first, second) or equal(first, second)


def index(item: Any, *keys: Any) -> Any:
    """`index`: items of items."""
    if item is None or item is INVALID:
        raise CallError("index of untyped nil")
    for key in keys:
        if item is None:
            raise CallError("index of nil pointer")
        if isinstance(item, list | str):
            whole = encode(item) if isinstance(item, str) else item
            at = _place(key, len(whole))
            if at == len(whole):
                raise CallError("reflect: index out of range")
            item = Uint8(whole[at]) if isinstance(item, str) else whole[at]
        elif isinstance(item, dict):
            item = _looked_up(item, key)
        else:
            raise CallError(f"can't index item of type {type_name(item)}")
    return item


def _looked_up(item: dict[str, Any], key: Any) -> Any:
    if key is None or key is INVALID:
        raise CallError("value is nil; should be of type string")
    if not isinstance(key, str):
        raise CallError(f"value has type {type_name(key)}; should be string")
    return item.get(key, "" if isinstance(item, StringMap) else None)


def _place(key: Any, most: int) -> int:
    if key is None or key is INVALID:
        raise CallError("cannot index slice/array with nil")
    if not is_integer(key):
        raise CallError(f"cannot index slice/array with type {type_name(key)}")
    if not 0 <= key <= most:
        raise CallError(f"index out of range: {int(key)}")
    return int(key)


def _slice(item: Any, *keys: Any) -> Any:
    if item is None or item is INVALID:
        raise CallError("slice of untyped nil")
    if len(keys) > 3:
        raise CallError(f"too many slice indexes: {len(keys)}")
    if not isinstance(item, list | str):
        raise CallError(f"can't slice item of type {type_name(item)}")
    if isinstance(item, str) and len(keys) == 3:
        raise CallError("cannot 3-index slice a string")
    whole = encode(item) if isinstance(item, str) else item
    places = [_place(key, len(whole)) for key in keys]
    start, end = (places[0] if places else 0), (places[1] if len(places) > 1 else len(whole))
    if start > end or (len(places) == 3 and end > places[2]):
        raise CallError(f"invalid slice index: {start} > {end}")
    if isinstance(whole, bytes):
        return decode(whole[start:end])
    return Slice(whole[start:end], whole.element) if isinstance(whole, Slice) else whole[start:end]


def _length(item: Any) -> int:
    if item is None or item is INVALID:
        raise CallError("len of nil pointer")
    if isinstance(item, str):
        return len(encode(item))
    if isinstance(item, dict | list):
        return len(item)
    raise CallError(f"len of type {type_name(item)}")


def _evaluated(values: tuple[Any, ...]) -> str:
    return sprint([NO_VALUE if value is None or value is INVALID else value for value in values])


def _html(*values: Any) -> str:
    return _evaluated(values).translate(_HTML)


def _js(*values: Any) -> str:
    parts = []
    for char in _evaluated(values):
        if char in _JS:
            parts.append(_JS[char])
        elif char < " ":
            parts.append(f"\\u00{ord(char):02X}")
        elif char.isascii() or is_print(char):
            parts.append(char)
        else:
            parts.append("\\uFFFD" if "\udc80" <= char <= "\udcff" else f"\\u{ord(char):04X}")
    return "".join(parts)


def _urlquery(*values: Any) -> str:
    return quote_plus(encode(_evaluated(values)), safe="~")


def _println(*values: Any) -> str:
    return " ".join(map(shown, values)) + "\n"


def _call(function: Any, *_: Any) -> NoReturn:
    if function is None or function is INVALID:
        raise CallError("call of nil")
    raise CallError(f"non-function of type {type_name(function)}")


FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "eq": ("value value* -> bool", equal),
    "ne": ("value value -> bool", lambda first, second: not equal(first, second)),
    "lt": ("value value -> bool", _less),
    "le": ("value value -> bool", _at_most),
    "gt": ("value value -> bool", lambda first, second: not _at_most(first, second)),
    "ge": ("value value -> bool", lambda first, second: not _less(first, second)),
    "not": ("value -> bool", lambda value: not is_true(value)),
    "index": ("value value* -> any", index),
    "slice": ("value value* -> any", _slice),
    "len": ("value -> int", _length),
    "call": ("value value* -> any", _call),
    "html": ("any* -> string", _html),
    "js": ("any* -> string", _js),
    "urlquery": ("any* -> string", _urlquery),
    "print": ("any* -> string", lambda *values: sprint(list(values))),
    "println": ("any* -> string", _println),
    "printf": ("string any* -> string", lambda layout, *values: sprintf(layout, list(values))),
}
