"""What the API server checks beyond schemas: one file a rule, one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.api import (
    config_data,
    containers,
    crds,
    embedded_resource,
    entries,
    formats,
    names,
    namespaces,
    own_annotations,
    own_labels,
    owners,
    properties,
    quantities,
    rbac,
    repeated,
    server_fields,
    services,
    size,
    whole_numbers,
    workloads,
)
from cluster_stacks.validation.rules.context import Context

CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    names.check,
    namespaces.check,
    own_labels.check,
    own_annotations.check,
    owners.check,
    entries.check,
    formats.check,
    quantities.check,
    size.check,
    repeated.check,
    whole_numbers.check,
    embedded_resource.check,
    server_fields.check,
    properties.check,
    workloads.check,
    services.check,
    rbac.check,
    crds.check,
    containers.check,
    config_data.check,
)

RULES: tuple[RuleInfo, ...] = (
    names.RULE,
    namespaces.RULE,
    own_labels.RULE,
    own_annotations.RULE,
    owners.RULE,
    entries.RULE,
    formats.RULE,
    quantities.RULE,
    size.RULE,
    repeated.RULE,
    whole_numbers.RULE,
    embedded_resource.RULE,
    server_fields.RULE,
    properties.RULE,
    workloads.RULE,
    services.RULE,
    rbac.RULE,
    crds.RULE,
    containers.RULE,
    config_data.RULE,
)
