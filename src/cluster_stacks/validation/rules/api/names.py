"""An object's name is one that the API server takes for its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.qualified import dns_label, dns_subdomain
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS415", "bad-object-name", "a name that the API server refuses",
    "Names of nearly all kinds are DNS subdomains: a-z, 0-9, - and ., at most 253 bytes. Namespaces and Services are "
    "labels without dots and of at most 63 bytes, CronJobs have 52; a CRD is `<plural>.<group>`, an APIService "
    "`<version>.<group>`; roles and their bindings may be anything without / and %. The same is asked of what "
    "generateName begins with.",
    source="apimachinery: api/validation (NameIsDNSSubdomain); the kinds' own ValidateObjectMeta",
)
_SERVICE = re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")
_RBAC = "rbac.authorization.k8s.io"
_LONGEST_CRON_JOB = 52


def check(context: Context) -> Iterator[Problem]:
    """Finds names, and beginnings of generated names, that are no names of their kind."""
    for item, info in zip(context.items, context.kinds, strict=True):
        metadata = item.metadata
        for key in ("name", "generateName"):
            text = metadata.get(key)
            if isinstance(text, str) and text:
                wrong = wrong_name(_whole(text) if key == "generateName" else text, info)
                if wrong:
                    message = f"{item.kind} {_short(text)!r}: metadata.{key} {wrong}"
                    yield Problem(item.document, RULE.id, message, (*item.prefix, "metadata", key), item=item)


def wrong_name(text: str, info: KindInfo | None) -> str:
    """What is wrong with the name of an object of that kind, an empty text for nothing."""
    special = _SPECIAL.get((info.group, info.kind)) if info else None
    return special(text, info.minor) if special and info else dns_subdomain(text)


def _whole(text: str) -> str:
    # As the API server does it: what follows may stand after a hyphen.
    return text[:-2] + "a" if len(text) > 1 and text.endswith("-") else text


def _path_segment(text: str, _: str) -> str:
    return "must not be . or .., nor hold / or %" if text in (".", "..") or "/" in text or "%" in text else ""


def _label(text: str, _: str) -> str:
    return dns_label(text)


def _service(text: str, minor: str) -> str:
    wrong = dns_label(text)
    if not wrong and _number(minor) < (1, 36) and not _SERVICE.fullmatch(text):
        return f"begins with a digit, which Services may not before Kubernetes 1.36 (this is for {minor})"
    return wrong


def _number(minor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in minor.split(".") if part.isdecimal())


def _cron_job(text: str, _: str) -> str:
    if len(text) > _LONGEST_CRON_JOB:
        return f"has {len(text)} bytes: a CronJob's has at most {_LONGEST_CRON_JOB}, because its Jobs' names are longer"
    return dns_subdomain(text)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


_SPECIAL: dict[tuple[str, str], Callable[[str, str], str]] = {
    **dict.fromkeys([(_RBAC, k) for k in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")], _path_segment),
    ("", "Namespace"): _label,
    ("", "Service"): _service,
    ("batch", "CronJob"): _cron_job,
    ("certificates.k8s.io", "ClusterTrustBundle"): lambda text, _: dns_subdomain(text.rpartition(":")[2]),
}
