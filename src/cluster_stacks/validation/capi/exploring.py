"""Tries the patches of a class with many values of its variables, and tells what would fail, and for which values.

For each target, and for each patch that is for it: with values that enable the patch, with each value of each variable
that it reads, and with a Cluster that leaves out what may be left out. What is not tried is not said to be fine; what
is found is found with values that the class allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any, NamedTuple

from cluster_stacks.validation.capi.patching import Generated, Patched, Values, generate, patched, selected_of
from cluster_stacks.validation.capi.reads import names_in, names_read, texts
from cluster_stacks.validation.capi.samples import ABSENT, Sample, samples
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.capi.standing import builtin_of
from cluster_stacks.validation.capi.view import ClassView, Definition, Patch

COMBINATIONS = 64
RUNS = 400
"""Combinations of values that are tried for one enabledIf, and runs of one target, at most."""

Choice = tuple[tuple[str, int], ...]
"""The variables that do not have their first value, each with the number of its value, by name."""


class Setting(NamedTuple):
    """The values of one run; `lean`: the Cluster leaves out what it may of what `builtin` tells."""

    choice: Choice = ()
    lean: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One target with one setting."""

    target: Target
    setting: Setting
    generated: tuple[Generated, ...]
    result: Patched | None
    """None where the class names a template that is not known."""


@dataclass(slots=True)
class Explorer:
    """The patches of one class, and what of them was computed already."""

    view: ClassView
    names: tuple[str, ...] = ()
    _samples: dict[str, tuple[Sample, ...]] = field(default_factory=dict)
    _reads: list[frozenset[str]] = field(default_factory=list)
    _generated: dict[object, Generated] = field(default_factory=dict)
    _builtin: dict[tuple[Target, bool], tuple[Any, Any]] = field(default_factory=dict)
    _go: dict[tuple[str, int], Any] = field(default_factory=dict)
    _selected: dict[tuple[int, Target], tuple[Definition, ...]] = field(default_factory=dict)
    _numbers: dict[Target, tuple[int, ...]] = field(default_factory=dict)
    _first: tuple[dict[str, Any], dict[str, Any]] | None = None
    """The values of all variables where nothing is chosen, plain and as templates see them."""

    def __post_init__(self) -> None:
        self._reads = [names_read(patch) for patch in self.view.patches]
        printed = frozenset[str]().union(*(names_in(each.text) for patch in self.view.patches for each in texts(patch)))
        found = {
            variable.name: samples(variable, printed="" in printed or variable.name in printed)
            for variable in self.view.variables if variable.name
        }
        # A required variable of which the schema says nothing has no sample: it is left out.
        self._samples = {name: values for name, values in found.items() if values}
        self.names = tuple(self._samples)

    def runs(self, target: Target, document: Any) -> Iterator[Run]:
        """All runs of a target; the first has the first value of everything."""
        patches = self.numbers(target)
        if not patches:
            return
        base = tuple(self.generated(number, target, Setting()) for number in patches)
        readers = self._readers(patches)
        seen: dict[tuple[int, ...], Patched] = {}
        done: set[Setting] = set()
        for setting in islice(self._settings(target, patches), RUNS):
            relevant = setting if "" in readers else setting._replace(
                choice=tuple(pair for pair in setting.choice if pair[0] in readers)
            )
            if relevant in done:
                continue
            done.add(relevant)
            generated = list(base)
            for place in self._affected(relevant, readers):
                generated[place] = self.generated(patches[place], target, relevant)
            key = tuple(map(id, generated))
            if document is not None and key not in seen:
                seen[key] = patched(document, generated)
            yield Run(target, relevant, tuple(generated), seen.get(key))

    def _readers(self, patches: Sequence[int]) -> dict[str, list[int]]:
        """By variable, the places in `patches` of those that read it."""
        readers: dict[str, list[int]] = {}
        for place, number in enumerate(patches):
            for name in self._reads[number]:
                readers.setdefault(name, []).append(place)
        return readers

    def _affected(self, setting: Setting, readers: Mapping[str, list[int]]) -> set[int]:
        """The places of the patches for which a setting is another than that of the first run."""
        names = [name for name, _ in setting.choice] + (["builtin"] if setting.lean else [])
        return {place for name in ([*names, ""] if names else []) for place in readers.get(name, ())}

    def numbers(self, target: Target) -> tuple[int, ...]:
        """The patches that select a target, as `Run.generated` has them."""
        if target not in self._numbers:
            self._numbers[target] = tuple(
                number for number in range(len(self.view.patches)) if self.selected(number, target)
            )
        return self._numbers[target]

    def patches_of(self, target: Target) -> list[Patch]:
        """The patches that select a target, as `Run.generated` has them."""
        return [self.view.patches[number] for number in self.numbers(target)]

    def selected(self, number: int, target: Target) -> tuple[Definition, ...]:
        """The definitions of a patch that select a target."""
        key = (number, target)
        if key not in self._selected:
            self._selected[key] = tuple(selected_of(self.view.patches[number], target))
        return self._selected[key]

    def generated(self, number: int, target: Target, setting: Setting) -> Generated:
        """What a patch makes for a target; made once for all settings that are the same to the patch."""
        reads = self._reads[number]
        everything = "" in reads
        choice = setting.choice if everything else tuple(pair for pair in setting.choice if pair[0] in reads)
        lean = setting.lean and (everything or "builtin" in reads)
        definitions = self.selected(number, target)
        place: object = target if everything or "builtin" in reads else tuple(map(id, definitions))
        key = (number, place, choice, lean)
        if key not in self._generated:
            values = self.values(target, Setting(choice, lean))
            self._generated[key] = generate(self.view.patches[number], target, values)
        return self._generated[key]

    def sample(self, name: str, setting: Setting) -> Sample:
        """The value that a variable has in a setting."""
        return self._samples[name][dict(setting.choice).get(name, 0)]

    def described(self, setting: Setting) -> str:
        """In words: `backend is inMemory`; empty for the first value of everything."""
        words = [f"{name} is {_shown(self._samples[name][number].value)}" for name, number in setting.choice]
        if setting.lean:
            words.append("the Cluster says nothing of its network and its replicas")
        return " and ".join(words)

    def absent(self, names: frozenset[str]) -> list[str]:
        """Those of some variables that have no value where a Cluster does not set them."""
        chosen = self.names if "" in names else sorted(names)
        return [name for name in chosen if name in self._samples and self._samples[name][0].value is ABSENT]

    def invented(self, names: frozenset[str], setting: Setting) -> bool:
        """Whether one of some variables has a value whose form nothing suggests."""
        return any(self.sample(name, setting).invented for name in (self.names if "" in names else names)
                   if name in self._samples)

    def _settings(self, target: Target, patches: Sequence[int]) -> Iterator[Setting]:
        yield Setting()
        yield Setting((), lean=True)
        for number in patches:
            enabling = self._enabling(number, target)
            if enabling is None:
                continue
            yield enabling
            yield enabling._replace(lean=True)
            read = self.names if "" in self._reads[number] else sorted(self._reads[number])
            names = [name for name in read if name in self._samples]
            chosen = dict(self._complete(number, target, enabling, names).choice)
            yield Setting(_choice(chosen))
            for name in names:
                for value in range(len(self._samples[name])):
                    yield Setting(_choice({**chosen, name: value}))

    def _complete(self, number: int, target: Target, enabling: Setting, names: Sequence[str]) -> Setting:
        """A setting that enables a patch, with a value for all that it reads, if that enables it too."""
        chosen = dict(enabling.choice)
        for name in names:
            if not chosen.get(name) and self._samples[name][0].value is ABSENT and len(self._samples[name]) > 1:
                chosen[name] = 1
        complete = Setting(_choice(chosen))
        return complete if self.generated(number, target, complete).enabled else enabling

    def _enabling(self, number: int, target: Target) -> Setting | None:
        """The first values that enable a patch; None where none of those tried do."""
        condition = self.view.patches[number].enabled_if
        names = sorted(name for name in names_in(condition) if name in self._samples) if condition else []
        options = product(*(range(len(self._samples[name])) for name in names))
        for values in islice(options, COMBINATIONS):
            setting = Setting(_choice(dict(zip(names, values, strict=True))))
            if self.generated(number, target, setting).enabled:
                return setting
        return None

    def values(self, target: Target, setting: Setting) -> Values:
        """The values of a setting for a target."""
        if self._first is None:
            first = {name: found[0].value for name, found in self._samples.items() if found[0].value is not ABSENT}
            self._first = first, {name: self._as_go(name, 0) for name in first}
        plain, go = map(dict, self._first)
        for name, number in setting.choice:
            value = self._samples[name][number].value if name in self._samples else ABSENT
            if value is ABSENT:
                plain.pop(name, None)
                go.pop(name, None)
            else:
                plain[name], go[name] = value, self._as_go(name, number)
        key = (target, setting.lean)
        if key not in self._builtin:
            builtin = builtin_of(self.view, target, lean=setting.lean)
            self._builtin[key] = (builtin, Values.of({"": builtin}).go[""])
        plain["builtin"], go["builtin"] = self._builtin[key]
        return Values(plain, go)

    def _as_go(self, name: str, number: int) -> Any:
        if (name, number) not in self._go:
            self._go[name, number] = Values.of({name: self._samples[name][number].value}).go[name]
        return self._go[name, number]


def _choice(values: Mapping[str, int]) -> Choice:
    return tuple(sorted((name, number) for name, number in values.items() if number))


def _shown(value: object) -> str:
    if value is ABSENT:
        return "not set"
    text = repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else text[:39] + "…"

