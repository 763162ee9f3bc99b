"""Runs a tree: the semantics of text/template's exec, one run in one World."""

from __future__ import annotations

from typing import Any

from cluster_stacks.gotemplate import printing, symbolic
from cluster_stacks.gotemplate.errors import CostError
from cluster_stacks.gotemplate.nodes import Action, Branch, Call, Field, Item, Jump, Pipe, Range, Text
from cluster_stacks.gotemplate.pipelines import Pipelines
from cluster_stacks.gotemplate.sizes import weight
from cluster_stacks.gotemplate.unknown import Unknown
from cluster_stacks.gotemplate.values import INVALID, encode, is_integer
from cluster_stacks.gotemplate.world import type_of

_BREAK, _CONTINUE = 1, 2


class Evaluator(Pipelines):
    """One run of a program."""

    def run(self, data: Any) -> None:
        """Executes the main template; `trace` has the result. Raises TemplateError."""
        self._variables = [("$", data)]
        self._walk(data, self.program.items)

    def _write(self, at: int, text: str) -> None:
        self._written += len(text)
        if self._written > self.world.limits.output:
            self._stop(at, f"more than {self.world.limits.output} characters of output")
        self.trace.pieces.append(text)

    # --- items

    def _walk(self, dot: Any, items: list[Item]) -> int:
        """Runs items; whether a `break` or `continue` ended them."""
        for item in items:
            if isinstance(item, Text):
                self._write(item.at, item.text)
                continue
            if isinstance(item, Action):
                self._action(dot, item)
                continue
            self._step(item.at)
            ended = 0
            if isinstance(item, Branch):
                ended = self._branch(dot, item)
            elif isinstance(item, Range):
                ended = self._range(dot, item)
            elif isinstance(item, Call):
                self._call(dot, item)
            elif isinstance(item, Jump):
                ended = _BREAK if item.is_break else _CONTINUE
            if ended:
                return ended
        return 0

    def _action(self, dot: Any, item: Action) -> None:
        value = self._pipeline(dot, item.pipe)
        if item.pipe.declared:
            return
        if type(value) is str:
            self._write(item.at, value)
            return
        if value is INVALID or value is None:
            self.trace.no_values.append(_cause(item.pipe))
        try:
            weight(value)
            for piece in printing.pieces(self.world, value):
                if isinstance(piece, str):
                    self._write(item.at, piece)
                else:
                    self.trace.pieces.append(piece)
        except CostError as error:
            self._stop(item.at, str(error))

    def _branch(self, dot: Any, item: Branch) -> int:
        before = len(self._variables)
        ended = 0
        for pipe, body in item.branches:
            value = self._pipeline(dot, pipe)
            if self.world.truth(value):
                ended = self._walk(self.world.known(value) if item.is_with else dot, body)
                break
        else:
            if item.otherwise is not None:
                ended = self._walk(dot, item.otherwise)
        del self._variables[before:]
        return ended

    def _call(self, dot: Any, item: Call) -> None:
        body = self.program.defined.get(item.name)
        if body is None:
            self.fail(item.at, f'template "{item.name}" not defined')
        if self._depth >= self.world.limits.depth:
            self._stop(item.at, f"templates call one another more than {self.world.limits.depth} times")
        dot = self._pipeline(dot, item.pipe) if item.pipe is not None else INVALID
        outer = self._variables
        self._variables = [("$", dot)]
        self._depth += 1
        self._walk(dot, body)
        self._depth -= 1
        self._variables = outer

    # --- range

    def _range(self, dot: Any, item: Range) -> int:
        before = len(self._variables)
        value = self._pipeline(dot, item.pipe)
        inside = len(self._variables)
        ran = False
        for key, element in self._pairs(item, value):
            ran = True
            self._step(item.at)
            self._bind(item.pipe, key, element)
            ended = self._walk(element, item.body)
            del self._variables[inside:]
            if ended == _BREAK:
                break
        ended = 0
        if not ran and item.otherwise is not None:
            ended = self._walk(dot, item.otherwise)
        del self._variables[before:]
        return ended

    def _bind(self, pipe: Pipe, key: Any, element: Any) -> None:
        names = pipe.declared
        if not names:
            return
        if pipe.assigns:
            self._set(pipe.at, names[0], key if len(names) > 1 else element)
            if len(names) > 1:
                self._set(pipe.at, names[1], element)
            return
        self._variables[-1] = (self._variables[-1][0], element)
        if len(names) > 1:
            self._variables[-2] = (self._variables[-2][0], key)

    def _pairs(self, item: Range, value: Any) -> Any:
        """Keys and values to iterate over; maps in the order of their keys."""
        value = self.world.concrete(value)
        if isinstance(value, Unknown):
            value = self._guess(item, value)
        if isinstance(value, list):
            return enumerate(list(value))
        if isinstance(value, dict):
            value = symbolic.settled(self.world, value)
            return [(key, value[key]) for key in sorted(value, key=encode)]
        if is_integer(value):
            if len(item.pipe.declared) > 1:
                self.fail(item.at, f"can't use {int(value)} to iterate over more than one variable")
            return ((INVALID, type(value)(number)) for number in range(value))
        if value is INVALID or value is None:
            return ()
        shown = "".join(map(str, printing.pieces(self.world, value)))
        return self.fail(item.pipe.at, f"range can't iterate over {shown}")

    def _guess(self, item: Range, value: Unknown) -> Any:
        if value.kind == "map":
            return self.world.entries(value)
        if value.kind in ("list", "any"):
            return self.world.elements(value)
        if value.kind in ("int", "int64"):
            self.world.exact = False
            return 1 if self.world.truth(value) else 0
        return self.fail(item.pipe.at, f"range can't iterate over a {type_of(value)}")


def _cause(pipe: Pipe) -> tuple[int, str]:
    """The offset and text of what a pipeline's missing value comes from: its only field, else the whole of it."""
    first = pipe.commands[0].arguments[0]
    if len(pipe.commands) == 1 and isinstance(first, Field):
        return first.at, first.source
    return pipe.at, pipe.source
