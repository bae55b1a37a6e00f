"""A source is named the same way everywhere, whatever it is and whatever its title tries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.records import DocumentKind, Locator, Status
from assistant.references import (
    full_reference,
    long_date,
    placed_reference,
    short_reference,
    source_entry,
)
from assistant.wording import speak
from tests.conftest import document

NOTE = replace(
    document("notes/budget.pdf", "Note budgétaire révisée — SRDIA 2026-2028"),
    date=date(2025, 11, 24),
)
HEARING = replace(
    document("auditions/a.srt", "Comprendre l’IA"),
    date=date(2025, 10, 9),
    kind=DocumentKind.HEARING,
    commission="Numérique",
)
SAID = Locator(speaker="Mme Leroy", speaker_role="CCI", start_s=751.9)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_page_of_a_note_is_referred_to_in_full() -> None:
    words = full_reference(NOTE, Locator(page=1))

    assert spaced(words.fr) == (
        "Note budgétaire révisée — SRDIA 2026-2028, note, 24 novembre 2025, p. 1 (définitif)"
    )
    assert spaced(words.en) == (
        "Note budgétaire révisée — SRDIA 2026-2028, note, 24 November 2025, p. 1 (final)"
    )


def test_a_turn_of_a_hearing_is_referred_to_by_speaker_and_time() -> None:
    words = full_reference(HEARING, SAID)

    assert spaced(words.fr) == (
        "Audition « Comprendre l’IA », 9 octobre 2025, Mme Leroy (CCI), 00:12:31"
    )
    assert (
        spaced(words.en) == "Hearing “Comprendre l’IA”, 9 October 2025, Mme Leroy (CCI), 00:12:31"
    )


def test_a_title_that_says_audition_is_not_doubled() -> None:
    named = replace(HEARING, title="Audition du 9 octobre 2025")

    assert full_reference(named, SAID).fr.startswith("Audition du 9 octobre 2025, ")


@pytest.mark.parametrize(
    ("status", "said"), [(Status.PROVISIONAL, "(provisoire)"), (Status.SUPERSEDED, "(remplacé)")]
)
def test_a_source_that_does_not_bind_is_said_not_to(status: Status, said: str) -> None:
    for source in (NOTE, HEARING):
        assert full_reference(replace(source, status=status), SAID).fr.endswith(said)


@pytest.mark.parametrize(
    ("place", "french", "english"),
    [
        (Locator(page=14, page_label="iv", section="Budget"), "p. iv", "p. iv"),
        (SAID, "Mme Leroy, 00:12:31", "Mme Leroy, 00:12:31"),
        (Locator(section="Partie › Budget"), "§ Budget", "§ Budget"),
        (Locator(page=2, ocr=True), "p. 2, texte reconnu (OCR)", "p. 2, recognised text (OCR)"),
        (Locator(), "texte non paginé", "unpaged text"),
    ],
)
def test_the_short_form_says_where(place: Locator, french: str, english: str) -> None:
    words = short_reference(place)

    assert (spaced(words.fr), spaced(words.en)) == (french, english)


def test_an_entry_of_the_list_of_sources_can_be_found_and_checked_again() -> None:
    entry = source_entry(
        replace(HEARING, status=Status.SUPERSEDED, superseded_by="auditions/b.srt")
    )

    assert spaced(entry.line.fr) == (
        "Comprendre l’IA, audition, 9 octobre 2025, commission Numérique, "
        f"remplacé par auditions/b.srt. Fichier : auditions/a.srt. SHA-256 : {'0' * 64}."
    )
    bare = source_entry(replace(NOTE, kind=DocumentKind.OTHER, date=None))
    assert bare.details.fr == "sans date, définitif"


def test_hostile_titles_and_names_stay_one_bounded_line() -> None:
    awful = "a\n\n# b\x00\u202e\ud800\tc" + "x" * 1000
    source = replace(NOTE, title=awful, path=awful, commission=awful)
    place = Locator(speaker=awful, speaker_role=awful, section=awful, page=1, page_label=awful)

    for text in (
        full_reference(source, place).fr,
        short_reference(place).fr,
        source_entry(source).line.fr,
    ):
        assert not set(text) & set("\n\t\x00\u202e\ud800")
        assert len(text) < 2_000
    assert full_reference(source, place).fr.startswith("a # b cxxx")


def test_the_language_is_chosen_when_the_reference_is_shown() -> None:
    words = full_reference(NOTE, Locator(page=1))
    speak("en")
    try:
        assert "November" in str(words)
    finally:
        speak("fr")
    assert "novembre" in str(words)
    assert spaced(long_date(date(2026, 3, 1)).fr) == "1er mars 2026"


def test_under_a_heading_that_names_the_document_its_place_stands_alone() -> None:
    place = Locator(page=12, page_label="12")

    assert placed_reference(NOTE, place).fr.startswith(NOTE.title)
    assert NOTE.title not in placed_reference(NOTE, place, titled=False).fr
    assert "p. 12" in placed_reference(NOTE, place, titled=False).fr.replace("\u00a0", " ")
    assert "(" not in placed_reference(NOTE, place).fr


def test_a_document_that_says_no_place_and_no_date_still_has_a_line() -> None:
    undated = replace(NOTE, date=None)

    assert placed_reference(undated, Locator(), titled=False).fr
