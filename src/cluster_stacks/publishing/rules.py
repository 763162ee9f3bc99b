"""What stops a publish: each of these is found before anything is committed."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo, Severity

FOREIGN_BRANCH = RuleInfo(
    "CS560", "foreign-branch",
    "The branch has files, and nothing says that this tool made them.",
    "A rendered branch carries .cluster-stacks/index.json, which lists the paths that are the tool's own. A branch "
    "with files and without it is refused, so that no work of others is ever lost: name another with --branch, or "
    "take it over with --adopt, which keeps every file that is there and writes over none.",
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
NOT_PORTABLE = RuleInfo(
    "CS568", "path-not-portable",
    "A path that publishing needs cannot be written by every system that clones the branch.",
    "Names are UTF-8, no device of Windows (con, aux, nul, com1 …), without the characters that Windows refuses, and "
    "end neither in a space nor in a dot; a path has at most 240 characters, a name 255 bytes.",
    source="Windows: naming files, paths and namespaces",
)
SAME_BUT_CASE = RuleInfo(
    "CS569", "paths-differ-in-case",
    "Two paths of the branch differ only in case.",
    "On Windows and macOS both are one file, and a clone of the branch shows one of them as changed for ever. Files of "
    "others on the branch count too.",
)
NO_FILE = RuleInfo(
    "CS570", "not-a-file",
    "Where a file of ours stood on the branch, there is a symbolic link or a submodule.",
    "What reads the branch would follow it to somewhere else. Restore the file from the branch's history.",
)
NOT_SIGNED = RuleInfo(
    "CS571", "source-not-signed",
    "The source commit has no signature that git finds good.",
    "With requireSigned in the settings, or --require-signed, only commits that `git verify-commit` accepts are "
    "published: signed, by a key that git is configured to trust.",
)
FOLDER_REMOVED = RuleInfo(
    "CS580", "release-removed",
    "A release cannot come back: its folder was removed after it had been retired for long.",
    "`gc` removes the folders of releases that were retired longer ago than keepRetiredDays. Their numbers stay taken, "
    "and rendering them again would not surely give the same bytes: publish the content as the next version.",
)
NOT_DELIVERED = RuleInfo(
    "CS581", "version-not-delivered",
    "The version that the source names is yanked or retired.",
    "Its number is taken for ever and its content is published, so a publish changes nothing. The fix of a yanked "
    "release is the next version; one that was yanked by mistake comes back by `cluster-stacks restore`.",
    severity=Severity.NOTE,
)
ELSEWHERE = RuleInfo(
    "CS582", "one-version-two-contents",
    "Another rendered branch has that version with other content.",
    "One version of a stack has one content over all branches and environments, or nobody could tell what a cluster "
    "runs. The version that is published last must be another: `cluster-stacks bump` moves it.",
)
NOT_AS_RENDERED = RuleInfo(
    "CS583", "published-differs",
    "A published release is not what its recorded source commit gives.",
    "`publish --verify` renders every live release again from the commit that series.json names, and compares every "
    "byte. With the tools of the versions that release.json names, a difference means that the branch was edited: "
    "restore the folder from the branch's history.",
)
DIFFERS_BY_TOOLS = RuleInfo(
    "CS584", "published-by-other-tools",
    "A published release differs from what its source gives, and was rendered by other versions of the tools.",
    "That is no error: a release keeps the bytes that it was published with. To tell whether somebody edited it, "
    "verify with the versions of the tools that its release.json names.",
    severity=Severity.WARNING,
)
BUNDLE = RuleInfo(
    "CS590", "bundle-unusable",
    "A bundle of rendered releases is damaged, or was made from something else.",
    "`render --shard` writes what one job rendered into a bundle, and `publish --from` takes it without rendering it "
    "again. It must be whole, from the same commit, by the same version of this tool: render that shard again.",
)
BUNDLES = RuleInfo(
    "CS591", "bundles-incomplete",
    "The bundles together are not what is to be published.",
    "Every release that the branch lacks must be in exactly one of the bundles, each of another shard. One that is "
    "missing or given twice is refused, so that no job that failed goes unnoticed.",
)
RULES: tuple[RuleInfo, ...] = (
    FOREIGN_BRANCH, OTHER_CONTENT, OTHER_IMAGES, PATH_TAKEN, UNSAFE_PATH, NOT_PORTABLE, SAME_BUT_CASE, NO_FILE,
    NOT_SIGNED, FOLDER_REMOVED, NOT_DELIVERED, ELSEWHERE, NOT_AS_RENDERED, DIFFERS_BY_TOOLS, BUNDLE, BUNDLES,
)
