"""What we say of a mutant: kubeconform alone, the embedded schemas alone, and the whole of our validation."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cluster_stacks.model.finding import Severity
from cluster_stacks.runtime.tools import require_tool
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.judge import judge_embedded, prepare
from cluster_stacks.validation.kubeconform import NAME, Batch, Status
from cluster_stacks.validation.problem import Item, Judged, Problem
from cluster_stacks.validation.store import Store
from mutants import answers
from mutants.mutant import Base, Mutant, Object


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the whole finds in a mutant's stack, and whether the embedded schemas alone refuse the changed object."""

    problems: tuple[Problem, ...]
    embedded: bool

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


@cache
def engine(minor: str) -> Embedded:
    """The embedded engine and the schemas for objects of one Kubernetes minor."""
    return Embedded(Store(minor))


def judge(objects: Sequence[Object], minor: str) -> list[Problem]:
    """All that the embedded engine and every rule find in the objects of one stack."""
    documents = [Judged(value, f"{index}.yaml", "stack", "stack") for index, value in enumerate(objects)]
    own = engine(minor)
    prepared = prepare(documents, own.store)
    return [*prepared.problems, *judge_embedded(prepared, own)]


def verdict(mutant: Mutant) -> Verdict:
    """The whole's verdict of a mutant."""
    found = judge(mutant.objects, mutant.base.minor)
    new = tuple(problem for problem in found if (problem.rule, problem.message) not in _known(mutant.base))
    return Verdict(new, not _fits(mutant))


_KNOWN: dict[str, frozenset[tuple[str, str]]] = {}


def _known(base: Base) -> frozenset[tuple[str, str]]:
    if base.id not in _KNOWN:
        _KNOWN[base.id] = frozenset((found.rule, found.message) for found in judge(base.objects, base.minor))
    return _KNOWN[base.id]


def _fits(mutant: Mutant) -> bool:
    own, item = engine(mutant.base.minor), Item(0, (), mutant.value)
    info = own.store.find(item.api_version, item.kind)
    return info is not None and own.is_valid(item, info)


def by_kubeconform(mutants: Iterable[Mutant]) -> Mapping[answers.Key, bool]:
    """Whether kubeconform alone, with our closed schemas, refuses each: all in one run."""
    found: dict[answers.Key, bool] = {}
    keys: dict[str, answers.Key] = {}
    schemas: set[KindInfo] = set()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        batch = Batch(Path(folder))
        for number, mutant in enumerate(mutants):
            store = engine(mutant.base.minor).store
            info = store.find(str(mutant.value.get("apiVersion", "")), str(mutant.value.get("kind", "")))
            found[mutant.key] = True
            if info is not None:
                if info not in schemas:
                    batch.put_schema(info, store.schema(info))
                    schemas.add(info)
                keys[batch.put(f"mutant-{number}", mutant.value, info)] = mutant.key
        judgements = batch.run(require_tool(NAME, "mutants are judged by it", {}), set(keys), os.cpu_count() or 1)
    return found | {key: judgements[name].status is not Status.VALID for name, key in keys.items()}
