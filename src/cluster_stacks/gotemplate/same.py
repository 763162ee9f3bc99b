"""reflect.DeepEqual."""

from __future__ import annotations

import math
from typing import Any

from cluster_stacks.gotemplate.errors import CostError, NotKnownError
from cluster_stacks.gotemplate.unknown import Partial, Unknown
from cluster_stacks.gotemplate.values import NilMap, Slice, type_name


def deep_equal(one: Any, two: Any, depth: int = 0) -> bool:
    """Whether two values have the same type and the same content; a nil list is no empty one."""
    if depth > 100:
        raise CostError("a value is nested too deeply, or holds itself")
    if isinstance(one, Unknown | Partial) or isinstance(two, Unknown | Partial):
        raise NotKnownError
    if type_name(one) != type_name(two) or _is_nil(one) != _is_nil(two):
        return False
    if isinstance(one, list):
        return len(one) == len(two) and all(deep_equal(a, b, depth + 1) for a, b in zip(one, two, strict=True))
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(deep_equal(one[key], two[key], depth + 1) for key in one)
    if isinstance(one, float) and math.isnan(one):
        return False
    return bool(one == two)


def _is_nil(value: Any) -> bool:
    return isinstance(value, NilMap) or (isinstance(value, Slice) and value.is_nil)
