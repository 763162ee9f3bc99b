"""The filters of templates: a fixed list, none of which reads a clock, draws lots or grows text without bound."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import pass_environment
from jinja2.environment import Environment
from jinja2.exceptions import FilterArgumentError
from jinja2.filters import FILTERS, make_attrgetter

from cluster_stacks.rendering import bounds

BUILTIN = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort",
    "sum", "title", "trim", "unique", "upper",
)
"""Jinja2's own filters that are safe as they are."""
MAX_INDENT = 200


def to_yaml(value: Any) -> str:
    """`value` as block YAML without a final newline, for `| indent`. Texts that some parser misreads are quoted."""
    from cluster_stacks.documents.emit import emit

    return emit(bounds.plain(value)).rstrip("\n")


def to_json(value: Any) -> str:
    """`value` as JSON on one line, which is a YAML flow value as well."""
    return json.dumps(bounds.plain(value), ensure_ascii=False, allow_nan=False)


def quote(value: Any) -> str:
    """`value` as text in double quotes, whatever it holds: a YAML and JSON scalar."""
    return json.dumps(bounds.plain_text(value), ensure_ascii=False)


def b64encode(value: Any) -> str:
    """The UTF-8 bytes of `value` in Base64."""
    return base64.b64encode(bounds.plain_text(value).encode()).decode()


def indent(value: Any, width: int = 4, first: bool = False, blank: bool = False) -> str:
    """Every line but the first, and no blank one, moved right by `width`; `first` and `blank` include those."""
    if not isinstance(width, int) or not 0 <= width <= MAX_INDENT:
        raise FilterArgumentError(f"indent takes a width from 0 to {MAX_INDENT}, not {width!r}")
    text = bounds.plain_text(value)
    bounds.text_size(len(text) + width * (text.count("\n") + 1))
    pad = " " * width
    lines = text.split("\n")
    return "\n".join(
        pad + line if (index or first) and (line or blank) else line for index, line in enumerate(lines)
    )


def replace(value: Any, old: str, new: str, count: int = -1) -> str:
    """`value` with `new` for every `old`, or for the first `count` of them."""
    return bounds.replace(bounds.plain_text(value), bounds.plain_text(old), bounds.plain_text(new), count)


@pass_environment
def join(environment: Environment, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    """The items of `value`, or an attribute of each, with `d` between them."""
    items = value if attribute is None else map(make_attrgetter(environment, attribute), value)
    return bounds.join_texts([bounds.plain_text(item) for item in items], bounds.plain_text(d))


def all_filters() -> dict[str, Callable[..., Any]]:
    """Every filter by its name."""
    own: dict[str, Callable[..., Any]] = {
        "b64encode": b64encode, "indent": indent, "join": join, "quote": quote, "replace": replace,
        "string": bounds.plain_text, "to_json": to_json, "to_yaml": to_yaml,
    }
    return {name: FILTERS[name] for name in BUILTIN} | own
