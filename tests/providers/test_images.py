"""The node images: machines use what the release says it carries; a build counts once it is locked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster_stacks.cli.main import run
from gitrepo_plugin import GitRepo
from reference_stacks import Rendered

STACK = "providers/docker/scs/1-36"
ZEROS = "sha256:" + "0" * 64


def item(rendered: Rendered) -> Any:
    (found,) = rendered.facts["images"]["items"]
    return found


def test_a_release_carries_one_image_with_a_checksum(rendered: Rendered) -> None:
    image = item(rendered)
    version = rendered.facts["versions"]["kubernetes"]
    assert image["method"] == "url"
    assert re.fullmatch("sha256:[0-9a-f]{64}", image["checksum"])
    assert version in image["url"]
    assert image["image"] == f"{rendered.stack.split('/')[0]}-scs-{version}-{image['name']}-v1"


def test_containers_are_of_the_image_by_digest(docker: Rendered) -> None:
    image = item(docker)
    assert image["url"].endswith("@" + image["checksum"])
    for role in ("-control-plane", "-default-worker"):
        template = docker.one("DevMachineTemplate", role)
        assert template["spec"]["template"]["spec"]["backend"]["docker"]["customImage"] == image["url"]


def test_servers_boot_the_image_that_is_imported(openstack: Rendered) -> None:
    image, imported = item(openstack), openstack.image
    assert imported["metadata"]["name"] == image["image"]
    download = imported["spec"]["resource"]["content"]["download"]
    assert download["url"] == image["url"]
    assert f"{download['hash']['algorithm']}:{download['hash']['value']}" == image["checksum"]
    for role in ("-control-plane", "-default-worker"):
        template = openstack.one("OpenStackMachineTemplate", role)
        assert template["spec"]["template"]["spec"]["image"] == {"imageRef": {"name": image["image"]}}


def test_image_and_class_read_the_same_credentials(openstack: Rendered) -> None:
    cluster = openstack.one("OpenStackClusterTemplate")["spec"]["template"]["spec"]["identityRef"]
    assert openstack.image["spec"]["cloudCredentialsRef"] == {
        "secretName": cluster["name"],
        "cloudName": cluster["cloudName"],
    }
    defaults = openstack.variables["identityRef"]["schema"]["openAPIV3Schema"]["properties"]
    assert {key: value["default"] for key, value in defaults.items()} == {
        "name": cluster["name"],
        "cloudName": cluster["cloudName"],
    }


def test_what_was_never_built_is_told_and_not_carried(rendered: Rendered) -> None:
    assert [note for note in rendered.facts["notes"] if "-built" in note]
    sources = (rendered.folder / "v1" / "cluster-class").glob("*.yaml")
    assert not any("-built" in path.read_text() for path in sources)


def lock(digest: str) -> str:
    entry = {"reference": f"registry.example.com/node:v1@sha256:{1:064x}", "checksum": f"sha256:{1:064x}"}
    return yaml.safe_dump({"images": {"kind-built": {**entry, "instructionsDigest": digest}}})


def wanted_digest(repository: GitRepo, capsys: pytest.CaptureFixture[str], out: Path) -> str:
    """The digest that the refusal of a stale lock names."""
    assert render(repository, out) == 1
    told = capsys.readouterr()
    (digest,) = set(re.findall(r"lock\s+(sha256:[0-9a-f]{64})", told.out + told.err))
    return str(digest)


def render(repository: GitRepo, out: Path) -> int:
    return run(["render", "docker/scs/1-36", "--repo", str(repository.path), "--worktree", "-o", str(out)])


def test_a_build_is_carried_once_it_is_locked(
    stacks_repo: GitRepo, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The walk of README.md beside the instructions: zeros, the digest that the refusal names, the release."""
    path = f"{STACK}/node-images/images.lock.yaml"
    stacks_repo.write({path: lock(ZEROS)})
    stacks_repo.write({path: lock(wanted_digest(stacks_repo, capsys, tmp_path / "one"))})
    assert render(stacks_repo, tmp_path / "two") == 0
    facts = json.loads((tmp_path / "two/releases/docker/scs/1-36/v1/release.json").read_bytes())
    assert [image["name"] for image in facts["images"]["items"]] == ["kind", "kind-built"]


def test_a_lock_of_other_instructions_is_refused(
    stacks_repo: GitRepo, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = f"{STACK}/node-images/images.lock.yaml"
    stacks_repo.write({path: lock(ZEROS)})
    first = wanted_digest(stacks_repo, capsys, tmp_path / "one")
    dockerfile = "providers/docker/scs/shared/node-images/kind/Dockerfile"
    stacks_repo.write({path: lock(first), dockerfile: stacks_repo.read(dockerfile) + "RUN true\n"})
    assert wanted_digest(stacks_repo, capsys, tmp_path / "two") != first
