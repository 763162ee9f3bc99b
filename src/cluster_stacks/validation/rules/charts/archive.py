"""A packed chart is a packed chart, and nothing else."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo

RULE = RuleInfo(
    "CS444", "chart-archive", "a packed chart that cannot be used",
    "A packed chart is a gzipped tar of one folder with a Chart.yaml: files alone, no links, no path that leads out of "
    "it, at most 10,000 files and 64 MiB, with the charts that stand in it. Pack it again with `helm package`, or "
    "fetch it again.",
    source="Helm: the format of packed charts",
)
