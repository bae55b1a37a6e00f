"""The report: what the log says of the answers of a period. A frozen record, no markup, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.reporting.findings import Condition, Disputed, StaleSource, WorstCase
from assistant.reporting.groups import Group, Judged
from assistant.reporting.records import Drawn, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewing:
    """How the answers were reviewed: people, their standing words, and what came of them.

    ``unread`` are judgements that this program cannot read, or that name a citation that the
    answer does not have; ``erased`` are citations judged in answers whose texts were erased since:
    they count as judged, but nobody knows what they cited.
    """

    evaluators: int
    words: int
    answers: int
    shared: int
    settled: int
    erased: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """The chain when it was read: so many records, the last one's SHA-256."""

    records: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The answers that were opened from ``since`` to ``until`` (UTC days, inclusive, or None).

    Judgements and disputes of these answers count whenever they came. ``partial`` says that
    answers which show something of a hidden collection are left out, as if they were not there.
    Dictionaries by name are in the order of the names; a collection's figures are those of the
    answers that cite it, so an answer may be in several.
    """

    since: date | None
    until: date | None
    written: str
    program: str
    log: LogState | None
    partial: bool
    whole: Group
    by_day: Mapping[str, Mapping[Outcome, int]]
    by_month: Mapping[str, Group]
    by_collection: Mapping[str, Group]
    by_kind: Mapping[str, Group]
    by_draw: Mapping[Drawn, Judged]
    answers_judged: Mapping[Outcome, Mapping[str, int]]
    reviewing: Reviewing
    reasons: Mapping[str, int]
    worst: tuple[WorstCase, ...]
    disputed: tuple[Disputed, ...]
    conditions: tuple[Condition, ...]
    stale: tuple[StaleSource, ...]
