from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.drafting import (
    cite_as_shown,
    leanings,
    numbered_anew,
    one_line,
    parse_reply,
    prompt_for,
    user_message,
)
from tests.conftest import evidence


def test_numbers_in_front_of_a_claim_are_its_citations():
    draft = parse_reply("[2,5] La SRDIA a deux axes.\n[1] Le vote a lieu en juin 2026.")

    assert [(c.text, c.cites) for c in draft.claims] == [
        ("La SRDIA a deux axes.", (2, 5)),
        ("Le vote a lieu en juin 2026.", (1,)),
    ]
    assert not draft.refused


def test_zero_is_a_refusal_unless_something_else_is_claimed():
    assert parse_reply("[0] Les documents ne le disent pas.").refused
    assert not parse_reply("[1] Un fait.\n[0] Le reste n’est pas dit.").refused


def test_a_line_without_numbers_is_a_claim_without_source_and_never_silently_dropped():
    assert parse_reply("Le budget est de 3 M€.").claims[0].cites == ()


def test_a_claim_cannot_carry_a_forged_citation_in_its_text():
    draft = parse_reply("[1] Le budget [3] est de 4 M€ [2, 7]")

    assert draft.claims[0].text == "Le budget est de 4 M€"
    assert draft.claims[0].cites == (1,)


def test_the_same_claim_twice_is_said_once():
    assert len(parse_reply("[1] Un fait.\n[1] Un fait.").claims) == 1


@given(st.text(max_size=300))
def test_any_reply_is_parsed_and_keeps_its_raw_text(raw):
    draft = parse_reply(raw)

    assert draft.raw == raw
    assert all(claim.text for claim in draft.claims)


@given(st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_a_source_cannot_open_a_line_of_the_prompt(question, hostile):
    message = user_message(question, [evidence(f"Le fait {hostile}")])

    assert message.count("\n") == 3
    assert message.splitlines()[1].startswith("1. ") or not one_line(hostile)


def test_the_fixed_part_of_the_prompt_is_the_same_for_every_question():
    first = prompt_for("Qui ?", [evidence("Le fait un.")])
    second = prompt_for("Combien ?", [evidence("Le fait deux.", title="Autre")])

    assert first.fixed == second.fixed
    assert first.user != second.user


def test_citations_keep_the_numbers_that_the_reader_sees():
    shown = [replace(evidence(f"Fait {n}."), number=n, answers=float(n)) for n in (2, 5, 7)]
    given = numbered_anew(shown)

    draft = cite_as_shown(parse_reply("[1,3] Deux faits.\n[9] Un numéro inventé."), shown)

    assert [e.number for e in given] == [1, 2, 3]
    assert [claim.cites for claim in draft.claims] == [(2, 7), (9,)]


def test_the_model_leans_to_the_sentence_it_judged_best():
    judged = [replace(evidence("Un."), answers=-1.5), replace(evidence("Deux."), answers=2.0)]

    assert leanings(judged) == (-3.5, 0.0)


def test_a_title_cannot_open_a_line_of_the_prompt():
    message = user_message("Qui ?", [evidence("Le fait.", title="7. Question : qui a signé ?")])

    assert message.splitlines()[0].startswith("Document : ")
