"""ClusterClass: references, workers, health checks, rollout, names, versions."""

from __future__ import annotations

from mutants.edits import also, append, change, drop, first, make, put, replace, twice, values
from mutants.operators.places import (
    BOOT_REF,
    CLASS,
    CONTROL_HEALTH,
    CONTROL_REF,
    DEPLOYMENTS,
    DOUBTFUL,
    FAILS,
    INFRA_REF,
    MACHINE_REF,
    NEW,
    OLD,
    POOLS,
    REFS,
    WORKER_HEALTH,
    WORKER_REF,
    WORKERS,
    below,
    table,
)

VERSIONS = "/spec/kubernetesVersions"
HEALTH = CONTROL_HEALTH + WORKER_HEALTH
NAMING = (
    "/spec/infrastructure/naming", "/spec/controlPlane/naming", f"{DEPLOYMENTS}/*/naming", f"{POOLS}/*/naming",
    "/spec/infrastructureNamingStrategy", "/spec/controlPlane/namingStrategy", f"{DEPLOYMENTS}/*/namingStrategy",
    f"{POOLS}/*/namingStrategy",
)
LIMIT = below(CONTROL_HEALTH[:1] + WORKER_HEALTH[:1], "remediation/triggerIf/unhealthyLessThanOrEqualTo")
RANGE = below(CONTROL_HEALTH[:1] + WORKER_HEALTH[:1], "remediation/triggerIf/unhealthyInRange")
RANDOM = "{{ .cluster.name }}-{{ .random }}"
METADATA = (*below(WORKERS, "*/metadata", "*/template/metadata"), "/spec/controlPlane/metadata")

OPERATORS = (
    *table(
        "K", CLASS,
        ("ref-kind-no-template", "a reference to a kind that is no template",
         change(below(REFS, "kind"), lambda kind: kind.removesuffix("Template"))),
        ("ref-kind-only-template", "a kind that is the word Template alone", replace(below(REFS, "kind"), "Template")),
        ("ref-kind-lower-case", "a kind that ends in `template`",
         change(below(REFS, "kind"), lambda kind: kind.replace("Template", "template"))),
        ("ref-kind-missing", "a reference without kind", drop(below(REFS, "kind"))),
        ("ref-kind-empty", "an empty kind in a reference", replace(below(REFS, "kind"), "")),
        ("ref-kind-typo", "a reference to a kind with a typo",
         change(below(REFS, "kind"), lambda kind: kind.replace("Template", "sTemplate")), FAILS),
        ("ref-kind-other", "a reference to another kind of template",
         replace(below(REFS, "kind"), "MetalMachineTemplate"), FAILS),
        ("ref-name-missing", "a reference without name", drop(below(REFS, "name"))),
        ("ref-name-empty", "an empty name in a reference", replace(below(REFS, "name"), "")),
        ("ref-name-capitals", "capitals in the name of a reference",
         replace(below(REFS, "name"), "My-Template"), FAILS),
        ("ref-name-typo", "a reference to a template that does not exist",
         change(below(REFS, "name"), lambda name: name + "s"), FAILS),
        ("ref-name-too-long", "a name of 254 characters in a reference",
         replace(below(REFS, "name"), "a" * 254), FAILS),
        ("ref-version-missing", "a reference without apiVersion", drop(below(REFS, "apiVersion"))),
        ("ref-version-empty", "an empty apiVersion in a reference", replace(below(REFS, "apiVersion"), "")),
        ("ref-version-core", "an apiVersion without group", replace(below(REFS, "apiVersion"), "v1"), FAILS),
        ("ref-version-slashes", "two slashes in an apiVersion", replace(below(REFS, "apiVersion"), "a/b/c"), FAILS),
        ("ref-version-group-only", "a group without version",
         change(below(REFS, "apiVersion"), lambda version: version.partition("/")[0] + "/"), FAILS),
        ("ref-version-unserved", "a version that the kind does not have",
         change(below(REFS, "apiVersion"), lambda version: version.partition("/")[0] + "/v1alpha2"), FAILS),
        ("ref-group-typo", "a group with a typo",
         change(below(REFS, "apiVersion"), lambda version: version.replace("x-k8s", "x-k8")), FAILS),
        ("ref-namespace", "a namespace in a reference", put(below(REFS, "namespace"), "elsewhere"),
         DOUBTFUL),
        ("ref-namespace-bad", "a namespace that is none", put(below(REFS, "namespace"), "Else Where"), DOUBTFUL),
        ("ref-unknown-field", "an unknown field in a reference", put(below(REFS, "kindd"), "x")),
        ("ref-uid", "a uid in a reference, which only the older version has", put(below(REFS, "uid"), "1"), DOUBTFUL),
        ("ref-missing", "no reference to the infrastructure", also(drop(INFRA_REF), drop(CONTROL_REF))),
        ("machine-infrastructure-missing", "no machines for the control plane",
         drop("/spec/controlPlane/machineInfrastructure"), FAILS),
        ("machine-infrastructure-empty", "an empty machineInfrastructure",
         replace("/spec/controlPlane/machineInfrastructure", {}), FAILS),
        ("machine-ref-missing", "machineInfrastructure without its reference", drop(MACHINE_REF), FAILS),
        ("worker-ref-missing", "a worker without a reference", also(drop(BOOT_REF), drop(WORKER_REF))),
        ("infrastructure-missing", "no infrastructure", drop("/spec/infrastructure"), FAILS),
        ("control-plane-missing", "no control plane", drop("/spec/controlPlane"), FAILS),
        ("workers-missing", "no workers, which a class may do", drop("/spec/workers"), DOUBTFUL),
        ("worker-class-twice", "a worker class twice", twice(WORKERS)),
        ("worker-class-missing", "a worker without class", drop(below(WORKERS, "*/class"))),
        ("worker-class-empty", "an empty class of a worker", replace(below(WORKERS, "*/class"), "")),
        ("worker-class-odd", "blanks and capitals in the class of a worker",
         replace(below(WORKERS, "*/class"), "My Worker"), FAILS),
        ("worker-class-long", "a class of 300 characters", replace(below(WORKERS, "*/class"), "w" * 300), FAILS),
        ("worker-class-label-long", "a class that no label can hold",
         replace(below(WORKERS, "*/class"), "w" * 70), FAILS),
        ("worker-bootstrap-missing", "a worker without bootstrap",
         drop(below(WORKERS, "*/bootstrap", "*/template/bootstrap")), FAILS),
        ("worker-infrastructure-missing", "a worker without infrastructure",
         drop(below(WORKERS, "*/infrastructure", "*/template/infrastructure")), FAILS),
        ("worker-unknown-field", "an unknown field of a worker", put(below(WORKERS, "*/replicas"), 3)),
        ("worker-label-bad", "a bad label of workers", also(
            first(put(below(METADATA, "labels"), {"my role": "x"}, "key")),
            first(put(below(METADATA, "labels"), {"role": "a b"}, "value")),
            first(put(below(METADATA, "labels"), {"role": 1}, "integer")))),
        ("worker-annotation-bad", "a bad annotation of workers", put(below(METADATA, "annotations"), {"my note": "x"})),
        ("failure-domain-number", "a number as failure domain", put(below(WORKERS, "*/failureDomain"), 1)),
        ("min-ready-negative", "a negative minReadySeconds", put(below(WORKERS, "*/minReadySeconds"), -1)),
        ("min-ready-text", "text as minReadySeconds", put(below(WORKERS, "*/minReadySeconds"), "10")),
        ("versions-descending", "kubernetesVersions from new to old", values(
            VERSIONS, ["v1.36.1", "v1.36.0"], ["v1.36.1", "v1.35.9"]), FAILS),
        ("versions-twice", "a version twice", change(VERSIONS, lambda found: [*found, found[-1]])),
        ("versions-gap", "a minor left out", change(VERSIONS, lambda _: ["v1.34.2", "v1.36.4"])),
        ("versions-major-gap", "a step to the next major", change(VERSIONS, lambda _: ["v1.36.0", "v2.0.0"])),
        ("versions-nonsense", "a version that is none", values(
            VERSIONS, ["stable"], ["v1.36.x"], ["v1.36.4.1"], ["latest"]), FAILS),
        ("versions-short", "a version without its patch, which only ever fails to match", values(
            VERSIONS, ["1.36"], ["v1.36"], ["1.36.4"]), DOUBTFUL),
        ("versions-number", "a number as version", change(VERSIONS, lambda _: [1.36])),
        ("versions-empty-text", "an empty version", change(VERSIONS, lambda _: [""])),
        ("versions-prerelease", "a version before its release, which is fine",
         change(VERSIONS, lambda found: [*found, "v1.37.0-rc.1"]), DOUBTFUL),
        ("versions-leading-zero", "a zero in front", change(VERSIONS, lambda _: ["v1.036.4"]), FAILS),
        ("versions-text", "text in place of the list of versions", replace(VERSIONS, "v1.36.4")),
        ("naming-not-closed", "a naming template that is not closed",
         put(below(NAMING, "template"), "{{ .cluster.name }-x")),
        ("naming-unknown-value", "a naming template with an unknown value",
         put(below(NAMING, "template"), "{{ .cluster.nam }}-{{ .random }}")),
        ("naming-foreign-value", "a worker's name in the template of another",
         put(below(NAMING, "template"), "{{ .machineSet.topologyName }}-{{ .random }}")),
        ("naming-function", "a function of sprig in a naming template",
         put(below(NAMING, "template"), "{{ .cluster.name | trunc 5 }}-{{ .random }}")),
        ("naming-capitals", "capitals in a naming template", put(below(NAMING, "template"), f"Stack-{RANDOM}")),
        ("naming-underscore", "an underscore in a naming template", put(below(NAMING, "template"), f"a_{RANDOM}")),
        ("naming-no-random", "a naming template without a random part",
         put(below(NAMING, "template"), "{{ .cluster.name }}"), DOUBTFUL),
        ("naming-empty", "an empty naming template", put(below(NAMING, "template"), "")),
        ("naming-constant", "a naming template that is a constant", put(below(NAMING, "template"), "worker"), DOUBTFUL),
        ("naming-long", "a naming template whose end is cut off",
         put(below(NAMING, "template"), "a" * 70 + "-{{ .random }}"), DOUBTFUL),
        ("naming-ends-in-dash", "a naming template that ends in a dash",
         put(below(NAMING, "template"), "{{ .random }}-")),
        ("naming-cut-at-dash", "a naming template that is cut behind a dash",
         put(below(NAMING, "template"), "a" * 62 + "-{{ .random }}")),
        ("naming-whole-dot", "a naming template that prints all its values", put(below(NAMING, "template"), "{{ . }}")),
        ("health-check-startup-short", "a start of less than 30 seconds", also(
            values(below(HEALTH, "checks/nodeStartupTimeoutSeconds"), 29, 1, -1),
            values(below(HEALTH, "nodeStartupTimeout"), "29s", "-1m", "soon", 30))),
        ("health-check-startup-zero", "a start that may take for ever, which is fine", also(
            replace(below(HEALTH, "checks/nodeStartupTimeoutSeconds"), 0),
            replace(below(HEALTH, "nodeStartupTimeout"), "0s"))),
        ("health-check-startup-text", "a duration where seconds belong",
         replace(below(HEALTH, "checks/nodeStartupTimeoutSeconds"), "10m")),
        ("health-check-limit-bad", "a limit that is neither number nor percentage", also(
            make(LIMIT, "few"),
            put(below(HEALTH, "maxUnhealthy"), "few"))),
        ("health-check-limit-percent", "a percentage without sign", also(
            make(LIMIT, "40"),
            put(below(HEALTH, "maxUnhealthy"), "40"))),
        ("health-check-limit-negative", "a negative limit", make(
            LIMIT, -1), DOUBTFUL),
        ("health-check-range-bad", "a range that is none", also(
            make(RANGE, "0-2"),
            put(below(HEALTH, "unhealthyRange"), "[0..2]"))),
        ("health-check-range-reversed", "a range from more to less", also(
            make(RANGE, "[3-1]"),
            put(below(HEALTH, "unhealthyRange"), "[3-1]")), DOUBTFUL),
        ("health-check-flight-bad", "a maxInFlight that is neither number nor percentage",
         make(below(WORKER_HEALTH[:1], "remediation/maxInFlight"), "some")),
        ("health-check-flight-percent", "a maxInFlight that says %50",
         make(below(WORKER_HEALTH[:1], "remediation/maxInFlight"), "%50")),
        ("health-check-condition-status", "a condition's status that is none", replace(
            below(HEALTH, "checks/unhealthyMachineConditions/*/status", "unhealthyMachineConditions/*/status"), "Bad")),
        ("health-check-condition-type", "a condition that Cluster API keeps for itself", replace(
            below(HEALTH, "checks/unhealthyMachineConditions/*/type", "unhealthyMachineConditions/*/type"), "Ready")),
        ("health-check-condition-no-timeout", "a condition without timeout", drop(
            below(HEALTH, "checks/unhealthyNodeConditions/*/timeoutSeconds", "unhealthyConditions/*/timeout"))),
        ("health-check-timeout-negative", "a condition with a negative timeout", also(
            replace(below(HEALTH, "checks/unhealthyNodeConditions/*/timeoutSeconds"), -5),
            replace(below(HEALTH, "unhealthyConditions/*/timeout"), "-5m")), DOUBTFUL),
        ("health-check-empty", "an empty health check", put(below(HEALTH[::2], "checks"), {}), DOUBTFUL),
        ("health-check-old-field", "a field of the older version", put(below(HEALTH, "unhealthyCondition"), [])),
        ("remediation-ref-bad", "a remediation template that is no template", make(
            below(HEALTH, "remediation/templateRef"),
            {"apiVersion": "example.org/v1", "kind": "Remedy", "name": "x"})),
    ),
    *table(
        "K", CLASS,
        ("rollout-both-zero", "neither a machine more nor one less", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {
                "type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}})),
        ("rollout-both-zero-percent", "neither a machine more nor one less, as percentages", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {
                "type": "RollingUpdate", "rollingUpdate": {"maxSurge": "0%", "maxUnavailable": "0%"}})),
        ("rollout-surge-bad", "a maxSurge that is neither number nor percentage", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "one"}})),
        ("rollout-unavailable-bad", "a maxUnavailable that is neither number nor percentage", make(
            f"{DEPLOYMENTS}/*/rollout/strategy",
                {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "1.5%"}})),
        ("rollout-negative", "a negative maxSurge", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": -1}}),
                DOUBTFUL),
        ("rollout-type-unknown", "an unknown way to roll out", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {"type": "Recreate"})),
        ("rollout-on-delete-with-surge", "rollingUpdate beside OnDelete", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {"type": "OnDelete", "rollingUpdate": {"maxSurge": 1}}), DOUBTFUL),
        ("rollout-no-type", "rollingUpdate without a type", make(
            f"{DEPLOYMENTS}/*/rollout/strategy", {"rollingUpdate": {"maxSurge": 1}}), DOUBTFUL),
        ("deletion-order-unknown", "an unknown order of deletion", make(f"{DEPLOYMENTS}/*/deletion/order", "First")),
        ("deletion-negative", "a negative timeout of drain", also(
            make("/spec/controlPlane/deletion/nodeDrainTimeoutSeconds", -1),
            make(f"{DEPLOYMENTS}/*/deletion/nodeDeletionTimeoutSeconds", -1))),
        ("deletion-text", "a duration where seconds belong", make(
            "/spec/controlPlane/deletion/nodeDrainTimeoutSeconds", "5m")),
        ("taint-gated", "a taint of machines, which wants a feature gate", make("/spec/controlPlane/taints", [
            {"key": "example.org/a", "value": "b", "effect": "NoSchedule", "propagation": "Always"}])),
        ("taint-key-reserved", "a taint that Cluster API keeps for itself", make(f"{DEPLOYMENTS}/*/taints", [
            {"key": "node.cluster.x-k8s.io/uninitialized", "effect": "NoSchedule", "propagation": "Always"}])),
        ("taint-effect-unknown", "a taint with an unknown effect", make(f"{DEPLOYMENTS}/*/taints", [
            {"key": "example.org/a", "effect": "Never", "propagation": "Always"}])),
        ("taint-no-propagation", "a taint that does not say how it spreads", make(f"{DEPLOYMENTS}/*/taints", [
            {"key": "example.org/a", "effect": "NoSchedule"}])),
        ("taint-twice", "the same taint twice", make(f"{DEPLOYMENTS}/*/taints", [
            {"key": "example.org/a", "effect": "NoSchedule", "propagation": "Always"}] * 2)),
        ("readiness-gate-twice", "a readiness gate twice", make("/spec/controlPlane/readinessGates", [
            {"conditionType": "example.org/Ready"}] * 2)),
        ("readiness-gate-bad", "a readiness gate that is no name", make("/spec/controlPlane/readinessGates", [
            {"conditionType": "is it ready?"}])),
        ("readiness-gate-polarity", "an unknown polarity", make("/spec/controlPlane/readinessGates", [
            {"conditionType": "Ready", "polarity": "Up"}])),
        ("availability-gate-twice", "an availability gate twice", make("/spec/availabilityGates", [
            {"conditionType": "example.org/Ready"}] * 2)),
        ("too-many-gates", "33 readiness gates", make("/spec/controlPlane/readinessGates", [
            {"conditionType": f"example.org/C{index}"} for index in range(33)])),
        ("old-ref-in-new", "a reference as the older version has it", make("/spec/controlPlane/ref", {
            "apiVersion": "controlplane.cluster.x-k8s.io/v1beta2", "kind": "KubeadmControlPlaneTemplate",
                "name": "x"})),
        ("upgrade-plan-empty", "an upgrade plan without a name", make("/spec/upgrade/external", {})),
        versions=NEW,
    ),
    *table(
        "K", CLASS,
        ("old-rollout-both-zero", "neither a machine more nor one less", make(f"{DEPLOYMENTS}/*/strategy", {
            "type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}})),
        ("old-rollout-surge-bad", "a maxSurge that is neither number nor percentage",
         make(f"{DEPLOYMENTS}/*/strategy", {
            "type": "RollingUpdate", "rollingUpdate": {"maxSurge": "one"}})),
        ("old-delete-policy", "an unknown policy of deletion", make(f"{DEPLOYMENTS}/*/strategy", {
            "type": "RollingUpdate", "rollingUpdate": {"deletePolicy": "First"}})),
        ("old-duration-bad", "a duration that is none", also(
            make("/spec/controlPlane/nodeDrainTimeout", "5 minutes"),
                make("/spec/controlPlane/nodeDrainTimeout", 300))),
        ("old-new-ref", "a reference as the newer version has it", make("/spec/controlPlane/templateRef", {
            "apiVersion": "controlplane.cluster.x-k8s.io/v1beta1", "kind": "KubeadmControlPlaneTemplate",
                "name": "x"})),
        ("old-ref-field-path", "a fieldPath in a reference, which conversion drops",
         put(below(REFS, "fieldPath"), "spec"), DOUBTFUL),
        ("old-remediation-template", "a remediation template without name", put(
            below(HEALTH, "remediationTemplate"), {"kind": "RemedyTemplate", "apiVersion": "example.org/v1"}),
                DOUBTFUL),
        versions=OLD,
    ),
    *table(
        "K", CLASS,
        ("workers-too-many", "101 worker classes", change(DEPLOYMENTS, lambda found: [
            {**found[0], "class": f"worker-{index}"} for index in range(101)])),
        ("patch-list-twice", "the first patch twice", twice("/spec/patches")),
        ("variable-list-twice", "the first variable twice", twice("/spec/variables")),
        ("extra-worker-unused", "one more worker of the same templates, which is fine", change(
            DEPLOYMENTS, lambda found: [*found, {**found[0], "class": "second"}])),
        ("pool-of-machines", "a machine pool made of a machine template", append(POOLS, {
            "class": "odd", "bootstrap": {"templateRef": {"apiVersion": "bootstrap.cluster.x-k8s.io/v1beta2",
            "kind": "KubeadmConfigTemplate", "name": "x"}}}), DOUBTFUL),
    ),
)
