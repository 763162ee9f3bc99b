"""What patches make of templates, judged by the schemas of the kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from cluster_stacks.documents.scalars import ScalarError, resolve
from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi.desired import Kind, desired, place_in
from cluster_stacks.validation.capi.exploring import Run
from cluster_stacks.validation.capi.outcomes import enabled_runs, is_certain, is_settled, patch_at, when
from cluster_stacks.validation.capi.patching import Change
from cluster_stacks.validation.capi.paths import value_at
from cluster_stacks.validation.capi.reads import names_of
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.capi.study import Issue, Study
from cluster_stacks.validation.problem import Item, Pointer, Problem

if TYPE_CHECKING:
    from cluster_stacks.validation.embedded import Embedded
    from cluster_stacks.validation.store import Store

_NOTHING = object()
_UNKNOWN_FIELD, _WRONG_TYPE = "CS402", "CS404"
"""The ids of two rules of schemas, which cannot be imported here: they import what imports this."""
_ENGINES: WeakKeyDictionary[Store, Embedded] = WeakKeyDictionary()


class Misfit(NamedTuple):
    """A value that does not fit where a patch put it; `coerced`: YAML read another type than was printed."""

    issue: Issue
    coerced: bool


class _Blame(NamedTuple):
    pointer: Pointer
    message: str
    coerced: bool


def misfits(study: Study) -> tuple[Misfit, ...]:
    """All of a class, one for each place and reason."""
    return study.memo("misfits", lambda: tuple(_misfits(study)))


def _misfits(study: Study) -> Iterator[Misfit]:
    if study.store is None:
        return
    found: dict[tuple[Pointer, Target], list[tuple[Run, _Blame]]] = {}
    for target, runs in _by_target(study).items():
        kind = study.kinds.get(target)
        if kind is None:
            continue
        judge = _Judge(study.store, target, kind, study.document(target))
        for run in runs:
            for each in judge.blames(run):
                if not is_settled(study, each.value.pointer) and not _only_invented(study, run, each):
                    found.setdefault((each.value.pointer, target), []).append((run, each.value))
    if not found:
        return
    on = enabled_runs(study)
    told: set[Pointer] = set()
    for (pointer, target), pairs in found.items():
        if pointer in told:
            continue
        told.add(pointer)
        runs = [run for run, _ in pairs]
        blame = pairs[0][1]
        certain = is_certain(study, pointer, runs, on[target, patch_at(study, pointer)])
        situation = "" if certain else f", where {when(study, pointer, runs)}"
        severity = Severity.ERROR if certain else Severity.WARNING
        yield Misfit(Issue(pointer, blame.message + situation, severity), blame.coerced)


def _by_target(study: Study) -> dict[Target, list[Run]]:
    out: dict[Target, list[Run]] = {}
    for run in study.runs:
        if run.result is not None:
            out.setdefault(run.target, []).append(run)
    return out


class _Found(NamedTuple):
    value: _Blame
    change: Change
    rule: str


def _only_invented(study: Study, run: Run, found: _Found) -> bool:
    """Whether a value is refused for a form that nobody chose: of an example that stands for any text or number."""
    if found.rule == _WRONG_TYPE or found.value.coerced:
        return False
    return study.explorer.invented(names_of(found.change.operation.patch), run.setting)


def engine_of(store: Store) -> Embedded:
    """The embedded engine of a store, one for all who judge patched objects."""
    from cluster_stacks.validation.embedded import Embedded  # which imports the rules, and they this

    return _ENGINES.setdefault(store, Embedded(store))


class _Judge:
    """Judges what becomes of one target; the same object is judged once."""

    def __init__(self, store: Store, target: Target, kind: Kind, document: Any) -> None:
        self._target = target
        self._kind = kind
        self._engine = engine_of(store)
        self._seen: dict[int, list[_Found]] = {}
        self._before = {(p.rule, p.pointer) for p in self._problems(document)}

    def blames(self, run: Run) -> list[_Found]:
        """What is wrong with the object of a run, by the operation that is to blame."""
        result = run.result
        assert result is not None
        key = id(result)
        if key not in self._seen:
            self._seen[key] = [
                blame for problem in self._problems(result.document)
                if (problem.rule, problem.pointer) not in self._before
                and (blame := self._blame(problem, result.changes)) is not None
            ]
        return self._seen[key]

    def _problems(self, template: Any) -> list[Problem]:
        value = desired(template, self._target, self._kind)
        item = Item(0, (), value)
        if not isinstance(value, dict) or self._engine.is_valid(item, self._kind.info):
            return []
        return self._engine.problems(item, self._kind.info)

    def _blame(self, problem: Problem, changes: tuple[Change, ...]) -> _Found | None:
        """The last operation that wrote what is wrong, and the part of its value that is."""
        for change in reversed(changes):
            place = place_in(change.place, self._kind)
            if place is None or problem.pointer[: len(place)] != place[: len(problem.pointer)]:
                continue
            inner = problem.pointer[len(place):]
            operation = change.operation
            pointer = _source(change, inner)
            if problem.rule == _UNKNOWN_FIELD and not inner:
                return None  # the path itself: patch-unknown-field
            leaf = value_at(operation.value, inner) if len(problem.pointer) >= len(place) else None
            coerced = problem.rule == _WRONG_TYPE and operation.printed is not None and is_scalar(leaf)
            message = f"{self._kind.info.kind}: {problem.message}"
            if coerced:
                message = coercion(operation.printed or "", leaf, problem.message)
            return _Found(_Blame(pointer, message, coerced), change, problem.rule)
        return None


def _source(change: Change, inner: Pointer) -> Pointer:
    """The text that a place within a change comes from; within a value, the nearest place that is there."""
    operation = change.operation
    if operation.patch.op == "remove":
        return (*operation.patch.pointer, "path")
    if operation.source[-1] != "value":
        return operation.source
    while value_at(operation.value, inner, _NOTHING) is _NOTHING:
        inner = inner[:-1]
    return (*operation.source, *inner)


def coercion(printed: str, value: Any, said: str) -> str:
    """What became of a printed text, with what to do about it."""
    as_written = _written(printed, value)
    shown = str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)
    how = f"the template prints {as_written}, which YAML reads as {shown}" if as_written else f"YAML reads {shown}"
    return f"{how}: {said}. Print it with `toJson` or `quote`"


def _written(printed: str, value: Any) -> str:
    for word in printed.replace("\n", " ").split():
        text = word.strip(",[]{}")
        try:
            if text and resolve(text) == value and type(resolve(text)) is type(value):
                return text
        except ScalarError:
            continue
    return ""


def is_scalar(value: Any) -> bool:
    """Whether YAML may have read a word as something else than a text."""
    return isinstance(value, bool | int | float)
