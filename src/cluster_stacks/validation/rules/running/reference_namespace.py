"""Namespaces in references."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.references import namespace_of
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS704", "reference-namespace", "a namespace in a reference, which nobody reads",
    "References of v1beta1 have a field for a namespace. Cluster API drops it and looks for the template in the "
    "namespace of the class.",
    severity=Severity.WARNING, source="Cluster API: conversion of ClusterClass",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds references of v1beta1 whose namespace is not that of the class."""
    for view in classes(context):
        for reference in view.references if view.version == "v1beta1" else ():
            if reference.namespace and reference.namespace != namespace_of(view.item):
                message = f"Cluster API does not read the namespace {reference.namespace!r} of a reference: remove it"
                yield view.problem(RULE, message, (*reference.pointer, "namespace"))
