"""docs/reference is what docs/generate.py makes of the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_reference_is_what_the_code_gives(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
