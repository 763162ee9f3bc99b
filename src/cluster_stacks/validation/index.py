"""What a folder of schemas says of its kinds: `index.json`, one kind and version a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

INDEX = "index.json"
SCHEMA_VERSION = 1


class NoIndex(ValueError):  # noqa: N818 — reads as what it is
    """An index.json that is none; the message says why."""


@dataclass(frozen=True, slots=True)
class KindInfo:
    """One version of one kind.

    `contracts` are the labels of its CRD, `cluster.x-k8s.io/<contract>: <versions>`: which versions of the kind follow
    which contract of Cluster API. `minor` is set for Kubernetes' own kinds: the release that the schema is of. `since`,
    `deprecated_since` and `unserved_from` are releases of the project, as far as they are known: `v1.11`.
    """

    group: str
    version: str
    kind: str
    scope: str = "Namespaced"
    served: bool = True
    storage: bool = True
    deprecated: bool = False
    warning: str = ""
    contracts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    source: str = ""
    minor: str = ""
    since: str = ""
    deprecated_since: str = ""
    unserved_from: str = ""

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def file(self) -> str:
        """Where its schema stands in the folder, in the layout of kubeconform's `{{.Group}}/{{.ResourceKind}}_…`."""
        return f"{self.group or self.version}/{self.kind.lower()}_{self.version}.json"

    @property
    def own_contracts(self) -> tuple[str, ...]:
        """The contracts that this very version follows."""
        return tuple(contract for contract, versions in self.contracts.items() if self.version in versions)

    def suits(self, contract: str) -> bool:
        """Whether its objects can stand in a stack of that version of Cluster API; all can that follow no contract.

        A provider that has no version of the newer contract yet goes with its older one: Cluster API takes both.
        """
        if not self.contracts or self.version in self.contracts.get(contract, ()):
            return True
        return contract not in self.contracts and any(older < contract for older in self.own_contracts)


def split_api_version(api_version: str) -> tuple[str, str]:
    """`apps/v1` → ("apps", "v1"), `v1` → ("", "v1")."""
    group, _, version = api_version.rpartition("/")
    return group, version


def dump_index(kinds: Iterable[KindInfo]) -> str:
    """The text of index.json."""
    ordered = sorted(kinds, key=lambda info: (info.group, info.kind, info.version))
    lines = ",\n".join(json.dumps(_as_dict(info), ensure_ascii=False) for info in ordered)
    return f'{{\n"schemaVersion": {SCHEMA_VERSION},\n"kinds": [\n{lines}\n]\n}}\n'


def _as_dict(info: KindInfo) -> dict[str, object]:
    out: dict[str, object] = {
        "group": info.group, "version": info.version, "kind": info.kind, "scope": info.scope,
        "served": info.served, "storage": info.storage, "source": info.source,
    }
    if info.deprecated:
        out["deprecated"] = True
    if info.warning:
        out["warning"] = info.warning
    dates = {"since": info.since, "deprecatedSince": info.deprecated_since, "unservedFrom": info.unserved_from}
    out.update({key: value for key, value in dates.items() if value})
    if info.contracts:
        out["contracts"] = {contract: list(versions) for contract, versions in info.contracts.items()}
    return out


def parse_index(value: object) -> list[KindInfo]:
    """The kinds of a parsed index.json. Raises NoIndex."""
    if not isinstance(value, dict) or value.get("schemaVersion") != SCHEMA_VERSION:
        raise NoIndex(f"schemaVersion is not {SCHEMA_VERSION}: make the folder again with `schemas add`")
    kinds = value.get("kinds")
    if not isinstance(kinds, list):
        raise NoIndex("`kinds` is not a list")
    return [_parse_kind(kind) for kind in kinds]


_TEXTS = {
    **{key: key for key in ("group", "version", "kind", "scope", "source", "warning", "since")},
    "deprecatedSince": "deprecated_since", "unservedFrom": "unserved_from",
}


def _parse_kind(value: object) -> KindInfo:
    if not isinstance(value, dict):
        raise NoIndex("a kind is not a mapping")
    texts = {field: value.get(key, "") for key, field in _TEXTS.items()}
    flags = {key: value.get(key, False) for key in ("served", "storage", "deprecated")}
    if not all(isinstance(text, str) for text in texts.values()) or not all(map(_is_bool, flags.values())):
        raise NoIndex("a kind has a value of the wrong type")
    if not all(_is_name(texts[key]) for key in ("group", "version", "kind")):
        raise NoIndex("a kind lacks its group, version or name, or has one that is no name")
    contracts = value.get("contracts", {})
    if not isinstance(contracts, dict) or not all(isinstance(v, list) for v in contracts.values()):
        raise NoIndex("`contracts` is not a mapping of lists")
    return KindInfo(
        **texts, **flags, contracts={name: tuple(map(str, versions)) for name, versions in contracts.items()},
    )


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_name(text: str) -> bool:
    # The three make a path in the folder: nothing that could leave it.
    return bool(text) and text.isascii() and all(c.isalnum() or c in "-." for c in text) and ".." not in text
