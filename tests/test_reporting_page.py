"""The report as a page: complete, alone, readable by everyone, whatever the texts hold."""

import re

import pytest
from lxml import html as parser

from assistant.records import Verdict
from assistant.reporting import html, report
from assistant.wording import speak
from tests.report_logs import (
    answer,
    dispute,
    judge,
    opened,
    publish,
    said,
    small_log,
    source,
    workspace_in,
)

HOSTILE = (
    "</td><script>alert(1)</script><img src=x onerror=alert(2)> <a href=http://mal.example>x</a> "
    "<style>@import url(//mal.example)</style> $\\frac{1}$ \u202e\n[étaye] faux"
)


@pytest.fixture
def workspace(tmp_path):
    return workspace_in(tmp_path)


@pytest.fixture
def english():
    speak("en")
    yield
    speak("fr")


def hostile_log(workspace) -> None:
    log = workspace.audit
    cited = source(HOSTILE, path="notes/x.md", title=HOSTILE)
    strange = source(HOSTILE, collection=HOSTILE[:60])
    claim = said(HOSTILE, Verdict.SUPPORTED, cited, strange, reason=HOSTILE)
    model = {"name": HOSTILE, "sha256": HOSTILE}
    record = answer(log, claim, question=HOSTILE, opening={"model": model, "program": HOSTILE})
    for place in (0, 1):
        judge(log, record, (0, place), "does_not", by=HOSTILE, note=HOSTILE)
    dispute(log, record, HOSTILE)


def shown(page: str) -> str:
    """What a reader reads, its spaces alike."""
    body = parser.fromstring(page).find("body")
    return " ".join(body.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def tables(page: str) -> dict[str, list[list[str]]]:
    """The rows of each table, by the title above it."""
    found = {}
    for table in parser.fromstring(page).iter("table"):
        title = table.xpath("preceding::*[self::h2 or self::h3][1]")[0].text_content()
        rows = [[cell.text_content() for cell in row] for row in table.iter("tr")]
        found[title] = [[" ".join(cell.split()) for cell in row] for row in rows]
    return found


@pytest.mark.parametrize("fill", [small_log, hostile_log, lambda _: None])
def test_the_page_runs_nothing_and_asks_for_nothing(workspace, fill):
    fill(workspace)

    page = html(report(workspace))

    seen = parser.fromstring(page)
    tags = {element.tag for element in seen.iter() if isinstance(element.tag, str)}
    assert not {"script", "img", "link", "iframe", "object", "image", "form", "base"} & tags
    attributes = [(n, v) for e in seen.iter() for n, v in e.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name == "src"]
    links = [value for name, value in attributes if name.endswith("href")]
    assert all(value.startswith("#") for value in links)
    assert not re.search(r"url\((?!#)|@import", "".join(e.text or "" for e in seen.iter("style")))
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in attributes
    assert len(list(seen.iter("style"))) == 1 + len(list(seen.iter("svg")))


@pytest.mark.parametrize("fill", [small_log, hostile_log])
def test_ids_are_unique_links_lead_somewhere_and_drawings_say_what_they_show(workspace, fill):
    fill(workspace)

    seen = parser.fromstring(html(report(workspace)))

    names = seen.xpath("//@id")
    assert len(names) == len(set(names))
    assert set(seen.xpath("//nav//a/@href")) <= {f"#{name}" for name in names}
    drawings = list(seen.iter("svg"))
    assert drawings
    assert all(d.get("role") == "img" and len(d.get("aria-label")) > 20 for d in drawings)


def test_hostile_texts_are_shown_as_they_are_written_on_one_line_and_unturned(workspace):
    hostile_log(workspace)

    page = html(report(workspace))

    assert "alert(1)</script>" in shown(page) and "<script" not in page.lower()
    assert "\u202e" not in page
    (case,) = tables(page)["Les pires cas"][1:]
    assert case[3].count("[n’étaye pas]") == 2
    worst = parser.fromstring(page).xpath("//h3[.='Les pires cas']/following::table[1]//td[3]")
    lines = worst[0].text_content().split("\n")
    assert len(lines) == 2 and all(line.startswith("[n’étaye pas]") for line in lines)


def test_every_number_that_is_drawn_stands_in_a_table(workspace):
    small_log(workspace)

    found = tables(html(report(workspace)))

    assert found["En bref"][1][:4] == ["Taux de refus", "25,0 %", "0,6 à 80,6 %", "1 / 4"]
    assert ["Précision des citations", "50,0 %", "6,8 à 93,2 %", "2 / 4"] in [
        row[:4] for row in found["En bref"]
    ]
    assert found["Questions par mois"][1][:4] == ["2025-11", "8", "3", "1"]
    assert found["Questions par jour"][1] == ["20/11/2025", "1", "1", *"000000"[:5]]
    assert found["Citations jugées"][-1][1:8] == ["2", "1", "1", "0", "1", "0", "50,0 %"]
    assert ["étayé", "0", "1", "0", "1"] in found["Affirmations jugées"]
    assert found["Réponses jugées dans leur ensemble"][1:] == [
        ["répondue", "complète", "1"], ["répondue", "incomplète", "1"],
        ["refusée", "refus justifié", "1"],
    ]  # fmt: skip


def test_the_page_says_how_ties_count_and_what_an_interval_is_worth(workspace):
    text = shown(html(report(workspace)))

    for told in (
        "Le dernier mot de chacun compte", "plus de la moitié de ceux qui se prononcent",
        "« non tranchée » et laissée hors du calcul", "Clopper-Pearson", "jour (UTC)",
        "« assistant audit forget » n’y efface rien", "précédé d’une apostrophe",
    ):  # fmt: skip
        assert told in text


def test_a_page_of_nothing_says_so_in_each_section(workspace):
    page = html(report(workspace))

    text = shown(page)
    assert "Aucune question dans cette période." in text
    assert text.count("Personne n’a rien jugé.") == 2
    assert "<svg" not in page


def test_what_is_forgotten_left_out_or_never_closed_is_told(workspace):
    small_log(workspace)
    opened(workspace.audit)

    text = shown(html(report(workspace, hidden=frozenset({"secret"}))))

    assert "textes effacés" in text and "jamais close" in text
    assert "une collection que vous ne pouvez pas lire ne sont comptées nulle part" in text
    assert "réponses dont les textes ont été effacés depuis : 1" in text


def test_stale_sources_are_listed_with_the_answers_that_cite_them(workspace):
    record = answer(workspace.audit, said("87 %.", Verdict.EXACT, source()))
    publish(workspace)

    (row,) = tables(html(report(workspace)))["Sources qui ne sont plus ce qu’elles étaient"][1:]

    assert row[3] == "retirée ou déplacée (1)" and row[5] == record


def test_the_page_speaks_english_when_told_to(workspace, english):
    small_log(workspace)

    page = html(report(workspace))

    assert '<html lang="en">' in page
    text = shown(page)
    assert "Refusal rate" in text and "25.0%" in text and "0.6 to 80.6%" in text
    assert not re.search(r"[éèàçœ]", text.replace("Le centre a traité", ""))


def test_our_own_french_never_lets_a_mark_or_a_unit_go_to_the_next_line(workspace):
    answer(workspace.audit, answered=False, question="Combien")

    page = parser.fromstring(html(report(workspace))).find("body").text_content()

    assert not re.search(r" [:;?!%»]|« |\d s\b|\d Wh\b", page)


def test_the_page_is_fit_to_print_and_for_the_dark(workspace):
    page = html(report(workspace))

    assert "@media print" in page and "screen and (prefers-color-scheme: dark)" in page
    assert "table-header-group" in page
