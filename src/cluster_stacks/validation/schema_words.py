"""The words of schemas: keywords, formats, bounds, and the patterns that stand for formats."""

from __future__ import annotations

Schema = dict[str, object]


class ConversionError(ValueError):
    """A CRD that cannot become a schema; the message says what is wrong and where in the CRD's schema."""


KEPT = frozenset({
    "pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "uniqueItems",
})
STRUCTURE = frozenset({
    "type", "properties", "additionalProperties", "items", "required", "nullable", "format",
    "allOf", "anyOf", "oneOf", "not",
})
PROSE = frozenset({"description", "title", "example", "externalDocs", "default", "id"})
BRANCHES = ("allOf", "anyOf", "oneOf")
CEL = "x-kubernetes-validations"
KEPT_BEYOND = ("default", "nullable", "x-kubernetes-list-map-keys", CEL)
FORMAT = "x-format"
"""The name of a text's format in what is made: `format` itself would be read by an engine, each in its own way."""
BEYOND = (*KEPT_BEYOND, FORMAT)
FORMATS = frozenset({
    "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5",
    "isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "date", "duration", "datetime",
    "k8sshortname", "k8slongname",
})
"""The formats of texts that the API server reads, without hyphens, as it compares them (apiextensions: formats.go)."""
INT32 = (-(2**31), 2**31 - 1)
# What any integer must fit into. The next float beyond: engines that read numbers as floats cannot tell the largest
# from what is just larger.
INT64 = (-(2**63 + 2**11), 2**63 + 2**11)

# What the API server's parser of each format cannot do without. Looser than the parser, never stricter.
FORMAT_PATTERNS = {
    "uuid": r"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$",
    "cidr": r"^[0-9a-fA-F:.]+/[0-9]{1,3}$",
    "ipv4": r"^[0-9a-fA-F:]*([0-9]{1,3}\.){3}[0-9]{1,3}$",
    "ipv6": r"^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$",
    "byte": r"^[A-Za-z0-9+/\r\n]*[=\r\n]*$",
    "uri": r"^([A-Za-z][A-Za-z0-9+.-]*:|/|\*$)",
    "duration": r"[0-9]",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": r"^([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?)?$",
}
# The pattern that apimachinery's ParseQuantity splits a quantity with.
QUANTITY_PATTERN = r"^\s*([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)\s*$"
EITHER = ([{"type": "integer"}, {"type": "string"}], [{"type": "string"}, {"type": "integer"}])
