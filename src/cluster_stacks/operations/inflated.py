"""What one chart makes with its values on one version of Kubernetes, and how that is kept on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from cluster_stacks import __version__
from cluster_stacks.model.finding import Severity
from cluster_stacks.rendering.chart_tree import Node, read_tree, wrapped
from cluster_stacks.rendering.inflate import Inflated, Made, Wanted, inflate
from cluster_stacks.rendering.packed import BadArchive
from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.converter import is_crd
from cluster_stacks.validation.rules.charts import archive, rendering, unknown_value, unreached_values, values_schema
from cluster_stacks.validation.rules.charts.value_problem import ValueProblem
from cluster_stacks.validation.store import nearest_minor, own_kinds

_FORM = "1"


@dataclass(frozen=True, slots=True)
class Result:
    """One chart with its values, as one version of Kubernetes gets it.

    `problems` are of the values and the chart, `labels` what charts are called by the folder that Helm gives them
    (`um/charts/cni`: `cilium 1.20.2`), `asked` the API versions that templates ask the cluster for. `key` is the
    digest of all that it was made of; `note` what could not be asked.
    """

    key: str
    objects: tuple[Made, ...] = ()
    problems: tuple[ValueProblem, ...] = ()
    labels: Mapping[str, str] | None = None
    asked: frozenset[str] = frozenset()
    note: str = ""


class Crds(NamedTuple):
    """CustomResourceDefinitions that apply to all addons of a release, and a digest that tells sets of them apart."""

    values: tuple[Mapping[str, Any], ...] = ()
    digest: str = ""


def crds_of(objects: Iterable[Any], results: Iterable[Result]) -> Crds:
    """Those among plain objects, and among what charts made."""
    plain = [value for value in objects if is_crd(value)]
    made = {result.key: [each.value for each in result.objects if is_crd(each.value)] for result in results}
    keys = [key for key, found in made.items() if found]
    if not plain and not keys:
        return Crds()
    text = json.dumps([keys, plain], sort_keys=True, default=str)
    every = (*plain, *(value for key in keys for value in made[key]))
    return Crds(every, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


def make(key: str, helm: Tool, wanted: Wanted, wrapper: tuple[str, str] | None) -> Result:
    """Runs Helm, and asks the rules about values.

    `wrapper` are the names of the umbrella and of the values in it, for a packed chart that is installed without it.
    """
    try:
        root = read_tree(wanted.files) if wrapper is None else wrapped(wanted.packed, *wrapper, wanted.values or {})
    except BadArchive as error:
        path = str(error).partition(":")[0] if str(error).startswith("charts/") else ""
        return Result(key, problems=(ValueProblem(archive.RULE.id, (), f"a chart cannot be used: {error}"),), note=path)
    own = {api for crd in root.crds() for api in served(crd)}
    apis = tuple(sorted({*wanted.apis, *own, *_kubernetes_apis(wanted.kubernetes)}))
    found = inflate(helm, dataclasses.replace(wanted, apis=apis))
    if wrapper is not None:
        found = _below(found, root.children[0].name, "/charts/".join(wrapper))
    values = root.values or {}
    problems = [
        *_refused(found), *values_schema.check(root, found.refusals), *unknown_value.check(root, values),
        *unreached_values.check(root, values),
    ]
    labels = dict(_labels(root, root.name))
    said = "its values were not judged by their schema, which names an address" if found.unchecked else ""
    return Result(key, found.objects, tuple(problems), labels, frozenset(root.asked_versions()), said)


def _below(found: Inflated, name: str, place: str) -> Inflated:
    """The same with the chart named as it is in its umbrella, where the user sees it."""
    objects = tuple(made._replace(template=f"{place}/{made.template.partition('/')[2]}") for made in found.objects)
    said = re.sub(rf"(?<![\w./-]){re.escape(name)}/(templates|charts|crds)/", rf"{place}/\1/", found.said)
    return dataclasses.replace(found, objects=objects, said=said)


def _refused(found: Inflated) -> Iterator[ValueProblem]:
    if found.said:
        yield ValueProblem(rendering.RULE.id, (), f"the chart does not render: {found.said}")


def _labels(node: Node, folder: str) -> Iterator[tuple[str, str]]:
    yield folder, node.label
    for child in node.children:
        yield from _labels(child, f"{folder}/charts/{child.key}")


def minor_of(version: str) -> str:
    """`v1.36.1` → `1.36`."""
    return ".".join(version.removeprefix("v").split(".")[:2])


def served(crd: Mapping[str, Any]) -> Iterator[str]:
    spec = crd.get("spec")
    spec = spec if isinstance(spec, Mapping) else {}
    names, versions = spec.get("names"), spec.get("versions")
    kind = names.get("kind") if isinstance(names, Mapping) else ""
    for version in versions if isinstance(versions, list) else ():
        if isinstance(version, Mapping) and version.get("served") is True:
            api = f"{spec.get('group')}/{version.get('name')}"
            yield from (api, f"{api}/{kind}")


@lru_cache(maxsize=16)
def _kubernetes_apis(version: str) -> tuple[str, ...]:
    """What Kubernetes itself serves in that minor, as `.Capabilities.APIVersions` has it on a cluster."""
    kinds = own_kinds(nearest_minor(minor_of(version)))
    return tuple({text for info in kinds for text in (info.api_version, f"{info.api_version}/{info.kind}")})


@lru_cache(maxsize=256)
def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def key_of(wanted: Wanted, helm: Tool) -> str:
    files = [[path, _digest(data)] for path, data in sorted(wanted.files.items())]
    parts = [
        _FORM, __version__, helm.version, wanted.release, wanted.namespace, wanted.kubernetes, wanted.apis,
        wanted.values, files, _digest(wanted.packed),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "surrogateescape")).hexdigest()


def written(result: Result) -> bytes:
    """The entry on disk; nothing where an object has no form in JSON."""
    try:
        return json.dumps({
            "objects": result.objects, "problems": result.problems, "labels": result.labels,
            "asked": sorted(result.asked), "note": result.note,
        }, allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError):
        return b""


def read(key: str, data: bytes | None) -> Result | None:
    try:
        found = json.loads(data or b"")
        problems = [
            ValueProblem(rule, tuple(at), message, on_key, Severity(severity))
            for rule, at, message, on_key, severity in found["problems"]
        ]
        return Result(
            key, tuple(Made(*made) for made in found["objects"]), tuple(problems), found["labels"],
            frozenset(found["asked"]), found["note"],
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
