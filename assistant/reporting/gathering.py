"""From the log to the report: one pass over the answers of a period, oldest first.

What is kept meanwhile: a few numbers an answer, the judgements, and what the report names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from assistant.answering.past import readable
from assistant.audit import AuditLog
from assistant.reporting.findings import Findings
from assistant.reporting.judgements import Judgements
from assistant.reporting.reading import answer_of
from assistant.reporting.records import Answered, Cited, Drawn, Held, Outcome
from assistant.reporting.refusals import backwards
from assistant.reporting.report import LogState, Report, Reviewing
from assistant.reporting.sources import SourcesToday
from assistant.reporting.tallies import JudgedTally, Tallies, Tally
from assistant.wording import Words
from assistant.workspace import Workspace

Listener = Callable[[Answered], None]
Progress = Callable[[Words, int, int], None]
READING = Words("Lecture du journal", "Reading the log")
_OPENED = frozenset({"answer.opened"})


def report(
    workspace: Workspace,
    since: date | None = None,
    until: date | None = None,
    hidden: frozenset[str] = frozenset(),
    *,
    listen: Listener = lambda _: None,
    progress: Progress = lambda *_: None,
) -> Report:
    """What the log says of the answers that were opened in a period.

    Args:
        workspace: Where.
        since: First day, UTC; ``None``: from the first answer on.
        until: Last day, UTC, inclusive; ``None``: to the last answer.
        hidden: Collections that the evaluator may not read: answers that show something of them
            are left out, as if they were not there.
        listen: Hears each answer that is counted, oldest first.
        progress: Called as the log is read.

    Raises:
        ReportError: The period ends before it begins.
        AuditError: The log was altered.
    """
    if since is not None and until is not None and since > until:
        raise backwards(since, until)
    audit, log = workspace.audit, _state(workspace.audit)
    records = log.records if log else 0
    judgements = Judgements(audit, since, records)
    counts = _Counts(judgements)
    with workspace.catalogue.at_one_moment():
        sources = SourcesToday(workspace.catalogue, hidden)
        for entry in audit.events(_OPENED, since, until):
            if entry.seq > records:
                break  # it was opened while the log was read
            progress(READING, entry.seq, records)
            shown = audit.show(entry.record_id)
            if shown["payload"] is not None and not readable(workspace, shown["payload"], hidden):
                continue
            answer = answer_of(shown, judgements.of(entry.record_id), sources)
            counts.add(answer)
            listen(answer)
        progress(READING, records, records)
    return counts.made(
        since=since,
        until=until,
        program=workspace.program_version,
        log=log,
        incomplete=bool(hidden),
    )


class _Counts:
    """All that is counted at once."""

    def __init__(self, judgements: Judgements) -> None:
        self._judgements = judgements
        self._whole = Tally()
        self._days: dict[str, Counter[Outcome]] = {}
        self._months, self._collections, self._kinds = Tallies(), Tallies(), Tallies()
        self._draws = {drawn: JudgedTally() for drawn in Drawn}
        self._answers: dict[Outcome, Counter[str]] = {}
        self._evaluators: set[str] = set()
        self._reviewing: Counter[str] = Counter()
        self._findings = Findings()

    def add(self, answer: Answered) -> None:
        self._whole.add(answer)
        self._days.setdefault(answer.opened[:10], Counter())[answer.outcome] += 1
        self._months.add(answer.opened[:7], answer)
        cited = [c for claim in answer.claims for c in claim.citations]
        for name in {c.collection for c in cited}:
            self._collections.add(name, answer, partial(_of_collection, name))
        for name in {c.kind for c in cited}:
            self._kinds.add(name, answer, partial(_of_kind, name))
        self._findings.add(answer)
        self._review(answer)

    def _review(self, answer: Answered) -> None:
        erased = answer.outcome is Outcome.FORGOTTEN
        named = {(claim.claim, c.citation) for claim in answer.claims for c in claim.citations}
        for thing, held in answer.judged.items():
            if thing is not None and thing not in named and not erased:
                self._reviewing["unread"] += len(held.votes)
                continue
            self._count_words(held)
            if thing is not None:
                self._draws[held.drawn].add(held)
                self._reviewing["erased"] += erased
            elif held.key is not None:
                self._answers.setdefault(answer.outcome, Counter())[held.key] += 1
        self._reviewing["answers"] += bool(answer.judged)
        self._reviewing["unread"] += self._judgements.unread[answer.record]

    def _count_words(self, held: Held) -> None:
        self._evaluators.update(vote.by for vote in held.votes)
        self._reviewing["words"] += len(held.votes)
        self._reviewing["shared"] += len(held.votes) > 1
        self._reviewing["settled"] += held.settled is not None

    def made(
        self,
        *,
        since: date | None,
        until: date | None,
        program: str,
        log: LogState | None,
        incomplete: bool,
    ) -> Report:
        count = self._reviewing
        return Report(
            since=since,
            until=until,
            written=datetime.now(UTC).isoformat(timespec="seconds"),
            program=program,
            log=log,
            partial=incomplete,
            whole=self._whole.made(),
            by_day={day: dict(found) for day, found in sorted(self._days.items())},
            by_month=self._months.made(),
            by_collection=self._collections.made(),
            by_kind=self._kinds.made(),
            by_draw={drawn: tally.made() for drawn, tally in self._draws.items()},
            answers_judged={outcome: dict(found) for outcome, found in self._answers.items()},
            reviewing=Reviewing(
                evaluators=len(self._evaluators),
                words=count["words"],
                answers=count["answers"],
                shared=count["shared"],
                settled=count["settled"],
                erased=count["erased"],
                unread=count["unread"],
            ),
            reasons=dict(self._findings.reasons.most_common()),
            worst=self._findings.worst(),
            disputed=self._findings.disputed(),
            conditions=self._findings.conditions(),
            stale=self._findings.stale(),
        )


def _of_collection(name: str, cited: Cited) -> bool:
    return cited.collection == name


def _of_kind(name: str, cited: Cited) -> bool:
    return cited.kind == name


def _state(audit: AuditLog) -> LogState | None:
    """Where the chain ends, settled; None when no record was ever written."""
    if not audit.folder.is_dir():
        return None
    found = audit.checkpoint()
    return LogState(records=found.records, head=found.head)
