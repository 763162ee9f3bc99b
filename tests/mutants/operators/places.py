"""Where things stand in the objects of a stack, in both versions of Cluster API."""

from __future__ import annotations

from mutants.mutant import Edit, Fate, Operator

CLASS = ("ClusterClass",)
CLUSTER = ("Cluster",)
CONFIG = ("KubeadmConfigTemplate",)
CONTROL = ("KubeadmControlPlaneTemplate",)
KUBEADM = CONFIG + CONTROL
ANY: tuple[str, ...] = ()
NEW, OLD = ("v1beta2",), ("v1beta1",)
WORKS, FAILS, DOUBTFUL = Fate.WORKS, Fate.FAILS, Fate.DOUBTFUL

INFRA_REF = ("/spec/infrastructure/templateRef", "/spec/infrastructure/ref")
CONTROL_REF = ("/spec/controlPlane/templateRef", "/spec/controlPlane/ref")
MACHINE_REF = (
    "/spec/controlPlane/machineInfrastructure/templateRef", "/spec/controlPlane/machineInfrastructure/ref",
)
DEPLOYMENTS = "/spec/workers/machineDeployments"
POOLS = "/spec/workers/machinePools"
WORKERS = (DEPLOYMENTS, POOLS)
BOOT_REF = (
    f"{DEPLOYMENTS}/*/bootstrap/templateRef", f"{DEPLOYMENTS}/*/template/bootstrap/ref",
    f"{POOLS}/*/bootstrap/templateRef", f"{POOLS}/*/template/bootstrap/ref",
)
WORKER_REF = (
    f"{DEPLOYMENTS}/*/infrastructure/templateRef", f"{DEPLOYMENTS}/*/template/infrastructure/ref",
    f"{POOLS}/*/infrastructure/templateRef", f"{POOLS}/*/template/infrastructure/ref",
)
REFS = INFRA_REF + CONTROL_REF + MACHINE_REF + BOOT_REF + WORKER_REF
CONTROL_HEALTH = ("/spec/controlPlane/healthCheck", "/spec/controlPlane/machineHealthCheck")
WORKER_HEALTH = (f"{DEPLOYMENTS}/*/healthCheck", f"{DEPLOYMENTS}/*/machineHealthCheck")
VARIABLES = "/spec/variables"
SCHEMAS = "/spec/variables/*/schema/openAPIV3Schema"
PATCHES = "/spec/patches"
DEFINITIONS = "/spec/patches/*/definitions"
STEPS = "/spec/patches/*/definitions/*/jsonPatches"
INIT, JOIN = "initConfiguration", "joinConfiguration"


def below(places: tuple[str, ...] | str, *ends: str) -> tuple[str, ...]:
    """Each place with each end: `/spec/infrastructure/ref` and `kind`."""
    return tuple(f"{place}/{end}" for place in ((places,) if isinstance(places, str) else places) for end in ends)


def kubeadm(end: str) -> tuple[str, ...]:
    """A place of kubeadm's configuration, of control planes and of workers."""
    return f"/spec/template/spec/kubeadmConfigSpec/{end}", f"/spec/template/spec/{end}"


def table(
    area: str, kinds: tuple[str, ...], *rows: tuple[str, str, Edit] | tuple[str, str, Edit, Fate],
    versions: tuple[str, ...] = (),
) -> tuple[Operator, ...]:
    """Operators of one area that spoil objects of the same kinds, one a row: name, summary, edit, fate."""
    return tuple(
        Operator(row[0], row[1], kinds, row[2], row[3] if len(row) > 3 else WORKS, versions, area) for row in rows
    )
