"""release.json, typed: what a release is, for machines. Written by rendering, read by publishing and delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import KubernetesVersion, Version, VersionError
from cluster_stacks.releases.plain import Fields, read_fields


@dataclass(frozen=True, slots=True)
class ObjectFact:
    """A Kubernetes object of the release and the file, in its folder, that holds it alone."""

    api_version: str
    kind: str
    name: str
    file: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        return cls(*(fields.text(key) for key in ("apiVersion", "kind", "name", "file")))


@dataclass(frozen=True, slots=True)
class VariableFact:
    """A variable of a class."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A ClusterClass: what a Cluster that moves to this release must fit."""

    name: str
    api_version: str
    variables: tuple[VariableFact, ...]
    workers: tuple[str, ...]
    kubernetes_versions: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        variables = tuple(VariableFact(v.text("name"), v.flag("required")) for v in fields.items("variables"))
        return cls(
            fields.text("name"), fields.text("apiVersion"), variables, fields.texts("workers"),
            fields.texts("kubernetesVersions"),
        )


@dataclass(frozen=True, slots=True)
class ChartFact:
    """The one chart that a pass-through umbrella names: delivered from its own repository."""

    name: str
    version: str
    repository: str
    alias: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        return cls(fields.text("name"), fields.text("version"), fields.text("repository"), fields.text("alias", ""))


@dataclass(frozen=True, slots=True)
class AddonFact:
    """One addon. `chart` and `values` are None where it is delivered from the branch, by `path`.

    Clusters with all of `cluster_labels` get it; `cluster_values` are dotted paths of values that a cluster variable
    fills.
    """

    name: str
    namespace: str
    release_name: str
    renderer: str
    path: str
    order: int
    depends_on: tuple[str, ...]
    cluster_labels: Mapping[str, str]
    cluster_values: Mapping[str, str]
    hook: str
    chart: ChartFact | None
    values: Mapping[str, object] | None
    overwrite: bool

    @classmethod
    def read(cls, fields: Fields) -> Self:
        chart = fields.optional("chart")
        return cls(
            name=fields.text("name"), namespace=fields.text("namespace"), release_name=fields.text("releaseName"),
            renderer=fields.text("renderer"), path=fields.text("path"), order=fields.number("order"),
            depends_on=fields.texts("dependsOn"), cluster_labels=fields.text_map("clusterLabels"),
            cluster_values=fields.text_map("clusterValues"),
            hook=fields.text("hook", ""), chart=ChartFact.read(chart) if chart else None,
            values=fields.plain_map("values"), overwrite=fields.flag("overwrite"),
        )


@dataclass(frozen=True, slots=True)
class ImageFact:
    """One node image: its name in the stack, the name that machines ask for, and where it comes from."""

    name: str
    image: str
    method: str
    url: str
    checksum: str
    format: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        known = (fields.text(key) for key in ("name", "image", "method"))
        return cls(*known, *(fields.text(key, "") for key in ("url", "checksum", "format")))


@dataclass(frozen=True, slots=True)
class ImagesFact:
    """The unit of node images that the release needs; `objects` stand in the unit's folder."""

    unit: str
    items: tuple[ImageFact, ...]
    objects: tuple[ObjectFact, ...]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        items = tuple(ImageFact.read(item) for item in fields.items("items"))
        return cls(fields.text("unit"), items, tuple(ObjectFact.read(item) for item in fields.items("objects")))


@dataclass(frozen=True, slots=True)
class Announced:
    """What a release breaks on purpose for Clusters that move to it, and why."""

    what: str
    reason: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        return cls(fields.text("what"), fields.text("reason"))


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One release. `data` is release.json as plain data, which is what the templates of generators see."""

    name: str
    stack: StackId
    metadata: Metadata
    source_digest: str
    classes: tuple[ClassFact, ...]
    objects: tuple[ObjectFact, ...]
    addons: tuple[AddonFact, ...]
    images: ImagesFact | None
    cluster_variables: tuple[str, ...]
    notes: tuple[str, ...]
    tools: Mapping[str, str]
    data: Mapping[str, object] = field(repr=False, compare=False)
    breaking: tuple[Announced, ...] = ()

    @property
    def version(self) -> Version:
        return self.metadata.cluster_stack

    @property
    def sort_key(self) -> tuple[tuple[str, str, tuple[int, ...]], Version]:
        """Stacks in their order, versions of each from old to new."""
        return self.stack.sort_key, self.version

    @classmethod
    def from_json(cls, data: bytes | Mapping[str, object], path: str) -> Self:
        """Reads release.json, or its data. `path` is for the finding. Raises Refused for anything that is not one."""
        fields = read_fields(data, path)
        images = fields.optional("images")
        return cls(
            name=fields.text("name"), stack=read_stack(fields.mapping("stack")),
            metadata=_metadata(fields.mapping("versions")), source_digest=fields.text("sourceDigest"),
            classes=tuple(ClassFact.read(item) for item in fields.items("classes")),
            objects=tuple(ObjectFact.read(item) for item in fields.items("objects")),
            addons=tuple(AddonFact.read(item) for item in fields.items("addons")),
            images=ImagesFact.read(images) if images else None,
            cluster_variables=fields.texts("clusterVariables"), notes=fields.texts("notes"),
            tools=fields.text_map("tools"), data=fields.data,
            breaking=tuple(Announced.read(item) for item in fields.items("breaking")),
        )


def read_stack(fields: Fields) -> StackId:
    """`{"provider", "name", "minor", "id"}`. Raises Refused where they do not agree."""
    stack = StackId(fields.text("provider"), fields.text("name"), fields.text("minor"))
    if str(stack) != fields.text("id") or StackId.parse(str(stack)) != stack:
        raise fields.fail(f"id {fields.text('id')!r} is not {stack}")
    return stack


def _metadata(fields: Fields) -> Metadata:
    try:
        return Metadata(
            cluster_stack=Version.parse(fields.text(Component.CLUSTER_STACK)),
            kubernetes=KubernetesVersion.parse(fields.text(Component.KUBERNETES)),
            cluster_addon=Version.parse(fields.text(Component.CLUSTER_ADDON)),
            node_image=Version.parse(fields.text(Component.NODE_IMAGE)),
        )
    except VersionError as error:
        raise fields.fail(str(error)) from error
