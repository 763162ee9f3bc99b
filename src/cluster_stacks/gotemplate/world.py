"""One run of a template among those that unknown values may lead to.

A run is decided by its choices: wherever it depends on what is not known (is this empty? does it equal that?), it asks
`choose`. The first run takes the first answer each time; the explorer runs again with the next answers, until all are
taken. What a choice says of a value holds for the rest of the run.
"""

from __future__ import annotations

from typing import Any, Final

from cluster_stacks.gotemplate.errors import CostError, Limits
from cluster_stacks.gotemplate.unknown import Kind, Partial, Unknown
from cluster_stacks.gotemplate.values import INVALID, is_true

# Go's types by the kind of an Unknown, as messages name them.
TYPES: Final = {
    "string": "string", "text": "string", "number": "float64", "bool": "bool", "int": "int", "int64": "int64",
    "list": "[]interface {}", "map": "map[string]interface {}",
}
_LONGEST: Final = 2  # of a list whose length is not known


class World:
    """The choices of one run: those it must repeat, those it made, and what they say."""

    def __init__(self, limits: Limits, prefix: tuple[int, ...] = ()) -> None:
        self.limits = limits
        self.prefix = prefix
        self.trace: list[tuple[int, int]] = []
        self.given: list[str] = []
        self.exact = True
        self._taken: dict[Any, int] = {}
        self._facts: dict[int, Any] = {}
        self._derived: dict[Any, Unknown] = {}
        self._kept: list[Any] = []

    def next_prefix(self) -> tuple[int, ...] | None:
        """The choices of the run after this one; None after the last."""
        taken = list(self.trace)
        while taken:
            choice, count = taken.pop()
            if choice + 1 < count:
                return (*(made for made, _ in taken), choice + 1)
        return None

    def choose(self, key: Any, answers: tuple[str, ...]) -> int:
        """Which of the answers holds in this run: the same for the same key throughout."""
        taken = self._taken.get(key)
        if taken is None:
            index = len(self.trace)
            taken = self.prefix[index] if index < len(self.prefix) else 0
            self.trace.append((taken, len(answers)))
            self._taken[key] = taken
            self.given.append(answers[taken])
        return taken

    # --- values

    def known(self, value: Any) -> Any:
        """What this run already knows a value to be."""
        return self._facts.get(id(value), value) if isinstance(value, Unknown) else value

    def concrete(self, value: Any) -> Any:
        """One of the values where they are few, as chosen; else the Unknown."""
        if not isinstance(value, Unknown):
            return value
        if id(value) in self._facts:
            return self._facts[id(value)]
        if not value.values:
            return value
        answers = tuple(f"{value!r} is {option!r}" for option in value.values)
        return self.learn(value, value.values[self.choose((id(value), "value"), answers)])

    def learn(self, unknown: Unknown, value: Any) -> Any:
        self._facts[id(unknown)] = value
        self._kept.append(unknown)
        return value

    def truth(self, value: Any) -> bool:
        """What `if` makes of it in this run."""
        value = self.concrete(value)
        if isinstance(value, Partial):
            return any(isinstance(piece, str) for piece in value.pieces) or all(
                self.truth(piece) for piece in value.pieces
            )
        if not isinstance(value, Unknown):
            return is_true(value)
        if not value.may_be_empty:
            return True
        if self.choose((id(value), "truth"), (f"{value!r} is set", f"{value!r} is empty")) == 0:
            return True
        if value.empty is not None:
            self.learn(value, value.empty)
        return False

    def is_present(self, value: Any) -> bool:
        """Whether a value that may be missing is there in this run."""
        if not (isinstance(value, Unknown) and value.absent):
            return True
        return self.choose((id(value), "there"), (f"{value!r} is there", f"{value!r} is missing")) == 0

    def equal(self, unknown: Unknown, value: Any) -> bool:
        """Whether an Unknown (with more values than can be listed) is this value in this run."""
        if not is_true(value) and self._taken.get((id(unknown), "truth")) == 0:
            return False
        if not is_true(value) and not unknown.may_be_empty:
            return False
        key = (id(unknown), "equal", type(value), value)
        if self.choose(key, (f"{unknown!r} is not {value!r}", f"{unknown!r} is {value!r}")) == 0:
            return False
        self.learn(unknown, value)
        return True

    def derive(self, key: tuple[Any, ...], kind: Kind, name: str, **more: Any) -> Unknown:
        """What a function makes of unknown values: the same Unknown for the same key in one run."""
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = Unknown(kind, name, **more)
        return found

    # --- containers

    def member(self, container: Unknown, key: str) -> Any:
        """The value of a key of an unknown map, INVALID where it is not there."""
        name = f"{container.name}.{key}" if container.name else ""
        if container.fields is not None and key in container.fields:
            value = container.fields[key]
        elif container.other is not None or container.fields is None:
            value = self._copy((id(container), "key", key), container.other, name)
        else:
            return INVALID
        if isinstance(value, Unknown) and not value.name:
            value.name = name
        return self.known(value) if self.is_present(value) else INVALID

    def _copy(self, key: tuple[Any, ...], like: Any, name: str) -> Any:
        """A value of its own that is as unknown as another."""
        if like is None:
            return self.derive(key, "any", name)
        if not isinstance(like, Unknown):
            return like
        return self.derive(
            key, like.kind, name, values=like.values, absent=like.absent, fields=like.fields, other=like.other,
            items=like.items, least=like.least, most=like.most,
        )

    def entries(self, container: Unknown) -> dict[str, Any]:
        """An unknown map as one that this run might see."""
        if id(container) in self._facts:
            found = self._facts[id(container)]
            return found if isinstance(found, dict) else {}
        entries = {key: self.member(container, key) for key in container.fields or {}}
        entries = {key: value for key, value in entries.items() if value is not INVALID}
        if container.other is not None or container.fields is None:
            self.exact = False
            if not entries and self.truth(container):
                entries["key"] = self.member(container, "key")
        elif not entries:
            self.truth(container)
        self.learn(container, entries)
        return entries

    def elements(self, container: Unknown) -> list[Any]:
        """An unknown list as one that this run might see, of no more than two items."""
        if id(container) in self._facts:
            found = self._facts[id(container)]
            return found if isinstance(found, list) else []
        if not self.truth(container):
            return []
        least = max(container.least, 1)
        most = max(least, min(_LONGEST, _LONGEST if container.most is None else container.most))
        answers = tuple(f"{container!r} has {count} items" for count in range(least, most + 1))
        count = least + (self.choose((id(container), "count"), answers) if len(answers) > 1 else 0)
        if count > self.limits.size:
            raise CostError(f"a list of {count} items")
        self.exact = self.exact and container.most == most
        elements = [
            self._copy((id(container), "item", index), container.items, f"{container.name}[{index}]")
            for index in range(count)
        ]
        self.learn(container, elements)
        return elements


def type_of(value: Any) -> str | None:
    """Go's type of an Unknown or Partial; None where it is not known."""
    return "string" if isinstance(value, Partial) else TYPES.get(value.kind)
