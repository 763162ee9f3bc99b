"""What the webhooks of infrastructure providers check when an object is created: one file a provider, one table.

A provider is a module with `RULE`, `KINDS` (without `Template`) and `problems`. Each rule says what its source is: the
webhooks of docker have been tried on an API server, those of the others were read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.capi.providers import aws, azure, docker, gcp, hetzner, metal3, openstack, vsphere
from cluster_stacks.validation.rules.capi.providers.kinds import GROUP, Subject, Wrong, subject_of
from cluster_stacks.validation.rules.context import Context

PROVIDERS = (
    aws,
    azure,
    docker,
    gcp,
    hetzner,
    metal3,
    openstack,
    vsphere,
)
RULES: tuple[RuleInfo, ...] = tuple(provider.RULE for provider in PROVIDERS)

_BY_KIND: dict[str, tuple[RuleInfo, Callable[[Subject], Wrong]]] = {
    kind: (provider.RULE, provider.problems) for provider in PROVIDERS for kind in provider.KINDS
}
_DOUBTS: dict[str, Callable[[Subject], Wrong]] = dict.fromkeys(docker.KINDS, docker.doubts)
"""What is taken and probably not meant, by kind: warnings."""


def check(context: Context) -> Iterator[Problem]:
    """Asks the provider of each object, where there is one that knows its kind."""
    for item in context.items:
        found = _BY_KIND.get(item.kind.removesuffix("Template"))
        if found is None:
            continue
        group, version = split_api_version(item.api_version)
        if group != GROUP:
            continue
        rule, problems = found
        subject = subject_of(item, version)
        for path, message in problems(subject):
            yield Problem(item.document, rule.id, message, (*subject.pointer, *path), item=item)
        doubts = _DOUBTS.get(subject.kind)
        for path, message in doubts(subject) if doubts else ():
            pointer = (*subject.pointer, *path)
            yield Problem(item.document, rule.id, message, pointer, severity=Severity.WARNING, item=item)
