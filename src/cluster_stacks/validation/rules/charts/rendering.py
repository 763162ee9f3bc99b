"""A chart renders with the values that it is given."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo

RULE = RuleInfo(
    "CS440", "chart-render", "the chart of an addon does not render with its values",
    "Helm refuses the chart with these values and this version of Kubernetes, or what it gives is no YAML: the "
    "installation on a cluster would fail with the same words. Asked where the charts are vendored or in the cache.",
    source="Helm",
)
