"""The steps of a judgement. `validate` runs them in one process; `operations` spreads them over workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cluster_stacks.model.finding import Fix
from cluster_stacks.model.release import Release
from cluster_stacks.releases.earlier import Earlier
from cluster_stacks.validation.documents import items_of
from cluster_stacks.validation.embedded import MOST, Embedded
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.kubeconform import Batch, Judgement, Status
from cluster_stacks.validation.problem import Item, Judged, Pointer, Problem
from cluster_stacks.validation.rules import CHECKS
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.schema import BAD_VALUE, ENGINES_DISAGREE, NO_SCHEMA
from cluster_stacks.validation.store import Store


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a set of documents holds.

    `items` and `kinds` run in parallel; a kind that is None has its problem already. `documents` counts objects and
    what is none: of each of these there is a judgement or a problem.
    """

    items: tuple[Item, ...]
    kinds: tuple[KindInfo | None, ...]
    problems: tuple[Problem, ...]
    documents: int

    @property
    def judgeable(self) -> tuple[tuple[int, Item, KindInfo], ...]:
        """The objects that an engine can judge, with their place in `items`."""
        triples = zip(range(len(self.items)), self.items, self.kinds, strict=True)
        return tuple((index, item, info) for index, item, info in triples if info is not None)


def prepare(
    documents: Sequence[Judged], store: Store, capi: str | None = None, release: Release | None = None, *,
    unread: Sequence[Problem] = (), published: tuple[Earlier, ...] = (),
) -> Prepared:
    """Finds the objects and their kinds, and runs the rules that need no engine.

    `unread` are problems of documents that nothing else is to look at: one each. `published` are the releases that
    clusters move to this one from.
    """
    items, problems = items_of(documents, {problem.document for problem in unread})
    problems += unread
    kinds = [store.find(item.api_version, item.kind) for item in items]
    nothings = len(problems)
    problems += [_no_schema(item, store) for item, info in zip(items, kinds, strict=True) if info is None]
    context = Context(items, kinds, capi, store, release, published)
    for check in CHECKS:
        problems += _first(check(context))
    return Prepared(tuple(items), tuple(kinds), tuple(problems), len(items) + nothings)


def _first(problems: Iterable[Problem]) -> Iterator[Problem]:
    """As many problems of one object by one rule as an engine tells too: a file of garbage has any number of them."""
    counts: Counter[tuple[int, Pointer, str]] = Counter()
    for problem in problems:
        key = problem.document, problem.item.prefix if problem.item else (), problem.rule
        counts[key] += 1
        if counts[key] <= MOST:
            yield problem


def judge_embedded(prepared: Prepared, engine: Embedded) -> list[Problem]:
    """What the embedded engine finds. Raises Refused where a schema cannot be used."""
    found: list[Problem] = []
    for _, item, info in prepared.judgeable:
        if not engine.is_valid(item, info):
            found += engine.problems(item, info) or [_silent(item)]
    return found


def stage(prepared: Prepared, batch: Batch, name: str) -> tuple[dict[str, int], list[Problem]]:
    """Writes the objects into a batch: by key of the judgement, their place in `items`; and what cannot be written."""
    keys: dict[str, int] = {}
    problems: list[Problem] = []
    for index, item, info in prepared.judgeable:
        try:
            keys[batch.put(f"{name}-{index}", item.value, info)] = index
        except ValueError as error:
            message = f"the object cannot be said in JSON: {error}"
            problems.append(Problem(item.document, BAD_VALUE.id, message, item.prefix, item=item))
    return keys, problems


def explain(judgement: Judgement, item: Item, info: KindInfo, engine: Embedded, *, both: bool) -> list[Problem]:
    """The problems behind kubeconform's judgement of one object, in the words of the embedded engine.

    kubeconform tells the first level of causes only. Where the embedded engine finds nothing, what kubeconform says
    stands as it is. With `both`, a difference between the two is a problem of its own.
    """
    if judgement.status is Status.ERROR:
        message = f"kubeconform could not judge the object: {judgement.message}"
        return [Problem(item.document, NO_SCHEMA.id, message, item.prefix, item=item)]
    refused = judgement.status is Status.INVALID
    found = engine.problems(item, info) if refused or both else []
    if refused and not found:
        pointer = _pointer(judgement.path, item.value)
        said = judgement.message.rpartition(" - at ")[2]
        found = [Problem(item.document, BAD_VALUE.id, f"kubeconform: {said}", (*item.prefix, *pointer), item=item)]
        return [*found, _disagreement(item, "kubeconform", "the embedded engine")] if both else found
    return [*found, _disagreement(item, "the embedded engine", "kubeconform")] if found and not refused else found


def _disagreement(item: Item, refuses: str, accepts: str) -> Problem:
    message = f"{refuses} refuses this object and {accepts} does not: please report it"
    return Problem(item.document, ENGINES_DISAGREE.id, message, item.prefix, item=item)


def _no_schema(item: Item, store: Store) -> Problem:
    advice = store.advice(item.api_version, item.kind)
    message = f"no schema for {item.kind} of {item.api_version}: {advice}"
    typo = advice.startswith("did you mean")
    fix = None if typo else Fix("Add the kind's CRD to the repository's schemas.", "cluster-stacks schemas add FILE")
    return Problem(item.document, NO_SCHEMA.id, message, (*item.prefix, "kind"), item=item, fix=fix)


def _silent(item: Item) -> Problem:
    return Problem(item.document, BAD_VALUE.id, "the object does not fit its schema", item.prefix, item=item)


def _pointer(path: str, value: object) -> Pointer:
    """kubeconform's path (`/spec/items/0/name`, nothing escaped) as far as it can be followed."""
    pointer: list[str | int] = []
    rest = path.removeprefix("/")
    while rest:
        step = _step(rest, value)
        if step is None:
            break
        part, text = step
        pointer.append(part)
        value = value[part]  # type: ignore[index]  # _step gave an index of this very value
        rest = rest[len(text):].removeprefix("/")
    return tuple(pointer)


def _step(rest: str, value: object) -> tuple[str | int, str] | None:
    first = rest.partition("/")[0]
    if isinstance(value, list):
        return (int(first), first) if first.isdecimal() and int(first) < len(value) else None
    if isinstance(value, Mapping):
        # Keys may hold slashes (annotations): the longest that fits.
        fitting = [key for key in value if rest == key or rest.startswith(key + "/")]
        return (max(fitting, key=len),) * 2 if fitting else None
    return None
