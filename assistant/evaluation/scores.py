"""The scores, each a pure function over cases with its definition and its source.

A case that failed (an error instead of an answer) is left out of every score and
counted apart. Answering and abstaining are weighed against each other, as in selective
question answering (Kamath et al., ACL 2020): a *false answer* is given where none
exists, a *false refusal* where one does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from assistant.contract import Json
from assistant.evaluation.cases import Case
from assistant.evaluation.gold import NEAR_MISS
from assistant.figures.shares import Share, Spread, spread
from assistant.records import Verdict

STAGES = ("retrieval", "first_evidence", "first_token", "total")
TOKENS = ("prompt", "prefilled", "generated")

Cases = Sequence[Case]


def answered(cases: Cases) -> Share:
    """Questions that got an answer, right or wrong, over all."""
    done = _done(cases)
    return _share((case.answered for case in done), done)


def refused(cases: Cases) -> Share:
    """Questions that got an abstention with its reason, over all."""
    done = _done(cases)
    return _share((not case.answered for case in done), done)


def false_answers(cases: Cases) -> Share:
    """Answers given where the documents hold none, over the unanswerable questions."""
    beyond = [case for case in _done(cases) if not case.question.answerable]
    return _share((case.answered for case in beyond), beyond)


def near_miss_answers(cases: Cases) -> Share:
    """False answers over the near-misses alone: right topic, missing fact."""
    near = [case for case in _done(cases) if case.question.kind == NEAR_MISS]
    return _share((case.answered for case in near), near)


def false_refusals(cases: Cases) -> Share:
    """Abstentions where the documents hold an answer, over the answerable questions."""
    held = _answerable(cases)
    return _share((not case.answered for case in held), held)


def complete_answers(cases: Cases) -> Share:
    """Answers that give every gold fact, over the answerable questions."""
    held = _answerable(cases)
    return _share((all(case.said) for case in held), held)


def wrong_answers(cases: Cases) -> Share:
    """Answers that give none of the gold facts, over the answerable questions."""
    held = _answerable(cases)
    return _share((case.answered and not any(case.said) for case in held), held)


def facts_said(cases: Cases) -> Share:
    """Gold facts that stand in a supported claim or its quotations, over all gold facts."""
    return _tally(said for case in _answerable(cases) for said in case.said)


def facts_shown(cases: Cases) -> Share:
    """Gold facts that stand in the evidence shown before the answer, over all gold facts."""
    return _tally(shown for case in _answerable(cases) for shown in case.shown)


def citation_recall(cases: Cases) -> Share:
    """Claims of answers that all their citations together support, over all such claims.

    After ALCE (Gao et al., EMNLP 2023), judged by our own verifier.
    """
    counts = [case.outcome.citations for case in _done(cases) if case.answered]
    return Share(count=sum(c.supported for c in counts), of=sum(c.claims for c in counts))


def citation_precision(cases: Cases) -> Share:
    """Citations of answers that their claim needs or that support it alone, over all of them.

    After ALCE (Gao et al., EMNLP 2023), judged by our own verifier.
    """
    counts = [case.outcome.citations for case in _done(cases) if case.answered]
    return Share(count=sum(c.precise for c in counts), of=sum(c.citations for c in counts))


def exactness(cases: Cases) -> Share:
    """Quotations shown, in answers and evidence, that are the stored text byte for byte."""
    done = _done(cases)
    return Share(
        count=sum(case.outcome.exact_quotes for case in done),
        of=sum(case.outcome.shown_quotes for case in done),
    )


# One trial a question, independent of the others: an exact interval can be given.
PER_QUESTION: dict[str, Callable[[Cases], Share]] = {
    "answered": answered,
    "refused": refused,
    "false_answers": false_answers,
    "near_miss_answers": near_miss_answers,
    "false_refusals": false_refusals,
    "complete_answers": complete_answers,
    "wrong_answers": wrong_answers,
}
# Several to a question, so they are not independent: no interval.
PER_ITEM: dict[str, Callable[[Cases], Share]] = {
    "facts_said": facts_said,
    "facts_shown": facts_shown,
    "citation_recall": citation_recall,
    "citation_precision": citation_precision,
    "exactness": exactness,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Every score of a set of cases; ``questions`` counts the failed ones too."""

    questions: int
    failed: int
    shares: dict[str, Share]
    verdicts: dict[Verdict, int]
    seconds: dict[str, Spread | None]
    tokens: dict[str, Spread | None]
    energy_wh: Spread | None

    def as_json(self) -> Json:
        """The scores under the keys of the report."""
        return {
            "questions": self.questions,
            "failed": self.failed,
            **{
                name: share.as_json(interval=name in PER_QUESTION)
                for name, share in self.shares.items()
            },
            "verdicts": {str(verdict): count for verdict, count in self.verdicts.items()},
            "seconds": {stage: _spread_json(s) for stage, s in self.seconds.items()},
            "tokens": {name: _spread_json(s) for name, s in self.tokens.items()},
            "energy_wh": _spread_json(self.energy_wh),
        }


def scores_of(cases: Cases) -> Scores:
    """Every score of a set of cases.

    Times and tokens are taken over the cases that have them: no first token where no
    model wrote.
    """
    outcomes = [case.outcome for case in _done(cases)]
    verdicts = Counter(claim.verdict for outcome in outcomes for claim in outcome.claims)
    return Scores(
        questions=len(cases),
        failed=sum(case.failed for case in cases),
        shares={name: score(cases) for name, score in (PER_QUESTION | PER_ITEM).items()},
        verdicts={verdict: verdicts[verdict] for verdict in Verdict},
        seconds={s: spread(o.seconds[s] for o in outcomes if s in o.seconds) for s in STAGES},
        tokens={t: spread(o.tokens[t] for o in outcomes if t in o.tokens) for t in TOKENS},
        energy_wh=spread(o.energy_wh for o in outcomes if o.energy_wh is not None),
    )


def _done(cases: Cases) -> list[Case]:
    return [case for case in cases if not case.failed]


def _answerable(cases: Cases) -> list[Case]:
    return [case for case in _done(cases) if case.question.answerable]


def _share(hits: Iterable[bool], over: Cases) -> Share:
    return Share(count=sum(hits), of=len(over))


def _tally(hits: Iterable[bool]) -> Share:
    found = list(hits)
    return Share(count=sum(found), of=len(found))


def _spread_json(found: Spread | None) -> Json | None:
    return None if found is None else asdict(found)
