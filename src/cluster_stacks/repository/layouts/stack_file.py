"""stack.yaml: provider, name, minor and ranges of addon versions, for upstream's newest scripts."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.layout import CSCTL, METADATA
from cluster_stacks.model.layout import STACK as FILE
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository import rules
from cluster_stacks.repository.layouts import csctl
from cluster_stacks.repository.layouts.said import Read, Said, document, mapping, version, whole

KUBERNETES = ("kubernetesVersion",)
NAME = ("clusterStackName",)
PROVIDER = ("provider",)


def load_stack_file(entry: Entry, read_: Read) -> Document:
    """The file as a document that is a mapping. Raises Refused."""
    found = document(entry, read_)
    mapping(found, "description of a stack")
    return found


def read(stack: StackId, own: Mapping[str, Entry], read_: Read) -> Said:
    """The ranges of addon versions as values, and Kubernetes' version where it is whole, here or in csctl.yaml."""
    found = load_stack_file(own[FILE], read_)
    addons = found.value.get("addons") or {}
    if not isinstance(addons, dict):
        message = "addons is no mapping of names to versions such as {ccm: 2.35.x}"
        raise rules.refused(rules.LAYOUT_FILE, message, found.path, found.position(("addons",)))
    values = {f"addons.{name}": found.text(("addons", name)).strip("\"'") for name in addons}
    named = whole(version(found, KUBERNETES))
    if named is None and CSCTL in own and METADATA not in own:
        try:
            named = csctl.read(stack, own, read_).kubernetes
        except Refused:  # told by the rule on their agreement
            named = None
    return Said(named, values)
