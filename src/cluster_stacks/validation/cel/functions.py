"""The table of functions: what each takes, gives and does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from cluster_stacks.validation.cel.types import NAMED, Type, list_of, map_of
from cluster_stacks.validation.cel.values import Duration, Optional, Timestamp, TypeValue, Uint, kind_of


class Overload(NamedTuple):
    """One form of a function: with a target (`target.name(…)`, then the first of `params`) or without."""

    name: str
    member: bool
    params: tuple[Type, ...]
    result: Type
    run: Callable[..., Any]


Table = dict[str, list[Overload]]


@cache
def functions() -> Table:
    """Every function that rules may use: CEL's own and those of Kubernetes 1.35."""
    from cluster_stacks.validation.cel.library import amounts, conversions, core, formats, lists, networks, strings

    table: Table = {}
    for module in (core, conversions, strings, lists, formats, amounts, networks):
        for signature, run in module.FUNCTIONS.items():
            for each in signature.split(" | "):
                overload = _overload(each, run)
                table.setdefault(overload.name, []).append(overload)
    return table


_PARTS = re.compile(r"[A-Za-z_.0-9]+|[(),]")


def _overload(signature: str, run: Callable[..., Any]) -> Overload:
    """`.name(target, argument) result`, or `name(argument) result`; a single capital stands for any type."""
    head, _, result = signature.rpartition(" ")
    name, _, inside = head.partition("(")
    return Overload(name.lstrip("."), name.startswith("."), _types(inside[:-1]), _types(result)[0], run)


@cache
def _types(text: str) -> tuple[Type, ...]:
    stack: list[list[Type]] = [[]]
    names: list[str] = []
    parts = _PARTS.findall(text)
    for index, part in enumerate(parts):
        if part == "(":
            stack.append([])
        elif part == ")":
            params = stack.pop()
            stack[-1].append(_made(names.pop(), params))
        elif part != ",":
            if parts[index + 1: index + 2] == ["("]:
                names.append(part)
            else:
                stack[-1].append(_named(part))
    return tuple(stack[0])


_SHORT = {
    "timestamp": "google.protobuf.Timestamp", "duration": "google.protobuf.Duration", "url": "kubernetes.URL",
    "quantity": "kubernetes.Quantity", "ip": "net.IP", "cidr": "net.CIDR", "semver": "kubernetes.Semver",
    "format": "kubernetes.NamedFormat", "null": "null_type",
}


def _named(name: str) -> Type:
    return Type("param", name=name) if len(name) == 1 else NAMED[_SHORT.get(name, name)]


def _made(name: str, params: list[Type]) -> Type:
    if name == "list":
        return list_of(params[0])
    if name == "map":
        return map_of(params[0], params[1])
    return Type("type", name="type") if name == "type" else Type("optional", *params, name="optional_type")


_CLASSES: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,), "uint": (Uint,), "double": (float,), "string": (str,), "bytes": (bytes,), "list": (list,),
    "map": (Mapping,), "object": (Mapping,), "timestamp": (Timestamp,), "duration": (Duration,), "type": (TypeValue,),
    "optional": (Optional,), "null": (type(None),),
}


def takes(want: Type, value: object) -> bool:
    """Whether a value can stand where a type is wanted; what lists and maps hold is not looked at."""
    kind = want.kind
    if kind in ("param", "dyn"):
        return True
    if kind == "int":
        return type(value) is int
    if kind == "opaque":
        return kind_of(value) == want.name
    return isinstance(value, _CLASSES[kind])
