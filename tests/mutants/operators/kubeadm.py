"""kubeadm's configuration, of control planes and of workers."""

from __future__ import annotations

from mutants.edits import also, both, drop, first, make, put, replace, twice, values
from mutants.operators.places import (
    CONFIG,
    CONTROL,
    DOUBTFUL,
    FAILS,
    KUBEADM,
    NEW,
    OLD,
    below,
    kubeadm,
    table,
)

TOP = ("/spec/template/spec/kubeadmConfigSpec", "/spec/template/spec")
"""Where kubeadm's configuration stands: of a control plane first. A place that is made takes the first that fits."""
OF_CONTROL = "/spec/template/spec/kubeadmConfigSpec"
OF_CONFIG = "/spec/template/spec"
CLUSTER_CONFIG = f"{OF_CONTROL}/clusterConfiguration"
FILE = {"path": "/etc/x", "content": "x"}


def user(**more: object) -> list[dict[str, object]]:
    return [{"name": "admin", **more}]


OPERATORS = (
    *table(
        "W", CONTROL,
        ("control-spec-missing", "a control plane without kubeadm's configuration", drop(OF_CONTROL), FAILS),
        ("control-cluster-unknown", "an unknown field of kubeadm's configuration", make(f"{CLUSTER_CONFIG}/nope", 1)),
        ("control-etcd-both", "etcd both local and external", make(f"{CLUSTER_CONFIG}/etcd", {
            "local": {"dataDir": "/x"}, "external": {"endpoints": ["a"], "caFile": "a", "certFile": "b",
                "keyFile": "c"}})),
        ("control-etcd-no-endpoint", "external etcd without an endpoint", make(f"{CLUSTER_CONFIG}/etcd", {
            "external": {"endpoints": [], "caFile": "a", "certFile": "b", "keyFile": "c"}})),
        ("control-etcd-external-incomplete", "external etcd without certificates", make(f"{CLUSTER_CONFIG}/etcd", {
            "external": {"endpoints": ["https://a:2379"]}})),
        ("control-etcd-tag-bad", "a tag of etcd's image that is none", make(
            f"{CLUSTER_CONFIG}/etcd", {"local": {"imageTag": "a b"}})),
        ("control-dns-tag-bad", "tags of CoreDNS' image that are none", values(
            f"{CLUSTER_CONFIG}/dns", {"imageTag": "a b"}, {"imageTag": "v1.8/3"}, how=make), DOUBTFUL),
        ("control-dns-repository-bad", "a repository of CoreDNS that is none", make(
            f"{CLUSTER_CONFIG}/dns", {"imageRepository": "not a repository"}), DOUBTFUL),
        ("control-encryption-unknown", "an unknown algorithm",
         make(f"{CLUSTER_CONFIG}/encryptionAlgorithm", "RSA-1024")),
        ("control-validity-zero", "certificates that are valid for no day", also(
            make(f"{CLUSTER_CONFIG}/certificateValidityPeriodDays", 0),
            make(f"{CLUSTER_CONFIG}/caCertificateValidityPeriodDays", 40_000))),
        ("control-validity-long", "certificates that outlive their authority", both(
            make(f"{CLUSTER_CONFIG}/certificateValidityPeriodDays", 1000),
            make(f"{CLUSTER_CONFIG}/caCertificateValidityPeriodDays", 100))),
        ("control-validity-and-rollout", "a rollout before certificates have been valid at all", make(
            f"{CLUSTER_CONFIG}/certificateValidityPeriodDays", 5), DOUBTFUL),
        ("control-endpoint-set", "an endpoint, which Cluster API sets itself", make(
            f"{CLUSTER_CONFIG}/controlPlaneEndpoint", "example.org:6443"), DOUBTFUL),
        ("control-cert-sans-text", "certSANs as text", make(f"{CLUSTER_CONFIG}/apiServer/certSANs", "localhost")),
        ("control-feature-gate-text", "a feature gate as text", make(f"{CLUSTER_CONFIG}/featureGates", {"X": "true"})),
        ("control-volume-incomplete", "a volume without mountPath", make(
            f"{CLUSTER_CONFIG}/apiServer/extraVolumes", [{"name": "a", "hostPath": "/a"}])),
        ("control-env-twice", "an environment variable twice", make(f"{CLUSTER_CONFIG}/apiServer/extraEnvs", [
            {"name": "A", "value": "1"}, {"name": "A", "value": "2"}]), DOUBTFUL),
        ("control-rollout-unknown", "an unknown way to roll out", also(
            make("/spec/template/spec/rollout/strategy", {"type": "OnDelete"}),
            make("/spec/template/spec/rolloutStrategy", {"type": "OnDelete"}))),
        ("control-surge-two", "a maxSurge of two", also(
            make("/spec/template/spec/rollout/strategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2}}),
            make("/spec/template/spec/rolloutStrategy", {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2}}))),
        ("control-surge-percent", "a maxSurge in percent", also(
            make("/spec/template/spec/rollout/strategy",
                {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "50%"}}),
            make("/spec/template/spec/rolloutStrategy",
                {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "50%"}}))),
        ("control-surge-bad", "a maxSurge that is neither number nor percentage", also(
            make("/spec/template/spec/rollout/strategy",
                {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "one"}}),
            make("/spec/template/spec/rolloutStrategy",
                {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "one"}}))),
        ("control-certificates-short", "a rollout less than a week before certificates end", also(
            make("/spec/template/spec/rollout/before", {"certificatesExpiryDays": 6}),
            make("/spec/template/spec/rolloutBefore", {"certificatesExpiryDays": 6}))),
        ("control-rollout-after-bad", "a time of rollout that is none", also(
            make("/spec/template/spec/rollout/after", "tomorrow"),
                make("/spec/template/spec/rolloutAfter", "tomorrow"))),
        ("control-replicas", "replicas, which a template of a control plane does not have", make(
            "/spec/template/spec/replicas", 3)),
        ("control-version", "a version, which a template of a control plane does not have", make(
            "/spec/template/spec/version", "v1.36.4")),
        ("control-machine-ref", "machines' infrastructure, which the class names", make(
            "/spec/template/spec/machineTemplate/infrastructureRef", {"kind": "X", "name": "x"})),
        ("control-remediation-negative", "a negative number of tries", also(
            make("/spec/template/spec/remediation", {"maxRetry": -1}),
            make("/spec/template/spec/remediationStrategy", {"maxRetry": -1})), DOUBTFUL),
        ("control-remediation-period-negative", "a negative period of remediation", also(
            make("/spec/template/spec/remediation", {"retryPeriodSeconds": -1}),
            make("/spec/template/spec/remediationStrategy", {"retryPeriod": "-1m"})), DOUBTFUL),
        ("control-label-bad", "bad labels of the control plane's machines", also(
            make("/spec/template/spec/machineTemplate/metadata", {"labels": {"my tier": "x"}}),
            make("/spec/template/spec/machineTemplate/metadata", {"annotations": {"my note": "x"}}))),
        ("control-naming-bad", "naming templates of machines that do not render or give no name", also(*(
            first(make(place, {"template": text}, word))
            for place in ("/spec/template/spec/machineNaming", "/spec/template/spec/machineNamingStrategy")
            for word, text in (
                ("syntax", "{{ .kubeadmControlPlane.name -x"), ("value", "{{ .cluster.nam }}-{{ .random }}"),
                ("no random", "{{ .kubeadmControlPlane.name }}"), ("capitals", "A-{{ .random }}"),
            )))),
        ("control-taint-gated", "a taint of machines, which wants a feature gate", make(
            "/spec/template/spec/machineTemplate/spec", {"taints": [
                {"key": "example.org/a", "effect": "NoSchedule", "propagation": "Always"}]})),
    ),
    *table(
        "W", KUBEADM,
        ("kubeadm-args-twice", "an argument of the kubelet twice", twice(
            kubeadm("joinConfiguration/nodeRegistration/kubeletExtraArgs"))),
        ("kubeadm-args-no-value", "an argument without value", drop(
            kubeadm("joinConfiguration/nodeRegistration/kubeletExtraArgs/0/value"))),
        ("kubeadm-args-value-number", "a number as value of an argument", replace(
            kubeadm("joinConfiguration/nodeRegistration/kubeletExtraArgs/0/value"), 4)),
        ("kubeadm-args-map", "arguments as the older version has them", put(
            kubeadm("joinConfiguration/nodeRegistration/kubeletExtraArgs"), {"v": "4"}), DOUBTFUL),
        ("kubeadm-args-same-name", "an argument twice with different values", put(
            kubeadm("joinConfiguration/nodeRegistration/kubeletExtraArgs"), [
                {"name": "v", "value": "1"}, {"name": "v", "value": "2"}])),
        ("kubeadm-args-old-list", "arguments as the newer version has them", put(
            kubeadm("joinConfiguration/nodeRegistration/kubeletExtraArgs"), [{"name": "v", "value": "1"}]), DOUBTFUL),
        ("kubeadm-format-unknown", "an unknown format", also(
            put(f"{OF_CONTROL}/format", "butane"), put(f"{OF_CONFIG}/format", "butane"))),
        ("kubeadm-format-ignition", "ignition, which wants a feature gate", also(
            put(f"{OF_CONTROL}/format", "ignition"))),
        ("kubeadm-ignition-in-cloud-config", "settings of ignition without its format", first(put(
            below(TOP, "ignition"), {"containerLinuxConfig": {"strict": True}}))),
        ("kubeadm-file-twice", "a file of the same path twice", first(put(below(TOP, "files"), [FILE, FILE]))),
        ("kubeadm-file-no-path", "a file without path", first(put(below(TOP, "files"), [{"content": "x"}]))),
        ("kubeadm-file-two-contents", "a file with content and contentFrom", first(put(below(TOP, "files"), [
            {**FILE, "contentFrom": {"secret": {"name": "a", "key": "b"}}}]))),
        ("kubeadm-file-secret-no-name", "a file from a Secret without name", first(put(below(TOP, "files"), [
            {"path": "/x", "contentFrom": {"secret": {"name": "", "key": "b"}}}]))),
        ("kubeadm-file-secret-no-key", "a file from a Secret without key", first(put(below(TOP, "files"), [
            {"path": "/x", "contentFrom": {"secret": {"name": "a", "key": ""}}}]))),
        ("kubeadm-file-no-content", "a file without content",
         first(put(below(TOP, "files"), [{"path": "/x"}])), DOUBTFUL),
        ("kubeadm-file-encoding", "an unknown encoding",
         first(put(below(TOP, "files"), [{**FILE, "encoding": "rot13"}]))),
        ("kubeadm-file-mode-number", "permissions as a number", first(put(below(TOP, "files"), [
            {**FILE, "permissions": 640}]))),
        ("kubeadm-file-mode-bad", "permissions that are none", first(put(below(TOP, "files"), [
            {**FILE, "permissions": "rw-r--r--"}])), DOUBTFUL),
        ("kubeadm-user-two-passwords", "a user with passwd and passwdFrom", first(put(below(TOP, "users"), user(
            passwd="x", passwdFrom={"secret": {"name": "a", "key": "b"}})))),
        ("kubeadm-user-secret-no-name", "a user whose password's Secret has no name",
         first(put(below(TOP, "users"), user(
            passwdFrom={"secret": {"name": "", "key": "b"}})))),
        ("kubeadm-user-secret-no-key", "a user whose password's Secret has no key", first(put(below(TOP, "users"), user(
            passwdFrom={"secret": {"name": "a", "key": ""}})))),
        ("kubeadm-user-no-name", "a user without name", first(put(below(TOP, "users"), [{"sudo": "ALL"}]))),
        ("kubeadm-user-twice", "a user twice", first(put(below(TOP, "users"), [*user(), *user()])), DOUBTFUL),
        ("kubeadm-commands-text", "commands as text", first(put(below(TOP, "preKubeadmCommands"), "echo"))),
        ("kubeadm-commands-nested", "commands as lists of words", first(put(
            below(TOP, "preKubeadmCommands"), [["echo", "a"]]))),
        ("kubeadm-mounts-flat", "mounts as plain words", first(put(below(TOP, "mounts"), ["LABEL=a", "/a"]))),
        ("kubeadm-mounts-empty", "an empty mount", first(put(below(TOP, "mounts"), [[]])), DOUBTFUL),
        ("kubeadm-ntp-text", "a server of time as text",
         first(put(below(TOP, "ntp"), {"servers": "time.example.org"}))),
        ("kubeadm-disk-incomplete", "a file system without its kind", first(put(below(TOP, "diskSetup"), {
            "filesystems": [{"device": "/dev/vdb"}]}))),
        ("kubeadm-partition-incomplete", "a partition that does not say its layout",
         first(put(below(TOP, "diskSetup"), {
            "partitions": [{"device": "/dev/vdb"}]}))),
        ("kubeadm-verbosity-huge", "a verbosity beyond int32", first(put(below(TOP, "verbosity"), 2**31))),
        ("kubeadm-taint-odd", "taints with an unknown effect or a bad key, which nobody looks at", also(
            put(kubeadm("joinConfiguration/nodeRegistration/taints"), [{"key": "a", "effect": "Never"}]),
            put(kubeadm("joinConfiguration/nodeRegistration/taints"), [{"key": "a b", "effect": "NoSchedule"}])),
                DOUBTFUL),
        ("kubeadm-taint-no-effect", "a taint without effect", put(
            kubeadm("joinConfiguration/nodeRegistration/taints"), [{"key": "a"}])),
        ("kubeadm-taint-time", "a taint since a time that is none", put(
            kubeadm("joinConfiguration/nodeRegistration/taints"),
                [{"key": "a", "effect": "NoSchedule", "timeAdded": "now"}])),
        ("kubeadm-pull-policy", "an unknown policy of pulling images", put(
            kubeadm("joinConfiguration/nodeRegistration/imagePullPolicy"), "Sometimes")),
        ("kubeadm-skip-phases-text", "phases as text", put(kubeadm("joinConfiguration/skipPhases"), "preflight")),
        ("kubeadm-discovery-ca-bad", "a hash of a certificate that is none", put(
            kubeadm("joinConfiguration/discovery"), {"bootstrapToken": {
                "token": "x", "apiServerEndpoint": "a:1", "caCertHashes": ["md5:x"]}}), DOUBTFUL),
        ("kubeadm-discovery-two", "two ways of discovery", put(kubeadm("joinConfiguration/discovery"), {
            "bootstrapToken": {"token": "x"}, "file": {"kubeConfigPath": "/x"}}), DOUBTFUL),
        ("kubeadm-kubeconfig-bytes", "a certificate that is no base64", put(kubeadm("joinConfiguration/discovery"), {
            "file": {"kubeConfigPath": "/x", "kubeConfig": {"cluster": {"certificateAuthorityData": "not base64!"},
                     "user": {"exec": {"command": "x"}}}}})),
        ("kubeadm-kubeconfig-no-user", "a kubeconfig without user", put(kubeadm("joinConfiguration/discovery"), {
            "file": {"kubeConfigPath": "/x", "kubeConfig": {"user": {}}}})),
        ("kubeadm-join-unknown", "an unknown field of the node's registration", put(
            kubeadm("joinConfiguration/nodeRegistration/kubeletArgs"), {"v": "4"})),
        ("kubeadm-join-control-plane", "a control plane's port that is none", put(
            kubeadm("joinConfiguration/controlPlane"), {"localAPIEndpoint": {"bindPort": 70_000}}), DOUBTFUL),
        ("kubeadm-use-experimental", "a field that is gone", first(put(
            below(TOP, "useExperimentalRetryJoin"), True)), DOUBTFUL),
        ("kubeadm-boot-commands-empty", "an empty list of commands",
         first(put(below(TOP, "bootCommands"), [])), DOUBTFUL),
    ),
    *table(
        "W", KUBEADM,
        ("kubeadm-timeout-negative", "a negative timeout of kubeadm", put(
            kubeadm("joinConfiguration/timeouts"), {"tlsBootstrapSeconds": -1})),
        ("kubeadm-timeout-text", "a duration where seconds belong", put(
            kubeadm("joinConfiguration/timeouts"), {"tlsBootstrapSeconds": "5m"})),
        ("kubeadm-timeouts-differ", "kubeadm's timeout that differs between init and join", put(
            kubeadm("joinConfiguration/timeouts"), {"controlPlaneComponentHealthCheckSeconds": 7})),
        versions=NEW,
    ),
    *table(
        "W", CONFIG,
        ("config-cluster-configuration", "a worker with a configuration of the cluster", make(
            f"{OF_CONFIG}/clusterConfiguration", {"clusterName": "x"}), DOUBTFUL),
        ("config-ignition", "ignition for workers, which wants a feature gate", put(f"{OF_CONFIG}/format", "ignition")),
        ("config-no-template", "a configuration without template", drop("/spec/template"), DOUBTFUL),
    ),
    *table(
        "W", CONTROL,
        ("old-timeout-bad", "a duration that is none", make(
            f"{CLUSTER_CONFIG}/apiServer/timeoutForControlPlane", "twenty")),
        ("old-extra-args-number", "a number as value of an argument", make(
            f"{CLUSTER_CONFIG}/apiServer/extraArgs", {"v": 4})),
        ("old-extra-args-list", "arguments as the newer version has them", make(
            f"{CLUSTER_CONFIG}/apiServer/extraArgs", [{"name": "v", "value": "4"}])),
        ("old-networking", "networks of kubeadm that are none", make(
            f"{CLUSTER_CONFIG}/networking", {"podSubnet": "everything"}), DOUBTFUL),
        ("old-kubernetes-version", "a version of kubeadm's own, which is dropped", make(
            f"{CLUSTER_CONFIG}/kubernetesVersion", "v1.1.1"), DOUBTFUL),
        versions=OLD,
    ),
)
