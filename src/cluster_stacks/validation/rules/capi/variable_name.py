"""Rule 12: the names of variables."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS612", "variable-name", "a variable with a name that is taken or not allowed",
    "Patches read a variable by its name: each name is declared once, has no dot, because dots lead into a value, and "
    "is not `builtin`, which holds what Cluster API knows by itself.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds variables whose name another one has, that is reserved, or that has a dot."""
    for view in classes(context):
        seen: set[str] = set()
        for variable in view.variables:
            name, pointer = variable.name, (*variable.pointer, "name")
            if name in seen:
                yield view.problem(RULE, f"the variable {name!r} is declared twice: remove or rename one", pointer)
            elif name == "builtin":
                yield view.problem(RULE, "`builtin` is Cluster API's own variable: choose another name", pointer)
            elif "." in name:
                instead = "".join(part[:1].upper() + part[1:] if number else part
                                  for number, part in enumerate(name.split(".")))
                message = f"a variable's name has no dots: {name!r} could be {instead!r}"
                yield view.problem(RULE, message, pointer)
            if name:
                seen.add(name)
