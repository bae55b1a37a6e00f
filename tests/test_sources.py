"""A citation is opened: its exact words, in their turn or section, for those who may read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document as NewDocx

from assistant.errors import AssistantError, DocumentNotFound, QuoteMismatch
from assistant.records import Document, Role
from assistant.sources import SectionView, SourceView, TurnView, view
from assistant.workspace import Workspace
from tests import pdf_samples as samples
from tests.conftest import REPOSITORY
from tests.shelves import put, shelf, span, text_of

HEARING = """Audition du 12 février 2026

[00:00:05] M. Durand (président) : La séance est ouverte. Madame Leroy, combien de lycées ?

[00:00:20] Mme Leroy (CCI) : Soixante-deux lycées sont équipés. Le budget est de 4,5 millions d’euros. Il sera revu en juin.

[00:01:10] M. Durand : Et le calendrier ?

[00:01:15] Mme Leroy : Il court jusqu’en 2028.

[01:02:03] M. Petit (rapporteur) : Merci. <b>Nous</b> passons au vote.
"""

NOTE = """# Note sur la fibre

Document fictif.

## Situation

Le plan couvre la région depuis 2019.

La fibre couvre 87 % des foyers. Ce taux est suivi chaque mois. Il progresse.

| Département | Taux |
|---|---|
| Aubrac | 81 % |
| Valmont | 93 % |

Un point est fait en mars.

## Suites

Rien n’est décidé.
"""


def opened(workspace: Workspace, document: Document, words: str) -> SourceView:
    start, end = span(workspace, document, words)
    found = view(workspace, document.document_id, start, end)
    assert (found.quote, found.start, found.end) == (words, start, end)
    return found


def section(workspace: Workspace, document: Document, words: str) -> SectionView:
    found = opened(workspace, document, words)
    assert found.section is not None and found.turn is None
    return found.section


def turn(workspace: Workspace, document: Document, words: str) -> TurnView:
    found = opened(workspace, document, words)
    assert found.turn is not None and found.section is None
    return found.turn


# --- hearings --------------------------------------------------------------------


def test_a_quotation_of_a_hearing_stands_in_its_turn_with_its_neighbours(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "auditions/audition.txt", HEARING)

    shown = turn(workspace, document, "Le budget est de 4,5 millions d’euros.")

    assert (shown.speaker, shown.role, shown.time) == ("Mme Leroy", "CCI", "00:00:20")
    assert shown.before == "Soixante-deux lycées sont équipés. "
    assert shown.after == " Il sera revu en juin."
    assert [(t.speaker, t.time) for t in shown.earlier] == [("M. Durand", "00:00:05")]
    assert [t.text for t in shown.later] == ["Et le calendrier ?", "Il court jusqu’en 2028."]


def test_text_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "auditions/audition.txt", HEARING)

    shown = turn(workspace, document, "<b>Nous</b>")

    assert (shown.speaker, shown.time) == ("M. Petit", "01:02:03")
    assert shown.later == ()
    assert len(shown.earlier) == 2


def test_a_long_turn_is_cut_around_the_quotation(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    long = "Nous avons beaucoup parlé de ce sujet. " * 300
    hearing = HEARING.replace("Il sera revu", f"{long}Voici le point. {long}Il sera revu")
    document = put(workspace, "auditions/audition.txt", hearing)

    shown = turn(workspace, document, "Voici le point.")

    assert len(shown.before) <= 3_000 and shown.before.startswith("… ")
    assert len(shown.after) <= 3_000 and shown.after.endswith(" …")
    assert all(len(t.text) <= 600 for t in (*shown.earlier, *shown.later))


def test_no_quotation_runs_over_the_words_of_two_people(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "auditions/audition.txt", HEARING)
    start, _ = span(workspace, document, "Soixante-deux")
    _, end = span(workspace, document, "Et le calendrier")

    with pytest.raises(QuoteMismatch):
        view(workspace, document.document_id, start, end)


@pytest.mark.parametrize(
    "name",
    [
        "audition-2025-10-09-comprendre-ia-energie.srt",
        "audition-2025-12-11-donnees-reseaux-mobilites.vtt",
        "audition-2026-02-12-souverainete-droit-achat.odt",
        "audition-2026-01-22-travail-sante-agriculture.txt",
    ],
)
def test_every_turn_of_a_demonstration_hearing_is_whole(tmp_path: Path, name: str) -> None:
    workspace = shelf(tmp_path)
    data = (REPOSITORY / "corpus" / "auditions" / name).read_bytes()
    document = put(workspace, f"auditions/{name}", data)
    catalogue = workspace.catalogue
    row = catalogue.find(document.document_id, catalogue.generation).row
    text = catalogue.text(row)
    turns = [block for block in catalogue.blocks(row) if block.role is Role.TURN]
    for block in turns[:: max(1, len(turns) // 12)]:
        middle = (block.start + block.end) // 2
        found = view(workspace, document.document_id, middle, block.end)
        assert found.turn is not None
        assert found.turn.speaker == block.locator.speaker
        whole = found.turn.before + found.turn.quote + found.turn.after
        assert whole == text[block.start : block.end] or "…" in whole


# --- sections --------------------------------------------------------------------


def test_a_quotation_of_a_note_stands_in_its_section(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)

    shown = section(workspace, document, "Ce taux est suivi chaque mois.")

    assert shown.heading == "Situation"
    assert shown.path is not None and shown.path.endswith("Situation")
    assert [b.text for b in shown.earlier] == ["Le plan couvre la région depuis 2019."]
    (quoted,) = shown.quoted
    assert quoted.before == "La fibre couvre 87 % des foyers. "
    assert quoted.after == " Il progresse."
    assert [b.role for b in shown.later] == [Role.TABLE, Role.BODY]
    assert shown.later[1].text == "Un point est fait en mars."


def test_a_row_of_a_table_stands_among_its_rows(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)

    (quoted,) = section(workspace, document, "Aubrac | 81 %").quoted

    assert quoted.role is Role.TABLE
    assert quoted.before == "Département | Taux\n"
    assert quoted.after == "\nValmont | 93 %"


def test_a_row_far_down_a_table_keeps_the_names_of_the_columns(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    rows = "".join(f"| Commune numéro {n} | {n} % |\n" for n in range(300))
    document = put(workspace, "notes/note.md", NOTE.replace("| Aubrac | 81 % |\n", rows))

    (quoted,) = section(workspace, document, "Commune numéro 150 | 150 %").quoted

    assert quoted.before.startswith("Département | Taux\n…\nCommune numéro ")
    assert quoted.before.endswith("Commune numéro 149 | 149 %\n")
    assert quoted.after.startswith("\nCommune numéro 151 | 151 %")
    assert quoted.after.endswith(" %\n…")
    assert len(quoted.before) <= 1_500 and len(quoted.after) <= 1_500


def test_a_passage_of_several_paragraphs_is_quoted_in_each(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)
    start, _ = span(workspace, document, "depuis 2019")
    _, end = span(workspace, document, "87 %")

    found = view(workspace, document.document_id, start, end)

    assert found.section is not None
    assert [b.quote for b in found.section.quoted] == ["depuis 2019.", "La fibre couvre 87 %"]
    assert "\n\n".join(b.quote for b in found.section.quoted) == found.quote


def test_a_quoted_heading_has_its_section_under_it(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)

    shown = section(workspace, document, "Suites")

    assert shown.heading is None
    assert shown.quoted[0].role is Role.HEADING
    assert [b.text for b in shown.later] == ["Rien n’est décidé."]


def test_what_surrounds_is_bounded_and_cut_between_blocks(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    filler = "\n\n".join(f"Paragraphe {n}. " + "Il dit peu de chose. " * 20 for n in range(60))
    text = f"# Titre\n\n{filler}\n\nVoici ce qui compte.\n\n{filler}\n"
    document = put(workspace, "notes/note.md", text)

    shown = section(workspace, document, "Voici ce qui compte.")

    around = [block.text for block in (*shown.earlier, *shown.later)]
    assert 1_000 < sum(map(len, around)) <= 3_000
    assert len(shown.earlier) >= 2 and len(shown.later) >= 2
    assert all(one.startswith("Paragraphe") and one.endswith("chose.") for one in around)
    assert shown.earlier[-1].text.startswith("Paragraphe 59.")
    assert shown.later[0].text.startswith("Paragraphe 0.")
    assert shown.heading == "Titre"


def test_a_paragraph_without_end_is_cut_around_the_quotation(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    text = "mot " * 5_000 + "Voici ce qui compte. " + "x" * 9_000
    document = put(workspace, "notes/note.txt", text)

    (quoted,) = section(workspace, document, "Voici ce qui compte.").quoted

    assert quoted.before.startswith("… mot ") and len(quoted.before) <= 1_500
    assert quoted.after.endswith("…") and len(quoted.after) <= 1_500


def test_word_open_document_and_web_pages_are_shown_by_section(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    made = NewDocx()
    made.add_heading("Achats", level=1)
    made.add_paragraph("Le seuil est de 40 000 euros. Il est publié.")
    made.add_heading("Délais", level=1)
    made.add_paragraph("Deux mois.")
    data = io.BytesIO()
    made.save(data)
    html = "<html><body><h1>Achats</h1><p>Le seuil est de 40 000 euros. Il est publié.</p>"
    for document in (
        put(workspace, "notes/a.docx", data.getvalue()),
        put(workspace, "notes/a.html", f"{html}<h1>Délais</h1><p>Deux mois.</p></body></html>"),
    ):
        shown = section(workspace, document, "Le seuil est de 40 000 euros.")
        assert (shown.heading, shown.path) == ("Achats", "Achats")
        assert shown.quoted[0].after == " Il est publié."
        assert shown.later == ()


def test_a_pdf_has_its_section_beside_its_page_for_those_who_do_not_see(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/rapport.pdf", samples.report())

    found = opened(workspace, document, "développement durable en Auvergne-Rhône-Alpes")

    assert found.pages and found.section is not None
    assert found.section.quoted[0].quote == found.quote


# --- what is not shown ------------------------------------------------------------


def refusal(workspace: Workspace, document_id: str, **options: object) -> AssistantError:
    with pytest.raises(DocumentNotFound) as caught:
        view(workspace, document_id, 0, 5, **options)  # type: ignore[arg-type]
    return caught.value


def test_a_hidden_document_is_refused_exactly_as_one_that_does_not_exist(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    put(workspace, "notes/note.md", NOTE)
    secret = put(workspace, "cabinet/secret.md", NOTE, title="Note au président")

    hidden = refusal(workspace, secret.document_id, hidden=frozenset({"cabinet"}))
    missing = refusal(workspace, "000000000000", hidden=frozenset({"cabinet"}))

    assert (hidden.message, hidden.remedy) == (missing.message, missing.remedy)
    assert view(workspace, secret.document_id, 0, 5, hidden=frozenset({"notes"})).quote


@pytest.mark.parametrize(
    "guess",
    ["", "Essai", "note", "notes/note.md", "../assistant.toml", "%", "' OR 1=1 --", "\0", "0" * 12],
)
def test_only_the_very_id_opens_a_document(tmp_path: Path, guess: str) -> None:
    workspace = shelf(tmp_path)
    put(workspace, "notes/note.md", NOTE)

    refused = refusal(workspace, guess)

    assert guess == "" or guess not in refused.message.fr


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 5), (5, 5), (9, 5), (0, 10**12), (10**9, 10**9 + 1), (16, 18), (-(10**30), 10**30)],
)
def test_a_place_where_nothing_stands_is_refused(tmp_path: Path, start: int, end: int) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", "# Une note brève\n\nUne phrase.\n")
    assert text_of(workspace, document)[14:16] == "\n\n"
    if (start, end) == (16, 18):
        start, end = 14, 16

    with pytest.raises(QuoteMismatch):
        view(workspace, document.document_id, start, end)


def test_a_version_that_is_only_being_prepared_is_not_shown(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)
    before = opened(workspace, document, "87 %")
    workspace.catalogue.add(document, "autre texte", (), [], "")

    assert opened(workspace, document, "87 %") == before


# --- versions ---------------------------------------------------------------------


def test_a_quotation_of_an_old_version_is_found_again_and_said_to_be_old(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    old = put(workspace, "notes/note.md", NOTE)
    start, end = span(workspace, old, "La fibre couvre 87 % des foyers.")
    quote = text_of(workspace, old)[start:end]
    new = put(workspace, "notes/note.md", NOTE.replace("Document fictif.", "Document revu. " * 9))

    found = view(workspace, new.document_id, start, end, sha256=old.sha256, quote=quote)

    assert found.changed is not None and found.quote == quote
    assert found.start != start
    assert text_of(workspace, new)[found.start : found.end] == quote


def test_a_quotation_that_a_new_version_no_longer_says_is_refused(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    old = put(workspace, "notes/note.md", NOTE)
    start, end = span(workspace, old, "La fibre couvre 87 % des foyers.")
    new = put(workspace, "notes/note.md", NOTE.replace("87 %", "88 %"))

    with pytest.raises(QuoteMismatch):
        view(
            workspace,
            new.document_id,
            start,
            end,
            sha256=old.sha256,
            quote="La fibre couvre 87 % des foyers.",
        )


def test_another_version_is_shown_as_text_with_a_warning(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/a.pdf", samples.one_page())

    found = view(workspace, document.document_id, 0, 9, sha256="0" * 64)

    assert found.pages == () and found.changed is not None and found.section is not None
    assert view(workspace, document.document_id, 0, 9, sha256=document.sha256).changed is None


def test_a_quotation_that_is_not_what_stands_there_is_never_shown(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)
    start, end = span(workspace, document, "87 %")

    with pytest.raises(QuoteMismatch):
        view(workspace, document.document_id, start, end, quote="78 %")


def test_a_text_file_that_changed_since_is_said_to_have_changed(tmp_path: Path) -> None:
    workspace = shelf(tmp_path)
    document = put(workspace, "notes/note.md", NOTE)
    (workspace.settings.corpus_folder / "notes" / "note.md").write_text("autre chose")

    found = opened(workspace, document, "87 %")

    assert found.changed is not None and found.section is not None
