"""What the interface draws: hostile text never becomes markup, a refusal never looks like an answer."""

import re
from datetime import UTC, datetime

import pytest

from assistant.answering import AnswerReady
from assistant.answering.past import PastQuestion
from assistant.auditing import RecordRow
from assistant.collection_picture import by_kind_and_month
from assistant.desk import Excerpt
from assistant.ingestion import CorpusRow, CorpusState, Failure, IngestionReport, State
from assistant.records import Answer, Citation, Claim, Disagreement, Energy, Hit, Tokens, Verdict
from assistant.wording import Words, speak
from tests.conftest import document, evidence
from ui import render

HOSTILE = "<script>alert(1)</script>\u202e\"'&<img src=x onerror=y>${alert(2)}{{constructor}}"
SAID = Words(HOSTILE, HOSTILE)


def ready(
    *, answered: bool, verdict: Verdict = Verdict.SUPPORTED, disagreeing: bool = False
) -> AnswerReady:
    source = evidence(f"Le fait {HOSTILE}", title=HOSTILE)
    citation = Citation(
        passage=source.passage, document=source.document, quote=source.text, start=0, end=9
    )
    disagreement = Disagreement(cited=citation, other=citation, note=HOSTILE)
    claim = Claim(text=HOSTILE, verdict=verdict, reason=HOSTILE, citations=(citation, citation))
    return AnswerReady(
        answer=Answer(
            answered=answered,
            reason=HOSTILE,
            claims=(claim,),
            evidence=(source,),
            disagreements=(disagreement,) if disagreeing else (),
            suggestion=HOSTILE,
        ),
        question=HOSTILE,
        record="r1",
        model=HOSTILE,
        model_sha256=None,
        tokens=Tokens(),
        seconds={"total": 1.0},
        energy=Energy(wh=0.0213, measured=False, how=SAID),
    )


def hit() -> Hit:
    source = evidence(f"Le fait {HOSTILE}", title=HOSTILE)
    return Hit(rank=1, score=1.0, passage=source.passage, document=source.document)


def excerpt() -> Excerpt:
    source = evidence(f"Le fait {HOSTILE}", title=HOSTILE)
    return Excerpt(
        excerpt_id="0" * 16,
        document_id=source.document.document_id,
        sha256="0" * 64,
        start=0,
        end=9,
        quote=HOSTILE,
        note=HOSTILE + "</textarea>",
        added=datetime.now(UTC),
        document=source.document,
        locator=source.passage.locator,
        passage_id="x",
    )


def row() -> CorpusRow:
    return CorpusRow(
        path=HOSTILE,
        title=HOSTILE,
        collection=HOSTILE,
        state=State.FAILED,
        there=True,
        reason=SAID,
        remedy=SAID,
    )


def recorded() -> dict[str, object]:
    payload = {"question": HOSTILE, "standalone": HOSTILE + "?", "user": HOSTILE, "raw": HOSTILE}
    payload |= {"model": {"name": HOSTILE}, "filters": {"kind": HOSTILE}, "status": "stopped"}
    return {
        "id": "r1",
        "payload": payload,
        "forgotten": None,
        "events": [{"seq": 1, "time": "t", "type": HOSTILE, "hash": "h"}],
        "data": {"x": HOSTILE},
    }


RENDERED = {
    "answer": lambda: render.answer(ready(answered=True, disagreeing=True)),
    "refusal": lambda: render.answer(ready(answered=False)),
    "evidence": lambda: render.evidence_list(ready(answered=True).answer.evidence),
    "follow-up": lambda: render.understood("a", HOSTILE),
    "error": lambda: render.banner(HOSTILE, HOSTILE),
    "results": lambda: render.results([hit()], [evidence("Le fait", title=HOSTILE)]),
    "basket": lambda: render.basket([excerpt()]),
    "history": lambda: render.history(
        [PastQuestion(record=HOSTILE, asked=datetime.now(UTC), question=HOSTILE, status="answered")]
    ),
    "corpus": lambda: render.corpus(CorpusState(generation=1, rows=(row(),))),
    "report": lambda: render.report(
        IngestionReport(failed=[Failure(HOSTILE, HOSTILE, HOSTILE)]), frozenset({HOSTILE})
    ),
    "records": lambda: render.records(
        [
            RecordRow(
                record=HOSTILE,
                opened=datetime.now(UTC),
                outcome="answered",
                question=HOSTILE,
                user=HOSTILE,
                disputes=(HOSTILE,),
                unsupported=1,
            )
        ]
    ),
    "record": lambda: render.record(recorded()),
}


@pytest.mark.parametrize("part", RENDERED)
def test_hostile_text_never_becomes_markup(part):
    html = RENDERED[part]()

    assert "<script" not in html and "<img" not in html and "\u202e" not in html
    assert "&lt;script&gt;" in html
    assert "</textarea></" not in html.replace("</textarea><div", "")
    for tag in re.findall(r"<[^>]*>", html):
        assert "onerror" not in re.sub(r'"[^"]*"', "", tag), tag


def test_an_abstention_never_looks_like_an_answer():
    assert 'class="answer answered"' in render.answer(ready(answered=True))
    abstained = render.answer(ready(answered=False))
    assert 'class="answer abstained"' in abstained
    assert "Pas de réponse dans les documents" in abstained


def test_an_unsupported_claim_says_so_in_words():
    html = render.answer(ready(answered=False, verdict=Verdict.UNSUPPORTED))

    assert "non étayé" in html


def test_documents_that_disagree_are_both_shown():
    html = render.answer(ready(answered=True, disagreeing=True))

    assert "Les documents ne s’accordent pas" in html
    assert html.count("<blockquote>") == 2


def test_the_same_citation_twice_is_one_source_with_one_number():
    html = render.answer(ready(answered=True))

    assert html.count("<blockquote>") == 1
    assert html.count('data-act="cite"') == 1


def test_a_line_says_what_answered_in_what_time_and_for_what_energy():
    html = render.answer(ready(answered=True))

    assert "Rédigé par une IA" in html and "1,0 s" in html
    assert "0,021 Wh (estimée)" in html


def test_what_is_copied_holds_the_quotations_with_their_references():
    copied = render.in_words(ready(answered=True))

    assert f"[1] « Le fait {HOSTILE} »" in copied and "14\u00a0janvier 2026" in copied


def test_each_language_says_all_of_it():
    speak("en")
    try:
        html = render.answer(ready(answered=False))
    finally:
        speak("fr")

    assert "No answer in the documents" in html and "Pas de réponse" not in html


def test_the_picture_has_a_number_for_whoever_does_not_see_it():
    html = render.picture(by_kind_and_month([document(), document("notes/autre.txt")]))

    assert 'role="img"' in html and '<td class="number">2</td>' in html
