"""Values that are not known before a cluster says them: what is known of them, and what text they may leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

Kind = Literal["any", "string", "number", "bool", "list", "map", "int", "int64", "text"]

_EMPTY: Final[dict[str, Any]] = {"string": "", "number": 0.0, "bool": False, "int": 0, "list": [], "map": {}}


class Unknown:
    """A value of which only some is known. Two of them are the same value only where they are the same object.

    kind     what JSON type it has (`int` and `int64`: what Go functions give; `any`: not even that)
    name     what a reader calls it (`.builtin.cluster.name`)
    values   all values it can have, where they are few
    absent   whether it may be missing from the mapping that holds it
    fields   of a map: its keys that are known by name (each a value, or an Unknown)
    other    of a map: the value of any other key (None: there is no other key)
    items    of a list: what each item is
    least, most  how many items, keys or characters it has at least and at most (None: any number)
    """

    __slots__ = ("absent", "fields", "items", "kind", "least", "most", "name", "other", "values")

    def __init__(
        self, kind: Kind = "any", name: str = "", *, values: tuple[Any, ...] = (), absent: bool = False,
        fields: Mapping[str, Any] | None = None, other: Unknown | None = None, items: Any = None, least: int = 0,
        most: int | None = None,
    ) -> None:
        self.kind: Kind = kind
        self.name = name
        self.values = (False, True) if kind == "bool" and not values else values
        self.absent = absent
        self.fields = fields
        self.other = other
        self.items = items
        self.least = least
        self.most = most

    def __repr__(self) -> str:
        return self.name or ("any value" if self.kind == "any" else f"some {self.kind}")

    @property
    def empty(self) -> Any:
        """The one value of its kind that `if` takes as false; None where that is not known."""
        return _EMPTY.get(self.kind)

    @property
    def may_be_empty(self) -> bool:
        if self.kind == "map":
            needed = any(not (isinstance(value, Unknown) and value.absent) for value in (self.fields or {}).values())
            return self.least == 0 and not needed
        return self.least == 0


class Partial:
    """A string of which parts are unknown: texts and Unknowns in turn."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: tuple[str | Unknown, ...]) -> None:
        self.pieces = pieces

    def __repr__(self) -> str:
        return "".join(map(str, self.pieces))


def holds_unknown(value: Any) -> bool:
    """Whether an Unknown or Partial stands anywhere in it."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, Unknown | Partial):
            return True
        if isinstance(item, dict):
            todo += item.values()
        elif isinstance(item, list):
            todo += item
    return False
