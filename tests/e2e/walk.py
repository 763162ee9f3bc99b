"""`make e2e`: what this repository publishes, consumed by the Flux and the Cluster API of a real management cluster.

KUBECONFIG names the cluster; it needs Flux (source and kustomize controllers) and Cluster API with the Dev* kinds.
For openstack/scs its CRDs are needed, and those of openstack-resource-controller; for addons that of HelmRelease, which
nothing here makes ready. Without them those parts fail.
The cluster must reach 127.0.0.1 of this machine, or E2E_GIT_URL and E2E_GIT_DIR must name a Git server that both reach.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from git_http import serve
from kubernetes import Failed, apply, conditions, get, items, kubectl, missing_conditions, wait

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("cluster-stacks"))
FLUX, CLASSES = "flux-system", "cluster-classes"
KUSTOMIZATION = "kustomization.kustomize.toolkit.fluxcd.io"
REFUSAL = "cluster-stacks-e2e-refusal"
STACK = "docker/scs/1-36"


def say(text: str) -> None:
    print(f"\n{text}", flush=True)


@dataclass(frozen=True, slots=True)
class Repository:
    """A stack author's clone, and the bare repository that Flux reads."""

    work: Path
    bare: Path

    def git(self, *args: str) -> str:
        return subprocess.run(["git", *args], cwd=self.work, check=True, capture_output=True, text=True).stdout

    def stacks(self, *args: str) -> str:
        """Runs cluster-stacks as its user would. Raises Failed with what it said."""
        done = subprocess.run([COMMAND, *args], cwd=self.work, capture_output=True, text=True, check=False)
        print(f"  $ cluster-stacks {' '.join(args)}", flush=True)
        if done.returncode:
            raise Failed(f"cluster-stacks {' '.join(args)}: {done.stdout}{done.stderr}")
        return done.stdout

    def publish(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.stacks("publish", "--push")

    def published(self, path: str) -> Any:
        """A YAML file of the rendered branch."""
        return yaml.safe_load(self.git("show", f"rendered:{path}"))


def make_repository(scratch: Path, url: str, bare: Path) -> Repository:
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    repository = Repository(scratch / "work", bare)
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository.work)], check=True)
    for name, value in (("user.name", "e2e"), ("user.email", "e2e@example.org")):
        repository.git("config", name, value)
    repository.git("remote", "add", "origin", str(bare))
    subprocess.run(["cp", "-r", str(ROOT / "providers"), str(repository.work)], check=True)
    settings = f"repositoryURL: {url}\ngenerators:\n- name: flux\n  parameters: {{retryInterval: 5s, interval: 10m}}\n"
    settings += "keepRetiredDays: 0\n"
    (repository.work / ".cluster-stacks.yaml").write_text(settings, encoding="utf-8")
    return repository


def deliver(repository: Repository) -> None:
    """What an operator does once: the two commands of delivery/flux/README.md."""
    kubectl("apply", "-f", "-", stdin=f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {FLUX}}}\n")
    for name in ("source.yaml", "root.yaml"):
        kubectl("apply", "-f", "-", stdin=repository.git("show", f"rendered:delivery/flux/{name}"))


def reconcile() -> None:
    """Asks Flux to look now, as `flux reconcile` does: the intervals are for production."""
    now = f"reconcile.fluxcd.io/requestedAt={time.time_ns()}"
    for resource in ("gitrepository", KUSTOMIZATION):
        for found in items(resource, FLUX):
            kubectl("-n", FLUX, "annotate", "--overwrite", resource, found["metadata"]["name"], now)


def unready(expected: set[str], but: str = "") -> str:
    """Which release (`but` this one) or class is not there, or not taken in by Cluster API; "" where all are."""
    for found in items(KUSTOMIZATION, FLUX):
        if found["metadata"]["name"] != but and (lacks := missing_conditions(found, ["Ready"])):
            return f"Kustomization {found['metadata']['name']}: {lacks}"
    for name in sorted(expected):
        lacks = missing_conditions(get("clusterclass", name, CLASSES), ["VariablesReady", "RefVersionsUpToDate"])
        if lacks:
            return f"ClusterClass {name}: {lacks}"
    return ""


def expect_classes(expected: set[str], but: str = "") -> None:
    reconcile()
    what = f"{len(expected)} releases delivered, their classes accepted and ready"
    wait(f"{what}, {but} apart" if but else what, 240, lambda: unready(expected, but))


def make_cluster(sample: dict[str, Any], namespace: str, wanted: list[str], **variables: Any) -> None:
    """A Cluster of the release's sample, with some variables set, and the conditions it must reach."""
    topology = sample["spec"]["topology"]
    topology["classRef"]["namespace"] = CLASSES
    given = {v["name"]: v for v in topology.get("variables", [])} | {
        name: {"name": name, "value": value} for name, value in variables.items()
    }
    topology["variables"] = list(given.values())
    kubectl("apply", "-f", "-", stdin=f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {namespace}}}\n")
    apply(sample, namespace=namespace)
    expect_cluster(sample["metadata"]["name"], namespace, wanted)


def expect_cluster(name: str, namespace: str, wanted: list[str]) -> None:
    wait(f"Cluster {name}: {' '.join(wanted)}", 420,
         lambda: missing_conditions(get("cluster", name, namespace), wanted))


def objects_of(release: str) -> list[tuple[str, str]]:
    """Every object in the classes' namespace whose name begins with the release's."""
    kinds = "clusterclass,devclustertemplate,devmachinetemplate,kubeadmcontrolplanetemplate,kubeadmconfigtemplate"
    found = [(i["kind"], i["metadata"]["name"]) for i in items(kinds, CLASSES)]
    return sorted((kind, name) for kind, name in found if name == release or name.startswith(f"{release}-"))


def edit_worker(repository: Repository, percent: int = 1) -> None:
    """A change that rolls the workers: another kubelet argument, in this minor alone."""
    name = "cluster-class/default-worker.yaml"
    shared = (repository.work / "providers/docker/scs/shared" / name).read_text(encoding="utf-8")
    own = repository.work / "providers" / STACK / name
    own.parent.mkdir(parents=True, exist_ok=True)
    edited = shared.replace("nodefs.available<0%", f"nodefs.available<{percent}%")
    assert edited != shared
    own.write_text(edited, encoding="utf-8")


def whole_way(repository: Repository, namespace: str) -> None:
    """From the first publication to a Cluster that has moved to the second version."""
    say("publish all reference stacks, and let Flux deliver them")
    repository.publish("reference stacks")
    deliver(repository)
    facts = [line.split()[0] for line in repository.git("ls-tree", "-r", "--name-only", "rendered").splitlines()
             if line.endswith("/release.json")]
    first = {repository.published(path)["name"] for path in facts}
    expect_classes(first)

    say("a Cluster of docker/scs in memory")
    release = f"releases/{STACK}/v1"
    available = ["TopologyReconciled", "Available", "!RollingOut"]
    sample = repository.published(f"{release}/sample-cluster.yaml")
    make_cluster(sample, namespace, available, backend="inMemory")

    say("a Cluster of openstack/scs, as far as its templates")
    other = repository.published("releases/openstack/scs/1-36/v1/sample-cluster.yaml")
    other["metadata"]["name"] = "openstack-cluster"
    make_cluster(other, namespace, ["TopologyReconciled"])

    addons_of_two_clusters(repository, namespace)

    say("edit, bump, publish: v2 arrives beside v1")
    edit_worker(repository)
    repository.stacks("bump")
    before = objects_of("docker-scs-1-36-v1")
    repository.publish("an edit")
    expect_classes(first | {"docker-scs-1-36-v2"})

    say("move the Cluster by the release's upgrade patch")
    move(repository, namespace, sample["metadata"]["name"], "v2", rolled=["machineDeployment default-worker"])
    moved = get("cluster", sample["metadata"]["name"], namespace)
    assert moved is not None
    if moved["spec"]["topology"]["classRef"]["name"] != "docker-scs-1-36-v2":
        raise Failed(f"the Cluster is not of v2: {conditions(moved)}")
    if objects_of("docker-scs-1-36-v1") != before:
        raise Failed(f"v1 is not intact: {before} became {objects_of('docker-scs-1-36-v1')}")
    print(f"  v1 is intact: {len(before)} objects")
    a_refused_release(repository, first | {"docker-scs-1-36-v2"})
    a_retired_release(repository, namespace, sample["metadata"]["name"], available)
    a_change_that_rolls_nothing(repository, namespace, sample["metadata"]["name"])


def move(repository: Repository, namespace: str, cluster: str, version: str, *, rolled: list[str]) -> None:
    """Moves a Cluster to a release, and holds what is replaced against what `diff` says of that move."""
    [told] = json.loads(repository.stacks("diff", STACK, "--base", "main", "--format", "json"))["stacks"]
    said = [roll.partition(":")[0] for roll in told["move"]["rolls"]]
    if (told["move"]["verdict"], said) != ("accepted", rolled):
        raise Failed(f"diff says of the move to {version}: {told['move']}")
    before = machines(namespace, cluster)
    patch = repository.git("show", f"rendered:releases/{STACK}/{version}/upgrade.yaml")
    kubectl("-n", namespace, "patch", "cluster", cluster, "--type", "merge", "-p", patch)
    expect_cluster(cluster, namespace, ["TopologyReconciled", "Available", "!RollingOut"])
    time.sleep(10)  # a rollout that begins late would be missed
    expect_cluster(cluster, namespace, ["TopologyReconciled", "Available", "!RollingOut"])
    after = machines(namespace, cluster)
    replaced = sorted(role for role in before if not before[role] & after[role])
    if replaced != sorted(rolled):
        raise Failed(f"machines of {replaced} were replaced, and diff says {rolled}")
    print(f"  replaced as diff said: {', '.join(replaced) or 'nothing'}")


def machines(namespace: str, cluster: str) -> dict[str, set[str]]:
    """The UIDs of the Machines of a Cluster, by what they are part of in its topology."""
    found: dict[str, set[str]] = {}
    for item in items("machines.cluster.x-k8s.io", namespace):
        labels = item["metadata"]["labels"]
        if labels["cluster.x-k8s.io/cluster-name"] == cluster:
            worker = "cluster.x-k8s.io/control-plane" not in labels
            role = "machineDeployment default-worker" if worker else "control plane"
            found.setdefault(role, set()).add(item["metadata"]["uid"])
    return found


def a_change_that_rolls_nothing(repository: Repository, namespace: str, cluster: str) -> None:
    """v5 differs from v4 in a health check of the class, which no machine is made from."""
    say("v5 changes a health check: the Cluster moves, and no machine is replaced")
    name = "cluster-class/cluster-class.yaml"
    shared = (repository.work / "providers/docker/scs/shared" / name).read_text(encoding="utf-8")
    edited = shared.replace("nodeStartupTimeoutSeconds: 600", "nodeStartupTimeoutSeconds: 900")
    assert edited != shared
    (repository.work / "providers" / STACK / name).write_text(edited, encoding="utf-8")
    repository.stacks("bump")
    repository.publish("a health check")
    reconcile()
    wait("v5 is ready", 240, lambda: lacking_condition("clusterclass", "docker-scs-1-36-v5", CLASSES, "VariablesReady"))
    move(repository, namespace, cluster, "v5", rolled=[])


def addons_of_two_clusters(repository: Repository, namespace: str) -> None:
    """Both in one namespace, from one release: nothing is shared, so that the end of one leaves the other alone."""
    say("the addons of two clusters in one namespace")
    example = repository.published(f"delivery/flux/addons/{STACK}/v1/example.yaml")
    for name in ("one", "two"):
        spec = {**example["spec"], "wait": False}  # for HelmReleases, which only helm-controller makes ready
        spec["postBuild"] = {"substitute": {"cluster_name": name, "cluster_namespace": namespace}}
        apply({**example, "metadata": {"name": f"{name}-addons", "namespace": namespace}, "spec": spec})
    for name in ("one", "two"):
        wait(f"addons of {name} are applied", 120,
             partial(lacking_condition, KUSTOMIZATION, f"{name}-addons", namespace))
    first, second = addon_objects(namespace, "one"), addon_objects(namespace, "two")
    if not first or len(first) != len(second):
        raise Failed(f"the addons of one are {sorted(first)}, of two {sorted(second)}")
    kubectl("-n", namespace, "delete", KUSTOMIZATION, "one-addons", "--timeout=60s")
    wait("addons of one are gone", 60, lambda: ", ".join(addon_objects(namespace, "one")))
    if addon_objects(namespace, "two") != second:
        raise Failed("the addons of two are not what they were")
    print(f"  addons of two are whole: {len(second)} objects")
    kubectl("-n", namespace, "delete", KUSTOMIZATION, "two-addons", "--timeout=60s")


def lacking_condition(resource: str, name: str, namespace: str, condition: str = "Ready") -> str:
    return missing_conditions(get(resource, name, namespace), [condition])


def addon_objects(namespace: str, cluster: str) -> dict[str, str]:
    """What Flux has of the addons of a cluster: name → UID."""
    found = items("helmreleases.helm.toolkit.fluxcd.io,helmrepositories.source.toolkit.fluxcd.io", namespace)
    return {
        f"{item['kind']}/{item['metadata']['name']}": item["metadata"]["uid"]
        for item in found if item["metadata"]["name"].startswith(f"{cluster}-")
    }


def a_refused_release(repository: Repository, live: set[str]) -> None:
    """v3 is refused at admission: nothing else is held up by it, v4 is its fix, and a yank ends it."""
    say("v3 is refused by the API server; v4 is its fix")
    bad, good = "docker-scs-1-36-v3", "docker-scs-1-36-v4"
    apply(*refusal_of(bad))
    time.sleep(5)  # the API server takes up a policy a moment after it is there
    edit_worker(repository, 2)
    repository.stacks("bump")
    repository.publish("a release that is refused")
    reconcile()
    wait(f"{bad} is refused", 240, lambda: not_refused(bad))
    expect_classes(live, but=bad)
    edit_worker(repository, 3)
    repository.stacks("bump")
    repository.publish("its fix")
    expect_classes(live | {good}, but=bad)

    say("yank v3")
    repository.stacks("yank", f"{STACK}/v3", "--reason", "the API server refuses its class", "--push")
    reconcile()
    wait(f"{bad} is delivered no longer", 240, lambda: still_there(bad))
    repository.git("cat-file", "-e", f"rendered:releases/{STACK}/v3/release.json")
    expect_classes(live | {good})
    kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", REFUSAL, "--ignore-not-found")


def refusal_of(name: str) -> list[dict[str, Any]]:
    """An admission policy that refuses one ClusterClass, as a webhook that finds fault with it does."""
    api = "admissionregistration.k8s.io/v1"
    rule = {"apiGroups": ["cluster.x-k8s.io"], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"],
            "resources": ["clusterclasses"]}
    validation = {"expression": f"object.metadata.name != '{name}'", "message": "refused for the test"}
    policy = {
        "apiVersion": api, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": REFUSAL},
        "spec": {"failurePolicy": "Fail", "matchConstraints": {"resourceRules": [rule]}, "validations": [validation]},
    }
    binding = {
        "apiVersion": api, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": REFUSAL},
        "spec": {"policyName": REFUSAL, "validationActions": ["Deny"]},
    }
    return [policy, binding]


def not_refused(name: str) -> str:
    found = get(KUSTOMIZATION, name, FLUX)
    ready = conditions(found).get("Ready", {}) if found else {}
    refused = ready.get("status") == "False" and "refused for the test" in ready.get("message", "")
    return "" if refused else f"Ready={ready.get('status')} {ready.get('message', '')}"


def still_there(release: str) -> str:
    """What is left of a release that was delivered; "" where nothing is."""
    if get(KUSTOMIZATION, release, FLUX):
        return f"Kustomization {release}"
    left = objects_of(release)
    return f"{left[0][0]} {left[0][1]} and {len(left) - 1} more" if left else ""


def a_retired_release(repository: Repository, namespace: str, cluster: str, wanted: list[str]) -> None:
    """v2 is retired while a Cluster uses it: it stays whole until the Cluster has moved, and then goes by itself."""
    say("retire v2, which the Cluster uses")
    release = "docker-scs-1-36-v2"
    before = objects_of(release)
    repository.stacks("retire", f"{STACK}/v2", "--reason", "v4 is there", "--push")
    reconcile()
    wait(f"{release} is to go, and is refused to", 240, lambda: not_going(release))
    until = time.monotonic() + 30
    while time.monotonic() < until:  # Flux tries again and again meanwhile
        if objects_of(release) != before:
            raise Failed(f"{release} is not whole: {before} became {objects_of(release)}")
        time.sleep(2)
    expect_cluster(cluster, namespace, wanted)
    print(f"  {release} is whole: {len(before)} objects")

    say("move the Cluster to v4: v2 goes")
    patch = repository.git("show", f"rendered:releases/{STACK}/v4/upgrade.yaml")
    kubectl("-n", namespace, "patch", "cluster", cluster, "--type", "merge", "-p", patch)
    expect_cluster(cluster, namespace, wanted)
    wait(f"{release} is gone, class, templates and Kustomization", 420, lambda: asked_again(release))
    left = objects_of("docker-scs-1-36-v4")
    if not left:
        raise Failed("v4 went as well")

    say("gc: the folder goes, and nothing in the cluster changes")
    repository.stacks("gc", "--push")
    expect_classes({"docker-scs-1-36-v1", "docker-scs-1-36-v4"})
    expect_cluster(cluster, namespace, wanted)


def not_going(release: str) -> str:
    found = get(KUSTOMIZATION, release, FLUX)
    if found is None:
        return "its Kustomization is gone already"
    return "" if "deletionTimestamp" in found["metadata"] else "its Kustomization is not being deleted"


def asked_again(release: str) -> str:
    """As `still_there`; Flux waits longer after each refusal, so it is asked to look now."""
    left = still_there(release)
    if left and get(KUSTOMIZATION, release, FLUX):
        now = f"reconcile.fluxcd.io/requestedAt={time.time_ns()}"
        kubectl("-n", FLUX, "annotate", "--overwrite", KUSTOMIZATION, release, now, check=False)
        time.sleep(4)
    return left


def clean(namespace: str) -> None:
    """Clusters first, then delivery, then what it brought."""
    kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", REFUSAL, "--ignore-not-found",
            check=False)
    kubectl("-n", namespace, "delete", "cluster", "--all", "--timeout=180s", check=False)
    kubectl("-n", FLUX, "delete", KUSTOMIZATION, "cluster-stacks", "--timeout=120s", "--ignore-not-found",
            check=False)
    kubectl("-n", FLUX, "delete", "gitrepository", "cluster-stacks", "--timeout=60s", "--ignore-not-found", check=False)
    kubectl("delete", "namespace", namespace, CLASSES, "--timeout=180s", "--ignore-not-found", check=False)


@contextlib.contextmanager
def git_server(scratch: Path) -> Iterator[tuple[str, Path]]:
    if url := os.environ.get("E2E_GIT_URL"):
        yield url, Path(os.environ["E2E_GIT_DIR"])
        return
    served = scratch / "served"
    served.mkdir()
    with serve(served) as base:
        yield f"{base}/stacks.git", served / "stacks.git"


def main() -> int:
    namespace = "cluster-stacks-e2e"
    with tempfile.TemporaryDirectory() as name, git_server(Path(name)) as (url, bare):
        clean(namespace)
        try:
            whole_way(make_repository(Path(name), url, bare), namespace)
        except Failed as error:
            print(f"\nFAILED: {error}", file=sys.stderr)
            return 1
        finally:
            if os.environ.get("E2E_KEEP") != "1":
                clean(namespace)
    print("\nok: published, delivered, used and upgraded on a real management cluster")
    return 0


if __name__ == "__main__":
    sys.exit(main())
