"""Every layer's templates see what schemas/context.schema.json says, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import pytest

from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import context
from cluster_stacks.rendering.images import Image
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.reads import ROOTS
from cluster_stacks.runtime.data import data_dir

IMAGES = [Image("ubuntu-2404", "url", "https://example.org/u", f"sha256:{7:064x}", "qcow2")]


@pytest.fixture
def scopes(make: Callable[..., StackSource]) -> dict[str, Scope]:
    source = make({}, values={"x": {"y": [1]}})
    return {
        "cluster-class": context.class_scope(source, IMAGES, ["later"]),
        "cluster-addon": context.addon_scope(source),
        "node-images": context.images_scope(source),
        "node-images/templates": context.image_template_scope(source, IMAGES, ["later"]),
    }


def test_contexts_follow_the_schema(scopes: dict[str, Scope]) -> None:
    schema = json.loads((data_dir("schemas") / "context.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({layer: scope.values for layer, scope in scopes.items()}, schema)


def test_reading_knows_every_name(scopes: dict[str, Scope]) -> None:
    assert {name for scope in scopes.values() for name in scope.values} == ROOTS


def test_what_a_layer_lacks_has_a_reason(scopes: dict[str, Scope]) -> None:
    for layer, scope in scopes.items():
        for name in ROOTS - set(scope.values):
            assert name in scope.absent, f"{layer} does not say why it has no {name}"
    assert scopes["cluster-class"].absent["later"].startswith("it has no result")


def test_the_class_sees_everything(scopes: dict[str, Scope]) -> None:
    assert scopes["cluster-class"].values == {
        "stack": {
            "id": "docker/scs/1-36", "provider": "docker", "name": "scs", "minor": "1-36", "series": "docker-scs-1-36",
        },
        "kubernetes": {"version": "v1.36.1", "number": "1.36.1", "minor": "1.36"},
        "vars": {"x": {"y": [1]}},
        "versions": {"cluster_stack": "v3", "cluster_addon": "v2", "node_image": "v1"},
        "release_name": "docker-scs-1-36-v3",
        "images": {"ubuntu-2404": {
            "name": "docker-scs-v1.36.1-ubuntu-2404-v1", "url": "https://example.org/u",
            "checksum": f"sha256:{7:064x}", "checksum_value": f"{7:064x}", "format": "qcow2", "method": "url",
        }},
    }
