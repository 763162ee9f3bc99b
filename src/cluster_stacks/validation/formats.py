"""The formats of texts, as the API server reads them (kube-openapi: validation/strfmt; formats by apiextensions).

Schemas hold a pattern that is looser than the parser; these functions are the parsers. They follow Go's: a `cidr` may
have leading zeros, a `duration` may be `1 hour`, a `date-time` is RFC 3339's, second 60 excepted. Formats that nobody
uses in manifests (isbn, creditcard …) are let pass. tests/validation/formats.json holds what the real parsers say.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})")
_GO_DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:ns|us|µs|μs|ms|s|m|h))+)")
# Possessive, and at the first digit only: a long text of digits is looked at once.
_DURATION = re.compile(r"(?<![0-9])([0-9]++)[\t\n\f\r ]*+([A-Za-zµ]+)")
_UNITS = frozenset({"ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk"})
_LONG_UNITS = ("nano", "micro", "milli", "sec", "min", "hour", "day", "week")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})")
_HOSTNAME = re.compile(
    r"[a-zA-Z0-9+](?:-?[a-zA-Z0-9+]{0,62})?|(?:[a-zA-Z0-9+](?:[a-zA-Z0-9+-]{0,61}[a-zA-Z0-9+])?\.)+[a-zA-Z]{2,63}"
)
_MAC = re.compile(
    r"[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2}(?:\1[0-9a-fA-F]{2}){4}(?:(?:\1[0-9a-fA-F]{2}){2}"
    r"(?:(?:\1[0-9a-fA-F]{2}){12})?)?)"
    r"|(?:[0-9a-fA-F]{12}|[0-9a-fA-F]{16}|[0-9a-fA-F]{40})"
    r"|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}(?:(?:\.[0-9a-fA-F]{4}){6})?)?"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_HOST = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"\u0080-\U0010ffff]|%[89a-fA-F][0-9a-fA-F]")
_SECONDS_64 = 2**63 / 10**9


def is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    try:
        date(year or 4, month, day)  # Go has a year 0, which is a leap year
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    parts = text.lower().split("t")
    if len(text) < 4 or len(parts) < 2 or not is_date(parts[0]):
        return False
    match = _TIME.fullmatch(parts[1])
    return match is not None and match[1] <= "23" and match[2] <= "59" and match[3] <= "59"


def is_go_duration(text: str) -> bool:
    """Whether Go's time.ParseDuration takes the text: `1h30m`, not `1d`."""
    if not _GO_DURATION.fullmatch(text):
        return False
    sizes = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
    parts = re.findall(r"([0-9.]+)(ns|us|µs|μs|ms|s|m|h)", text)
    return sum(float(number) * sizes[unit] for number, unit in parts) < _SECONDS_64


def is_duration(text: str) -> bool:
    if is_go_duration(text):
        return True
    found = False
    for number, name in _DURATION.findall(text):
        if len(number) > 25 or int(number) >= 2**63:
            return False
        unit = name.lower()
        found = found or unit in _UNITS or unit.startswith(_LONG_UNITS)
    return found


def _address(text: str, *, sloppy: bool) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as Go reads it; `sloppy`: its parts may have leading zeros, as old Go read them."""
    if sloppy:
        text = re.sub(r"(?<![0-9a-fA-F])0+(?=[0-9a-fA-F])", "", text)
    if len(text) > 64 or "%" in text or not text.isascii():
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_cidr(text: str) -> bool:
    host, slash, length = text.partition("/")
    address = _address(host, sloppy=True)
    if not slash or address is None or not length.isascii() or not length.isdigit() or len(length) > 8:
        return False
    return int(length) <= address.max_prefixlen


def is_ipv4(text: str) -> bool:
    return "." in text and _address(text, sloppy=True) is not None


def is_ipv6(text: str) -> bool:
    return ":" in text and _address(text, sloppy=False) is not None


def is_hostname(text: str) -> bool:
    if len(text.encode("utf-8", "surrogatepass")) > 255 or any(len(part.encode()) > 63 for part in text.split(".")):
        return False
    return _HOSTNAME.fullmatch("".join(map(_plain, text))) is not None


def _plain(character: str) -> str:
    if character.isascii() and (character.isalnum() or character in "-."):
        return character
    return {"L": "a", "S": "+"}.get(unicodedata.category(character)[0], " ")


def is_uri(text: str) -> bool:
    """What Go's url.ParseRequestURI takes: an absolute path, or a scheme and whatever may follow one."""
    if not text or any(character < " " or character == "\x7f" for character in text):
        return False
    if text == "*":
        return True
    scheme = _SCHEME.match(text)
    if text.startswith(":"):
        return False
    rest = (text[scheme.end() + 1:] if scheme else text).partition("?")[0]
    if not rest.startswith("/"):
        return scheme is not None
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, _, path = rest[2:].partition("/")
        return _is_authority(authority) and not _PERCENT.search(path)
    return not _PERCENT.search(rest)


def _is_authority(text: str) -> bool:
    user, at, host = text.rpartition("@")
    if at and (not _USER.fullmatch(user) or _PERCENT.search(user)):
        return False
    if host.startswith("["):
        inner, bracket, port = host[1:].rpartition("]")
        if not bracket or _address(inner.partition("%25")[0], sloppy=False) is None:
            return False
    else:
        name, colon, number = host.rpartition(":")
        inner, port = (name, colon + number) if colon else (host, "")
        if ":" in inner or _HOST.sub("", inner):
            return False
    return not port or (port[0] == ":" and (port[1:] == "" or (port[1:].isascii() and port[1:].isdigit())))


def _joined(text: str) -> str:
    # Of Kubernetes' own kinds Go decodes the text, which passes over line breaks; of a CRD's a pattern judges it.
    return text.replace("\n", "").replace("\r", "") or "AAAA"


def _pattern(text: str) -> Callable[[str], bool]:
    compiled = re.compile(text)
    return lambda value: compiled.fullmatch(value) is not None


_UUID = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?%s[0-9a-fA-F]{3}-?%s[0-9a-fA-F]{3}-?[0-9a-fA-F]{12}"
_ANY, _VARIANT = "[0-9a-fA-F]", "[89abAB]"
_NAME = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_SHORT = _pattern(_NAME)
_LONG = _pattern(rf"{_NAME}(?:\.{_NAME})*")
CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (is_date, "a date as 2006-01-02"),
    "datetime": (is_date_time, "a date and time as 2006-01-02T15:04:05Z"),
    "goduration": (is_go_duration, "a duration as 1h30m, 10s, 500ms"),
    "duration": (is_duration, "a duration as 1h30m, 10s, 500ms"),
    "cidr": (is_cidr, "an address range as 10.0.0.0/16 or fd00::/64"),
    "ipv4": (is_ipv4, "an IPv4 address"),
    "ipv6": (is_ipv6, "an IPv6 address"),
    "uri": (is_uri, "a URI: a scheme and what it names, or an absolute path"),
    "hostname": (is_hostname, "a host name"),
    "mac": (_pattern(_MAC.pattern), "a MAC address as 00:00:5e:00:53:01"),
    "email": (_pattern(r"(?s:.+)@(?s:.+)"), "an e-mail address"),
    "byte": (_pattern(_BASE64.pattern), "Base64, with padding and without line breaks"),
    "base64": (lambda text: text == "" or _BASE64.fullmatch(_joined(text)) is not None, "Base64, with padding"),
    "uuid": (_pattern(_UUID % (_ANY, _ANY)), "a UUID"),
    "uuid3": (_pattern(_UUID % ("3", _ANY)), "a UUID of version 3"),
    "uuid4": (_pattern(_UUID % ("4", _VARIANT)), "a UUID of version 4"),
    "uuid5": (_pattern(_UUID % ("5", _VARIANT)), "a UUID of version 5"),
    "hexcolor": (_pattern("#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"), "a colour as #a0b1c2"),
    "k8sshortname": (lambda text: len(text) <= 63 and _SHORT(text), "a name of a-z, 0-9 and -, of at most 63 bytes"),
    "k8slongname": (lambda text: len(text) <= 253 and _LONG(text), "a name of a-z, 0-9, - and ., of at most 253 bytes"),
}


@lru_cache(maxsize=4096)
def wrong(form: str, text: str) -> str:
    """What is wrong with a text of a format (as `structural.FORMATS` names it), an empty text for nothing."""
    check, what = CHECKS.get(form, (None, ""))
    return "" if check is None or check(text) else f"is not {what}"
