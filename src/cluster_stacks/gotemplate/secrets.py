"""sprig's functions whose result differs each time or hangs on the clock: their types, and no values.

Cluster API allows them although no result of theirs can be repeated: a patch that uses one differs at each run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.unknown import Kind, Unknown


def _some(kind: Kind, name: str) -> Callable[..., Any]:
    return lambda *_: Unknown(kind, name)


_CERTIFICATE: Final = _some("any", "a certificate")
FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "bcrypt": ("string -> string", _some("string", "a hash")),
    "htpasswd": ("string string -> string", _some("string", "a hash")),
    "genPrivateKey": ("string -> string", _some("string", "a private key")),
    "derivePassword": ("uint32 string string string string -> string", _some("string", "a password")),
    "buildCustomCert": ("string string -> any", _CERTIFICATE),
    "genCA": ("string int -> any", _CERTIFICATE),
    "genCAWithKey": ("string int string -> any", _CERTIFICATE),
    "genSelfSignedCert": ("string list list int -> any", _CERTIFICATE),
    "genSelfSignedCertWithKey": ("string list list int string -> any", _CERTIFICATE),
    "genSignedCert": ("string list list int certificate -> any", _CERTIFICATE),
    "genSignedCertWithKey": ("string list list int certificate string -> any", _CERTIFICATE),
    "encryptAES": ("string string -> string", _some("string", "an encrypted text")),
    "decryptAES": ("string string -> string", _some("string", "a decrypted text")),
    "ago": ("any -> string", _some("string", "a duration")),
    "duration": ("any -> string", _some("string", "a duration")),
    "durationRound": ("any -> string", _some("string", "a duration")),
    "must_date_modify": ("string time -> any", _some("any", "a time")),
    "mustDateModify": ("string time -> any", _some("any", "a time")),
    "mustToDate": ("string string -> any", _some("any", "a time")),
    "toDate": ("string string -> any", _some("any", "a time")),
    "unixEpoch": ("time -> string", _some("string", "seconds")),
}
