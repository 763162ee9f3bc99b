"""Names, labels and annotations as the API server takes them.

Each function of a text returns what is wrong with it, or an empty text. The rules are those of Kubernetes' apimachinery
(qualified names, DNS-1123 labels and subdomains, label values, the size of annotations).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from cluster_stacks.validation.problem import Pointer

NAME = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
SUBDOMAIN = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
ANNOTATIONS = 256 * 1024
"""Bytes of all keys and values of an object's annotations."""


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """A qualified name: `name`, or `prefix/name` with a DNS subdomain as prefix."""
    prefix, slash, name = text.rpartition("/")
    if slash and "/" in prefix:
        return "has more than one slash: a key is `name` or `prefix/name`"
    if slash:
        wrong = dns_subdomain(prefix) if prefix else "is empty"
        if wrong:
            return f"has the prefix {_clip(prefix)!r}, which {wrong}"
    if not name:
        return "has no name"
    if _size(name) > 63:
        return f"has a name of {_size(name)} bytes: at most 63 are allowed"
    if not NAME.fullmatch(name):
        return "may have letters, digits, - _ and . only, and begins and ends with a letter or a digit"
    return ""


@lru_cache(maxsize=4096)
def label_value(text: str) -> str:
    """The value of a label; it may be empty."""
    if _size(text) > 63:
        return f"has {_size(text)} bytes: a label's value has at most 63"
    if text and not NAME.fullmatch(text):
        return "may have letters, digits, - _ and . only, and begins and ends with a letter or a digit"
    return ""


def dns_subdomain(text: str) -> str:
    """A DNS-1123 subdomain: what most objects' names must be."""
    if _size(text) > 253:
        return f"has {_size(text)} bytes: at most 253 are allowed"
    if not SUBDOMAIN.fullmatch(text):
        return "may have a-z, 0-9, - and . only, and each part begins and ends with a letter or a digit"
    return ""


def dns_label(text: str) -> str:
    """A DNS-1123 label."""
    if _size(text) > 63:
        return f"has {_size(text)} bytes: at most 63 are allowed"
    if not LABEL.fullmatch(text):
        return "may have a-z, 0-9 and - only, and begins and ends with a letter or a digit"
    return ""


def labels_problems(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """What is wrong with a mapping of labels that stands at `pointer`; other types are the schema's to find."""
    for key, found in value.items() if isinstance(value, Mapping) else ():
        wrong = label_key(str(key))
        if wrong:
            yield (*pointer, str(key)), f"the label key {_clip(str(key))!r} {wrong}"
        wrong = label_value(found) if isinstance(found, str) else ""
        if wrong:
            yield (*pointer, str(key)), f"the label value {_clip(str(found))!r} {wrong}"


def annotations_problems(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """What is wrong with a mapping of annotations that stands at `pointer`. A prefix may have capitals here."""
    size = 0
    for key, found in value.items() if isinstance(value, Mapping) else ():
        wrong = label_key(str(key).lower())
        if wrong:
            yield (*pointer, str(key)), f"the annotation key {_clip(str(key))!r} {wrong}"
        size += _size(str(key)) + (_size(found) if isinstance(found, str) else 0)
    if size > ANNOTATIONS:
        yield pointer, f"the annotations have {size} bytes in all: at most {ANNOTATIONS} are allowed"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _clip(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
