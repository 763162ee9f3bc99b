"""What went wrong when patches were tried, each thing once, and for which values of variables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cluster_stacks.gotemplate.reading import EACH
from cluster_stacks.model.finding import Severity
from cluster_stacks.model.source import Position
from cluster_stacks.validation.capi.exploring import Run, Setting
from cluster_stacks.validation.capi.patching import Failure, Generated, Operation, prints_nothing_known
from cluster_stacks.validation.capi.paths import first_name, value_at
from cluster_stacks.validation.capi.reads import fields, names_read, template_of, variable_of
from cluster_stacks.validation.capi.selecting import Target, selected
from cluster_stacks.validation.capi.study import Issue, Study
from cluster_stacks.validation.capi.templates import parse_problem
from cluster_stacks.validation.capi.view import Patch
from cluster_stacks.validation.capi.wrongs import (
    bad_index,
    bad_path,
    bad_variable_path,
    unknown_field,
    unknown_variable,
)
from cluster_stacks.validation.problem import Pointer

KNOWN_WEBHOOKS = ("Kubeadm", "Dev", "Docker", "OpenStack")
"""Kinds of which it is known what their webhooks put in besides the defaults of their schemas."""


class Case(NamedTuple):
    """A failure of a patch; `when` says for which values, empty where it is for all."""

    failure: Failure
    target: Target
    severity: Severity
    when: str
    variable: str

    def said(self) -> str:
        """The message, and when that is."""
        return self.failure.message + (f", where {self.when}" if self.when else "")


def cases(study: Study) -> tuple[Case, ...]:
    """All failures of a class, one for each place and reason."""
    return study.memo("cases", lambda: tuple(_cases(study)))


def _cases(study: Study) -> Iterator[Case]:
    found: dict[tuple[Pointer, Target], list[tuple[Run, Failure]]] = {}
    for run in study.runs:
        for failure in failures_of(run):
            if failure.cause != "untold" and not is_settled(study, failure.pointer):
                found.setdefault((failure.pointer, run.target), []).append((run, failure))
    on = enabled_runs(study) if found else Counter()
    told: set[Pointer] = set()
    # Where it fails most first: of two places of one patch the more certain one is told.
    for (pointer, target), pairs in sorted(found.items(), key=lambda item: -len(item[1])):
        if pointer in told:
            continue
        told.add(pointer)
        runs = [run for run, _ in pairs]
        failure = pairs[0][1]
        certain = is_certain(study, pointer, runs, on[target, patch_at(study, pointer)])
        unsure = failure.cause == "place" and not target.reference.kind.startswith(KNOWN_WEBHOOKS)
        severity = Severity.ERROR if certain and not unsure else Severity.WARNING
        yield Case(failure, target, severity, "" if certain else when(study, pointer, runs), _variable(study, pointer))


def is_settled(study: Study, pointer: Pointer) -> bool:
    """Whether another rule has said what is wrong there: the operation, or its patch as a whole, is no use trying."""
    found = study.memo("settled", lambda: frozenset(_settled(study)))
    patch = len(study.view.item.prefix) + 3
    return bool(found) and (pointer[:patch] in found or pointer[: patch + 4] in found)


def _settled(study: Study) -> Iterator[Pointer]:
    for patch in study.view.patches:
        if patch.enabled_if and _is_bad(study, patch.enabled_if):
            yield patch.pointer
        for definition in patch.definitions:
            chosen = [study.kinds[target] for target in selected(definition, study.targets) if target in study.kinds]
            for operation in definition.patches:
                template, variable = template_of(operation), variable_of(operation)
                empty = operation.op != "remove" and operation.value.get("value") is None and not (template or variable)
                if (
                    not operation.path.startswith("/spec")
                    or empty
                    or (template and _is_bad(study, template)) or bad_index(operation)
                    or (variable and unknown_variable(variable, study.variables))
                    or (variable and bad_variable_path(variable, study.variables))
                    or any(unknown_field(operation.path, kind) for kind in chosen)
                ):
                    yield operation.pointer


def _is_bad(study: Study, template: str) -> bool:
    return parse_problem(template) is not None or any(bad_path(path, study.variables) for path, _ in fields(template))


def failures_of(run: Run) -> Iterable[Failure]:
    """The failures of a run, those of values alone where the template is not known."""
    return run.result.failures if run.result else (found for each in run.generated for found in each.failures)


def enabled_runs(study: Study) -> Counter[tuple[Target, Pointer]]:
    """How many runs each patch was on in, for each target."""
    count: Counter[tuple[Target, Pointer]] = Counter()
    for run, patch, generated in each_patch(study):
        if generated.enabled is not False:
            count[run.target, patch.pointer] += 1
    return count


def each_patch(study: Study) -> Iterator[tuple[Run, Patch, Generated]]:
    """Each run, patch by patch."""
    patches = {target: study.explorer.patches_of(target) for target in study.targets}
    for run in study.runs:
        for patch, generated in zip(patches[run.target], run.generated, strict=True):
            yield run, patch, generated


def patch_at(study: Study, pointer: Pointer) -> Pointer:
    """The pointer of the patch that a place is in."""
    return pointer[: len(study.view.item.prefix) + 3]


def is_certain(study: Study, pointer: Pointer, runs: list[Run], on: int) -> bool:
    """Whether it is so whenever the patch is on, or with the defaults of all that the patch reads.

    A variable without a default is the Cluster's to set: that one does not is not certain.
    """
    if len(runs) >= on:
        return True
    return any(run.setting == Setting() for run in runs) and not study.explorer.absent(_reads(study, pointer))


def _reads(study: Study, pointer: Pointer) -> frozenset[str]:
    at = patch_at(study, pointer)
    return next(names_read(patch) for patch in study.view.patches if patch.pointer == at)


def when(study: Study, pointer: Pointer, runs: list[Run]) -> str:
    """The least that must be said for a thing to be so."""
    words = study.explorer.described(simplest(runs).setting)
    return words or " and ".join(f"{name} is not set" for name in study.explorer.absent(_reads(study, pointer)))


def simplest(runs: list[Run]) -> Run:
    """The run in which the fewest variables have another than their first value."""
    return min(runs, key=lambda run: (len(run.setting.choice) + run.setting.lean, run.setting.lean))


def _variable(study: Study, pointer: Pointer) -> str:
    value = value_at(study.view.item.value, pointer)
    return first_name(value) if isinstance(value, str) else ""


def empty_prints(study: Study) -> Iterator[Issue]:
    """Templates of values that print Go's word for nothing."""
    found: dict[tuple[Pointer, Target], list[tuple[Run, Operation]]] = {}
    for run, _, generated in each_patch(study):
        for operations in generated.definitions:
            for operation in operations:
                if prints_nothing_known(operation) and not is_settled(study, operation.source):
                    found.setdefault((operation.source, run.target), []).append((run, operation))
    on = enabled_runs(study) if found else Counter()
    told: set[Pointer] = set()
    for (pointer, target), pairs in found.items():
        text = template_of(pairs[0][1].patch)
        if pointer in told:
            continue
        told.add(pointer)
        runs = [run for run, _ in pairs]
        certain = is_certain(study, pointer, runs, on[target, patch_at(study, pointer)])
        severity = Severity.ERROR if certain else Severity.WARNING
        message, within = _empty(study, text, runs, "" if certain else when(study, pointer, runs))
        yield Issue(pointer, message, severity, within)


def _empty(study: Study, template: str, runs: list[Run], situation: str) -> tuple[str, Position | None]:
    fewest = simplest(runs)
    data = study.explorer.values(fewest.target, fewest.setting).plain
    missing = [place for path, place in fields(template) if EACH not in path and _is_absent(data, path)]
    what = f"the template prints <no value> for {missing[0].source}" if missing else "the template prints <no value>"
    if missing and missing[0].source.startswith(".builtin"):
        what += f", which {fewest.target.place} does not have"
    where = f", where {situation}" if situation else ""
    return f"{what}{where}: give it a default, or ask for it with `if`", missing[0].position if missing else None


def _is_absent(data: Any, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return isinstance(data, dict)
        data = data[part]
    return False
