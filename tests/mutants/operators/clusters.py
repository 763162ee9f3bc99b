"""Clusters of a class: variables, versions, replicas, health checks, networks, names."""

from __future__ import annotations

from typing import Any

from mutants.edits import also, both, change, drop, make, put, replace, twice, values
from mutants.mutant import Edit
from mutants.operators.patches import spread
from mutants.operators.places import CLUSTER, DOUBTFUL, NEW, OLD, below, table

TOPOLOGY = "/spec/topology"
VERSION = f"{TOPOLOGY}/version"
VARIABLES = f"{TOPOLOGY}/variables"
DEPLOYMENTS = f"{TOPOLOGY}/workers/machineDeployments"
POOLS = f"{TOPOLOGY}/workers/machinePools"
WORKERS = (DEPLOYMENTS, POOLS)
CLASS = (f"{TOPOLOGY}/classRef/name", f"{TOPOLOGY}/class")
NETWORK = "/spec/clusterNetwork"
MIN = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size"
MAX = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size"
UNHEALTHY = [{"type": "Ready", "status": "Unknown", "timeoutSeconds": 300}]
OLD_UNHEALTHY = [{"type": "Ready", "status": "Unknown", "timeout": "5m"}]


def variable(name: str, *found: Any) -> Edit:
    """The Cluster's variable of that name with each of some values; other variables stay."""

    def with_value(value: Any) -> Edit:
        return change(VARIABLES, lambda given: [
            *(one for one in given if one["name"] != name), {"name": name, "value": value}])

    def one(index: int, value: Any) -> Edit:
        def edit(cluster: dict[str, Any]) -> Any:
            for _, changed in with_value(value)(cluster):
                yield f"{name} #{index}", changed

        return edit

    return also(*(one(index, value) for index, value in enumerate(found)))


def _wrong(value: Any) -> Any:
    """A value of another type."""
    return 7 if isinstance(value, str) else "seven"


OPERATORS = (
    *table(
        "W", CLUSTER,
        ("cluster-name-dot", "a dot in a Cluster's name", replace("/metadata/name", "my.cluster"), DOUBTFUL),
        ("cluster-name-digit", "a name that begins with a digit", replace("/metadata/name", "1-cluster"), DOUBTFUL),
        ("cluster-name-long", "a name of 64 characters", replace("/metadata/name", "c" * 64), DOUBTFUL),
        ("class-unknown", "a class that is not there", change(CLASS, lambda name: name + "s"), DOUBTFUL),
        ("class-empty", "an empty name of a class", replace(CLASS, "")),
        ("class-missing", "a topology without class", drop((f"{TOPOLOGY}/classRef", f"{TOPOLOGY}/class"))),
        ("class-capitals", "capitals in the name of a class", replace(CLASS, "My-Class")),
        ("topology-missing", "a Cluster without topology", drop(TOPOLOGY)),
        ("topology-empty", "an empty topology", replace(TOPOLOGY, {})),
        ("topology-unknown-field", "an unknown field of the topology", put(f"{TOPOLOGY}/variable", [])),
        ("topology-and-refs", "references beside a topology", put("/spec/infrastructureRef", {
            "apiGroup": "infrastructure.cluster.x-k8s.io", "kind": "DevCluster", "name": "x"}), DOUBTFUL),
        ("version-missing", "no version", drop(VERSION)),
        ("version-empty", "an empty version", replace(VERSION, "")),
        ("version-nonsense", "versions that are none", values(VERSION, "latest", "v1.36.x", "1.36.4.5", how=replace)),
        ("version-short", "a version without its patch", values(VERSION, "v1.36", "1.36", how=replace)),
        ("version-no-v", "a version without v, which is given one", change(VERSION, lambda found: found[1:])),
        ("version-not-listed", "a version that the class does not list", replace(VERSION, "v1.31.7"), DOUBTFUL),
        ("version-number", "a number as version", replace(VERSION, 1.36)),
        ("version-build", "a version with a build", change(VERSION, lambda found: found + "+build.1"), DOUBTFUL),
        ("network-pods-bad", "a CIDR of Pods that is none", values(
            f"{NETWORK}/pods/cidrBlocks", ["192.168.0.0"], ["192.168.0.0/33"], ["pods"], [""])),
        ("network-services-bad", "a CIDR of Services that is none", values(
            f"{NETWORK}/services/cidrBlocks", ["10.96.0.0"], ["10.96/12"], ["10.96.0.0/12", "x"])),
        ("network-host-bits", "a CIDR with bits behind its mask", values(
            f"{NETWORK}/pods/cidrBlocks", ["192.168.1.1/16"]), DOUBTFUL),
        ("network-three", "three CIDRs",
         values(f"{NETWORK}/pods/cidrBlocks", ["10.0.0.0/16", "10.1.0.0/16", "fd00::/48"]),
         DOUBTFUL),
        ("network-overlap", "Pods and Services in one network", change(
            NETWORK, lambda found: {**found, "services": found["pods"]}), DOUBTFUL),
        ("network-cidr-text", "a CIDR in place of a list", put(f"{NETWORK}/pods/cidrBlocks", "192.168.0.0/16")),
        ("network-port", "a port that is none", values(f"{NETWORK}/apiServerPort", 70_000, 0, -1), DOUBTFUL),
        ("network-domain-empty", "an empty domain of Services", put(f"{NETWORK}/serviceDomain", ""), DOUBTFUL),
        ("network-domain-bad", "a domain of Services that is none",
         put(f"{NETWORK}/serviceDomain", "Cluster Local"), DOUBTFUL),
        ("network-missing", "no network, which is fine", drop(NETWORK)),
        ("paused-text", "text as paused", put("/spec/paused", "true")),
        ("endpoint-port-text", "a port as text", put("/spec/controlPlaneEndpoint", {"host": "a", "port": "6443"})),
        ("replicas-negative", "fewer than no machines", also(
            make(f"{TOPOLOGY}/controlPlane/replicas", -1), replace(f"{DEPLOYMENTS}/*/replicas", -1)), DOUBTFUL),
        ("replicas-text", "text as replicas", also(
            make(f"{TOPOLOGY}/controlPlane/replicas", "3"), replace(f"{DEPLOYMENTS}/*/replicas", "3"))),
        ("replicas-zero", "a control plane of no machine", make(f"{TOPOLOGY}/controlPlane/replicas", 0), DOUBTFUL),
        ("replicas-even", "an even number of machines of the control plane", make(
            f"{TOPOLOGY}/controlPlane/replicas", 2), DOUBTFUL),
        ("replicas-missing", "no number of replicas", drop(f"{TOPOLOGY}/controlPlane/replicas"), DOUBTFUL),
        ("autoscaler-and-replicas", "replicas beside the annotations of the autoscaler", make(
            f"{DEPLOYMENTS}/0/metadata/annotations", {MIN: "1", MAX: "5"})),
        ("autoscaler-one", "one annotation of the autoscaler beside replicas", make(
            f"{DEPLOYMENTS}/0/metadata/annotations", {MIN: "1"})),
        ("autoscaler-reversed", "more machines at least than at most", both(
            make(f"{DEPLOYMENTS}/0/metadata/annotations", {MIN: "5", MAX: "1"}), drop(f"{DEPLOYMENTS}/0/replicas")),
                DOUBTFUL),
        ("autoscaler-fine", "the annotations of the autoscaler without replicas", both(
            make(f"{DEPLOYMENTS}/0/metadata/annotations", {MIN: "1", MAX: "5"}), drop(f"{DEPLOYMENTS}/0/replicas"))),
        ("autoscaler-pool", "replicas of a pool beside the annotations of the autoscaler", make(
            f"{POOLS}/0/metadata/annotations", {MIN: "1", MAX: "5"})),
        ("worker-of-unknown-class", "a worker of a class that there is not",
         replace(below(WORKERS, "*/class"), "no-such")),
        ("worker-class-case", "a worker's class in capitals", change(below(WORKERS, "*/class"), str.upper)),
        ("worker-no-class", "a worker without class", drop(below(WORKERS, "*/class"))),
        ("worker-no-name", "a worker without name", drop(below(WORKERS, "*/name"))),
        ("worker-name-twice", "two workers of one name", twice(WORKERS)),
        ("worker-name-capitals", "capitals in the name of a worker", replace(below(WORKERS, "*/name"), "MD-0")),
        ("worker-name-long", "a worker's name of 64 characters", replace(below(WORKERS, "*/name"), "m" * 64)),
        ("worker-name-dot", "a dot in the name of a worker", replace(below(WORKERS, "*/name"), "md.0"), DOUBTFUL),
        ("worker-name-label", "a worker's name that no label can hold",
         replace(below(WORKERS, "*/name"), "-md"), DOUBTFUL),
        ("workers-missing-in-cluster", "a Cluster without workers, which is fine", drop(f"{TOPOLOGY}/workers")),
        ("worker-label-of-cluster-bad", "a bad label of a worker", also(
            make(f"{DEPLOYMENTS}/0/metadata/labels", {"my tier": "x"}),
            make(f"{TOPOLOGY}/controlPlane/metadata/labels", {"tier": "a b"}))),
        ("worker-annotation-of-cluster-bad", "a bad annotation of a worker", make(
            f"{DEPLOYMENTS}/0/metadata/annotations", {"my note": "x"})),
        ("variable-unknown", "a variable that the class does not have", variable("notDeclared", "x")),
        ("variable-case-wrong", "a variable in another case", spread(change(f"{VARIABLES}/*/name", str.upper))),
        ("variable-twice", "a variable twice", twice(VARIABLES)),
        ("variable-builtin", "builtin as a variable", variable("builtin", {"cluster": {"name": "x"}})),
        ("variable-no-value", "a variable without value", drop(f"{VARIABLES}/*/value")),
        ("variable-null", "null as value", replace(f"{VARIABLES}/*/value", None), DOUBTFUL),
        ("variable-no-name", "a value without variable", drop(f"{VARIABLES}/*/name")),
        ("variable-value-wrong-type", "values of another type", change(f"{VARIABLES}/*/value", _wrong)),
        ("variable-is-list", "a list as value", change(f"{VARIABLES}/*/value", lambda value: [[value]]), DOUBTFUL),
        ("variables-missing", "no variables at all", drop(VARIABLES), DOUBTFUL),
        ("variable-dropped", "the first variable left out", change(VARIABLES, lambda found: found[1:]), DOUBTFUL),
        ("variable-not-in-enum", "a value that its enum does not have", also(
            variable("backend", "podman", "Docker"), variable("profile", "huge"),
            variable("apiServerLoadBalancer", "everything"))),
        ("variable-security-unknown", "an unknown level of security", variable(
            "podSecurityStandard", {"enforce": "strict"}, {"enforced": "baseline"}, {"enforce": 1}, "baseline")),
        ("variable-empty-item", "an empty entry of a list of names", variable("certSANs", [""], ["a", 1], "a")),
        ("variable-beyond-limits", "values beyond their limits", also(
            variable("logLevel", 10, -1, 1.5, "2"), variable("repository", "a", "With Blanks"),
                variable("ratio", 1.5))),
        ("variable-long-list", "lists beyond their limits", also(
            variable("servers", ["a"] * 6, [""], [1]), variable("labels", {"a": 1}, {"a": "x" * 64}))),
        ("variable-object", "objects with unknown, missing or wrong fields", variable(
            "network", {"mode": "native"}, {"mtu": 1500, "nope": 1}, {"mode": "bridge"},
                {"proxy": {"noProxy": ["a", 2]}})),
        ("variable-object-fine", "an object whose defaults complete it", variable("network", {}, {"mtu": 1400})),
        ("variable-rule", "values that miss a CEL rule", also(
            variable("network", {"mode": "native"}), variable("devices", [{"name": "a", "sizeGiB": 5000}]))),
        ("variable-items", "entries of a list of objects that do not fit", variable(
            "devices", [{"name": "a"}], [{"name": "a", "sizeGiB": 0}], [{"name": "a", "sizeGiB": 1, "x": 1}], ["a"])),
        ("variable-free", "anything where anything goes", variable("freeForm", {"a": [1, {"b": None}]}, {})),
        ("variable-free-text", "text where any object goes", variable("freeForm", "text", [1])),
        ("variable-int-or-string", "an integer or text", variable("port", 443, "https")),
        ("variable-int-or-string-wrong", "neither integer nor text", variable("port", True, 1.5, [1])),
        ("variable-int32", "more than an int32 holds", variable("devices", [{"name": "a", "sizeGiB": 2**31}])),
        ("override-unknown", "an override of a variable that there is not", also(
            make(f"{DEPLOYMENTS}/0/variables", {"overrides": [{"name": "notDeclared", "value": 1}]}),
            make(f"{TOPOLOGY}/controlPlane/variables", {"overrides": [{"name": "notDeclared", "value": 1}]}))),
        ("override-wrong", "an override of another type", also(
            replace(f"{DEPLOYMENTS}/*/variables/overrides/*/value", 7),
            replace(f"{POOLS}/*/variables/overrides/*/value", "x"),
            replace(f"{TOPOLOGY}/controlPlane/variables/overrides/*/value", "x"))),
        ("override-twice", "an override twice", twice((
            f"{DEPLOYMENTS}/*/variables/overrides", f"{TOPOLOGY}/controlPlane/variables/overrides"))),
        ("override-empty", "no override at all", make(f"{DEPLOYMENTS}/0/variables", {"overrides": []}), DOUBTFUL),
        ("override-is-map", "variables of a worker as a mapping",
         make(f"{DEPLOYMENTS}/0/variables", {"backend": "docker"})),
    ),
    *table(
        "W", CLUSTER,
        ("class-namespace", "a class of another namespace that is not there", put(
            f"{TOPOLOGY}/classRef/namespace", "elsewhere"), DOUBTFUL),
        ("health-enabled-alone", "a health check that is on and says nothing, which the class does", make(
            f"{DEPLOYMENTS}/0/healthCheck", {"enabled": True}), DOUBTFUL),
        ("health-checks-empty", "a health check without checks", make(
            f"{TOPOLOGY}/controlPlane/healthCheck", {"checks": {}}), DOUBTFUL),
        ("health-startup-short", "a start of less than 30 seconds", also(
            make(f"{TOPOLOGY}/controlPlane/healthCheck", {"checks": {
                "nodeStartupTimeoutSeconds": 10, "unhealthyNodeConditions": UNHEALTHY}}),
            make(f"{DEPLOYMENTS}/0/healthCheck", {"checks": {
                "nodeStartupTimeoutSeconds": 10, "unhealthyNodeConditions": UNHEALTHY}}))),
        ("health-limit-bad", "a limit that is neither number nor percentage", make(f"{DEPLOYMENTS}/0/healthCheck", {
            "checks": {"unhealthyNodeConditions": UNHEALTHY},
            "remediation": {"triggerIf": {"unhealthyLessThanOrEqualTo": "few"}}})),
        ("health-flight-bad", "a maxInFlight that is neither number nor percentage",
         make(f"{DEPLOYMENTS}/0/healthCheck", {
            "checks": {"unhealthyNodeConditions": UNHEALTHY}, "remediation": {"maxInFlight": "few"}})),
        ("health-off-with-checks", "a health check that is off and says much", make(f"{DEPLOYMENTS}/0/healthCheck", {
            "enabled": False, "checks": {"unhealthyNodeConditions": UNHEALTHY}}), DOUBTFUL),
        ("health-remediation-alone", "remediation without checks", make(f"{DEPLOYMENTS}/0/healthCheck", {
            "remediation": {"maxInFlight": 1}}), DOUBTFUL),
        ("cluster-rollout-zero", "neither a machine more nor one less", make(f"{DEPLOYMENTS}/0/rollout/strategy", {
            "type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}})),
        ("cluster-rollout-bad", "a maxSurge that is neither number nor percentage", make(
            f"{DEPLOYMENTS}/0/rollout/strategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "one"}})),
        ("cluster-rollout-after", "a time of rollout that is none", make(
            f"{TOPOLOGY}/controlPlane/rollout", {"after": "2026-13-01"})),
        ("cluster-taint-gated", "a taint of machines, which wants a feature gate", make(f"{DEPLOYMENTS}/0/taints", [
            {"key": "example.org/a", "effect": "NoSchedule", "propagation": "Always"}])),
        ("cluster-gate-twice", "an availability gate twice", put("/spec/availabilityGates", [
            {"conditionType": "example.org/A"}] * 2)),
        ("cluster-old-class", "a class as the older version names it", put(f"{TOPOLOGY}/class", "x")),
        ("cluster-deletion-negative", "a negative timeout", make(
            f"{TOPOLOGY}/controlPlane/deletion", {"nodeDrainTimeoutSeconds": -1})),
        versions=NEW,
    ),
    *table(
        "W", CLUSTER,
        ("old-health-startup-short", "a start of less than 30 seconds", make(
            f"{TOPOLOGY}/controlPlane/machineHealthCheck", {
                "nodeStartupTimeout": "10s", "unhealthyConditions": OLD_UNHEALTHY})),
        ("old-health-both", "a limit and a range", make(f"{DEPLOYMENTS}/0/machineHealthCheck", {
            "maxUnhealthy": "40%", "unhealthyRange": "[1-2]", "unhealthyConditions": OLD_UNHEALTHY}), DOUBTFUL),
        ("old-health-limit-bad", "a limit that is neither number nor percentage", make(
            f"{DEPLOYMENTS}/0/machineHealthCheck", {"maxUnhealthy": "few", "unhealthyConditions": OLD_UNHEALTHY})),
        ("old-variable-from", "a definition's origin, which is gone", put(
            f"{TOPOLOGY}/variables/0/definitionFrom", "inline"), DOUBTFUL),
        ("old-cluster-strategy-zero", "neither a machine more nor one less", make(f"{DEPLOYMENTS}/0/strategy", {
            "type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}})),
        ("old-class-ref", "a class as the newer version names it", put(f"{TOPOLOGY}/classRef", {"name": "x"})),
        ("old-rollout-after", "a time of rollout that is none", put(f"{TOPOLOGY}/rolloutAfter", "soon")),
        versions=OLD,
    ),
)
