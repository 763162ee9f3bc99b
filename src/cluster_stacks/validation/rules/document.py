"""A document is a Kubernetes object: checked where documents are read, because nothing else can be said of it."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo

RULE = RuleInfo(
    "CS406", "no-object", "a document that is no Kubernetes object",
    "An object is a mapping with `apiVersion` and `kind`, both texts. A `List` holds objects under `items`.",
    source="Kubernetes: API conventions",
)
