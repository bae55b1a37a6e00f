"""The demo corpus is what its README says: complete, fictional, repeatable, coherent."""

from __future__ import annotations

import importlib
import itertools
import json
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import docx
import odf.opendocument
import odf.teletype
import odf.text
import pypdf
import pypdfium2
import pytest
import srt
import webvtt
from bs4 import BeautifulSoup

from assistant.records import DocumentKind, Status

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
GOLD = ROOT / "benchmarks" / "gold" / "demo.jsonl"
NOTICE = "Document fictif — corpus de démonstration"
SCANNED = CORPUS / "deliberations" / "deliberation-2025-042-scoran.pdf"


def documents() -> list[Path]:
    return sorted(
        path
        for path in CORPUS.glob("*/*")
        if path.is_file() and not path.parent.name.startswith("_") and path.suffix != ".toml"
    )


@pytest.fixture(scope="module")
def build() -> Any:
    sources = str(CORPUS / "_sources")
    sys.path.insert(0, sources)
    try:
        yield importlib.import_module("build")
    finally:
        sys.path.remove(sources)


def text_of(path: Path) -> str:
    match path.suffix:
        case ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                return "\n".join(page.get_textpage().get_text_range() for page in pdf)
        case ".docx":
            document = docx.Document(str(path))
            cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
            return "\n".join([p.text for p in document.paragraphs] + cells)
        case ".odt":
            body = odf.opendocument.load(path).text
            return "\n".join(
                odf.teletype.extractText(node)
                for kind in (odf.text.H, odf.text.P)
                for node in body.getElementsByType(kind)
            )
        case ".html":
            return BeautifulSoup(path.read_bytes(), "lxml").get_text()
        case ".srt":
            return " ".join(cue.content for cue in srt.parse(path.read_text("utf-8")))
        case ".vtt":
            return " ".join(cue.text for cue in webvtt.read(str(path)))
        case _:
            encoding = "cp1252" if path.name.startswith("bilan-csirt") else "utf-8"
            return re.sub(r"\*+", "", path.read_text(encoding))


def squeezed(text: str) -> str:
    """Without any space or end-of-line sign: what is left must be the same everywhere."""
    return re.sub(r"[\s|\ufffe\u00ad\u0002]+", "", text)


def gold() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]


def test_there_are_enough_documents_and_pages_in_every_format() -> None:
    files = documents()
    pages = 0
    for path in files:
        if path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                pages += len(pdf)

    assert len(files) >= 16
    assert pages >= 60
    formats = {path.suffix for path in files}
    assert formats == {".pdf", ".docx", ".odt", ".html", ".md", ".txt", ".srt", ".vtt"}
    assert sum(p.stat().st_size for p in CORPUS.rglob("*") if p.is_file()) < 4_000_000


@pytest.mark.parametrize("path", documents(), ids=lambda p: p.name)
def test_each_document_says_that_it_is_fictional(path: Path, build: Any) -> None:
    if path == SCANNED:
        with pypdfium2.PdfDocument(path) as pdf:
            assert all(not page.get_textpage().get_text_range().strip() for page in pdf)
        return

    assert squeezed(NOTICE) in squeezed(text_of(path))


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_the_scanned_deliberation_can_be_read_by_ocr(tmp_path: Path) -> None:
    image = tmp_path / "page.png"
    with pypdfium2.PdfDocument(SCANNED) as pdf:
        pdf[1].render(scale=200 / 72).to_pil().save(image)

    command = ["tesseract", str(image), "-", "-l", "fra"]
    read = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    assert NOTICE in read.replace("--", "—")
    assert "Doté de 11,5" in read


def test_rebuilding_gives_the_committed_bytes(build: Any) -> None:
    sources = build.sources()

    assert sorted(source.output for source in sources) == [
        path.relative_to(CORPUS).as_posix() for path in documents()
    ]
    for source in sources:
        assert build.built(source) == (CORPUS / source.output).read_bytes(), source.output


def test_four_hearings_have_five_speakers_and_fifteen_minutes_each(build: Any) -> None:
    transcripts = importlib.import_module("transcripts")
    hearings = [turns for source in build.sources() if (turns := transcripts.turns(source))]

    assert len(hearings) >= 4
    for turns in hearings:
        assert len({turn.speaker for turn in turns}) >= 5
        assert 15 * 60 <= turns[-1].end_s <= 30 * 60
        assert all(a.end_s < b.start_s for a, b in itertools.pairwise(turns))


def test_the_strategy_has_roman_then_arabic_page_labels() -> None:
    labels = pypdf.PdfReader(CORPUS / "strategies" / "scoran-2025-2030.pdf").page_labels

    assert labels[:5] == ["i", "ii", "iii", "iv", "1"]


def test_no_paragraph_is_used_twice(build: Any) -> None:
    seen: dict[str, str] = {}
    for source in build.sources():
        for block in source.blocks:
            if block.kind in ("p", "turn") and len(block.text) > 80:
                assert block.text not in seen, (source.name, seen[block.text])
                seen[block.text] = source.name


def test_metadata_files_use_the_programs_own_words() -> None:
    for path in CORPUS.glob("*/*.toml"):
        table = tomllib.loads(path.read_text("utf-8"))
        sidecar = path.name != "collection.toml"
        if sidecar:
            assert path.with_suffix("").exists(), path
        entries = [table, *table.get("documents", {}).values()]
        for name in table.get("documents", {}):
            assert (path.parent / name).exists(), name
        for entry in entries:
            DocumentKind(entry.get("kind", "note"))
            Status(entry.get("status", "définitif"))
            assert isinstance(entry.get("date", date.today()), date)
            if successor := entry.get("superseded_by"):
                assert Status(entry["status"]) is Status.SUPERSEDED
                assert (CORPUS / successor).exists()


def test_the_superseded_note_and_its_successor_differ_by_what_they_say() -> None:
    old = squeezed(text_of(CORPUS / "notes" / "note-budget-srdia-2025-09.pdf"))
    new = squeezed(text_of(CORPUS / "notes" / "note-budget-srdia-2025-11.pdf"))

    assert "9,8M€" in old
    assert "12,4M€" not in old
    assert "12,4M€" in new
    assert "soit2,6M€deplus" in new


def test_the_one_contradiction_is_the_planned_one() -> None:
    report = squeezed(text_of(CORPUS / "strategies" / "rapport-avancement-scoran-2025.pdf"))
    letter = squeezed(text_of(CORPUS / "ceser" / "courrier-communes-rurales-2026-01-20.docx"))

    assert "41300locauxrestent" in report
    assert "58700" not in report
    assert "58700locauxnesontpas" in letter
    assert 41_300 + 9_800 + 6_100 + 1_500 == 58_700


# A fact, and every document that states it: whoever edits one must edit the others.
AGREED = {
    "12,4M": ["strategies/srdia-projet-2026-2028.pdf", "deliberations/deliberation-2025-118-srdia.pdf",
              "notes/note-budget-srdia-2025-11.pdf", "ceser/feuille-de-route-commission.pdf"],
    "186": ["notes/note-energie-centres-de-donnees.pdf", "auditions/audition-2025-10-09-comprendre-ia-energie.srt"],
    "0,42": ["notes/note-energie-centres-de-donnees.pdf", "strategies/srdia-projet-2026-2028.pdf",
             "auditions/audition-2025-10-09-comprendre-ia-energie.srt"],
    "387": ["notes/bilan-csirt-2025.txt", "strategies/rapport-avancement-scoran-2025.pdf",
            "auditions/audition-2026-02-12-souverainete-droit-achat.odt"],
    "62400": ["notes/note-inclusion-numerique-2026.html", "strategies/rapport-avancement-scoran-2025.pdf"],
    "18juin2026": ["ceser/feuille-de-route-commission.pdf", "ceser/compte-rendu-commission-2025-11-27.odt",
                   "strategies/srdia-projet-2026-2028.pdf",
                   "auditions/audition-2026-02-12-souverainete-droit-achat.odt"],
    "2026-AC-014": ["notes/guide-achat-ia.docx", "auditions/audition-2026-02-12-souverainete-droit-achat.odt"],
    "438000": ["strategies/srdia-projet-2026-2028.pdf",
               "auditions/audition-2025-12-11-donnees-reseaux-mobilites.vtt"],
    "386000": ["strategies/srdia-projet-2026-2028.pdf",
               "auditions/audition-2026-01-22-travail-sante-agriculture.txt"],
}  # fmt: skip


@pytest.mark.parametrize("fact", AGREED)
def test_facts_that_should_agree_agree(fact: str) -> None:
    for path in AGREED[fact]:
        assert fact in squeezed(text_of(CORPUS / path)), path


def test_the_totals_of_the_tables_are_their_sums(build: Any) -> None:
    checked = 0
    for source in build.sources():
        for block in source.blocks:
            if block.kind != "table" or not re.match(
                r"Total|Ensemble|Aubrelande$", block.rows[-1][0]
            ):
                continue
            for column in range(1, len(block.rows[0])):
                cells = [_number(row[column]) for row in block.rows[1:]]
                *parts, total = cells
                if total is not None and None not in parts:
                    assert sum(p for p in parts if p) == pytest.approx(total), (source.name, column)
                    checked += 1
    assert checked >= 15


def _number(cell: str) -> float | None:
    bare = re.sub(r"\s", "", cell).replace(",", ".")
    return float(bare) if re.fullmatch(r"\d+(\.\d+)?", bare) else None


# What a question asks for, whether or not the corpus answers it.
ASKS = {
    "amount", "number", "date", "person", "organisation", "place", "cause", "definition", "yesno", "other",
}  # fmt: skip


def test_the_gold_questions_are_varied_and_half_of_the_refusals_are_near_misses() -> None:
    questions = gold()
    answered = [q for q in questions if q["answerable"]]
    refused = [q for q in questions if not q["answerable"]]
    near = [q for q in refused if q["kind"] == "nearmiss"]
    kinds = {"factual", "paraphrase", "acronym", "misspelled", "speaker", "date", "followup"}

    assert len({q["id"] for q in questions}) == len(questions)
    assert len({(q["question"], q.get("previous")) for q in questions}) == len(questions)
    assert len(answered) >= 100
    assert len(refused) >= 100
    assert len(near) >= 75
    assert len(near) * 2 >= len(refused)
    assert {q["kind"] for q in answered} == kinds
    assert {q["kind"] for q in refused} == {"nearmiss", "unanswerable"}
    assert all(q["previous"] for q in questions if q["kind"] == "followup")
    assert all(q["facts"] and q["quotes"] and q["documents"] for q in answered)
    assert all(not q["quotes"] and not q["facts"] for q in refused)
    assert all(q["documents"] for q in near)
    assert all((CORPUS / name).is_file() for q in questions for name in q["documents"])


def test_what_a_gold_question_asks_for_does_not_tell_whether_it_has_an_answer() -> None:
    answered = [q["asks"] for q in gold() if q["answerable"]]
    near = [q["asks"] for q in gold() if q["kind"] == "nearmiss"]

    assert {q["asks"] for q in gold()} == set(answered) == set(near) == ASKS
    for asks in ASKS:
        shares = answered.count(asks) / len(answered), near.count(asks) / len(near)
        assert abs(shares[0] - shares[1]) <= 0.05, (asks, shares)


@pytest.mark.parametrize("question", [q for q in gold() if q["answerable"]], ids=lambda q: q["id"])
def test_each_gold_quote_stands_in_its_document_and_holds_the_facts(
    question: dict[str, Any], build: Any
) -> None:
    sources = {source.output: source for source in build.sources()}
    texts = [
        squeezed(
            _source_text(sources[name]) if CORPUS / name == SCANNED else text_of(CORPUS / name)
        )
        for name in question["documents"]
    ]

    for quote in question["quotes"]:
        assert any(squeezed(quote) in text for text in texts), quote
    for fact in question["facts"]:
        assert any(fact in quote for quote in question["quotes"]), fact


def _source_text(source: Any) -> str:
    rows = [" | ".join(row) for block in source.blocks for row in block.rows]
    return "\n".join([block.text.replace("**", "") for block in source.blocks] + rows)


def test_the_readme_names_every_document_and_counts_its_pages() -> None:
    rows = {
        line.split("`")[1]: line
        for line in (CORPUS / "README.md").read_text("utf-8").splitlines()
        if line.startswith("| `")
    }

    assert set(rows) == {path.relative_to(CORPUS).as_posix() for path in documents()}
    for name, row in rows.items():
        if name.endswith(".pdf"):
            with pypdfium2.PdfDocument(CORPUS / name) as pdf:
                assert f"PDF, {len(pdf)} p." in row
