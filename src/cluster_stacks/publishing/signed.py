"""Whether a source commit is signed, by the judgement of git and of the keys that it is configured to trust."""

from __future__ import annotations

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.publishing.rules import NOT_SIGNED
from cluster_stacks.publishing.source import SourceCommit
from cluster_stacks.repository.git import Git

_UNABLE = ("cannot run", "allowedSignersFile needs", "unable to create", "No such file")


def require_signed(git: Git, source: SourceCommit) -> None:
    """Raises Refused where git finds no good signature of the commit, CannotTell where it cannot check one."""
    done = git.complete("verify-commit", source.oid, ok=(0, 1, 128))
    if not done.code:
        return
    said = done.stderr.decode("utf-8", "replace").splitlines()
    unable = next((line for line in said if any(words in line for words in _UNABLE)), None)
    if unable:
        raise CannotTell(f"git cannot check the signature of {source.short}: {unable.removeprefix('error: ')}")
    header = git.run("cat-file", "commit", source.oid).partition(b"\n\n")[0]
    if b"\ngpgsig" not in header:
        message = f"commit {source.short} is not signed: sign it (`git commit --amend -S`), or publish one that is"
    else:
        message = f"the signature of commit {source.short} is not good: see `git verify-commit {source.short}`"
    raise Refused(Finding(NOT_SIGNED.id, Severity.ERROR, message, key=source.oid))
