"""The parameters of a generator: what settings say, over the defaults of the generator's schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster_stacks.delivery import rules
from cluster_stacks.delivery.generator import Generator
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import SETTINGS_PATH, Settings


def parameters_of(generator: Generator, settings: Settings) -> dict[str, Any]:
    """The value of every parameter. Raises Refused (CS503) where settings give one that the schema does not allow."""
    given = next((item.parameters for item in settings.generators if item.name == generator.name), {})
    problems = _problems(generator, given)
    if problems:
        raise Refused(*problems)
    return {name: given.get(name, schema["default"]) for name, schema in _properties(generator).items()}


def check_url(generator: Generator, settings: Settings) -> None:
    """Raises Refused (CS504) where the generator needs the repository's URL and settings give none that it can use."""
    if not generator.schemes:
        return
    from cluster_stacks.delivery.context import readable_url

    url = settings.repository_url
    forms = " or ".join(f"{scheme}://…" for scheme in generator.schemes)
    if not url:
        problem = f"the generator {generator.name} needs the URL from which the branch is read"
    elif readable_url(url).partition("://")[0] not in generator.schemes:
        problem = f"the generator {generator.name} cannot deliver from {url}"
    else:
        return
    message = f"{problem}: set repositoryURL in {SETTINGS_PATH} to {forms}"
    raise rules.refused(rules.REPOSITORY_URL, message, SETTINGS_PATH, key=generator.name)


def schema_problem(schema: Mapping[str, Any]) -> str:
    """What is wrong with the schema of one parameter; empty where nothing is."""
    import jsonschema_rs

    if _refers(schema):
        return "refers to another schema: write it out"
    try:
        jsonschema_rs.meta.validate({**schema})
        problem = next(_validator(schema).iter_errors(schema["default"]), None)
    except ValueError as error:
        return f"is no schema: {str(error).splitlines()[0]}"
    return f"does not allow its own default: {problem.message}" if problem else ""


def _refers(schema: object) -> bool:
    """Whether a reference stands anywhere: it could lead out of the file, onto the network."""
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if any(key in item for key in ("$ref", "$dynamicRef", "$recursiveRef")):
                return True
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return False


def _validator(schema: Mapping[str, object]) -> Any:
    import jsonschema_rs

    # Patterns come from the repository: this engine matches them without backtracking.
    return jsonschema_rs.Draft202012Validator(
        dict(schema), pattern_options=jsonschema_rs.RegexOptions(), validate_formats=False
    )


def _problems(generator: Generator, given: Mapping[str, object]) -> list[Finding]:
    return [
        rules.finding(rules.PARAMETERS, _message(generator, error), SETTINGS_PATH, key=_pointer(generator, error))
        for error in _validator(generator.parameters).iter_errors(dict(given))
    ]


def _pointer(generator: Generator, error: Any) -> str:
    return ".".join([generator.name, *map(str, error.instance_path)])


def _message(generator: Generator, error: Any) -> str:
    where = ".".join(map(str, error.instance_path))
    advice = f"mend parameter {where}" if where else f"its parameters are {', '.join(_properties(generator)) or 'none'}"
    return f"generator {generator.name}: {error.message}: {advice}"


def _properties(generator: Generator) -> dict[str, Any]:
    properties = generator.parameters["properties"]
    assert isinstance(properties, dict), "generator.schema.json says so"
    return properties
