"""csctl.yaml: the configuration of upstream's build tool, which computes versions when it releases."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.layout import CSCTL as FILE
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.layouts.said import Read, Said, document, mapping, version, whole

KUBERNETES = ("config", "kubernetesVersion")
NAME = ("config", "clusterStackName")
PROVIDER = ("config", "provider", "type")
METHOD = ("config", "provider", "config", "method")


def load_csctl(entry: Entry, read_: Read) -> Document:
    """The file as a document that is a mapping. Raises Refused."""
    found = document(entry, read_)
    mapping(found, "configuration of csctl")
    return found


def read(stack: StackId, own: Mapping[str, Entry], read_: Read) -> Said:
    """The Kubernetes version that it names, where that is one of the folder's minor."""
    named = version(load_csctl(own[FILE], read_), KUBERNETES)
    return Said(whole(named) if f"{named[0]}-{named[1]}" == stack.minor else None)


def minors(root: Mapping[str, Entry], read_: Read) -> list[str]:
    """The one minor that a csctl.yaml without a minor in its path is about."""
    major, minor, _ = version(load_csctl(root[FILE], read_), KUBERNETES)
    return [f"{major}-{minor}"]
