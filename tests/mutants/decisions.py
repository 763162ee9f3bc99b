"""Where our verdict differs from a cluster's on purpose: by operator, the reason.

A refusal that is decided upon is still to be warned of.
"""

from __future__ import annotations

_GATE = "a feature gate of the management cluster decides, off by default: a warning names it"

DECISIONS: dict[str, str] = {
    "taint-gated": _GATE,
    "cluster-taint-gated": _GATE,
    "control-taint-gated": _GATE,
    "config-ignition": _GATE,
    "kubeadm-format-ignition": _GATE,
}
