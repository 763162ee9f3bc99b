"""Which value of a Cluster makes a patch write what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from cluster_stacks.validation.capi.cluster import ClusterView, Setting
from cluster_stacks.validation.capi.made import Blame, Made, made_objects
from cluster_stacks.validation.capi.paths import steps
from cluster_stacks.validation.capi.reads import names_of, variable_of
from cluster_stacks.validation.capi.study import Study
from cluster_stacks.validation.problem import Pointer

_MOST = 8
"""Values that are tried: each means to make the objects of the Cluster once more."""


def culprit(
    cluster: ClusterView, study: Study, made: Made, blame: Blame, is_wrong: Callable[[Made], bool]
) -> Pointer | None:
    """The pointer to the Cluster's value without which an object would not be refused; None where it is the class's.

    `is_wrong` says whether an object is refused for the same reason.
    """
    for setting in _settings(cluster, made, names_of(blame.operation)):
        others = _without(cluster, setting)
        again = (each for each in made_objects(others, study) if (each.target, each.group) == (made.target, made.group))
        if not any(is_wrong(each) for each in again):
            return (*setting.pointer, "value", *_inside(setting, blame))
    return None


def _settings(cluster: ClusterView, made: Made, names: frozenset[str]) -> list[Setting]:
    """The values that reach an object, those for its part of the Cluster first."""
    own = [
        setting for override in cluster.overrides for setting in override.settings
        if made.target.reference.role != "infrastructure" and override.group == made.group
    ]
    found = {setting.name: setting for setting in (*reversed(cluster.variables), *reversed(own))}
    return [setting for name, setting in found.items() if name in names][:_MOST]


def _without(cluster: ClusterView, setting: Setting) -> ClusterView:
    def left(settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
        return tuple(each for each in settings if each is not setting)

    overrides = tuple(each._replace(settings=left(each.settings)) for each in cluster.overrides)
    return dataclasses.replace(cluster, variables=left(cluster.variables), overrides=overrides)


def _inside(setting: Setting, blame: Blame) -> Iterator[str | int]:
    """The way into a value that a patch puts in as it is, as far as it is there."""
    path = steps(variable_of(blame.operation))
    if not path:
        return  # a template
    way = [part for step in path for part in step if part is not None][1:]
    value = setting.value
    for part in (*way, *blame.inner):
        if isinstance(value, list):
            fits = isinstance(part, int) and part < len(value)
        else:
            fits = isinstance(value, dict) and part in value
        if not fits:
            return
        value = value[part]  # type: ignore[index]  # what fits is there
        yield part
