"""The rules of state that only upstream's layouts have, one file each. Not loaded where every stack is native."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.rules import (
    addon_stages,
    chart_name,
    chart_version,
    dashed_name,
    layout_agreement,
    node_image_config,
)

LAYOUT_RULES: tuple[tuple[RuleInfo, Callable[[StackState], Iterator[Finding]]], ...] = (
    (chart_name.RULE, chart_name.check),
    (layout_agreement.RULE, layout_agreement.check),
    (addon_stages.RULE, addon_stages.check),
    (node_image_config.RULE, node_image_config.check),
    (dashed_name.RULE, dashed_name.check),
    (chart_version.RULE, chart_version.check),
)
