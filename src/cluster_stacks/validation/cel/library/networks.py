"""Kubernetes' own types: URLs, IP addresses and networks."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.validation.cel.library.amounts import can
from cluster_stacks.validation.cel.syntax import EvaluationError


@dataclass(frozen=True, slots=True)
class Url:
    """An address, parsed."""

    parts: urllib.parse.SplitResult

    @property
    def cel_type(self) -> str:
        return "kubernetes.URL"


@dataclass(frozen=True, slots=True)
class Ip:
    """An IP address."""

    value: ipaddress.IPv4Address | ipaddress.IPv6Address

    @property
    def cel_type(self) -> str:
        return "net.IP"


@dataclass(frozen=True, slots=True)
class Cidr:
    """A network in CIDR notation, with the address that was written."""

    value: ipaddress.IPv4Interface | ipaddress.IPv6Interface

    @property
    def cel_type(self) -> str:
        return "net.CIDR"


def url_error(text: str) -> str:
    """What is wrong with an absolute address or path, as Go's ParseRequestURI sees it; empty where nothing is."""
    if not text:
        return "empty url"
    if any(ord(char) < 0x20 or ord(char) == 0x7F for char in text):
        return "invalid control character in URL"
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text, re.ASCII)
    if not text.startswith("/") and text != "*" and not (scheme and text[scheme.end():].startswith("/")):
        return "invalid URI for request"
    if re.search(r"%(?![0-9A-Fa-f]{2})", text.partition("?")[0]):
        return "invalid URL escape"
    try:
        parts = urllib.parse.urlsplit(text)
        _ = parts.port
    except ValueError as error:
        return str(error)
    return "invalid character in host name" if re.search(r"[\s<>\"]", parts.netloc) else ""


def _url(text: str) -> Url:
    if error := url_error(text):
        raise EvaluationError(f"URL parse error during conversion from string: {error}")
    return Url(urllib.parse.urlsplit(text))


def _host(url: Url) -> str:
    return url.parts.netloc.rpartition("@")[2]


def _hostname(url: Url) -> str:
    host = _host(url)
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _port(url: Url) -> str:
    tail = _host(url).rpartition("]")[2]
    return tail.partition(":")[2]


def _escaped_path(url: Url) -> str:
    return urllib.parse.quote(url.parts.path, safe="/%!$&'()*+,;=:@~-._[]")


def _query(url: Url) -> dict[str, list[str]]:
    try:
        return urllib.parse.parse_qs(url.parts.query, keep_blank_values=True, max_num_fields=10_000)
    except ValueError as error:
        raise EvaluationError("invalid query") from error


def _ip(text: str) -> Ip:
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise EvaluationError(f"IP Address {text[:60]!r} parse error during conversion from string") from error
    if address.version == 6 and (address.ipv4_mapped or address.scope_id):
        raise EvaluationError(f"IP address {text[:60]!r} with a zone, or an IPv4 address in IPv6, is not allowed")
    return Ip(address)


def _cidr(text: str) -> Cidr:
    address, slash, bits = text.partition("/")
    # Python also takes netmasks and leading zeros.
    if not slash or not re.fullmatch(r"0|[1-9]\d{0,2}", bits, re.ASCII):
        raise EvaluationError(f"network address parse error during conversion from string: {text[:60]!r}")
    try:
        _ip(address)
        return Cidr(ipaddress.ip_interface(text))
    except ValueError as error:
        raise EvaluationError(f"network address parse error during conversion from string: {text[:60]!r}") from error


def _global_unicast(ip: Ip) -> bool:
    v = ip.value
    broadcast = v.version == 4 and v == ipaddress.IPv4Address("255.255.255.255")
    return not (v.is_unspecified or v.is_loopback or v.is_multicast or v.is_link_local or broadcast)


def _link_local_multicast(ip: Ip) -> bool:
    if ip.value.version == 4:
        return ip.value in ipaddress.IPv4Network("224.0.0.0/24")
    return ip.value.packed[0] == 0xFF and ip.value.packed[1] & 0x0F == 0x02


def _contains(network: Cidr, other: Any) -> bool:
    if isinstance(other, str):
        other = _ip(other)
    return other.value.version == network.value.version and other.value in network.value.network


def _contains_network(network: Cidr, other: Any) -> bool:
    inner = (_cidr(other) if isinstance(other, str) else other).value.network
    outer = network.value.network
    if inner.version != outer.version:
        return False
    return inner.network_address in outer and inner.prefixlen >= outer.prefixlen


def _masked(network: Cidr) -> Cidr:
    inner = network.value.network
    return Cidr(ipaddress.ip_interface(f"{inner.network_address}/{inner.prefixlen}"))


def _said_cidr(network: Cidr) -> str:
    return f"{network.value.ip}/{network.value.network.prefixlen}"


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "url(string) url": _url,
    "isURL(string) bool": lambda text: not url_error(text),
    ".getScheme(url) string": lambda a: a.parts.scheme,
    ".getHost(url) string": _host,
    ".getHostname(url) string": _hostname,
    ".getPort(url) string": _port,
    ".getEscapedPath(url) string": _escaped_path,
    ".getQuery(url) map(string,list(string))": _query,
    "ip(string) ip": _ip,
    "isIP(string) bool": can(_ip),
    "ip.isCanonical(string) bool": lambda text: str(_ip(text).value) == text,
    "string(ip) string": lambda a: str(a.value),
    ".family(ip) int": lambda a: a.value.version,
    ".isUnspecified(ip) bool": lambda a: a.value.is_unspecified,
    ".isLoopback(ip) bool": lambda a: a.value.is_loopback,
    ".isLinkLocalMulticast(ip) bool": _link_local_multicast,
    ".isLinkLocalUnicast(ip) bool": lambda a: a.value.is_link_local,
    ".isGlobalUnicast(ip) bool": _global_unicast,
    "cidr(string) cidr": _cidr,
    "isCIDR(string) bool": can(_cidr),
    "string(cidr) string": _said_cidr,
    ".containsIP(cidr,string) bool | .containsIP(cidr,ip) bool": _contains,
    ".containsCIDR(cidr,string) bool | .containsCIDR(cidr,cidr) bool": _contains_network,
    ".ip(cidr) ip": lambda a: Ip(a.value.ip),
    ".prefixLength(cidr) int": lambda a: a.value.network.prefixlen,
    ".masked(cidr) cidr": _masked,
}
