"""What an engine finds against a schema."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo

NO_SCHEMA = RuleInfo(
    "CS401", "no-schema", "a kind without a schema",
    "An object whose kind is not known cannot be judged, and what cannot be judged never passes. Add the CRD of the "
    "kind with `cluster-stacks schemas add FILE`, or mend its apiVersion and kind.",
    source="this project: fail closed",
)
UNKNOWN_FIELD = RuleInfo(
    "CS402", "unknown-field", "a field that the kind does not have",
    "The API server drops unknown fields, or refuses them under strict validation; either way they do not do what the "
    "author meant.",
    source="Kubernetes: field validation, pruning",
)
MISSING_FIELD = RuleInfo(
    "CS403", "missing-field", "a required field is missing",
    "The schema requires the field and has no default for it. A null counts as missing where the schema does not "
    "allow null, because the API server drops it.",
    source="Kubernetes: schema validation",
)
WRONG_TYPE = RuleInfo(
    "CS404", "wrong-type", "a value of another type than the field has",
    "Most often a number or a yes/no without quotes where a text is expected, or a list instead of a mapping.",
    source="Kubernetes: schema validation",
)
BAD_VALUE = RuleInfo(
    "CS405", "bad-value", "a value that the schema does not allow",
    "The type is right, the value is not: not one of the allowed ones, outside of the bounds, of another form than the "
    "pattern says, a list with an element twice.",
    source="Kubernetes: schema validation",
)
ENGINES_DISAGREE = RuleInfo(
    "CS411", "engines-disagree", "the two engines judge an object differently",
    "With `--engine both`, kubeconform and the embedded engine read the same schema. That they differ is a fault of "
    "one of them: please report it.",
    source="this project",
)
SCHEMAS = RuleInfo(
    "CS414", "bad-schemas", "a folder of schemas that cannot be used",
    "Folders of schemas are made by `cluster-stacks schemas add` from CRDs and are not edited by hand.",
    source="this project",
)
BAD_CRD = RuleInfo(
    "CS413", "bad-crd", "a CRD that cannot become a schema",
    "Its schema is not structural, lacks a type, or has a keyword that apiextensions.k8s.io/v1 does not know. The API "
    "server refuses such a CRD as well.",
    source="Kubernetes: structural schemas",
)

RULES = (NO_SCHEMA, UNKNOWN_FIELD, MISSING_FIELD, WRONG_TYPE, BAD_VALUE, ENGINES_DISAGREE, BAD_CRD, SCHEMAS)
