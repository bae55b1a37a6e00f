"""Sentence spans: exact, in order, and never cut where French does not end a sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.french.sentences import MAX_LENGTH, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "M. Leroy, Mme Durand et MM. Petit sont venus.",
        "Le Dr. Martin et Me. Roux répondent.",
        "L’art. L. 4131-1 du CGCT et l’art. R. 12 s’appliquent, cf. p. 12.",
        "J.-P. Morel et A. B. Dupont ont voté.",
        "Le coût est de 12.5 % au 14.01.2026, soit 3 M€ env. 12 fois.",
        "Il habite 3 bd. Foch, ou av. Jean Jaurès.",
        "En sept. 2025, le n° 2025-118 est publié.",
        "Pourquoi ? demande-t-il.",
        "Le réseau, les usages, etc. sont décrits.",
        "1. Le très haut débit",
        "IV. Les usages",
        "Il hésite… puis accepte.",
    ],
)
def test_one_sentence_stays_whole(whole):
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Il vient. Elle part.", ["Il vient.", "Elle part."]),
        ("Vraiment ? Oui ! Bien…  Soit.", ["Vraiment ?", "Oui !", "Bien…", "Soit."]),
        ("« Il vient. » Elle part.", ["« Il vient. »", "Elle part."]),
        ("Il dit « non ». Elle part.", ["Il dit « non ».", "Elle part."]),
        ("Le plan B. Il est prêt.", ["Le plan B.", "Il est prêt."]),
        ("Il vote en 2026. 12 communes suivent.", ["Il vote en 2026.", "12 communes suivent."]),
        ("- un point ;\n- un autre\n\nFin", ["- un point ;", "- un autre", "Fin"]),
        ("Budget | 3 M€\nFonds | 2 M€", ["Budget | 3 M€", "Fonds | 2 M€"]),
        ("Les données, etc. Le reste suit.", ["Les données, etc.", "Le reste suit."]),
    ],
)
def test_sentences_end_where_french_ends_them(text, cut):
    assert sentences(text) == cut


def test_a_long_enumeration_is_cut_at_its_semicolons():
    items = [f"le point numéro {n} avec quelques mots de plus" for n in range(12)]

    assert len(sentences(" ; ".join(items))) == len(items)


def test_a_semicolon_does_not_cut_a_short_sentence():
    text = "Le premier axe coûte 3 M€ ; le second, 2 M€."

    assert sentences(text) == [text]


def test_nothing_is_longer_than_the_limit():
    assert all(len(s) <= MAX_LENGTH for s in sentences("mot " * 2000 + "x" * 5000))


@given(st.text(alphabet=st.sampled_from('aB1 .;,!?…»«\n\u00a0’L"()-é'), max_size=1500))
def test_spans_are_exact_ordered_and_cover_everything_but_spaces(text):
    spans = split_sentences(text)

    covered = set()
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert end - start <= MAX_LENGTH
        covered.update(range(start, end))
        last = end
    assert all(text[place].isspace() for place in range(len(text)) if place not in covered)


@given(st.text(max_size=300))
def test_any_text_is_cut_without_losing_a_letter(text):
    kept = "".join(text[start:end] for start, end in split_sentences(text))

    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize("piece", [".", "M. ", "» ", "; ", ". »", "(", "L. ", "1.", "a"])
def test_hostile_repetitions_stay_fast(piece):
    text = piece * (100_000 // len(piece))

    begun = time.perf_counter()
    split_sentences(text)

    assert time.perf_counter() - begun < 1.5  # 0.1 s alone; a busy machine gets some room
