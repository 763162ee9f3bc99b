"""What is published is read by many: no Secret with data, no private key, no token."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from cluster_stacks.documents.secrets import Hit, is_placeholder, secrets_in
from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Fix, RuleInfo
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.texts import texts_of

SECRET = RuleInfo(
    "CS565", "secret-with-data", "a Secret with data",
    "Whatever is published can be read by everybody who reads the branch, for ever. Make the Secret in the cluster "
    "(External Secrets, SOPS, by hand), and refer to it by name. Empty values and placeholders (`${TOKEN}`, `<token>`, "
    "`changeme`) are let pass. A Secret that is none may be named in the settings: allowSecrets.",
    source="Kubernetes: good practices for Secrets",
)
PRIVATE_KEY = RuleInfo(
    "CS566", "private-key", "a private key",
    "A PEM, OpenSSH, PGP or age private key in an object, in a file that an object writes (also Base64 in it), or in a "
    "file of an addon's chart. Take it out, and replace the key: it is in Git's history. allowSecrets in the settings "
    "names an object, or the path of a source file, where it is no real one.",
    source="RFC 7468 (PEM), RFC 9580 (OpenPGP), age",
)
TOKEN = RuleInfo(
    "CS567", "token", "a token or a password",
    "A token by the form that its maker gives it (GitHub, GitLab, AWS, Google, Slack, Stripe, npm, PyPI, Vault, "
    "Docker, DigitalOcean, JWT), or a URL with a password. Take it out, and revoke it: it is in Git's history. "
    "allowSecrets in the settings names an object, or the path of a source file, where it is no real one.",
    source="the makers' pages on the forms of their tokens; RFC 7519 (JWT), RFC 3986 (URL)",
)
_MANIFEST = re.compile(r"^kind:[ \t]*[\"']?Secret\b", re.MULTILINE)
RULES = (SECRET, PRIVATE_KEY, TOKEN)
_FIX = Fix("Take the value out and refer to a Secret that the cluster has; or name it in allowSecrets of the settings.")


def check(items: Iterable[Item], allowed: Sequence[str]) -> Iterator[Problem]:
    """Finds Secrets with data, and keys and tokens in every other text of objects that are not `allowed`."""
    for item in items:
        if is_allowed(item, allowed):
            continue
        told = list(_secret(item))
        yield from told
        if not told:
            yield from _texts(item)


def is_allowed(item: Item, allowed: Sequence[str]) -> bool:
    """Whether a name of `allowed` (a pattern as a shell has it) is the object's: `name`, or `namespace/name`."""
    names = (item.name, f"{item.metadata.get('namespace') or ''}/{item.name}")
    return any(fnmatchcase(name, pattern) for pattern in allowed for name in names)


def rule_of(hit: Hit) -> RuleInfo:
    """The rule that a hit is about."""
    return PRIVATE_KEY if hit.is_key else TOKEN


def _secret(item: Item) -> Iterator[Problem]:
    if item.kind != "Secret" or item.api_version != "v1":
        return
    for field in ("data", "stringData"):
        values = item.value.get(field)
        for key, value in values.items() if isinstance(values, Mapping) else ():
            if not _stands_for_later(value, encoded=field == "data"):
                message = f"Secret {item.name!r} has a value for {key!r}: what is published is read by many"
                yield Problem(
                    item.document, SECRET.id, message, (*item.prefix, field, str(key)), item=item, fix=_FIX
                )


def _stands_for_later(value: object, *, encoded: bool) -> bool:
    if value is None or value == "":
        return True
    if not isinstance(value, str):
        return False
    if encoded and not is_placeholder(value):
        try:
            value = base64.b64decode("".join(value.split()), validate=True).decode()
        except (binascii.Error, ValueError):
            return False
    return is_placeholder(value)


def _texts(item: Item) -> Iterator[Problem]:
    for pointer, text in texts_of(item.value, item.prefix):
        for name in _inner_secrets(text):
            message = f"{item.kind} {item.name!r} holds the Secret {name!r} with values: many read what is published"
            yield Problem(item.document, SECRET.id, message, pointer, item=item, fix=_FIX)
        for hit in {(hit.what, hit.is_key): hit for hit in secrets_in(text)}.values():
            message = f"{hit.what} in {item.kind} {item.name!r}: take it out, and replace it: it is known now"
            yield Problem(item.document, rule_of(hit).id, message, pointer, item=item, fix=_FIX)


def _inner_secrets(text: str) -> list[str]:
    """The Secrets with values in manifests that a text holds, as a ClusterResourceSet's ConfigMaps do."""
    if not _MANIFEST.search(text):
        return []
    try:
        values = [document.value for document in load_documents(text.encode(), "manifests")]
    except Refused:
        return []
    items = [Item(0, (), value) for value in values if isinstance(value, Mapping)]
    return [item.name for item in items if any(_secret(item))]
