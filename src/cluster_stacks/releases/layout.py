"""The paths of the rendered branch. The one place that knows them; docs/rendered-branch.md describes them."""

from __future__ import annotations

from cluster_stacks.model.stack import StackId

LAYOUT_VERSION = 1
"""Moves when a tool of the old layout could no longer read, or would damage, a branch of the new one."""

README = "README.md"
CATALOGUE = "catalogue.json"
CATALOGUE_PAGE = "catalogue.html"
HYDRATOR = "hydrator.metadata"
ATTRIBUTES = ".gitattributes"
STATE = ".cluster-stacks"
INDEX = f"{STATE}/index.json"
RELEASES = "releases"
DELIVERY = "delivery"
RELEASE_FILE = "release.json"
SERIES_FILE = "series.json"
IMAGE_FILE = "image.json"
NODE_IMAGES = "node-images"


def series_folder(stack: StackId) -> str:
    """`releases/docker/scs/1-36`: all that is published of one stack."""
    return f"{RELEASES}/{stack}"


def series_path(stack: StackId) -> str:
    return f"{series_folder(stack)}/{SERIES_FILE}"


def release_folder(stack: StackId, version: object) -> str:
    """`releases/docker/scs/1-36/v3`: one release."""
    return f"{series_folder(stack)}/{version}"


def release_path(stack: StackId, version: object) -> str:
    """Where the facts of a release stand."""
    return f"{release_folder(stack, version)}/{RELEASE_FILE}"


def unit_folder(stack: StackId, unit: object) -> str:
    """`releases/docker/scs/1-36/node-images/v1`: the images that one or more releases name."""
    return f"{series_folder(stack)}/{NODE_IMAGES}/{unit}"


def delivery_folder(generator: str) -> str:
    """`delivery/flux`: what one generator delivers."""
    return f"{DELIVERY}/{generator}"


def delivery_state(generator: str) -> str:
    """Where publishing notes what a generator delivered. Outside its folder, which Flux and Argo CD read whole."""
    return f"{STATE}/{DELIVERY}/{generator}.json"


def parse_series_path(path: str) -> StackId | None:
    """The stack whose series.json stands at `path`; None for every other path."""
    parts = path.split("/")
    if len(parts) != 5 or parts[0] != RELEASES or parts[4] != SERIES_FILE:
        return None
    return StackId.parse("/".join(parts[1:4]))
