import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.passages import cut_passages
from assistant.reading.canonical import CanonicalText
from assistant.records import Locator, Role
from tests.conftest import document

SENTENCES = st.lists(
    st.sampled_from(
        [
            "Le Conseil régional alloue 12,4 millions d’euros à la SRDIA.",
            "La commission se réunit le 14 janvier 2026.",
            "M. Durand (art. L. 4131-1) rappelle que le taux est de 14 %.",
            "Il poursuit !",
            "Pourquoi ce choix ?",
            "œuvre — « été » 🌊 d’eau",
        ]
    ),
    min_size=1,
    max_size=40,
)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(list(Role)), st.sampled_from(["A", "B"]), SENTENCES),
    min_size=1,
    max_size=12,
)


def build(blocks):
    canonical = CanonicalText()
    for role, name, sentences in blocks:
        where = Locator(speaker=name) if role is Role.TURN else Locator(section=name)
        canonical.add(" ".join(sentences), role, where)
    return canonical.build()


@settings(max_examples=150, deadline=None)
@given(BLOCKS)
def test_a_passage_is_an_exact_slice_and_never_crosses_a_turn_or_a_heading(blocks):
    text, made = build(blocks)

    passages = cut_passages(document(), text, made, target_words=30, max_words=45)

    spans = [(p.start, p.end) for p in passages]
    assert all(p.text == text[p.start : p.end] and p.text == p.text.strip() for p in passages)
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    for p in passages:
        touched = [b for b in made if b.start < p.end and b.end > p.start]
        assert {b.locator for b in touched} == {p.locator}
        if any(b.role in (Role.TURN, Role.FOOTNOTE, Role.HEADING) for b in touched):
            assert len(touched) == 1


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_every_sentence_that_is_not_a_heading_is_in_a_passage(blocks):
    text, made = build(blocks)

    passages = cut_passages(document(), text, made, target_words=30, max_words=45)

    covered = {i for p in passages for i in range(p.start, p.end)}
    for block in made:
        if block.role is not Role.HEADING:
            words = [i for i in range(block.start, block.end) if not text[i].isspace()]
            assert set(words) <= covered


def test_passages_of_a_long_section_come_out_even():
    canonical = CanonicalText()
    canonical.add("Voici une phrase de sept mots exactement. " * 60, Role.BODY, Locator(page=1))
    text, blocks = canonical.build()

    passages = cut_passages(document(), text, blocks, target_words=150, max_words=180)

    lengths = [len(p.text.split()) for p in passages]
    assert len(lengths) == 3
    assert max(lengths) - min(lengths) <= 14
    assert max(lengths) <= 180


def test_the_question_before_an_answer_is_context_and_never_part_of_the_quotable_text():
    canonical = CanonicalText()
    asked = "Quel est le budget de la plateforme ?"
    canonical.add(asked, Role.TURN, Locator(speaker="M. Durand", start_s=10.0))
    canonical.add("Il est de 3 millions d’euros.", Role.TURN, Locator(speaker="Mme Leroy"))
    text, blocks = canonical.build()

    answer = cut_passages(document(), text, blocks, target_words=150, max_words=180)[1]

    assert asked in answer.context
    assert asked not in answer.text
    assert "Mme Leroy" in answer.context
