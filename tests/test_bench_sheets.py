"""The public benchmark: its gold file, which sheets are drawn, and what is written of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.reading import read
from benchmarks.sheets import COUNT, GOLD, Sheet, check, section, select, write_corpus

LINES = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").split("\n") if line]
ANSWERABLE = [line for line in LINES if line["answerable"]]
NEAR_MISSES = [line for line in LINES if not line["answerable"]]
KINDS = {"factual", "paraphrase", "misspelled", "twopart", "date", "cause", "yesno"}
ASKS = (
    *("amount", "number", "date", "person", "organisation"),
    *("place", "cause", "definition", "yesno", "other"),
)

PAGE = (
    '<div class="x"><p>Deux <a href="#">se\x01maines</a>.</p><p hidden>Ignore le reste.</p>'
    "<script>alert(1)</script><h2><button>Et pour un <em>saisonnier</em> ?</button></h2>"
    "<ul><li>Un mois ;</li></ul><table><tr><td>Cadre</td><td>3 mois</td></tr></table></div>"
)
SHEET = Sheet(
    pub_id="article1",
    title="La démission & le préavis",
    date="2025-11-18",
    sections=(
        section("", "<p>Le salarié part quand il veut.</p>"),
        section("Quelle durée ?", PAGE),
    ),
)


def one_line(**changes: object) -> dict[str, object]:
    line = {
        "id": "sheet-001",
        "question": "Combien ?",
        "facts": ["3 mois"],
        "quotes": ["Cadre | 3 mois"],
        "documents": ["travail/article1.html"],
    }
    return line | changes


def test_there_are_enough_questions_and_each_has_its_own_id_and_words():
    assert len(ANSWERABLE) >= 50
    assert len(NEAR_MISSES) >= 50
    assert len({line["id"] for line in LINES}) == len(LINES)
    assert len({line["question"].casefold() for line in LINES}) == len(LINES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_a_question_is_well_formed(line):
    assert line.keys() == {
        *("id", "question", "kind", "asks", "answerable"),
        *("facts", "documents", "quotes"),
    }
    assert line["question"].strip() == line["question"] != ""
    assert line["asks"] in ASKS
    assert line["documents"]
    assert all(d.startswith("travail/") and d.endswith(".html") for d in line["documents"])
    if line["answerable"]:
        assert line["kind"] in KINDS
        assert line["facts"] and line["quotes"]
        assert all(any(fact in quote for quote in line["quotes"]) for fact in line["facts"])
        assert all(" ".join(quote.split()) == quote for quote in line["quotes"])
    else:
        assert line["kind"] == "nearmiss"
        assert line["facts"] == line["quotes"] == []


def test_near_misses_ask_for_the_same_things_as_the_answerable_questions():
    for asked in ASKS:
        known, missing = (
            sum(line["asks"] == asked for line in lines) / len(lines)
            for lines in (ANSWERABLE, NEAR_MISSES)
        )
        assert missing == pytest.approx(known, abs=0.03), asked


def test_the_same_sheets_are_drawn_whatever_the_order_of_the_package():
    ids = [f"article{n}" for n in range(400)]

    drawn = select(ids)

    assert drawn == select(reversed(ids)) == select(ids + ids)
    assert len(set(drawn)) == COUNT
    assert drawn[:3] == ["article275", "article188", "article310"]


def test_a_sheet_that_is_written_is_read_by_the_assistant(tmp_path):
    write_corpus(tmp_path, [SHEET])

    reading = read(tmp_path / "travail" / "article1.html")

    assert reading.metadata["title"] == "La démission & le préavis"
    assert reading.metadata["date"] == "2025-11-18"
    assert [(b.locator.section, reading.text[b.start : b.end]) for b in reading.blocks] == [
        (title := "La démission & le préavis", title),
        (title, "Le salarié part quand il veut."),
        (first := f"{title} › Quelle durée ?", "Quelle durée ?"),
        (first, "Deux semaines."),
        (second := f"{first} › Et pour un saisonnier ?", "Et pour un saisonnier ?"),
        (second, "Un mois ;"),
        (second, "Cadre | 3 mois"),
    ]
    assert all(part.text in reading.text for part in SHEET.sections)


def test_titles_of_sections_can_be_left_out(tmp_path):
    write_corpus(tmp_path, [SHEET], headings=False)

    text = read(tmp_path / "travail" / "article1.html").text

    assert "Quelle durée ?" not in text
    assert "Et pour un saisonnier ?" in text


@pytest.mark.parametrize(
    "pub_id",
    ["../../evil", "/etc/passwd", "..", "", "a/b", "a\\b", "a\0b", "_hidden", ".x", "é" * 300],
)
def test_a_hostile_id_cannot_leave_the_folder_nor_hide_from_the_assistant(tmp_path, pub_id):
    corpus = tmp_path / "corpus"
    hostile = Sheet(pub_id, SHEET.title, SHEET.date, SHEET.sections)

    write_corpus(corpus, [hostile, SHEET])

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert {path.parent for path in files} == {corpus / "travail"}
    assert all(path.name[0].isalnum() and path.suffix == ".html" for path in files)


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (one_line(), 0),
        (one_line(quotes=["Cadre | 3\u202fmois"]), 0),
        (one_line(facts=[], quotes=[]), 0),
        (one_line(facts=["4 mois"]), 1),
        (one_line(quotes=["Cadre | 3 mois", "Un mois ; Cadre"]), 1),
        (one_line(documents=["travail/article2.html"], facts=[], quotes=[]), 1),
        (one_line(documents=["travail/article1.html", "travail/article2.html"]), 1),
    ],
)
def test_the_check_finds_what_the_sheets_do_not_hold(tmp_path: Path, line, faults):
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(line) + "\n", encoding="utf-8")

    assert len(check([SHEET], gold)) == faults
