"""ConfigMaps and Secrets hold what can be a file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.api.parts import fields
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS427", "bad-config-data", "data of a ConfigMap or a Secret that the API server refuses",
    "Keys are names of files: letters, digits, -, _ and ., at most 253 of them, neither . nor .. nor with .. in front. "
    "A key stands in data or in binaryData, not in both, and all values together have at most 1 MiB. A Secret with a "
    "type has the keys of that type.",
    source="Kubernetes: core validation (ValidateConfigMap, ValidateSecret)",
)
MOST = 2**20
_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_PARTS = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "kubernetes.io/dockercfg": ((".dockercfg",),),
    "kubernetes.io/dockerconfigjson": ((".dockerconfigjson",),),
    "kubernetes.io/basic-auth": (("username", "password"),),
    "kubernetes.io/ssh-auth": (("ssh-privatekey",),),
    "kubernetes.io/tls": (("tls.crt",), ("tls.key",)),
}
"""Of each of these groups a Secret of that type has at least one key."""


def check(context: Context) -> Iterator[Problem]:
    """Finds bad keys, keys that stand twice, too much data, and what a Secret's type misses."""
    for item in context.items:
        if item.api_version == "v1" and item.kind in _PARTS:
            for at, message in (*_keys(item), *_size(item), *_type(item)):
                yield Problem(item.document, RULE.id, message, (*item.prefix, *at), item=item)


def _keys(item: Item) -> Iterator[tuple[Pointer, str]]:
    first, second = (fields(item.value, part) for part in _PARTS[item.kind])
    for part, found in zip(_PARTS[item.kind], (first, second), strict=True):
        for key in found:
            if not _KEY.fullmatch(key) or len(key) > 253 or key == "." or key.startswith(".."):
                message = f"the key {key[:80]!r} cannot be a file's name: letters, digits, -, _ and . only"
                yield (part, key), message
    if item.kind == "ConfigMap":
        for key in first.keys() & second.keys():
            yield ("binaryData", key), f"the key {key[:80]!r} stands in data as well: keep one"


def data_size(item: Item) -> int:
    """Bytes of all values of a ConfigMap or a Secret, 0 for other objects."""
    total = 0
    for part in _PARTS[item.kind] if item.api_version == "v1" and item.kind in _PARTS else ():
        packed = part == "binaryData" or (part == "data" and item.kind == "Secret")
        for value in fields(item.value, part).values():
            if isinstance(value, str):
                total += len(value) * 3 // 4 if packed else len(value.encode("utf-8", "surrogatepass"))
    return total


def _size(item: Item) -> Iterator[tuple[Pointer, str]]:
    total = data_size(item)
    if total > MOST:
        yield ("data",), f"{item.kind} {item.name[:80]!r} holds {total / MOST:.1f} MiB: at most 1 is allowed"


def _type(item: Item) -> Iterator[tuple[Pointer, str]]:
    kind = str(item.value.get("type") or "")
    keys = fields(item.value, "data").keys() | fields(item.value, "stringData").keys()
    for group in _NEEDED.get(kind, ()) if item.kind == "Secret" else ():
        if keys.isdisjoint(group):
            yield ("type",), f"a Secret of the type {kind} has the key {' or '.join(group)}: this one has not"
    if kind == "kubernetes.io/service-account-token":
        name = "kubernetes.io/service-account.name"
        if not fields(item.metadata, "annotations").get(name):
            yield ("type",), f"a Secret of the type {kind} names its account in the annotation {name}"
    for key in (".dockercfg", ".dockerconfigjson"):
        value = fields(item.value, "data").get(key)
        if kind.endswith(key.replace(".", "/", 1)) and isinstance(value, str) and not _is_json(value):
            yield ("data", key), f"{key} holds no JSON mapping"


def _is_json(value: str) -> bool:
    try:
        text = base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return True  # the schema says it
    return text.strip().startswith(b"{") and text.strip().endswith(b"}")
