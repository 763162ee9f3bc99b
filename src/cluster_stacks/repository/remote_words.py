"""What git and servers say when a fetch or a push fails: in one line, without secrets, with what to do."""

from __future__ import annotations

import re

from cluster_stacks.repository.credentials import strip_credentials
from cluster_stacks.runtime.process import ProcessFailed

_LENGTH = 500
"""Characters of a server's words that are passed on."""
_TELLING = re.compile(r"(!|fatal:|error:|remote:|ERROR:|ssh:|\S+: Permission denied|Host key verification)")
_EMPTY = re.compile(r"(?i)fatal: (could not read from remote repository|the remote end hung up)|remote:\s*$")
"""Lines that follow on those which say why."""
_BUSY = re.compile(r"cannot lock ref|failed to update ref|unable to create .*\.lock|incorrect old value", re.IGNORECASE)
_ADVICE = (
    (r"host key verification failed", "this machine does not know the host's key: add it to known_hosts"),
    (
        r"authentication failed|could not read (username|password)|(permission|access) denied|publickey|\b40[13]\b",
        "this account may not write there: give it the right, or set up its credentials",
    ),
    (
        r"protected|GH006|GH013|hook declined|denying|not allowed|prohibited",
        "the branch is as it was: let this account push to it, or name another with --branch",
    ),
    (
        r"does not appear to be a git repository|repository .*not found|does not exist",
        "see `git remote -v`, and whether this account may read it",
    ),
    (
        r"hung up|connect|RPC failed|early EOF|unpack|timed out|reset|did not answer|could not|unable",
        "the branch is as it was: publish again when the remote is well",
    ),
)


def said_by(error: ProcessFailed) -> str:
    """What git or the remote said."""
    if error.code is None:
        return f"it did not answer: {error.stderr}"
    lines = [line.strip() for line in error.stderr.splitlines()]
    told = [line for line in lines if _TELLING.match(line)]
    telling = [line for line in told if not _EMPTY.match(line)] or told
    said = "; ".join(dict.fromkeys(telling)) or "; ".join(filter(None, lines)) or f"git ended with {error.code}"
    return strip_credentials(re.sub(r"\s+", " ", said)).removeprefix("fatal: ")[:_LENGTH]


def is_busy(said: str) -> bool:
    """Whether these are the words of a remote where somebody else holds the branch for a moment."""
    return _BUSY.search(said) is not None


def advice(said: str) -> str:
    """What to do, where the words tell, after a colon."""
    found = [advice for pattern, advice in _ADVICE if re.search(pattern, said, re.IGNORECASE)]
    return "".join(f": {advice}" for advice in found[:1])
