"""Makes the repository that the benchmarks measure: N stacks, each with about 21 KB of class YAML in five files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VARIABLES, PATCHES, FILES = 30, 30, 20
RELEASE = "<% release_name %>"
"""How our sources name the release; the baseline's charts say it in Helm's words."""
HELM_RELEASE = "{{ .Release.Name }}-{{ .Chart.Version }}"


@dataclass(frozen=True, slots=True)
class Stack:
    """One generated stack."""

    index: int

    @property
    def path(self) -> str:
        return f"providers/docker/s{self.index:05}/1-36"

    @property
    def series(self) -> str:
        return f"docker-s{self.index:05}-1-36"


def metadata(version: int = 1) -> str:
    return f"""\
apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1
versions:
  clusterStack: v{version}
  kubernetes: v1.36.1
  components:
    clusterAddon: v1
    nodeImage: v1
"""


def class_files(variant: int, release: str = RELEASE) -> dict[str, str]:
    """The five files of a class: what a provider's real class has, in kinds, sizes and nesting."""
    return {
        "cluster-class.yaml": _cluster_class(variant, release),
        "cluster.yaml": _template("DevClusterTemplate", "infrastructure.cluster.x-k8s.io", f"{release}-cluster",
                                  "      backend:\n        docker: {}\n"),
        "control-plane.yaml": _control_plane(variant, release),
        "machines.yaml": "---\n".join(
            _template("DevMachineTemplate", "infrastructure.cluster.x-k8s.io", f"{release}-{role}",
                      "      backend:\n        docker:\n          customImage: kindest/node:v1.36.1\n")
            for role in ("control-plane", "worker")
        ),
        "worker.yaml": _template("KubeadmConfigTemplate", "bootstrap.cluster.x-k8s.io", f"{release}-worker",
                                 "      joinConfiguration:\n" + _node_registration(8) + _files(6, variant)),
    }


def _template(kind: str, group: str, name: str, spec: str) -> str:
    head = f"apiVersion: {group}/v1beta2\nkind: {kind}\nmetadata:\n  name: {name}\n"
    return f"{head}spec:\n  template:\n    spec:\n{spec}"


def _node_registration(indent: int) -> str:
    pad = " " * indent
    return (f"{pad}nodeRegistration:\n{pad}  kubeletExtraArgs:\n{pad}  - name: eviction-hard\n"
            f"{pad}    value: nodefs.available<0%,imagefs.available<0%\n")


def _files(indent: int, variant: int) -> str:
    pad = " " * indent
    entry = (
        f"{pad}- path: /etc/kubernetes/files/@.conf\n{pad}  owner: root:root\n{pad}  permissions: \"0644\"\n"
        f"{pad}  content: |\n{pad}    # file @ of variant {variant}\n{pad}    setting = \"value @\"\n"
    )
    return f"{pad}files:\n" + "".join(entry.replace("@", str(n)) for n in range(FILES))


def _control_plane(variant: int, release: str) -> str:
    return _template(
        "KubeadmControlPlaneTemplate", "controlplane.cluster.x-k8s.io", f"{release}-control-plane",
        "      kubeadmConfigSpec:\n        clusterConfiguration:\n          apiServer:\n"
        "            certSANs: [localhost, 127.0.0.1, 0.0.0.0]\n        initConfiguration:\n" + _node_registration(10)
        + "        joinConfiguration:\n" + _node_registration(10) + _files(8, variant),
    )


def _cluster_class(variant: int, release: str) -> str:
    ref = "    templateRef:\n      apiVersion: {api}/v1beta2\n      kind: {kind}\n      name: {name}\n"
    infrastructure = "infrastructure.cluster.x-k8s.io"
    machine = ref.format(api=infrastructure, kind="DevMachineTemplate", name="{name}")
    return (
        f"apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata:\n  name: {release}\nspec:\n"
        "  infrastructure:\n" + ref.format(api=infrastructure, kind="DevClusterTemplate", name=f"{release}-cluster")
        + "  controlPlane:\n"
        + ref.format(api="controlplane.cluster.x-k8s.io", kind="KubeadmControlPlaneTemplate",
                     name=f"{release}-control-plane")
        + "    machineInfrastructure:\n" + _indent(machine.format(name=f"{release}-control-plane"), 2)
        + "  workers:\n    machineDeployments:\n    - class: default-worker\n      bootstrap:\n"
        + _indent(ref.format(api="bootstrap.cluster.x-k8s.io", kind="KubeadmConfigTemplate",
                             name=f"{release}-worker"), 4)
        + "      infrastructure:\n" + _indent(machine.format(name=f"{release}-worker"), 4)
        + "  variables:\n" + "".join(_variable(n, variant) for n in range(VARIABLES))
        + "  patches:\n" + "".join(_patch(n) for n in range(PATCHES))
    )


def _indent(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


def _variable(n: int, variant: int) -> str:
    return (f"  - name: setting{n}\n    required: false\n    schema:\n      openAPIV3Schema:\n        type: string\n"
            f"        default: \"value {n} of {variant}\"\n        minLength: 1\n        maxLength: 253\n")


def _patch(n: int) -> str:
    return (f"  - name: setting{n}\n    definitions:\n    - selector:\n"
            "        apiVersion: controlplane.cluster.x-k8s.io/v1beta2\n        kind: KubeadmControlPlaneTemplate\n"
            "        matchResources:\n          controlPlane: true\n      jsonPatches:\n      - op: add\n"
            "        path: /spec/template/spec/kubeadmConfigSpec/clusterConfiguration/apiServer/certSANs/-\n"
            f"        valueFrom:\n          variable: setting{n}\n")


def stacks(count: int) -> Iterator[Stack]:
    return (Stack(n) for n in range(count))


def _variant(stack: Stack, count: int) -> int:
    """Three stacks share each text, as minors of a stack do: some 500 distinct files of 2,500."""
    return stack.index % (count // 3 or 1)


def make_repository(folder: Path, count: int, changed: int = 10) -> None:
    """A repository with `count` stacks on `main`, and a branch `change` that edits and bumps `changed` of them."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    lines: list[bytes] = [_commit("main", "stacks")]
    for stack in stacks(count):
        lines.append(_file(f"{stack.path}/metadata.yaml", metadata()))
        for name, text in class_files(_variant(stack, count)).items():
            lines.append(_file(f"{stack.path}/cluster-class/{name}", text))
    lines.append(_commit("change", "edit", parent="main"))
    for stack in list(stacks(count))[:: max(1, count // changed)][:changed]:
        text = class_files(stack.index)["worker.yaml"] + "# edited\n"
        lines.append(_file(f"{stack.path}/cluster-class/worker.yaml", text))
        lines.append(_file(f"{stack.path}/metadata.yaml", metadata(2)))
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=b"".join(lines), check=True)
    subprocess.run(["git", "-C", str(folder), "checkout", "-q", "-f", "main"], check=True)


def _commit(branch: str, message: str, parent: str = "") -> bytes:
    head = f"commit refs/heads/{branch}\ncommitter bench <bench@example.org> 1700000000 +0000\n"
    head += f"data {len(message)}\n{message}\n"
    return (head + (f"from refs/heads/{parent}\n" if parent else "")).encode()


def _file(path: str, text: str) -> bytes:
    data = text.encode()
    return f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def make_charts(folder: Path, count: int) -> None:
    """The same classes as Helm charts, one a stack: the baseline is what helm and kubeconform need for them."""
    for stack in stacks(count):
        chart = folder / stack.series
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: {stack.series}\nversion: v1\n", encoding="utf-8")
        for name, text in class_files(_variant(stack, count), HELM_RELEASE).items():
            (chart / "templates" / name).write_text(text, encoding="utf-8")
