"""The way in: `parse` a text, then `render` it with data, or `explore` it with data that is partly unknown."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final, Literal, NamedTuple

from cluster_stacks.gotemplate import functions as known_functions
from cluster_stacks.gotemplate.errors import DEFAULT, Limits, TemplateError
from cluster_stacks.gotemplate.evaluator import Evaluator
from cluster_stacks.gotemplate.formatting import shown
from cluster_stacks.gotemplate.parser import Parser
from cluster_stacks.gotemplate.pipelines import Program
from cluster_stacks.gotemplate.places import position
from cluster_stacks.gotemplate.unknown import Unknown
from cluster_stacks.gotemplate.values import decode, encode
from cluster_stacks.gotemplate.world import World
from cluster_stacks.model.source import Position

SPRIG: Final = known_functions.SPRIG
NONE: Final = known_functions.NONE
Missing = Literal["default", "error"]
_MUTATORS: Final = ("set", "unset", "merge", "Merge")
_TEXTS: Final = 64  # of one outcome, at most, that are written out


class Place(NamedTuple):
    """A part of the template that something comes from: its text (`.cluster.nmae`) and where it stands."""

    source: str
    position: Position


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the runs that data leads to.

    pieces     the output: text, and an Unknown for each part of it that is not known
    error      why it stopped, if it did; `pieces` is then what it printed before
    no_values  what printed `<no value>`
    missing    what was looked up and not there, printed or not (an `if` on it, an argument)
    given      what was assumed of unknown values, in words, in order (`.name is empty`)
    """

    pieces: tuple[str | Unknown, ...]
    error: TemplateError | None
    no_values: tuple[Place, ...]
    missing: tuple[Place, ...]
    given: tuple[str, ...]

    @property
    def text(self) -> str | None:
        """The output where all of it is known and nothing went wrong."""
        if self.error is not None or any(isinstance(piece, Unknown) for piece in self.pieces):
            return None
        return "".join(map(str, self.pieces))

    def texts(self) -> tuple[str, ...] | None:
        """All outputs this may be, where unknown parts have few values; None where they are too many, or an error."""
        options = []
        count = 1
        for piece in dict.fromkeys(self.pieces):
            values = piece.values if isinstance(piece, Unknown) else (piece,)
            count *= len(values)
            if self.error is not None or not 0 < count <= _TEXTS:
                return None
            options.append([(piece, shown(value)) for value in values])
        return tuple("".join(dict(chosen)[piece] for piece in self.pieces) for chosen in product(*options))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All runs that were found; `complete` where there can be no other (no limit met, no list cut short)."""

    runs: tuple[Outcome, ...]
    complete: bool

    def can(self, accepts: Callable[[str], bool]) -> bool | None:
        """Whether some output is accepted: True if one is known to be, None if it cannot be told, else False."""
        unsure = not self.complete
        for run in self.runs:
            texts = run.texts()
            if texts is None:
                unsure = unsure or run.error is None
            elif any(map(accepts, texts)):
                return True
        return None if unsure else False

    def always(self, accepts: Callable[[str], bool]) -> bool | None:
        """Whether every output is accepted (an error is none): False if one is known not to be."""
        unsure = not self.complete
        for run in self.runs:
            texts = run.texts()
            if run.error is not None or (texts is not None and not all(map(accepts, texts))):
                return False
            unsure = unsure or texts is None
        return None if unsure else True

    def no_values(self) -> Iterator[tuple[Place, bool]]:
        """What may print `<no value>`, each place once, and whether every run prints it there."""
        return _common([run.no_values for run in self.runs], self.complete)

    def missing(self) -> Iterator[tuple[Place, bool]]:
        """What may be looked up and not found, each place once, and whether it is in every run."""
        return _common([run.missing for run in self.runs], self.complete)

    def errors(self) -> Iterator[tuple[TemplateError, bool, tuple[str, ...]]]:
        """Each different error, whether no run goes well, and what was assumed in the first run that has it."""
        seen: set[tuple[Position, str]] = set()
        certain = self.complete and all(run.error is not None for run in self.runs)
        for run in self.runs:
            if run.error is not None and (key := (run.error.position, run.error.message)) not in seen:
                seen.add(key)
                yield run.error, certain, run.given


def _common(found: list[tuple[Place, ...]], complete: bool) -> Iterator[tuple[Place, bool]]:
    for place in dict.fromkeys(place for places in found for place in places):
        yield place, complete and all(place in places for places in found)


class Template:
    """A parsed template. Made by `parse`; never changed, so it can be kept and shared."""

    def __init__(self, text: str, functions: Collection[str], limits: Limits) -> None:
        if len(text) > limits.text:
            raise TemplateError(f"more than {limits.text} characters", Position(1, 1), "limit")
        parser = Parser(text, functions, limits)
        self.text = text
        self.limits = limits
        self.program = Program(text, parser.parse(), parser.defined, sprig=functions is not NONE)
        self._changes_data = any(word in text for word in _MUTATORS)

    def render(self, data: Any, *, missing: Missing = "default") -> str:
        """The output for data in which nothing is unknown. Raises TemplateError as Go would, or at a limit (what a
        function gives that differs each time, like a certificate, is one)."""
        evaluator = Evaluator(self.program, World(self.limits), missing_is_error=missing == "error")
        evaluator.run(self._own(data))
        for piece in evaluator.trace.pieces:
            if not isinstance(piece, str):
                raise TemplateError(f"{piece.name} cannot be told", Position(1, 1), "limit")
        return _whole(evaluator.trace.pieces)

    def explore(self, data: Any, *, missing: Missing = "default") -> Outcomes:
        """All outcomes for data of which parts may be Unknown, up to the limit on their number."""
        runs: list[Outcome] = []
        prefix: tuple[int, ...] | None = ()
        exact, steps, work = True, 0, 0
        while prefix is not None and len(runs) < self.limits.paths:
            world = World(self.limits, prefix)
            evaluator = Evaluator(self.program, world, missing_is_error=missing == "error")
            runs.append(self._outcome(evaluator, data))
            exact = exact and world.exact
            prefix = world.next_prefix()
            steps, work = steps + evaluator.steps, work + evaluator.work
            if steps > self.limits.steps or work > self.limits.work:
                break
        return Outcomes(tuple(runs), exact and prefix is None)

    def _outcome(self, evaluator: Evaluator, data: Any) -> Outcome:
        world, error = evaluator.world, None
        try:
            evaluator.run(self._own(data))
        except TemplateError as raised:
            error = raised.with_traceback(None)
        trace = evaluator.trace
        known = [world.known(piece) for piece in trace.pieces]
        pieces = _merged([piece if isinstance(piece, str | Unknown) else shown(piece) for piece in known])
        return Outcome(pieces, error, self._places(trace.no_values), self._places(trace.missing), tuple(world.given))

    def _places(self, found: list[tuple[int, str]]) -> tuple[Place, ...]:
        return tuple(Place(source, position(self.text, at)) for at, source in dict.fromkeys(found))

    def _own(self, data: Any) -> Any:
        """The data, a copy of it where the template might change it."""
        return copy.deepcopy(data) if self._changes_data else data

    def fields(self) -> tuple[tuple[tuple[str, ...], Place], ...]:
        """What the template reads, as far as that stands in its text: see `reading.fields`."""
        from cluster_stacks.gotemplate.reading import fields

        return tuple((path, Place(source, position(self.text, at))) for path, source, at in fields(self.program))


def _whole(pieces: list[Any]) -> str:
    text = "".join(map(str, pieces))
    return text if text.isascii() else decode(encode(text))


def _merged(pieces: list[str | Unknown]) -> tuple[str | Unknown, ...]:
    merged: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return tuple(merged)


@lru_cache(maxsize=4096)
def parse(text: str, *, functions: frozenset[str] = SPRIG, limits: Limits = DEFAULT) -> Template:
    """The template of a text. Raises TemplateError where Go would refuse it, unknown functions included."""
    return Template(text, functions, limits)
