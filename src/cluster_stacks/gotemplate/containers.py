"""sprig's functions on maps. `set`, `unset` and the merges change the map they are given, as Go's do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cluster_stacks.gotemplate.errors import CallError, CostError
from cluster_stacks.gotemplate.formatting import shown
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.unknown import Unknown
from cluster_stacks.gotemplate.values import NilMap, Opaque, Slice, StringMap, is_true, want

_DEEPEST: Final = 100


def _dict(*pairs: Any) -> dict[str, Any]:
    return {shown(pairs[at]): pairs[at + 1] if at + 1 < len(pairs) else "" for at in range(0, len(pairs), 2)}


def _set(target: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if isinstance(target, NilMap):
        raise CallError("assignment to entry in nil map")
    target[key] = value
    return target


def _unset(target: dict[str, Any], key: str) -> dict[str, Any]:
    target.pop(key, None)
    return target


def _pluck(key: str, *maps: dict[str, Any]) -> list[Any]:
    return [entries[key] for entries in maps if key in entries]


def _keys(*maps: dict[str, Any]) -> Slice:
    """In the order of the keys; Go leaves it open, and so differs from run to run where nothing sorts them."""
    return Slice([key for entries in maps for key in sorted(entries)], "string")


def _values(entries: dict[str, Any]) -> list[Any]:
    return [entries[key] for key in sorted(entries)]


def _pick(entries: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: entries[key] for key in keys if key in entries}


def _omit(entries: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if key not in keys}


def _merged(*, overwrite: bool) -> Callable[..., Any]:
    def merge(target: dict[str, Any], *sources: dict[str, Any]) -> Any:
        made = isinstance(target, NilMap) and not all(isinstance(source, NilMap) for source in sources)
        merged: dict[str, Any] = {} if made else target
        for source in sources:
            _merge(merged, source, overwrite, 0)
        return merged

    return merge


def _merge(target: Any, source: Any, overwrite: bool, depth: int) -> None:
    """mergo's rules: what is empty in the target is filled, lists are taken whole; `overwrite`: so is all but maps."""
    if depth > _DEEPEST:
        raise CostError("a value is nested too deeply, or holds itself")
    if not isinstance(target, dict) or not isinstance(source, dict):
        return
    for key, value in list(source.items()):
        present = target.get(key)
        if value is None:
            if overwrite:
                target[key] = None
            continue
        if isinstance(value, dict):
            _merge(present, value, overwrite, depth + 1)
        elif isinstance(value, list):
            _merge_list(target, key, value, overwrite)
        if is_true(present) and (isinstance(value, list) or (isinstance(value, dict) and isinstance(present, dict))):
            continue
        if overwrite or not is_true(present):
            target[key] = value


def _merge_list(target: dict[str, Any], key: str, value: list[Any], overwrite: bool) -> None:
    if overwrite:
        target[key] = value
    elif target.get(key) is None:
        target[key] = Slice()


def copied(value: Any, depth: int = 0) -> Any:
    """A copy that shares nothing."""
    if depth > _DEEPEST:
        raise CostError("a value is nested too deeply, or holds itself")
    if value is None and not depth:
        raise CallError("reflect: call of reflect.Value.Type on zero Value")
    if isinstance(value, Opaque):
        return Unknown("any", f"a copy of a {value.TYPE}")
    if isinstance(value, StringMap | NilMap):
        return type(value)(value)
    if isinstance(value, dict):
        return {key: copied(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Slice):
        return Slice([copied(item, depth + 1) for item in value], value.element, is_nil=value.is_nil)
    if isinstance(value, list):
        return [copied(item, depth + 1) for item in value]
    return value


def _dig(*arguments: Any) -> Any:
    if len(arguments) < 3:
        raise CallError("dig needs at least three arguments")
    entries = _map(arguments[-1])
    keys = [want(key, str, "string") for key in arguments[:-2]]
    for index, key in enumerate(keys):
        if key not in entries:
            return arguments[-2]
        if index < len(keys) - 1:
            entries = _map(entries[key])
        else:
            return entries[key]
    return arguments[-2]


def _map(value: Any) -> dict[str, Any]:
    if isinstance(value, StringMap):
        raise CallError("interface conversion: interface {} is map[string]string, not map[string]interface {}")
    found: dict[str, Any] = want(value, dict, "map[string]interface {}")
    return found


_MERGE: Final = ("map map* -> any", _merged(overwrite=False))
_OVERWRITE: Final = ("map map* -> any", _merged(overwrite=True))
_LIST: Final = ("any* -> list", lambda *values: list(values))
FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "list": _LIST,
    "tuple": _LIST,
    "dict": ("any* -> map", _dict),
    "get": ("map string -> any", lambda entries, key: entries.get(key, "")),
    "set": ("map string any -> map", _set),
    "unset": ("map string -> map", _unset),
    "hasKey": ("map string -> bool", lambda entries, key: key in entries),
    "pluck": ("string map* -> list", _pluck),
    "keys": ("map* -> list", _keys),
    "pick": ("map string* -> map", _pick),
    "omit": ("map string* -> map", _omit),
    "values": ("map -> list", _values),
    "merge": _MERGE,
    "mustMerge": _MERGE,
    "mergeOverwrite": _OVERWRITE,
    "mustMergeOverwrite": _OVERWRITE,
    "deepCopy": ("any -> any", copied),
    "mustDeepCopy": ("any -> any", copied),
    "dig": ("any* -> any", _dig),
}
