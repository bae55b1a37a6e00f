"""A reply is kept to the sentences that were judged to answer."""

from dataclasses import replace

from assistant.answering.keeping import kept_to_judged
from assistant.records import Draft, DraftClaim, Verdict
from assistant.verification import verify
from tests.conftest import evidence

RIGHT = "L’enveloppe de la stratégie est de 12,4 M€ pour les années 2026 à 2028."
FORMER = "L’enveloppe de la stratégie est estimée à 9,8 M€ pour les années 2026 à 2028."


def judged(text, number, answers, title):
    one = evidence(text, number, title)
    document = replace(one.document, document_id=f"doc{number}")
    return replace(one, document=document, answers=answers)


GIVEN = (judged(RIGHT, 1, 2.0, "Note révisée"), judged(FORMER, 4, 0.5, "Première estimation"))
TEXTS = {e.document.document_id: e.text for e in GIVEN}


def read(document_id, start, end):
    return TEXTS[document_id][start:end]


def answered(*claims):
    draft = Draft(claims=claims, refused=False, raw="")
    answer = verify(draft, GIVEN, read)
    kept = kept_to_judged(draft, answer, GIVEN)
    return kept, verify(kept, GIVEN, read)


def test_words_of_a_worse_sentence_do_not_replace_the_one_that_was_named():
    _, answer = answered(DraftClaim(text=FORMER, cites=(1,)))

    assert [claim.text for claim in answer.claims] == [RIGHT]
    assert answer.claims[0].verdict is Verdict.EXACT
    assert answer.claims[0].citations[0].quote == RIGHT


def test_words_of_a_better_sentence_move_the_citation_to_it():
    kept, answer = answered(DraftClaim(text=RIGHT, cites=(4,)))

    assert kept.claims[0].text == RIGHT
    assert answer.claims[0].citations[0].quote == RIGHT


def test_a_slip_of_the_pen_gives_way_to_the_source_and_stays_in_sight():
    slip = DraftClaim(text=RIGHT.replace("années 2026", "anées 2026"), cites=(1,))
    assert not verify(Draft(claims=(slip,), refused=False, raw=""), GIVEN, read).answered

    _, answer = answered(slip)

    assert answer.answered
    assert [claim.verdict for claim in answer.claims] == [Verdict.EXACT, Verdict.UNSUPPORTED]
    assert answer.claims[1].text == slip.text


def test_a_wording_that_says_something_else_is_no_answer_though_its_source_is_true():
    """How a near-miss shows: the model takes up the question's words, and the source lacks them."""
    beside = DraftClaim(text="Le salaire des agents de la stratégie est de 12,4 M€.", cites=(1,))

    kept, answer = answered(beside)

    assert kept.claims == (beside,)
    assert not answer.answered
    assert answer.claims[0].verdict is Verdict.UNSUPPORTED


def test_a_good_reply_is_left_as_it_is():
    claim = DraftClaim(text="L’enveloppe de la stratégie est de 12,4 M€.", cites=(1,))

    kept, answer = answered(claim)

    assert kept.claims == (claim,)
    assert answer.answered


def test_a_refusal_stays_one():
    draft = Draft(claims=(), refused=True, raw="[0]")

    assert kept_to_judged(draft, verify(draft, GIVEN, read), GIVEN) == draft
