"""What a Cluster gets from its class is what a management cluster takes."""

from __future__ import annotations

import dataclasses
import hashlib
import marshal
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.cluster import ClusterView, class_of, clusters
from cluster_stacks.validation.capi.culprits import culprit
from cluster_stacks.validation.capi.made import Made, made_objects
from cluster_stacks.validation.capi.objects import engine_of, misfits
from cluster_stacks.validation.capi.study import Study, study_of
from cluster_stacks.validation.capi.view import ClassView, classes
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS650", "made-object", "a Cluster would get an object that is refused",
    "The Cluster's variables with their defaults, the patches and the templates are put together as Cluster API does "
    "it, and each object that comes of it is judged like one that is written: by its schema, its CEL rules and the "
    "webhook of its kind. Where one is refused, the Cluster is accepted and never becomes ready. For a release this is "
    "its sample Cluster.",
    source="this project; Cluster API 1.14: exp/topology/desiredstate",
)
_KEPT = 2048


class Refused(NamedTuple):
    """What is wrong with an object: at a pointer into the class, or with `own` into the Cluster."""

    own: bool
    pointer: Pointer
    message: str
    patch: Pointer | None = None
    """Where in the class the patch is that puts the Cluster's value there."""


_FOUND: OrderedDict[tuple[object, ...], tuple[Refused, ...]] = OrderedDict()


def check(context: Context) -> Iterator[Problem]:
    """Makes the objects of each Cluster whose class is among the objects, and judges them."""
    if context.store is None:
        return
    for cluster in clusters(context):
        view = class_of(context, cluster)
        if view is None:
            continue
        for found in _refused(context, cluster, view):
            item = cluster.item if found.own else view.item
            problem = Problem(item.document, RULE.id, found.message, found.pointer, item=item)
            if found.patch:
                problem = dataclasses.replace(
                    problem, other=view.item.document, other_at=found.patch, other_said="the patch that puts it in"
                )
            yield problem


def _refused(context: Context, cluster: ClusterView, view: ClassView) -> tuple[Refused, ...]:
    number = next(index for index, found in enumerate(classes(context)) if found is view)
    study, key = study_of(context, view, number)
    said = _key(cluster, view)
    if key is None or said is None:
        return tuple(_judged(cluster, study))
    full = (said, *key)
    known = _FOUND.get(full)  # once: the key is long
    if known is None:
        known = _FOUND[full] = tuple(_judged(cluster, study))
        while len(_FOUND) > _KEPT:
            _FOUND.popitem(last=False)
    return known


def _key(cluster: ClusterView, view: ClassView) -> bytes | None:
    """What of a Cluster the findings depend on, the name of its class left out."""
    try:
        data = marshal.dumps([cluster.version, cluster.name, list(cluster.item.prefix), dict(cluster.spec)], 2)
    except ValueError:
        return None
    if len(view.name) > 3:
        data = data.replace(view.name.encode("utf-8", "surrogatepass"), b"")
    return hashlib.blake2b(data, digest_size=20).digest()


def _judged(cluster: ClusterView, study: Study) -> Iterator[Refused]:
    told = {(False, found.issue.pointer) for found in misfits(study)}
    for made in made_objects(cluster, study):
        before = _reasons(made, made.before, study)
        for problem in _problems(made, made.value, study):
            if (problem.rule, problem.pointer) in before or problem.severity is not RULE.severity:
                continue
            found = _placed(made, problem, cluster, study)
            if found is not None and (found.own, found.pointer) not in told:
                told.add((found.own, found.pointer))
                yield found


def _reasons(made: Made, value: object, study: Study) -> set[tuple[str, Pointer]]:
    return {(problem.rule, problem.pointer) for problem in _problems(made, value, study)}


def _placed(made: Made, problem: Problem, cluster: ClusterView, study: Study) -> Refused | None:
    what = f"{made.kind.info.kind} of {made.target.place} of the Cluster {cluster.name}: {problem.message}"
    if problem.pointer == ("spec", "replicas"):
        return Refused(True, cluster.at("topology", "controlPlane", "replicas"), what)
    blame = made.blame(problem.pointer)
    if blame is None:
        return None
    reason = problem.rule, problem.pointer
    own = culprit(cluster, study, made, blame, lambda other: reason in _reasons(other, other.value, study))
    return Refused(True, own, what, blame.pointer) if own else Refused(False, blame.pointer, what)


def _problems(made: Made, value: object, study: Study) -> list[Problem]:
    """What is wrong with an object by itself."""
    if not isinstance(value, dict) or study.store is None:
        return []
    item = Item(0, (), value)
    engine = engine_of(study.store)
    found = [] if engine.is_valid(item, made.kind.info) else engine.problems(item, made.kind.info)
    if found:
        return found
    context = Context([item], [made.kind.info], store=study.store)
    return [problem for rule in _checks() for problem in rule(context)]


def _checks() -> tuple[Callable[[Context], Iterator[Problem]], ...]:
    """The rules that judge one object by itself."""
    from cluster_stacks.validation.rules import api, capi, cel

    return (*api.CHECKS, *cel.CHECKS, *capi.OF_ONE_OBJECT)
