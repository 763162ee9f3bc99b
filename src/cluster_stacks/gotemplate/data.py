"""sprig's defaults, JSON, types, encodings and checksums."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable
from typing import Any, Final, NoReturn

from cluster_stacks.gotemplate import jsontext
from cluster_stacks.gotemplate.errors import CallError
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.same import deep_equal
from cluster_stacks.gotemplate.values import decode, encode, is_true, kind, type_name


def _default(fallback: Any, *given: Any) -> Any:
    return given[0] if given and is_true(given[0]) else fallback


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if is_true(value)), None)


def _fail(message: str) -> NoReturn:
    raise CallError(message)


def _decoder(read: Callable[[bytes], bytes], size: int, alphabet: str, name: str) -> Callable[[str], str]:
    """Go's decoders skip line ends, and their error becomes the text."""

    def run(text: str) -> str:
        data = encode(text).replace(b"\r", b"").replace(b"\n", b"")
        body = data.rstrip(b"=")
        padding = len(data) - len(body)
        bad = next((at for at, byte in enumerate(body) if chr(byte) not in alphabet), None)
        if bad is None and len(data) % size == 0 and padding < size:
            try:
                return decode(read(data))
            except (binascii.Error, ValueError):
                pass
        return f"illegal {name} data at input byte {_offset(encode(text), alphabet, size)}"

    return run


def _offset(data: bytes, alphabet: str, size: int) -> int:
    """Where Go finds the fault: the first byte out of place, or where the text ends too soon."""
    count = 0
    for at, byte in enumerate(data):
        if byte in b"\r\n":
            continue
        if chr(byte) not in alphabet:
            return at
        count += 1
    return len(data) - count % size


_B64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_B32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def _hashed(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, encode(text), usedforsecurity=False).hexdigest()


def _type_is_like(target: str, value: Any) -> bool:
    return target == type_name(value) or f"*{target}" == type_name(value)


def _text(*, html: bool, indent: str = "", strict: bool = True) -> Callable[[Any], str]:
    def run(value: Any) -> str:
        try:
            return jsontext.dumps(value, html=html, indent=indent)
        except CallError:
            if strict:
                raise
            return ""

    return run


def _parsed(*, strict: bool) -> Callable[[str], Any]:
    def run(text: str) -> Any:
        try:
            return jsontext.loads(text)
        except CallError:
            if strict:
                raise
            return None

    return run


FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "default": ("any any* -> any", _default),
    "empty": ("any -> bool", lambda value: not is_true(value)),
    "coalesce": ("any* -> any", _coalesce),
    "all": ("any* -> bool", lambda *values: all(map(is_true, values))),
    "any": ("any* -> bool", lambda *values: any(map(is_true, values))),
    "ternary": ("any any bool -> any", lambda yes, no, condition: yes if condition else no),
    "fromJson": ("string -> any", _parsed(strict=False)),
    "mustFromJson": ("string -> any", _parsed(strict=True)),
    "toJson": ("any -> string", _text(html=True, strict=False)),
    "mustToJson": ("any -> string", _text(html=True)),
    "toPrettyJson": ("any -> string", _text(html=True, indent="  ", strict=False)),
    "mustToPrettyJson": ("any -> string", _text(html=True, indent="  ")),
    "toRawJson": ("any -> string", _text(html=False)),
    "mustToRawJson": ("any -> string", _text(html=False)),
    "typeOf": ("any -> string", type_name),
    "typeIs": ("string any -> bool", lambda target, value: target == type_name(value)),
    "typeIsLike": ("string any -> bool", _type_is_like),
    "kindOf": ("any -> string", kind),
    "kindIs": ("string any -> bool", lambda target, value: target == kind(value)),
    "deepEqual": ("any any -> bool", deep_equal),
    "fail": ("string -> string", _fail),
    "b64enc": ("string -> string", lambda text: base64.b64encode(encode(text)).decode()),
    "b64dec": ("string -> string", _decoder(lambda data: base64.b64decode(data, validate=True), 4, _B64, "base64")),
    "b32enc": ("string -> string", lambda text: base64.b32encode(encode(text)).decode()),
    "b32dec": ("string -> string", _decoder(base64.b32decode, 8, _B32, "base32")),
    "sha1sum": ("string -> string", _hashed("sha1")),
    "sha256sum": ("string -> string", _hashed("sha256")),
    "sha512sum": ("string -> string", _hashed("sha512")),
    "adler32sum": ("string -> string", lambda text: str(zlib.adler32(encode(text)))),
}
