"""CRD files → the files of a folder of schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import metadata, util
from pathlib import Path

from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, ObjectRef, Severity
from cluster_stacks.validation import kubernetes
from cluster_stacks.validation.compact import dumps
from cluster_stacks.validation.converter import Converted, convert_crd, is_crd
from cluster_stacks.validation.folders import CRDS
from cluster_stacks.validation.index import INDEX, KindInfo, dump_index
from cluster_stacks.validation.prefilled import drop_required
from cluster_stacks.validation.rules.schema import BAD_CRD
from cluster_stacks.validation.schema_words import ConversionError
from cluster_stacks.validation.sources import FILE, CrdSource, Reader, Sources, verified


def crds_in(data: bytes, path: str) -> list[Document]:
    """The CRDs among the documents of a file. Raises Refused where it is no YAML."""
    return [document for document in load_documents(data, path) if is_crd(document.value)]


def convert_document(
    document: Document, *, source: str, contracts: Mapping[str, tuple[str, ...]] | None = None
) -> list[Converted]:
    """The schemas of one CRD. Raises Refused with a positioned finding where it cannot become any."""
    try:
        return convert_crd(document.value, source=source, contracts=contracts)
    except ConversionError as error:
        crd = document.value
        name = crd.get("metadata", {}).get("name", "") if isinstance(crd.get("metadata"), dict) else ""
        ref = ObjectRef(str(crd["apiVersion"]), str(crd["kind"]), str(name))
        raise Refused(
            Finding(BAD_CRD.id, Severity.ERROR, str(error), path=document.path, line=document.line, object=ref)
        ) from error


def folder_files(converted: Iterable[Converted], kept: Iterable[KindInfo] = ()) -> dict[str, bytes]:
    """The files of a folder of schemas, index included, by their path in it.

    `kept` are kinds that the folder has already, and whose files stay as they are.
    """
    made = {item.info.file: item for item in converted}
    infos = [*(item.info for item in made.values()), *(info for info in kept if info.file not in made)]
    files = {file: dumps(item.schema).encode() for file, item in made.items()}
    return {**files, INDEX: dump_index(infos).encode()}


def make_crds(sources: Sources, reader: Reader) -> tuple[dict[str, bytes], list[str]]:
    """The files below `crds/` that the sources give, and what could not be read, a line each.

    Where anything could not be read the index is left out: it would be of the rest only.
    """
    converted: list[Converted] = []
    unread: list[str] = []
    for source in sources.crds:
        try:
            files = verified(source, reader(source))
        except CannotTell as error:
            unread.append(str(error))
            continue
        for path, data in files.items():
            for document in crds_in(data, path):
                converted += [_dated(item, source) for item in _converted(document, source)]
    made = {f"{CRDS}/{path}": data for path, data in folder_files(converted).items()}
    if unread:
        del made[f"{CRDS}/{INDEX}"]
    return made, unread


def _converted(document: Document, source: CrdSource) -> list[Converted]:
    try:
        drop_required(document.value, source.filled)
    except ConversionError as error:
        raise CannotTell(f"{source}: {error}") from error
    return convert_document(document, source=str(source), contracts=source.contracts)


def _dated(item: Converted, source: CrdSource) -> Converted:
    """The same with the releases that `lifecycle` knows. Raises CannotTell where it says other than the CRD."""
    info = item.info
    life = source.life_of(info.kind, info.version)
    if life is None:
        return item
    if bool(life.deprecated) != info.deprecated:
        what = f"{info.api_version} {info.kind}"
        raise CannotTell(f"{source}: lifecycle and the CRD differ on whether {what} is deprecated: mend {FILE}")
    dated = replace(info, since=life.since, deprecated_since=life.deprecated, unserved_from=life.unserved)
    return Converted(dated, item.schema)


def make_kubernetes(sources: Sources) -> dict[str, bytes]:
    """The files below `kubernetes/`. Raises CannotTell where the package is not installed in the wanted version."""
    package = _package(sources.package, sources.package_version)
    made = {}
    for minor in sources.minors:
        try:
            definitions = kubernetes.read_source(package, minor)
        except (OSError, KeyError, ValueError) as error:
            raise CannotTell(f"{sources.package} has no schemas of Kubernetes {minor}: {error}") from error
        made[kubernetes.minor_file(minor)] = kubernetes.dump_minor(kubernetes.minor_schemas(definitions)).encode()
    return made


def _package(name: str, version: str) -> Path:
    # Found, not imported: its import alone costs a tenth of a second and half a dozen packages.
    found = util.find_spec(name.replace("-", "_"))
    if found is None or found.origin is None or metadata.version(name) != version:
        raise CannotTell(f"the schemas of Kubernetes' own kinds come from {name}: pip install {name}=={version}")
    return Path(found.origin).parent
