"""Edits that replace the text of single values and keep every other byte.

Dumping a file again loses quotes, indentation, line ends and comments, also with the libraries that promise to keep
them; so this finds where a value stands in the text, replaces it there, and reads the result again to see that nothing
else has changed. The parser's own marks say where: ruamel.yaml refuses files that Kubernetes reads (a tab before a
comment), and two parsers in one edit could disagree.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

from cluster_stacks.documents import quoting, rules
from cluster_stacks.documents.nodes import Node, own
from cluster_stacks.documents.syntax import BOM
from cluster_stacks.documents.words import shown
from cluster_stacks.documents.yaml import Document, load, load_documents
from cluster_stacks.model.errors import Refused

Path = tuple[str, ...]

_OF_FLOW = frozenset(",[]{}")


class _Edit(NamedTuple):
    """Characters `start` to `end` of the text become `new`."""

    start: int
    end: int
    new: str


def set_scalars(data: bytes, changes: Mapping[Path, str], path: str) -> bytes:
    """`data` with these texts at these places: `{("versions", "clusterStack"): "v4"}`; `path` is named in findings.

    Quotes stay as they are, and a text that is right already is left alone. Raises Refused with one finding where the
    file is wrong, or where a place is missing, no single value, shared by an anchor, tagged, or of several lines.
    """
    return _edited(data, [load(data, path)], {0: changes}, path)


def set_scalars_in(data: bytes, changes: Mapping[int, Mapping[Path, str]], path: str) -> bytes:
    """As set_scalars, in a file of several documents: `changes` by `Document.index`."""
    return _edited(data, load_documents(data, path), changes, path)


def _edited(
    data: bytes, documents: list[Document], changes: Mapping[int, Mapping[Path, str]], path: str
) -> bytes:
    wanted = [copy.deepcopy(document.value) for document in documents]
    pending = [
        (documents[index], place, new)
        for index, each in changes.items() for place, new in each.items()
        if _set(wanted[index], place, new, documents[index]) != new
    ]
    if not pending:
        return data
    bom = BOM if data.startswith(BOM) else b""
    text = data.removeprefix(BOM).decode()
    edits = [_edit(document.node(), place, new, text, document) for document, place, new in pending]
    result = bom + _apply(text, edits).encode()
    if [document.value for document in load_documents(result, path)] != wanted:
        document, place, _ = pending[0]
        raise _impossible(document, place, "an edit here would change other values too: edit the file by hand")
    return result


def _set(value: Any, place: Path, new: str, document: Document) -> Any:
    """Changes plain data; returns what stood there. Raises Refused where nothing that can be replaced does."""
    for step, name in enumerate(place, 1):
        if not isinstance(value, dict) or name not in value:
            raise _impossible(document, place[:step], f"the key {shown('.'.join(place[:step]))} is missing: add it")
        if step == len(place):
            old, value[name] = value[name], new
            if isinstance(old, dict | list):
                raise _impossible(document, place, f"{'.'.join(place)} is no single value: write one")
            return old
        value = value[name]
    raise ValueError("the whole document cannot be replaced")


def _edit(root: Node, place: Path, new: str, text: str, document: Document) -> _Edit:
    node = root
    for name in place:
        child = own(node, name)
        if child is None:
            raise _impossible(document, place, f"{'.'.join(place)} comes from an alias or a merge: write it out here")
        node = child
    start, end = node.start.index, node.end.index
    return _Edit(start, end, _styled(new, text[start:end], place, document))


def _styled(new: str, old: str, place: Path, document: Document) -> str:
    """The new text in the quotes of the old one."""
    if old[:1] in ("&", "*"):
        raise _impossible(document, place, f"{'.'.join(place)} is shared by {shown(old.split()[0])}: write it out")
    if not old or old[0] in "!|>" or "\n" in old or "\r" in old:
        raise _impossible(document, place, f"{'.'.join(place)} is not simply written on one line: write it so")
    if old[0] == "'" and quoting.is_raw(new):
        return "'" + new.replace("'", "''") + "'"
    if old[0] not in "\"'" and quoting.is_plain(new) and not _OF_FLOW.intersection(new):
        return new
    return quoting.double_quoted(new)


def _apply(text: str, edits: list[_Edit]) -> str:
    """From the end, so that what is still to be done keeps its place."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _impossible(document: Document, place: Path, message: str) -> Refused:
    return rules.refused(rules.EDIT, message, document.path, document.position(place))
