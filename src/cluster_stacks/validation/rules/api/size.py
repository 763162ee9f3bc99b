"""An object is not larger than what a cluster can store."""

from __future__ import annotations

import json
import marshal
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.api.config_data import MOST as MOST_DATA
from cluster_stacks.validation.rules.api.config_data import data_size
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS423", "large-object", "an object that is too large for a cluster",
    "etcd takes requests of up to 1.5 MiB, and the API server bodies of up to 3 MiB. Split the object; texts belong "
    "into files that something fetches.",
    source="etcd: --max-request-bytes (1.5 MiB); apiserver: MaxRequestBodyBytes (3 MiB)",
)
MOST = 3 * 2**19
"""Bytes of an object in etcd. It is stored in JSON (custom resources), or somewhat shorter in protobuf."""
_WORTH_COUNTING = 2**18


def check(context: Context) -> Iterator[Problem]:
    """Finds objects whose JSON is longer than what is stored."""
    for item in context.items:
        size = size_of(item)
        if size > MOST and data_size(item) <= MOST_DATA:  # or that is what is wrong
            message = f"{item.kind} {item.name[:80]!r} has {size / 2**20:.1f} MiB: at most 1.5 can be stored"
            yield Problem(item.document, RULE.id, message, item.prefix, item=item)


def size_of(item: Item) -> int:
    """Bytes of an object in JSON without spaces; a rough number, found faster, for what is far from any limit."""
    try:
        rough = len(marshal.dumps(dict(item.value), 2))
        if rough < _WORTH_COUNTING:
            return rough
        text = json.dumps(item.value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError):  # what has no form in JSON has a finding of its own
        return 0
    return len(text.encode("utf-8", "surrogatepass"))
