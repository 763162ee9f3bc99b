"""What the rules about patches at run time look at, and what they found: once for all classes that say the same.

Stacks of one family differ in names and in little else, and trying patches takes long: findings are kept by what a
class and its templates say, its own name left out.
"""

from __future__ import annotations

import hashlib
import marshal
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from weakref import ref

from cluster_stacks.model.finding import Severity
from cluster_stacks.model.source import Position
from cluster_stacks.validation.capi.desired import Kind, kind_of, with_metadata
from cluster_stacks.validation.capi.exploring import Explorer, Run
from cluster_stacks.validation.capi.selecting import Target, targets
from cluster_stacks.validation.capi.view import ClassView, Patch, Variable, classes
from cluster_stacks.validation.capi.webhooks import as_stored
from cluster_stacks.validation.defaults import defaulted
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Item, Pointer, Problem

if TYPE_CHECKING:
    from cluster_stacks.validation.rules.context import Context
    from cluster_stacks.validation.store import Store

T = TypeVar("T")
_KEPT = 16 * 1024
"""Answers of one rule to one class: those of some hundred classes, which differ in more than their names."""


class Issue(NamedTuple):
    """What a rule found in a class; `pointer` is into its document."""

    pointer: Pointer
    message: str
    severity: Severity = Severity.ERROR
    within: Position | None = None
    """The place in the text at `pointer`, where only a part of it is meant."""


@dataclass
class Study:
    """A class with its templates and their kinds. `templates` are by target, those that are known and can be read."""

    view: ClassView
    store: Store | None
    templates: dict[Target, Item]
    _made: dict[str, Any] = field(default_factory=dict)

    def memo(self, key: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for all rules that ask by this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        return targets(self.view)

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """The variables by name; of two of one name the first."""
        return {variable.name: variable for variable in reversed(self.view.variables) if variable.name}

    @cached_property
    def kinds(self) -> dict[Target, Kind]:
        """The kinds that targets become, those whose schema is known."""
        if self.store is None:
            return {}
        found = ((target, kind_of(target, self.store)) for target in self.targets)
        return {target: kind for target, kind in found if kind is not None}

    @cached_property
    def explorer(self) -> Explorer:
        return Explorer(self.view)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Everything that was tried, target by target."""
        return tuple(run for target in self.targets for run in self.explorer.runs(target, self.document(target)))

    def selects(self, patch: Patch, target: Target) -> bool:
        """Whether a patch is for a target."""
        return any(each is patch for each in self.explorer.patches_of(target))

    def document(self, target: Target) -> Any:
        """The template of a target as patches see it, or None: with all defaults, and its labels."""
        item = self.templates.get(target)
        if item is None or self.store is None:
            return None
        info = self.store.find(item.api_version, item.kind)
        value: Any = item.value
        filled = defaulted(value, self.store.schema(info)) if info else value
        return with_metadata(as_stored(filled, item.api_version, item.kind), target)


def problems(context: Context, rule: str, find: Callable[[Study], Iterator[Issue]]) -> Iterator[Problem]:
    """What a rule finds in the classes of a context: `find` is asked for classes that were not seen before."""
    for number, view in enumerate(classes(context)):
        if not view.patches and not view.variables:
            continue
        study, key = study_of(context, view, number)
        for issue in _issues(study, key, rule, find):
            yield Problem(
                view.item.document, rule, issue.message, issue.pointer, severity=issue.severity, item=view.item,
                within=issue.within,
            )


def study_of(context: Context, view: ClassView, number: int) -> tuple[Study, tuple[object, ...] | None]:
    """The study of a class, made once, and what its findings depend on; `number` is its place among the classes."""
    return context.memo(("capi.study", number), lambda: _study(context, view))


def _issues(
    study: Study, key: tuple[object, ...] | None, rule: str, find: Callable[[Study], Iterator[Issue]]
) -> tuple[Issue, ...]:
    full = (rule, *key) if key is not None else None
    if full is not None and full in _FOUND:
        _FOUND.move_to_end(full)
        return _FOUND[full]
    found = tuple(find(study))
    if full is not None:
        _FOUND[full] = found
        while len(_FOUND) > _KEPT:
            _FOUND.popitem(last=False)
    return found


_FOUND: OrderedDict[tuple[object, ...], tuple[Issue, ...]] = OrderedDict()
_STORES: list[tuple[ref[Store], object]] = []


def _study(context: Context, view: ClassView) -> tuple[Study, tuple[object, ...] | None]:
    study = Study(view, context.store, _templates(context, view))
    return study, _key(study)


def _templates(context: Context, view: ClassView) -> dict[Target, Item]:
    """The template of each target, where it is among the objects in the version that the class names."""
    there = context.memo("capi.templates", lambda: _named(context.items))
    found = {}
    for target in targets(view):
        reference = target.reference
        key = split_api_version(reference.api_version), reference.kind, reference.name
        item = there.get((view.item.scope, *key)) or there.get((None, *key))
        if item is not None:
            found[target] = item
    return found


def _named(items: Iterable[Item]) -> dict[tuple[object, ...], Item]:
    """The templates by scope, version, kind and name; by None for the scope where no two scopes have that one."""
    found: dict[tuple[object, ...], Item] = {}
    scopes: dict[tuple[object, ...], set[str]] = {}
    for item in items:
        if item.kind.endswith("Template"):
            key = split_api_version(item.api_version), item.kind, item.name
            found.setdefault((item.scope, *key), item)
            scopes.setdefault(key, set()).add(item.scope)
    alone = {(None, *key): found[next(iter(names)), *key] for key, names in scopes.items() if len(names) == 1}
    return {**found, **alone}


def _key(study: Study) -> tuple[object, ...] | None:
    """What the findings depend on, or None where that cannot be said."""
    view = study.view
    said = [
        view.version, list(view.item.prefix), view.spec.get("patches"), view.spec.get("variables"),
        [list(worker.pointer) for worker in view.workers], [text for _, text in view.kubernetes_versions],
        [
            (target.holder.value, target.reference.role, target.reference.worker, target.reference.api_version,
             target.reference.kind, study.templates[target].value.get("spec") if target in study.templates else None)
            for target in study.targets
        ],
    ]
    try:
        # Version 2: without references, so that equal values give equal bytes.
        data = marshal.dumps(said, 2)
    except ValueError:
        return None
    if len(view.name) > 3:
        data = data.replace(view.name.encode("utf-8", "surrogatepass"), b"")
    return hashlib.blake2b(data, digest_size=20).digest(), _number(study.store)


def _number(store: Store | None) -> object:
    """What tells stores apart, also after one is gone."""
    if store is None:
        return None
    for known, mark in _STORES:
        if known() is store:
            return mark
    _STORES[:] = [pair for pair in _STORES if pair[0]() is not None]
    mark = object()
    _STORES.append((ref(store), mark))
    return mark
