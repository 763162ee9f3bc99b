"""The rules that generators and what they deliver can break (CS501 to CS509)."""

from __future__ import annotations

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.source import Position

DEFINITION = "CS501"
UNKNOWN = "CS502"
PARAMETERS = "CS503"
REPOSITORY_URL = "CS504"
TEMPLATE = "CS505"
OUTPUT = "CS506"
PATH = "CS507"
VARIABLE = "CS508"
LIMIT = "CS509"

RULES: tuple[RuleInfo, ...] = (
    RuleInfo(
        DEFINITION, "generator-definition", "generator.yaml is wrong, or a file that it names is missing",
        "A generator is a folder with generator.yaml and templates. What is wrong with it is said before anything is "
        "delivered.",
        source="schemas/generator.schema.json",
    ),
    RuleInfo(
        UNKNOWN, "generator-unknown", "settings enable a generator that does not exist",
        "A generator is bundled with the tool, or a folder of the repository: generators/<name>/generator.yaml.",
    ),
    RuleInfo(
        PARAMETERS, "generator-parameters", "the parameters of a generator do not follow its schema",
        "Each generator names its parameters, their types and their defaults in generator.yaml.",
        source="the generator's generator.yaml",
    ),
    RuleInfo(
        REPOSITORY_URL, "generator-repository-url", "a generator needs the URL of the repository and does not have it",
        "Flux and Argo CD are told in the delivered files where the branch is. The URL must be one that they can read.",
    ),
    RuleInfo(
        TEMPLATE, "generator-template", "a template of a generator fails",
        "An undefined name, a syntax error, or a step that a template may not take.",
        source="Jinja2",
    ),
    RuleInfo(
        OUTPUT, "generator-output", "what a template of a generator gives is no YAML or JSON",
        "The output of .yaml and .json files is read again and written in one canonical form.",
    ),
    RuleInfo(
        PATH, "generator-path", "the path of a delivered file is unsafe, or two outputs have the same",
        "A delivered file stays in the generator's folder of the branch, on every operating system, and has one "
        "owner. Names that collide (provider a-b with stack c, provider a with stack b-c) show here.",
    ),
    RuleInfo(
        VARIABLE, "generator-variable", "a delivered file uses a variable that generator.yaml does not declare",
        "Flux refuses a variable that nobody sets. Operators set what generator.yaml declares.",
        source="Flux, strict post-build substitution",
    ),
    RuleInfo(
        LIMIT, "generator-limit", "a generator of the repository takes too much time or memory",
        "Its templates run in a process of their own, which is stopped: a loop without end costs a message, not the "
        "publish job.",
    ),
)

_SEVERITY = {rule.id: rule.severity for rule in RULES}


def finding(rule: str, message: str, path: str, at: Position | None = None, *, key: str = "") -> Finding:
    """A finding of this package. No position means the file as a whole."""
    return Finding.at(rule, _SEVERITY[rule], message, path, at, key=key)


def refused(rule: str, message: str, path: str, at: Position | None = None, *, key: str = "") -> Refused:
    """The same as an exception to raise."""
    return Refused(finding(rule, message, path, at, key=key))
