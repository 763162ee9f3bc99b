"""What publishing keeps for itself on the branch: who owns which path, and what each generator delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from cluster_stacks.releases.layout import LAYOUT_VERSION
from cluster_stacks.releases.plain import read_fields
from cluster_stacks.releases.rules import BRANCH_NEWER, refused


@dataclass(frozen=True, slots=True)
class Index:
    """`.cluster-stacks/index.json`: the paths that are ours.

    A path that ends in `/` is a folder that is ours whole and never changes again, with the source commit that it was
    published from; every other path is one file. What is not listed belongs to somebody else and is never touched.
    """

    owned: Mapping[str, str] = field(default_factory=dict)

    @property
    def files(self) -> frozenset[str]:
        return frozenset(path for path in self.owned if not path.endswith("/"))

    def owns(self, path: str) -> bool:
        """Whether `path`, or a folder that it stands in, is ours."""
        if path in self.owned:
            return True
        parts = path.split("/")
        return any("/".join(parts[:depth]) + "/" in self.owned for depth in range(len(parts) - 1, 0, -1))

    def as_json(self) -> dict[str, object]:
        """The content of index.json (schemas/index.schema.json)."""
        owned = {path: self.owned[path] for path in sorted(self.owned)}
        return {"schemaVersion": 1, "layoutVersion": LAYOUT_VERSION, "owned": owned}

    @classmethod
    def from_json(cls, data: bytes | Mapping[str, object], path: str) -> Self:
        """Reads index.json. Raises Refused for anything that is not one, and for a layout newer than this tool's."""
        fields = read_fields(data, path)
        layout = fields.number("layoutVersion")
        if layout > LAYOUT_VERSION:
            known = f"this tool knows {LAYOUT_VERSION}: install a newer cluster-stacks"
            raise refused(BRANCH_NEWER, f"the branch has layout {layout}, {known}", path)
        return cls(fields.text_map("owned"))


@dataclass(frozen=True, slots=True)
class Delivered:
    """`.cluster-stacks/delivery/<generator>.json`: what a generator delivered.

    `inputs` is a digest over all that delivery is made of; where it is the same, the generator need not run. `files`
    maps the path in the generator's folder to the name of the release that it belongs to, empty for shared ones.
    `fingerprint` is that of the generator itself, without releases: empty where an older tool wrote the file.
    """

    generator: str
    version: str = ""
    inputs: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""

    def as_json(self) -> dict[str, object]:
        files = {path: self.files[path] for path in sorted(self.files)}
        return {
            "schemaVersion": 1, "generator": self.generator, "version": self.version,
            **({"fingerprint": self.fingerprint} if self.fingerprint else {}), "inputs": self.inputs, "files": files,
        }

    @classmethod
    def from_json(cls, data: bytes | Mapping[str, object], path: str) -> Self:
        """Raises Refused for anything that is no such file."""
        fields = read_fields(data, path)
        return cls(
            fields.text("generator"), fields.text("version"), fields.text("inputs"), fields.text_map("files"),
            fields.text("fingerprint", ""),
        )
