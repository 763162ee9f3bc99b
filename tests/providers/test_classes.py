"""The classes: what Cluster API would accept in silence and the user would regret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import yaml

from reference_stacks import Rendered

GO_VARIABLE = re.compile(r"(?<![\w.)])\.([A-Za-z]+)")


def references(patch: Any) -> Iterator[str]:
    """The top-level variables that a patch reads, builtins left out."""
    texts = [patch.get("enabledIf", "")]
    for definition in patch["definitions"]:
        for change in definition["jsonPatches"]:
            source = change.get("valueFrom", {})
            if "variable" in source:
                yield source["variable"].partition(".")[0]
            texts.append(source.get("template", ""))
    for action in re.findall(r"\{\{(.*?)\}\}", "\n".join(texts), re.DOTALL):
        code = re.sub(r'"[^"]*"', "", action)
        yield from GO_VARIABLE.findall(code)


def test_names_carry_the_release_and_nothing_else_does(rendered: Rendered) -> None:
    release = rendered.facts["name"]
    assert rendered.cluster_class["metadata"]["name"] == release
    for obj in rendered.objects:
        assert obj["metadata"]["name"].startswith(release)
        assert "namespace" not in obj["metadata"]


def test_the_class_serves_the_version_of_its_release_alone(rendered: Rendered) -> None:
    version = rendered.facts["versions"]["kubernetes"]
    assert rendered.cluster_class["spec"]["kubernetesVersions"] == [version]
    assert version.startswith("v" + rendered.stack.rpartition("/")[2].replace("-", ".") + ".")


def test_references_lead_to_the_templates_of_the_release(rendered: Rendered) -> None:
    found = {(obj["apiVersion"], obj["kind"], obj["metadata"]["name"]) for obj in rendered.objects}
    wanted = {(ref["apiVersion"], ref["kind"], ref["name"]) for ref in template_refs(rendered.cluster_class["spec"])}
    assert found - wanted == {("cluster.x-k8s.io/v1beta2", "ClusterClass", rendered.facts["name"])}
    assert wanted <= found


def template_refs(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "templateRef":
                yield inner
            else:
                yield from template_refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from template_refs(inner)


def test_variables_are_documented_optional_and_their_defaults_fit(rendered: Rendered) -> None:
    for name, variable in rendered.variables.items():
        schema = variable["schema"]["openAPIV3Schema"]
        assert schema.get("description"), name
        assert variable["required"] is False, name
        for key in ("default", "example"):
            if key in schema:
                jsonschema.validate(schema[key], schema)


def test_every_variable_is_read_and_every_one_read_is_declared(rendered: Rendered) -> None:
    read = {name for patch in rendered.patches.values() for name in references(patch)}
    # fields of the items that `range` walks over
    fields = {"name", "sizeGiB", "type"}
    assert read - fields == set(rendered.variables)


def test_patches_of_the_go_kind_survive_rendering(rendered: Rendered) -> None:
    """`{{ … }}` is Cluster API's: it arrives as it was written."""
    assert any("{{" in str(patch) for patch in rendered.patches.values())
    assert not any("<%" in str(obj) or "%>" in str(obj) for obj in rendered.objects)


def test_the_sample_is_a_cluster_of_the_class(rendered: Rendered) -> None:
    topology = rendered.sample["spec"]["topology"]
    assert topology["classRef"]["name"] == rendered.facts["name"]
    assert topology["version"] == rendered.facts["versions"]["kubernetes"]
    workers = {entry["class"] for entry in rendered.cluster_class["spec"]["workers"]["machineDeployments"]}
    assert {entry["class"] for entry in topology["workers"]["machineDeployments"]} <= workers
    for given in topology["variables"]:
        jsonschema.validate(given["value"], rendered.variables[given["name"]]["schema"]["openAPIV3Schema"])


def test_docker_is_the_default_and_in_memory_a_choice(docker: Rendered) -> None:
    schema = docker.variables["backend"]["schema"]["openAPIV3Schema"]
    assert (schema["default"], sorted(schema["enum"])) == ("docker", ["docker", "inMemory"])
    assert all("docker" in obj["spec"]["template"]["spec"]["backend"] for obj in docker.objects if is_dev(obj))
    assert docker.sample["spec"]["topology"]["variables"] == [{"name": "backend", "value": "docker"}]


def is_dev(obj: Any) -> bool:
    return str(obj["kind"]).startswith("Dev")


def test_simulated_clusters_do_not_share_a_port(docker: Rendered) -> None:
    """With the port that docker's load balancer has, a second simulated cluster takes the first one's API server."""
    assert docker.one("DevClusterTemplate")["spec"]["template"]["spec"]["controlPlaneEndpoint"] == {"port": 6443}
    changes = docker.patches["inMemory"]["definitions"][0]["jsonPatches"]
    assert {"op": "remove", "path": "/spec/template/spec/controlPlaneEndpoint"} in changes


def test_each_machine_of_a_simulated_cluster_is_simulated(docker: Rendered) -> None:
    patched = {definition["selector"]["kind"] for definition in docker.patches["inMemory"]["definitions"]}
    assert patched == {obj["kind"] for obj in docker.objects if is_dev(obj)}
    assert len(docker.patches["inMemory"]["definitions"]) == 3


def test_lists_that_patches_append_to_are_there(openstack: Rendered) -> None:
    """Adding to a list that is missing stops the topology controller."""
    template = openstack.one("KubeadmControlPlaneTemplate")
    for patch in openstack.patches.values():
        for definition in patch["definitions"]:
            for change in definition["jsonPatches"]:
                if change["path"].endswith("/-"):
                    assert definition["selector"]["kind"] == template["kind"]
                    assert isinstance(at(template, change["path"].removesuffix("/-")), list)


def at(obj: Any, path: str) -> Any:
    for key in path.strip("/").split("/"):
        obj = obj[key]
    return obj


def konnectivity(openstack: Rendered) -> tuple[list[Any], dict[str, str]]:
    """What the variable changes, and the files that it writes, by path."""
    changes = openstack.patches["konnectivity"]["definitions"][0]["jsonPatches"]
    written = [change["value"] for change in changes if change["path"].endswith("files/-")]
    return changes, {file["path"]: file["content"] for file in written}


def test_konnectivity_is_off_and_whole(openstack: Rendered) -> None:
    assert openstack.variables["konnectivity"]["schema"]["openAPIV3Schema"]["default"] is False
    changes, files = konnectivity(openstack)
    server = yaml.safe_load(files["/etc/kubernetes/manifests/konnectivity-server.yaml"])
    egress = yaml.safe_load(files["/etc/kubernetes/konnectivity-server/egress-selector.yaml"])
    socket = egress["egressSelections"][0]["connection"]["transport"]["uds"]["udsName"]
    arguments = server["spec"]["containers"][0]["args"]
    assert f"--uds-name={socket}" in arguments
    flags = {change["value"]["name"]: change["value"]["value"] for change in changes if "extraArgs" in change["path"]}
    assert flags["egress-selector-config-file"] in files


def test_agents_and_servers_of_konnectivity_find_each_other(openstack: Rendered) -> None:
    folder = openstack.folder / "v1" / "cluster-addon" / "konnectivity-agent"
    objects = list(yaml.safe_load_all((folder / "manifests.yaml").read_bytes()))
    agent = next(obj for obj in objects if obj["kind"] == "DaemonSet")["spec"]["template"]["spec"]["containers"][0]
    service = next(obj for obj in objects if obj["kind"] == "Service")
    _, files = konnectivity(openstack)
    server = yaml.safe_load(files["/etc/kubernetes/manifests/konnectivity-server.yaml"])
    container = server["spec"]["containers"][0]
    host = f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc"
    assert f"--proxy-server-host={host}" in agent["args"]
    assert host in str(openstack.patches["certSANs"])
    assert service["spec"]["selector"].items() <= server["metadata"]["labels"].items()
    assert f"--agent-port={service['spec']['ports'][0]['targetPort']}" in container["args"]
    assert agent["image"].rpartition(":")[2] == container["image"].rpartition(":")[2]
