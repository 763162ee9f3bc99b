"""The node image configuration of upstream's layouts is complete."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.layout import CSCTL
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.repository.layouts.csctl import METHOD, PROVIDER
from cluster_stacks.versioning.upstream import at, get, is_native, is_settled, is_written_for, parsed

RULE = RuleInfo(
    "CS158", "node-image-config", "csctl.yaml says how node images are made, and their configuration is not complete",
    "Where csctl.yaml names a method, csctl's plugin for OpenStack reads node-images/config.yaml: `get` takes the URL "
    "of each image from it, `build` the folder of its build instructions, and registry.yaml for where to put the "
    "result. In the native layout CS320 says the same of images.yaml.",
    source="csctl-plugin-openstack",
)

CONFIGS = ("node-images/config.yaml", "node-image/config.yaml", "node-images.yaml")
REGISTRIES = ("node-images/registry.yaml", "node-image/registry.yaml", "registry.yaml")
_LIST = "openStackNodeImages"


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each thing that is missing or wrong."""
    if is_native(source) or not is_written_for(source):
        return
    about, _ = parsed(source, CSCTL)
    method = get(about, METHOD) if about else None
    if about is None or method is None or get(about, PROVIDER) != "openstack":
        return
    if method not in ("get", "build"):
        yield at(RULE, source, about, METHOD, f"the method is {method}: csctl's plugin knows get and build")
        return
    key = next((key for key in CONFIGS if key in source.files), None)
    if key is None:
        yield at(RULE, source, about, METHOD, f"method is {method}, and there is no {CONFIGS[0]}: add it")
        return
    if method == "build" and not any(name in source.files for name in REGISTRIES):
        yield at(RULE, source, about, METHOD, f"method is build, and there is no {REGISTRIES[0]}: add it")
    document, wrong = parsed(source, key)
    yield from wrong
    if document is not None:
        yield from _images(source, document, key, method)


def _images(source: StackState, document: Document, key: str, method: str) -> Iterator[Finding]:
    images = get(document, (_LIST,))
    if not isinstance(images, list) or not images:
        yield at(RULE, source, document, (_LIST,), f"{_LIST} is no list of images: write one for each image")
        return
    wanted = "url" if method == "get" else "imageDir"
    for index, image in enumerate(images):
        pointer = (_LIST, index)
        if get(document, (*pointer, "createOpts", "name")) is None:
            yield at(RULE, source, document, pointer, "the image has no createOpts.name: nothing can refer to it")
        given = image.get(wanted) if isinstance(image, dict) else None
        if not given:
            yield at(RULE, source, document, pointer, f"the image has no {wanted}, which the method {method} reads")
        elif method == "build" and is_settled(given):
            folder = f"{key.rpartition('/')[0] or 'node-images'}/{given.strip('/')}/"
            if not any(name.startswith(folder) for name in source.files):
                message = f"there is no folder {folder}: the build instructions of the image"
                yield at(RULE, source, document, (*pointer, "imageDir"), message)
