"""Private keys and tokens in text, by the forms that their makers gave them so that they can be found.

Only forms that mean nothing else: a word called "password" is no proof. What stands for a value that comes later
(`${TOKEN}`, `<token>`, `changeme`) is none.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple


class Hit(NamedTuple):
    """What was found, in words, and at which character. Never the secret itself."""

    what: str
    start: int
    is_key: bool = False


_KEY = re.compile(
    r"-----BEGIN (?P<kind>(?:[A-Z0-9]+ )*)PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|\s)*(?:[\w-]+: [^\n]*(?:\\[nr]|\s)+)*"
    r"(?P<body>(?:[A-Za-z0-9+/=]|\\[nr]|\s){64,})"
)
_AGE = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")
_TOKENS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((what, re.compile(pattern)) for what, pattern in (
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b"),
    ("a GitLab token", r"\b(?:glpat|gldt|glrt|glcbt|glptt|glagent)-[A-Za-z0-9_-]{20,}"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)(?![A-Z2-7]*EXAMPLE)[A-Z2-7]{16}\b"),
    ("a Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{20,}"),
    ("a Google API key", r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("a Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{24,}"),
    ("an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    ("a Vault token", r"\bhv[sb]\.[A-Za-z0-9_-]{24,}"),
    ("a DigitalOcean token", r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    ("a Docker token", r"\bdckr_[po]at_[A-Za-z0-9_-]{27,}"),
    ("a signed token (JWT)", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
))
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]{1,100}:(?P<password>[^\s/@\"']{1,200})@[^\s/@]", re.IGNORECASE
)
# One look for all: text without any of these holds nothing that is searched for.
_HINT = re.compile(
    r"PRIVATE KEY|AGE-SECRET|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|agent)-|AKIA|ASIA|xox|AIza|k_live_|npm_"
    r"|pypi-|hv[sb]\.|do[opr]_v1|dckr_|eyJ|://[^\s/@]*:[^\s/@]*@"
)
_PLACEHOLDER = re.compile(
    r"""\s*(?:
        | \$\{[^{}]*\} | \$\([^()]*\) | \$[A-Za-z_]\w* | \{\{.*\}\} | <[^<>]*> | <<.*>> | %[A-Za-z_]\w*%
        | (?:change|replace|set)[-_ ]?(?:me|this|it)? | to[-_ ]?do | tbd | dummy | fake | none | null | placeholder
        | redacted | example | secret | password | passwd | pass | token | your[-_ ][\w -]*
        | [x*.…_-]{2,}
    )\s*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{64,}={0,2}\s*")


def is_placeholder(text: str) -> bool:
    """Whether a text is empty, or stands for a value that comes later."""
    return _PLACEHOLDER.fullmatch(text) is not None


def secrets_in(text: str, *, decode: bool = True) -> Iterator[Hit]:
    """The private keys and tokens in a text; with `decode`, in what it is the Base64 of too."""
    if _HINT.search(text):
        for pattern in (_KEY, _AGE):
            for found in pattern.finditer(text):
                if pattern is _AGE or len(set(found["body"])) > 8:
                    yield Hit("a private key", found.start(), is_key=True)
        for what, pattern in _TOKENS:
            yield from (Hit(what, found.start()) for found in pattern.finditer(text) if _is_random(found[0]))
        for found in _URL.finditer(text):
            if not is_placeholder(found["password"]) and not set(found["password"]) & set("${}<>%"):
                yield Hit("a password in a URL", found.start())
    if decode:
        yield from (Hit(f"{hit.what}, encoded", 0, hit.is_key) for hit in secrets_in(_decoded(text), decode=False))


def _is_random(text: str) -> bool:
    """A token of one character over and over, or of `x`, is an example."""
    return len(set(text[-16:].lower())) > 4


def _decoded(text: str) -> str:
    if len(text) < 64 or not _BASE64.fullmatch(text):
        return ""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
