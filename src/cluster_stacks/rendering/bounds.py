"""What one step of a template may cost: text, lists, numbers.

A template runs in a worker that the clock stops, but one call into C cannot be interrupted from within: `'x' * 2**31`
holds a core for seconds and takes gigabytes. So the steps that multiply are counted before they are taken.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined

MAX_TEXT = 16 * 1024 * 1024
"""Characters of one text, and of the output of one template."""
MAX_ITEMS = 100_000
"""Items of one list, and of one range()."""
MAX_NODES = 500_000
MAX_DEPTH = 100
"""Parts and levels of one value that is written out."""
MAX_BITS = 1024
"""Size of a whole number."""


def text_size(size: int) -> None:
    """Raises SecurityError for a text that would be longer than a template may make."""
    if size > MAX_TEXT:
        raise SecurityError(f"a text of {size} characters is more than the {MAX_TEXT} that a template may make")


def plain_text(value: Any) -> str:
    """What `<% value %>` writes: text as it is, everything else as JSON, which YAML reads the same.

    Raises SecurityError for what is no data (a function, a generator): it would write an address in memory.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict):
        return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    return json.dumps(_scalar(value))


def plain(value: Any) -> Any:
    """A copy of data as dicts, lists and scalars alone; what can be iterated becomes a list.

    Raises SecurityError for what is no data, and for what is small only because its parts are shared: a list of lists
    of lists, written out, can be larger than any memory.
    """
    return _copy(value, [MAX_NODES, MAX_TEXT], MAX_DEPTH)


def _copy(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    left[1] -= len(value) if isinstance(value, str) else 0
    if min(left) < 0 or depth < 0:
        raise SecurityError(f"the value is larger than the {MAX_NODES} parts, or deeper than the {MAX_DEPTH} levels, "
                            "that a template may write")
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {plain_text(key): _copy(item, left, depth - 1) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, Undefined):
        return [_copy(item, left, depth - 1) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> bool | int | float | None:
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Undefined):
        str(value)  # raises what is missing
    raise SecurityError(f"a {type(value).__name__} is no data that can be written: use its result, or `| list`")


def bounded_range(*args: int) -> range:
    """`range(…)`."""
    numbers = range(*args)
    if numbers[MAX_ITEMS:]:
        raise SecurityError(f"{numbers} is more than the {MAX_ITEMS} that a template may count")
    return numbers


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, str | list | tuple) else None


def multiply(left: Any, right: Any) -> Any:
    """`left * right`."""
    for sequence, times in ((left, right), (right, left)):
        size = _length(sequence)
        if size is not None and isinstance(times, int):
            _sequence_size(sequence, size * max(times, 0))
            return sequence * times
    return _number(left * right)


def add(left: Any, right: Any) -> Any:
    """`left + right`."""
    sizes = _length(left), _length(right)
    if sizes[0] is not None and sizes[1] is not None:
        _sequence_size(left, sizes[0] + sizes[1])
    return left + right


def power(left: Any, right: Any) -> Any:
    """`left ** right`."""
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > MAX_BITS:
        raise SecurityError(f"{left} ** {right} is a number of more than {MAX_BITS} bits")
    return left**right


def modulo(left: Any, right: Any) -> Any:
    """`left % right`, of numbers alone: for texts it is a format with unbounded widths."""
    if isinstance(left, str | bytes):
        raise SecurityError("% formats no text here: use ~ to join texts")
    return left % right


def concatenate(parts: Iterable[Any]) -> str:
    """`left ~ right`."""
    return join_texts([plain_text(part) for part in parts], "")


def join_texts(texts: list[str], separator: str) -> str:
    """The texts, with `separator` between them."""
    text_size(sum(map(len, texts)) + len(separator) * max(len(texts) - 1, 0))
    return separator.join(texts)


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    """`str.replace`."""
    found = text.count(old)
    times = found if count is None or count < 0 else min(found, count)
    text_size(len(text) + times * max(len(new) - len(old), 0))
    return text.replace(old, new, times)


def _sequence_size(sequence: Any, size: int) -> None:
    if isinstance(sequence, str):
        text_size(size)
    elif size > MAX_ITEMS:
        raise SecurityError(f"a list of {size} items is more than the {MAX_ITEMS} that a template may make")


def _number(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise SecurityError(f"a number of more than {MAX_BITS} bits")
    return value
