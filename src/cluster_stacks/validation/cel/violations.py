"""The rules of a schema on a value: which of them it breaks, and which could not be evaluated."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.validation.cel.declared import Schema
from cluster_stacks.validation.cel.places import Place, Rule, places_of
from cluster_stacks.validation.cel.programs import Program, evaluate
from cluster_stacks.validation.cel.syntax import CelError, EvaluationError, Unevaluated

Pointer = tuple[str | int, ...]
STEPS = 1_000_000
"""Steps of loops for one value with all within it. The API server spends ten times what it spends on one rule."""
SECONDS = 10.0
_LONGEST = 5 * 1024
"""Bytes of a message that is computed."""


class Violation(NamedTuple):
    """A rule that a value breaks, or, where `unevaluated`, one that nobody evaluated.

    `pointer` leads to the value, `rule_pointer` to the rule in the schema; `rule` is its text.
    """

    pointer: Pointer
    message: str
    rule_pointer: Pointer
    rule: str
    unevaluated: bool = False


def violations(schema: Schema, value: object, old: object = None, *, root: bool = False) -> Iterator[Violation]:
    """What a value that has its defaults breaks of a schema's rules.

    `old` is the value that it replaces: rules about a change (`oldSelf`) are left out without one. `root`: the value is
    a whole object.
    """
    place = places_of(schema, root=root)
    if place is not None:
        yield from _Visit().visit(place, value, old, ())


class _Visit:
    def __init__(self) -> None:
        self._left, self._until = STEPS, time.monotonic() + SECONDS

    def visit(self, place: Place, value: object, old: object, at: Pointer) -> Iterator[Violation]:
        """The rules of a place, and of all below it."""
        if value is None:
            return
        for rule in place.rules:
            found = self._judge(rule, value, old, at)
            if found is not None:
                yield found
        for part in place.parts:
            yield from self.visit(part, value, old, at)
        if isinstance(value, Mapping):
            before = old if isinstance(old, Mapping) else {}
            for name, child in place.properties.items():
                if name in value:
                    yield from self.visit(child, value[name], before.get(name), (*at, name))
            if place.more is not None:
                for name in value:
                    yield from self.visit(place.more, value[name], before.get(name), (*at, str(name)))
        elif isinstance(value, list) and place.items is not None:
            entries = _by_keys(old, place.keys)
            for index, item in enumerate(value):
                yield from self.visit(place.items, item, entries.get(_key(item, place.keys)), (*at, index))

    def _judge(self, rule: Rule, value: object, old: object, at: Pointer) -> Violation | None:
        program = rule.program
        if isinstance(program, CelError):
            return Violation(at, f"the rule does not compile: {program}", rule.pointer, rule.text, unevaluated=True)
        if program.uses_old_self and old is None and not rule.optional_old_self:
            return None
        try:
            if self._evaluated(program, value, old) is True:
                return None
        except Unevaluated as error:
            return Violation(at, str(error), rule.pointer, rule.text, unevaluated=True)
        except EvaluationError as error:
            return Violation(at, f"{rule.message or 'the rule cannot be evaluated'} ({error})", rule.pointer, rule.text)
        return Violation((*at, *rule.field), self._said(rule, value, old), rule.pointer, rule.text)

    def _evaluated(self, program: Program, value: object, old: object) -> object:
        if self._left <= 0 or time.monotonic() > self._until:
            raise Unevaluated("the rules of this object take too many steps")
        self._left -= 1
        kept: list[int] = []
        try:
            return evaluate(program, value, old, kept)
        finally:
            self._left -= kept[0] if kept else 0

    def _said(self, rule: Rule, value: object, old: object) -> str:
        if isinstance(rule.saying, Program):
            try:
                said = str(self._evaluated(rule.saying, value, old)).strip()
            except EvaluationError:
                said = ""
            if said and "\n" not in said and len(said.encode("utf-8", "replace")) <= _LONGEST:
                return said
        return rule.message or f"the rule is broken: {rule.text}"


def _by_keys(old: object, keys: tuple[str, ...]) -> dict[object, object]:
    """The old entries of a list by their keys; nothing where a list has none, because then none can be told."""
    return {_key(item, keys): item for item in old} if keys and isinstance(old, list) else {}


def _key(item: object, keys: tuple[str, ...]) -> object:
    return repr([item.get(key) for key in keys]) if keys and isinstance(item, Mapping) else None

