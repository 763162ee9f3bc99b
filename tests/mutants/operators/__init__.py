"""All operators, one table."""

from __future__ import annotations

from mutants.mutant import Operator
from mutants.operators import (
    bundles,
    classes,
    clusters,
    kubeadm,
    metadata,
    patches,
    providers,
    rules,
    shapes,
    variables,
)

OPERATORS: tuple[Operator, ...] = (
    *metadata.OPERATORS,
    *shapes.OPERATORS,
    *classes.OPERATORS,
    *variables.OPERATORS,
    *rules.OPERATORS,
    *patches.OPERATORS,
    *kubeadm.OPERATORS,
    *providers.OPERATORS,
    *clusters.OPERATORS,
    *bundles.OPERATORS,
)
