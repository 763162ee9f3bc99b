"""What is made offline of a class and a Cluster is what Cluster API's topology controller made of them.

reconciled.yaml are the manifests, reconciled-made.json the objects that were there afterwards, on a real API server.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.validation.capi.cluster import clusters
from cluster_stacks.validation.capi.made import made_objects
from cluster_stacks.validation.capi.study import study_of
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.documents import items_of
from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.store import Store

HERE = Path(__file__).parent
ELSEWHERE = {
    "DevCluster": {"controlPlaneEndpoint"},
    "KubeadmControlPlane": {"machineTemplate", "rollout"},
}
"""What other controllers and webhooks have put in since, and names that are made up."""


def test_the_objects_are_the_same(store: Store) -> None:
    documents = load_documents((HERE / "reconciled.yaml").read_bytes(), "reconciled.yaml")
    items, _ = items_of([Judged(document.value, "x") for document in documents])
    context = Context(items, [store.find(item.api_version, item.kind) for item in items], None, store)
    study, _ = study_of(context, classes(context)[0], 0)
    wanted = {(made["kind"], made["worker"]): made["spec"] for made in json.loads(
        (HERE / "reconciled-made.json").read_text()
    )}
    found = {
        (made.kind.info.kind, made.group is not None): made.value["spec"]
        for made in made_objects(clusters(context)[0], study)
    }
    assert found.keys() == wanted.keys()
    for key, spec in found.items():
        assert without(spec, key[0]) == without(wanted[key], key[0]), key


def without(spec: Any, kind: str) -> Any:
    return {name: value for name, value in spec.items() if name not in ELSEWHERE.get(kind, ())}
