"""The exit codes: part of the contract, the same for every verb and every output format."""

from __future__ import annotations

FINE = 0
FINDINGS = 1
CANNOT_TELL = 2
INTERRUPTED = 130
