"""Named formats: `format.dns1123Label().validate(name)` gives what is wrong, or none."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cluster_stacks.validation.cel.library.networks import url_error
from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.cel.times import parse_date_time
from cluster_stacks.validation.cel.values import NONE, Optional

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", re.ASCII)


class Format(NamedTuple):
    """A format by its name."""

    name: str

    @property
    def cel_type(self) -> str:
        return "kubernetes.NamedFormat"


def _name(pattern: str, longest: int, words: str, *, prefix: bool = False) -> Callable[[str], list[str]]:
    compiled = re.compile(pattern, re.ASCII)

    def wrong(text: str) -> list[str]:
        # A prefix may end in a dash: the name goes on.
        whole = text[:-1] + "a" if prefix and text.endswith("-") and len(text) > 1 else text
        found = [] if len(text) <= longest else [f"must be no more than {longest} characters"]
        return found if compiled.fullmatch(whole) else [*found, words]

    return wrong


def _qualified(text: str) -> list[str]:
    prefix, slash, name = text.rpartition("/")
    found = _SUBDOMAIN(prefix) if slash else []
    if len(name) > 63 or not _QUALIFIED.fullmatch(name):
        found.append("name part must consist of alphanumeric characters, '-', '_' or '.', at most 63")
    return found


def _label_value(text: str) -> list[str]:
    fine = text == "" or (len(text) <= 63 and _QUALIFIED.fullmatch(text))
    return [] if fine else ["a valid label must be empty or alphanumeric characters, '-', '_' or '.', at most 63"]


def _byte(text: str) -> list[str]:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ["invalid base64"]
    return []


def _moment(text: str) -> list[str]:
    try:
        parse_date_time(text)
    except EvaluationError:
        return ["invalid datetime"]
    return []


def _date(text: str) -> list[str]:
    return [] if len(text) == 10 and not _moment(text) else ["invalid date"]


def _uuid(text: str) -> list[str]:
    fine = re.fullmatch(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", text, re.ASCII | re.IGNORECASE)
    return [] if fine else ["does not match the UUID format"]


def _uri(text: str) -> list[str]:
    error = url_error(text)
    return [error] if error else []


_DNS_LABEL = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
_DNS_NAME = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"
_DNS_1035 = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', and begin with a letter"
_SUBDOMAIN = _name(rf"{_LABEL}(\.{_LABEL})*", 253, _DNS_NAME)
_FORMATS: Mapping[str, Callable[[str], list[str]]] = {
    "dns1123Label": _name(_LABEL, 63, _DNS_LABEL),
    "dns1123Subdomain": _SUBDOMAIN,
    "dns1035Label": _name(r"[a-z]([-a-z0-9]*[a-z0-9])?", 63, _DNS_1035),
    "qualifiedName": _qualified,
    "dns1123LabelPrefix": _name(_LABEL, 63, _DNS_LABEL, prefix=True),
    "dns1123SubdomainPrefix": _name(rf"{_LABEL}(\.{_LABEL})*", 253, _DNS_NAME, prefix=True),
    "dns1035LabelPrefix": _name(r"[a-z]([-a-z0-9]*[a-z0-9])?", 63, _DNS_1035, prefix=True),
    "labelValue": _label_value,
    "uri": _uri,
    "uuid": _uuid,
    "byte": _byte,
    "date": _date,
    "datetime": _moment,
}


def _validate(form: Format, text: str) -> Optional:
    wrong: list[Any] = list(_FORMATS[form.name](text))
    return Optional(wrong) if wrong else NONE


def _maker(name: str) -> Callable[[], Format]:
    return lambda: Format(name)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    ".validate(format,string) optional(list(string))": _validate,
    "format.named(string) optional(format)": lambda name: Optional(Format(name)) if name in _FORMATS else NONE,
    **{f"format.{name}() format": _maker(name) for name in _FORMATS},
}
