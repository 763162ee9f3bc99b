"""What is wrong with the charts of addons: their archives, the values that they are given, what they render.

The objects that they make are judged by all other rules. These rules are asked by those who inflate charts, not by
`CHECKS`: they see a chart and its values, and no object.
"""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.rules.charts import archive, rendering, unknown_value, unreached_values, values_schema

RULES: tuple[RuleInfo, ...] = (
    rendering.RULE,
    values_schema.RULE,
    unknown_value.RULE,
    unreached_values.RULE,
    archive.RULE,
)
