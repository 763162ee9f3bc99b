"""A Cluster against a class from anywhere: a folder, a release on the branch."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.capi import OF_CLUSTERS
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.store import Store

Value = Mapping[str, object]


def judge_cluster(cluster: Value, of_class: Sequence[Value], store: Store) -> list[Problem]:
    """What Cluster API would refuse of a Cluster, at creation or when it makes its objects. Pure.

    `of_class` are the class and its templates, of which only the class must be there: what its templates are needed for
    is judged as far as they are. Problems are of the Cluster (`document` 0) alone, with pointers into it; what is wrong
    with the class is not asked here.
    """
    own, *others = (Item(number, (), value) for number, value in enumerate((cluster, *of_class)))
    items = [own, *others]
    context = Context(items, [store.find(item.api_version, item.kind) for item in items], store=store)
    found = (problem for check in OF_CLUSTERS for problem in check(context) if problem.item is own)
    return [dataclasses.replace(problem, other=None) for problem in found]  # the class is no document of the caller's
