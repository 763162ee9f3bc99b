"""What functions there are, and their signatures; their code is loaded when the first of a family is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple


class Signature(NamedTuple):
    """Parameter types (`rest`: of all further arguments, None: there are none) and the result's."""

    parameters: tuple[str, ...]
    rest: str | None
    result: str


BUILTIN: Final = "and call eq ge gt html index js le len lt ne not or print printf println slice urlquery"
# Each family is a module with a table FUNCTIONS: name → (signature, function).
FAMILIES: Final[Mapping[str, str]] = {
    "builtins": BUILTIN,
    "strings": """
        abbrev abbrevboth trunc trim upper lower title untitle substr repeat trimall trimAll trimSuffix trimPrefix
        nospace initials swapcase shuffle snakecase camelcase kebabcase wrap wrapWith contains hasPrefix hasSuffix
        quote squote cat indent nindent replace plural toString split splitList splitn toStrings join sortAlpha hello
    """,
    "numbers": """
        atoi int64 int float64 seq toDecimal until untilStep add1 add sub div mod mul randInt add1f addf subf divf
        mulf biggest max min maxf minf ceil floor round
    """,
    "containers": """
        tuple list dict get set unset hasKey pluck keys pick omit merge mergeOverwrite mustMerge mustMergeOverwrite
        values deepCopy mustDeepCopy dig
    """,
    "lists": """
        append push mustAppend mustPush prepend mustPrepend first mustFirst rest mustRest last mustLast initial
        mustInitial reverse mustReverse uniq mustUniq without mustWithout has mustHas slice mustSlice concat chunk
        mustChunk compact mustCompact
    """,
    "data": """
        default empty coalesce all any ternary fromJson toJson toPrettyJson toRawJson mustFromJson mustToJson
        mustToPrettyJson mustToRawJson typeOf typeIs typeIsLike kindOf kindIs deepEqual fail b64enc b64dec b32enc
        b32dec sha1sum sha256sum sha512sum adler32sum
    """,
    "paths": "base dir clean ext isAbs osBase osClean osDir osExt osIsAbs urlParse urlJoin",
    "patterns": """
        regexMatch mustRegexMatch regexFindAll mustRegexFindAll regexFind mustRegexFind regexReplaceAll
        mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral regexSplit mustRegexSplit regexQuoteMeta
    """,
    "versions": "semver semverCompare",
    "secrets": """
        bcrypt htpasswd genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert
        genSelfSignedCertWithKey genSignedCert genSignedCertWithKey encryptAES decryptAES
        ago duration durationRound must_date_modify mustDateModify mustToDate toDate unixEpoch
    """,
}
NONE: Final = frozenset(BUILTIN.split())
"""What text/template has by itself: naming templates of Cluster API have no more."""
SPRIG: Final = frozenset(name for names in FAMILIES.values() for name in names.split())
"""Those and sprig's `HermeticTxtFuncMap`: what patches of Cluster API have."""

_FAMILY: Final = {name: family for family, names in FAMILIES.items() if family != "builtins" for name in names.split()}
Body = Callable[..., Any]


@cache
def lookup(name: str, *, sprig: bool) -> tuple[Signature, Body, bool]:
    """Signature and code of a function, and whether it is text/template's own."""
    family = _FAMILY.get(name, "builtins") if sprig else "builtins"
    table: Mapping[str, tuple[str, Body]] = import_module(f"cluster_stacks.gotemplate.{family}").FUNCTIONS
    text, body = table[name]
    return signature(text), body, family == "builtins"


def signature(text: str) -> Signature:
    """`int string -> string`, `any any* -> bool`."""
    front, _, result = text.partition("->")
    parameters = front.split()
    rest = parameters.pop()[:-1] if parameters and parameters[-1].endswith("*") else None
    return Signature(tuple(parameters), rest, result.strip())
