"""Words made comparable, and the identifiers that are kept whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.french.letters import level, plain
from assistant.french.words import STOP_WORDS, content_words, fold, identifiers, stem, stems


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Œuvre", "oeuvre"),
        ("L’ÉTÉ", "l'ete"),
        ("Île‑de‑France", "ile-de-france"),
        ("1\u202f200", "1 200"),
        ("m²", "m2"),
    ],
)
def test_folding_takes_typography_away(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("régionales", "régional"),
        ("RÉGION", "régions"),
        ("augmentation", "augmenter"),
        ("augmentées", "augmente"),
        ("délibérations", "DELIBERATION"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


def test_elided_words_are_split_and_aujourdhui_is_kept():
    found = content_words("Qu’il s’agisse d’énergie, jusqu’à l’usage, aujourd’hui")

    assert "aujourd'hui" in found
    assert "energ" in found
    assert "usag" in found


def test_hyphenated_words_match_their_open_spelling():
    assert stems("le très-haut-débit") == stems("le très haut débit")


def test_grouped_figures_are_one_word():
    assert content_words("1 200 communes")[0] == content_words("1200 communes")[0] == "1200"


def test_stop_words_are_folded_and_left_out():
    assert all(word == fold(word) for word in STOP_WORDS)
    assert content_words("C’est à nous que l’on doit tout cela") == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("la SCORAN et le C.E.S.E.R.", {"scoran", "ceser"}),
        ("l’article L. 4131-1", {"l4131-1"}),
        ("art. 12", {"art12"}),
        ("délibération n° 2025-118", {"2025-118"}),
        ("le 14 janvier 2026", {"2026-01-14", "2026-01", "2026"}),
        ("14/01/2026", {"2026-01-14", "2026-01", "2026"}),
        ("3 M€ et 12,5 %", {"3000000€", "12.5%"}),
        ("1 200 communes", {"1200"}),
    ],
)
def test_identifiers_are_kept_whole_and_normalised(text, kept):
    assert kept <= set(identifiers(text))


def test_two_writings_of_one_amount_give_one_identifier():
    assert identifiers("3 millions d’euros") == identifiers("3 M€") == identifiers("3 000 000 €")


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=200))
def test_levelling_keeps_every_offset(text):
    assert len(level(text)) == len(plain(text)) == len(text)


@given(st.text(max_size=200))
def test_any_text_gives_words_and_identifiers(text):
    assert all(content_words(text))
    assert len(identifiers(text)) == len(set(identifiers(text)))
