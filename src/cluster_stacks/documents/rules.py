"""The rules that reading and writing documents can break (CS200 to CS209)."""

from __future__ import annotations

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Related, RuleInfo, Severity
from cluster_stacks.model.source import Position

REMARK = "CS200"
ENCODING = "CS201"
SYNTAX = "CS202"
DUPLICATE_KEY = "CS203"
LIMIT = "CS204"
UNSUPPORTED = "CS205"
DOCUMENT_COUNT = "CS206"
JSON_SYNTAX = "CS207"
SCHEMA = "CS208"
EDIT = "CS209"

RULES: tuple[RuleInfo, ...] = (
    RuleInfo(
        REMARK, "file-form", "a byte order mark or carriage returns",
        "Both are read and kept, and neither means anything: editors on other systems write them by accident, and "
        "shell scripts inside such a file may break.",
        Severity.WARNING, "YAML 1.1, chapter 5",
    ),
    RuleInfo(
        ENCODING, "file-encoding", "the file is not UTF-8 text",
        "YAML and JSON for Kubernetes are UTF-8. Bytes that are none, and control characters, are refused.",
        source="YAML 1.1, chapter 5",
    ),
    RuleInfo(
        SYNTAX, "yaml-syntax", "the file is not YAML",
        "The parser is libyaml, whose Go translation reads the same file inside Kubernetes, Flux and Argo CD.",
        source="YAML 1.1",
    ),
    RuleInfo(
        DUPLICATE_KEY, "duplicate-key", "a mapping has the same key twice",
        "Tools disagree on which of the two counts, and kubectl refuses such an object under strict validation.",
        source="YAML 1.1, RFC 8259 section 4",
    ),
    RuleInfo(
        LIMIT, "document-limits", "the file is larger, deeper or more repetitive than any honest one",
        "Size, length of a line, nesting, number of values and what aliases expand to are bounded, so that a hostile "
        "file costs no more than a message.",
    ),
    RuleInfo(
        UNSUPPORTED, "yaml-feature", "a feature of YAML that Kubernetes does not read, or reads unlike others",
        "Directives, tags other than those of JSON's types, keys that are no text, values without a JSON form, and "
        "merges whose outcome depends on the tool.",
        source="sigs.k8s.io/yaml",
    ),
    RuleInfo(
        DOCUMENT_COUNT, "document-count", "the file does not hold exactly one document",
        "A file such as metadata.yaml is one document; an empty one says nothing.",
    ),
    RuleInfo(
        JSON_SYNTAX, "json-syntax", "the file is not JSON",
        "JSON is read as its standard says: no comments, no trailing commas, no NaN.",
        source="RFC 8259",
    ),
    RuleInfo(
        SCHEMA, "document-schema", "the document does not follow its schema",
        "A key is unknown or missing, or a value has another type or form than the file's format asks for.",
        source="schemas/",
    ),
    RuleInfo(
        EDIT, "edit-impossible", "a value cannot be edited in place",
        "An edit replaces the text of one value and nothing else. Values that are missing, shared by an anchor, tagged "
        "or written over several lines are left to a human.",
    ),
)

_SEVERITY = {rule.id: rule.severity for rule in RULES}


def finding(
    rule: str, message: str, path: str, at: Position | None = None, *, related: tuple[Related, ...] = (), key: str = ""
) -> Finding:
    """A finding of this package, with the severity that its rule has. No position means the file as a whole."""
    return Finding.at(rule, _SEVERITY[rule], message, path, at, related=related, key=key)


def refused(
    rule: str, message: str, path: str, at: Position | None = None, *, related: tuple[Related, ...] = (), key: str = ""
) -> Refused:
    """The same as an exception to raise."""
    return Refused(finding(rule, message, path, at, related=related, key=key))
