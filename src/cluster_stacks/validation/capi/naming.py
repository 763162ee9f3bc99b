"""The templates that Cluster API makes names of: Go templates without any functions of sprig.

Cluster API renders each with stand-ins for what it knows later (internal/topology/names): a key that is missing is an
error, a name of more than 63 bytes is cut and given a random end, and the outcome must be a DNS-1123 subdomain.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cluster_stacks.validation.qualified import dns_subdomain

MOST, RANDOM = 63, "a1b2c"
_HALF = re.compile("[\ud800-\udfff]")
_MORE: dict[str, dict[str, object]] = {
    "machineDeployment": {"machineDeployment": {"topologyName": "mdtopology"}},
    "machinePool": {"machinePool": {"topologyName": "mptopology"}},
    "kubeadmControlPlane": {"kubeadmControlPlane": {"name": "kubeadmcontrolplane"}},
    "machineSet": {"machineSet": {"name": "machineset"}},
}


@lru_cache(maxsize=1024)
def naming_problem(template: str, kind: str) -> str:
    """What is wrong with a template for the names of `kind` (a key of its data), or an empty text.

    A cluster's and a control plane's names have data of the cluster alone.
    """
    from cluster_stacks.gotemplate.engine import NONE, parse
    from cluster_stacks.gotemplate.errors import TemplateError

    if _HALF.search(template):
        return "the naming template holds half a character"
    data = {"cluster": {"name": "cluster"}, "random": RANDOM, **_MORE.get(kind, {})}
    try:
        name = parse(template, functions=NONE).render(data, missing="error")
    except TemplateError as error:
        known = [f".{key}.{inner}" for key, found in data.items() if isinstance(found, dict) for inner in found]
        return f"the naming template is refused: {error.message}; it knows {', '.join(known)} and .random"
    cut = name.encode("utf-8", "surrogatepass")
    if len(cut) > MOST:
        name = cut[: MOST - len(RANDOM)].decode("utf-8", "replace") + RANDOM
    wrong = dns_subdomain(name)
    return f"names would be like {name!r}, and such a name {wrong}" if wrong else ""
