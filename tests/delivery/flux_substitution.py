"""What Flux does with a folder after kustomize has built it: prints each object anew, substitutes, reads it again.

A model of `envsubst` of github.com/fluxcd/pkg, in the strict mode that kustomize-controller has by default: `$$` is
`$`, `${name}` must be set, `${name:=text}` has a default, everything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.yaml import load

_TOKEN = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::=(?P<default>[^}]*))?\}|(?P<bad>\$\{)")


class NotSet(Exception):  # noqa: N818 — what happened
    """`variable not set (strict mode)`, or no reference at all."""


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """The text with every reference replaced."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, default = match["name"], match["default"]
        if match["bad"] or (name not in variables and default is None):
            raise NotSet(text[match.start() : match.start() + 40])
        return variables.get(name) or default or ""

    return _TOKEN.sub(value, text)


def instantiated(values: list[Any], variables: Mapping[str, str]) -> list[Any]:
    """The objects that Flux applies. The quotes of our files are gone before it substitutes, as they are for Flux."""
    return [load(substitute(emit(value), variables).encode(), "object").value for value in values]
