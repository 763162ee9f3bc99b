"""`make parity`: asks the management cluster of KUBECONFIG about every mutant, and writes its answers down.

The bases are created in earnest in a namespace of their own, so that Clusters find their class; mutants of Clusters are
dry runs there, all others dry runs in an empty namespace. Arguments: names of operators to ask about, else all of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from mutants import answers
from mutants.bases import all_bases
from mutants.cluster import Cluster, of_environment
from mutants.mutant import Base, Mutant, Object, all_mutants, name_of
from mutants.operators import OPERATORS

STACKS, EMPTY = "parity", "parity-mutants"
PATIENCE = 60.0
"""Seconds for Cluster API to take the classes in."""


def prepare(cluster: Cluster, bases: Sequence[Base]) -> None:
    """The namespaces, and the classes with their templates; waits until their variables are known."""
    for name in (STACKS, EMPTY):
        cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, "")
    for base in bases:
        for value in base.objects:
            if value["kind"] != "Cluster":
                cluster.create(value, STACKS)
    end = time.monotonic() + PATIENCE
    for base in bases:
        while not _is_ready(cluster, base):
            if time.monotonic() > end:
                raise SystemExit(f"{STACKS}: ClusterClass {base.prefix} is not taken in: see its conditions")
            time.sleep(0.5)


def _is_ready(cluster: Cluster, base: Base) -> bool:
    value = next(value for value in base.objects if value["kind"] == "ClusterClass")
    path = cluster.path_of(value | {"apiVersion": "cluster.x-k8s.io/v1beta2"}, STACKS)
    _, answer = cluster.request("GET", f"{path}/{base.prefix}")
    conditions = answer.get("status", {}).get("conditions", [])
    return any(found["type"] == "VariablesReady" and found["status"] == "True" for found in conditions)


def namespace_of(value: Object) -> str:
    """Where a changed object is asked about."""
    return STACKS if value.get("kind") == "Cluster" else EMPTY


def ask(cluster: Cluster, mutants: Sequence[Mutant]) -> dict[answers.Key, str]:
    """The answers to mutants."""
    found = cluster.refusals((mutant.value, namespace_of(mutant.value)) for mutant in mutants)
    return {
        mutant.key: "" if reason is None else answers.normal(reason, mutant.base) or "refused"
        for mutant, reason in zip(mutants, found, strict=True)
    }


def unchanged(cluster: Cluster, bases: Sequence[Base]) -> dict[answers.Key, str]:
    """The answers to the bases as they are."""
    found = {}
    for base in bases:
        for value in base.objects:
            reason = cluster.refusal(value, namespace_of(value))
            found[answers.UNCHANGED, base.id, name_of(value, base)] = answers.normal(reason, base) if reason else ""
    return found


def main(names: Sequence[str]) -> int:
    start = time.monotonic()
    cluster, bases = of_environment(), all_bases()
    prepare(cluster, bases)
    chosen = [operator for operator in OPERATORS if not names or operator.name in names]
    mutants = [mutant for mutant in all_mutants(chosen, bases) if not mutant.stack]
    known = answers.load() if names else {}
    asked = {operator.name for operator in chosen}
    kept = {key: reason for key, reason in known.items() if key[0] not in asked}
    new = ask(cluster, mutants)
    answers.save(kept | new | unchanged(cluster, bases))
    refused = sum(bool(reason) for reason in new.values())
    print(f"{len(chosen)} operators, {len(new)} mutants: {refused} refused, {len(new) - refused} accepted")
    print(f"{time.monotonic() - start:.0f} s; written: {answers.FILE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
