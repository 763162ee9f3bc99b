"""What stops a publish: each of these is found before anything is committed."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo

FOREIGN_BRANCH = RuleInfo(
    "CS560", "foreign-branch",
    "The branch has files, and nothing says that this tool made them.",
    "A rendered branch carries .cluster-stacks/index.json, which lists the paths that are the tool's own. A branch "
    "with files and without it is refused, so that no work of others is ever lost: name another branch with --branch.",
)
OTHER_CONTENT = RuleInfo(
    "CS561", "published-version-changed",
    "A version that is published has other content in the source.",
    "A published release never changes: clusters use it. Other content is a new version, which "
    "`cluster-stacks bump` makes.",
)
OTHER_IMAGES = RuleInfo(
    "CS562", "published-images-changed",
    "A version of the node images that is published has other content in the source.",
    "Images are imported once under their versioned name; what changed under the same name would never be imported. "
    "Move nodeImage: `cluster-stacks bump` does.",
)
PATH_TAKEN = RuleInfo(
    "CS563", "path-taken",
    "A path that publishing needs holds a file of somebody else.",
    "Files on the branch that this tool did not write are never touched. Move the file, or rename what "
    "collides with it.",
)
UNSAFE_PATH = RuleInfo(
    "CS564", "unsafe-path",
    "A generator or a renderer gave a path that cannot stand on the branch.",
    "Paths are relative, without empty, dot or .git parts, so that no file leaves its folder.",
)
RULES: tuple[RuleInfo, ...] = (FOREIGN_BRANCH, OTHER_CONTENT, OTHER_IMAGES, PATH_TAKEN, UNSAFE_PATH)
