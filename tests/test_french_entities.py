"""Proper nouns: what is a name in a French sentence, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.french.entities import proper_nouns, spells


def names(text: str) -> list[str]:
    return [name.text for name in proper_nouns(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("La Région Bretagne a voté.", ["Bretagne"]),
        ("La Région a voté.", []),
        ("Le Président et la Commission répondent en Janvier.", []),
        ("M. Jean-Paul Leroy répond à Mme LEROY.", ["Jean-Paul Leroy", "LEROY"]),
        ("Bretagne a voté.", ["Bretagne"]),
        ("Toutefois, Rennes a voté.", ["Rennes"]),
        ("Développer les usages.", []),
        ("Jean Dupont indique un prix.", ["Jean Dupont"]),
        ("Le CESER sur la SRDIA et l’Europe.", ["CESER", "SRDIA", "Europe"]),
        ("Le C.E.S.E.R. est saisi.", ["C.E.S.E.R."]),
        ("Le réseau 5G et le CO2.", ["5G", "CO2"]),
        ("La Banque des Territoires finance le Val-d’Oise.", ["Banque des Territoires", "Val-d’Oise"]),
        ("Le Conseil régional d’Auvergne-Rhône-Alpes.", ["Auvergne-Rhône-Alpes"]),
        ("« Nous irons à Nantes », dit-il.", ["Nantes"]),
    ],
)  # fmt: skip
def test_names_are_found_and_common_words_left(text, found):
    assert names(text) == found


def test_a_title_goes_with_its_name_over_initials():
    found = proper_nouns("M. B. Petit et Mme Roux")

    assert [(name.text, name.honorific) for name in found] == [("Petit", "m"), ("Roux", "f")]


def test_a_word_known_as_a_name_is_one_at_the_start_too():
    assert names("Rennes gagne.") == []
    assert [n.text for n in proper_nouns("Rennes gagne.", known={"rennes"})] == ["Rennes"]


def test_an_acronym_is_recognised_in_the_words_it_stands_for():
    assert spells("CESER", "le Conseil économique, social et environnemental régional")
    assert not spells("CESER", "le Conseil régional")


@given(st.text(max_size=200))
def test_names_are_slices_in_order(text):
    last = 0
    for name in proper_nouns(text):
        assert last <= name.start < name.end
        assert text[name.start : name.end] == name.text
        assert all(name.words)
        last = name.end
