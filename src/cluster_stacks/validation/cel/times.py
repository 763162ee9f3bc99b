"""Moments and spans of time, as texts have them in schemas and in expressions."""

from __future__ import annotations

import datetime
import re

from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.cel.values import INT_MAX, INT_MIN, Duration, Timestamp

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2}))?", re.ASCII
)
_SPAN = re.compile(r"[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNITS = {
    "ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9,
}


def parse_date_time(text: str, *, dates: bool = True) -> Timestamp:
    """A moment (RFC 3339); with `dates` a day alone is its midnight in UTC. Raises EvaluationError."""
    match = _DATE_TIME.fullmatch(text)
    if match is None or (match[4] is None and not dates):
        raise EvaluationError(f"{text[:60]!r} is no moment as RFC 3339 has it")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    zone = match[8] or "Z"
    ahead = 0 if zone in "Zz" else (1 if zone[0] == "+" else -1) * (int(zone[1:3]) * 60 + int(zone[4:6]))
    try:
        moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC)
    except ValueError as error:
        raise EvaluationError(f"{text[:60]!r} is no moment of the calendar") from error
    seconds = int((moment - _EPOCH).total_seconds()) - ahead * 60
    return Timestamp(seconds * 10**9 + int((match[7] or "").ljust(9, "0") or 0), ahead)


def parse_duration(text: str) -> Duration:
    """A span of time as Go writes it (`1h30m`). Raises EvaluationError."""
    if len(text) > 100 or not _SPAN.fullmatch(text):
        raise EvaluationError(f"{text[:60]!r} is no span of time: write it as 1h30m or 90s")
    total = 0
    for number, unit in _PART.findall(text):
        whole, _, part = number.partition(".")
        total += int(whole or 0) * _UNITS[unit] + (int(part) * _UNITS[unit] // 10 ** len(part) if part else 0)
    total = -total if text.startswith("-") else total
    if not INT_MIN <= total <= INT_MAX:
        raise EvaluationError(f"{text[:60]!r} is longer than a span of time can be")
    return Duration(total)


def parse_schema_duration(text: str) -> Duration:
    """A span of time as the format `duration` of a schema takes it: also in days and weeks. Raises EvaluationError."""
    match = re.fullmatch(r"(\d+)\s*(d|days?|w|weeks?)", text.strip(), re.ASCII)
    if match and len(match[1]) < 7:
        return Duration(int(match[1]) * (24 if match[2].startswith("d") else 168) * _UNITS["h"])
    return parse_duration(text)


def moment_of(stamp: Timestamp, zone: str = "") -> datetime.datetime:
    """The moment in a zone (`UTC`, `Europe/Berlin`, `+02:00`), to the microsecond. Raises EvaluationError."""
    seconds, rest = divmod(stamp.nanoseconds, 10**9)
    try:
        moment = _EPOCH + datetime.timedelta(seconds=seconds, microseconds=rest // 1000)
        return moment.astimezone(_zone(zone)) if zone else moment
    except (OverflowError, ValueError) as error:
        raise EvaluationError("timestamp overflow") from error


def _zone(name: str) -> datetime.tzinfo:
    if match := re.fullmatch(r"([+-]?)(\d{1,2}):(\d{2})", name, re.ASCII):
        minutes = int(match[2]) * 60 + int(match[3])
        return datetime.timezone(datetime.timedelta(minutes=-minutes if match[1] == "-" else minutes))
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{name[:60]!r} is no time zone") from error


def said_moment(stamp: Timestamp) -> str:
    """As `string(timestamp)` writes it."""
    seconds, rest = divmod(stamp.nanoseconds, 10**9)
    moment = moment_of(Timestamp((seconds + stamp.ahead * 60) * 10**9))
    hours, minutes = divmod(abs(stamp.ahead), 60)
    zone = f"{'-' if stamp.ahead < 0 else '+'}{hours:02d}:{minutes:02d}" if stamp.ahead else "Z"
    return f"{moment.isoformat()[:19]}{f'.{rest:09d}'.rstrip('0') if rest else ''}{zone}"


def said_duration(span: Duration) -> str:
    """As `string(duration)` writes it: in seconds."""
    whole, rest = divmod(abs(span.nanoseconds), 10**9)
    part = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if span.nanoseconds < 0 else ''}{whole}{part}s"
