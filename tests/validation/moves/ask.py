"""Asks a management cluster about moves.yaml's cases and in-place.yaml's, and writes down what it says.

    KUBECONFIG=… python tests/validation/moves/ask.py [CASE…]

Makes a namespace of its own, moves paused Clusters in dry runs only, and removes all of it again.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SPACE = "cluster-stacks-moves"
KUBECTL = "kubectl"


def kubectl(*args: str, stdin: object = None) -> tuple[int, str]:
    data = json.dumps(stdin).encode() if stdin is not None else None
    done = subprocess.run([KUBECTL, *args], input=data, capture_output=True, check=False)
    return done.returncode, (done.stdout if done.returncode == 0 else done.stderr).decode()


def merged(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    out = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            out.pop(key, None)
        else:
            out[key] = merged(out.get(key), item)
    return out


def spec_of(case: dict[str, Any], side: str) -> dict[str, Any]:
    base = yaml.safe_load((HERE / "base-class.yaml").read_text())
    spec: dict[str, Any] = merged(base["spec"], case.get(side) or {})
    return spec


def cluster(name: str, class_: str, version: str, case: dict[str, Any]) -> dict[str, Any]:
    topology: dict[str, Any] = {
        "classRef": {"name": class_}, "version": version, "controlPlane": {"replicas": 1},
        "workers": {"machineDeployments": [{"class": "default", "name": "one"}]},
    }
    return {
        "apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": {"name": name, "namespace": SPACE},
        "spec": {"paused": True, "topology": merged(topology, case.get("topology") or {})},
    }


def class_(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": SPACE}
    return {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "metadata": metadata, "spec": spec}


def must(done: tuple[int, str]) -> str:
    if done[0]:
        sys.exit(done[1])
    return done[1]


def asked(name: str, case: dict[str, Any]) -> str:
    """What the cluster says to the move; empty where it takes it."""
    before = case.get("from", "v1.36.0")
    both = [class_(f"{name}-{side}", spec_of(case, side)) for side in ("old", "new")]
    must(kubectl("create", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": both}))
    named = [f"clusterclass/{name}-{side}" for side in ("old", "new")]
    must(kubectl("wait", "-n", SPACE, *named, "--for=condition=VariablesReady", "--timeout=20s"))
    made = must(kubectl("create", "-o", "json", "-f", "-", stdin=cluster(name, f"{name}-old", before, case)))
    there = json.loads(made)
    there["metadata"].pop("resourceVersion")
    moved = copy.deepcopy(there)
    moved["spec"]["topology"]["classRef"]["name"] = f"{name}-new"
    moved["spec"]["topology"]["version"] = case.get("version", before)
    code, said = kubectl("replace", "--dry-run=server", "-f", "-", stdin=moved)
    return _told(said) if code else ""


def _told(said: str) -> str:
    """Without the names of this run."""
    return " ".join(line for line in said.splitlines() if not line.startswith("Warning")).replace(SPACE, "NAMESPACE")


def changed(name: str, case: dict[str, Any]) -> str:
    """What the cluster says to an object that becomes another in place; empty where it takes it."""
    old, new = ({**case[side]} for side in ("old", "new"))
    if old["kind"] != "CustomResourceDefinition":  # whose name its content decides
        old["metadata"], new["metadata"] = ({"name": f"{SPACE}-{name}"} for _ in range(2))
    apply = ("apply", "--server-side", "--force-conflicts", "-n", SPACE, "-f", "-")
    must(kubectl(*apply, stdin=old))
    code, said = kubectl(*apply, "--dry-run=server", stdin=new)
    kubectl("patch", "-n", SPACE, "--type=merge", "-p", '{"metadata": {"finalizers": null}}', "-f", "-", stdin=old)
    must(kubectl("delete", "--wait=false", "--cascade=background", "-n", SPACE, "-f", "-", stdin=old))
    return _told(said) if code else ""


def cleaned() -> None:
    """Paused Clusters are never let go by themselves."""
    kubectl("delete", "cluster", "--all", "-n", SPACE, "--wait=false")
    for name in kubectl("get", "cluster", "-n", SPACE, "-o", "name")[1].split():
        kubectl("patch", name, "-n", SPACE, "--type=merge", "-p", '{"metadata": {"finalizers": null}}')
    kubectl("delete", "clusterclass", "--all", "-n", SPACE, "--wait=true", "--timeout=30s")
    kubectl("delete", "namespace", SPACE, "--wait=true", "--timeout=60s")


def main() -> None:
    kubectl("create", "namespace", SPACE)
    must(kubectl("apply", "-n", SPACE, "-f", str(HERE / "templates.yaml")))
    path = HERE / "answers.json"
    answers = json.loads(path.read_text()) if sys.argv[1:] else {"moves": {}, "objects": {}}
    try:
        for name, case in yaml.safe_load((HERE / "cases.yaml").read_text()).items():
            if name in (sys.argv[1:] or [name]):
                answers["moves"][name] = asked(name, case)
                print(name, "→", answers["moves"][name][:150] or "accepted")
        for name, case in yaml.safe_load((HERE / "in-place.yaml").read_text()).items():
            if name in (sys.argv[1:] or [name]):
                answers["objects"][name] = changed(name, case)
                print(name, "→", answers["objects"][name][:150] or "accepted")
    finally:
        path.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")
        cleaned()


if __name__ == "__main__":
    main()
