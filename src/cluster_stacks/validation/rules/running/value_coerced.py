"""What templates print is read as what it is meant to be."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.coercions import nothings, probed
from cluster_stacks.validation.capi.objects import misfits
from cluster_stacks.validation.capi.study import Issue, Study, problems
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS716", "coerced-value", "a template whose text is read as another type",
    "What a template prints is read as YAML 1.1: an unquoted 1.30 is the number 1.3, 0123 is 83, yes is true, and a "
    "number of seven digits is printed as 2.1e+07. Where the field wants a text, print it through `toJson` or `quote`; "
    "print whole numbers through `int`. What prints nothing is null, and null is as good as no value. An error where a "
    "value of the class does it, a warning where a Cluster may give one that does.",
    source="Cluster API: the JSON patch generator; sigs.k8s.io/yaml; Go: fmt",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds printed texts that YAML reads as something else than the field wants."""
    yield from problems(context, RULE.id, find)


def find(study: Study) -> Iterator[Issue]:
    """What is read otherwise in one class."""
    certain = [misfit.issue for misfit in misfits(study) if misfit.coerced]
    yield from certain
    seen = {issue.pointer for issue in certain}
    yield from (issue for issue in (*nothings(study), *probed(study)) if issue.pointer not in seen)
