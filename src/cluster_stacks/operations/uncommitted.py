"""Whether the work tree has edits of sources that no commit has: asked while other work goes on, since git looks at
every file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from cluster_stacks.model.settings import SETTINGS_PATH
from cluster_stacks.model.stack import PROVIDERS
from cluster_stacks.repository.git import Git
from cluster_stacks.runtime.process import background

_PATHS = (PROVIDERS, "generators", SETTINGS_PATH)


@contextlib.contextmanager
def uncommitted(git: Git, *, ask: bool = True) -> Iterator[Callable[[], bool]]:
    """Starts to look; what is given waits for the answer. False in a bare repository, and without `ask`."""
    if not ask or git.top is None:
        yield lambda: False
        return
    # Without the lock that status takes to write what it learned: another git of the user may want it.
    words = ["git", "--no-optional-locks", "status", "--porcelain", "--", *(f":(top){path}" for path in _PATHS)]
    with background(words, cwd=git.cwd, env=git.env) as process:
        yield lambda: bool(process.communicate()[0])
