"""Which files are searched for text that people write by hand."""

from __future__ import annotations

import re

from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import Layer, StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import FIRST, KubernetesVersion
from cluster_stacks.versioning.scan import matches, text_files


def source(**files: bytes) -> StackSource:
    named = {key.replace("__", "/"): data for key, data in files.items()}
    return StackSource(
        StackId("docker", "scs", "1-36"), Metadata(FIRST, KubernetesVersion(1, 36, 1), FIRST, FIRST),
        {key: SourceFile(key, "100644", data) for key, data in named.items()}, {},
    )


def test_binary_huge_and_documentation_files_are_passed_over() -> None:
    files = {
        "node-images__a": b"text", "node-images__b": b"\0", "node-images__c": b"x" * 2**20 + b"y",
        "node-images__README": b"x", "node-images__d.md": b"x", "cluster-addon__a__b": b"x",
    }
    assert [file.path for file in text_files(source(**files), Layer.NODE_IMAGES)] == ["node-images/a"]


def test_positions_count_characters_and_comments_do_not_count() -> None:
    data = "größe v1\r\n # v1\n// v1\n#% set x = 'v1'\n".encode()
    found = [(at.line, at.column) for at, _ in matches(SourceFile("x", "", data), re.compile(rb"v1"))]
    assert found == [(1, 7), (4, 13)]
