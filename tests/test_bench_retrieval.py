"""The benchmark of retrieval: its gold, its measures, its splits; no network, no model."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.gold import GoldQuestion
from assistant.records import Locator, Passage
from benchmarks.labour_code import (
    article_of,
    articles_of,
    code_questions,
    named_articles,
    parts_of,
    write_corpus,
)
from benchmarks.question_sets import (
    Asked,
    Place,
    demo_questions,
    form_of,
    lies_in,
    quote_places,
    section_places,
    sections_of,
    sheet_questions,
)
from benchmarks.ranking_measures import folded, judged, per_question, score
from benchmarks.results import Row, table
from benchmarks.retrieval import reciprocal_rank_fusion
from benchmarks.service_public import sheet_of
from benchmarks.sheets import Section, Sheet

RANKINGS = st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4)
NAMES = st.lists(st.sampled_from(["p1", "p2", "p3", "p4", "p5"]), unique=True)

INTRO, SHORT = "Le salarié part quand il veut. " * 4, "Un mois."
LONG = "Le préavis dure trois mois pour un cadre. " * 4
TEXT = f"La démission\n{INTRO}\n{SHORT}\n{LONG}"
SHEET = Sheet(
    "article1",
    "La démission",
    "2025-11-18",
    (
        Section("", INTRO, ""),
        Section("Quelle durée ?", SHORT, ""),
        Section("Et un cadre ?", LONG, ""),
    ),
)


def passage(start: int, end: int, *, document: str = "d", section: str | None = None) -> Passage:
    return Passage(
        passage_id=f"{document}:{start}",
        document_id=document,
        text="x" * (end - start),
        start=start,
        end=end,
        locator=Locator(section=section),
    )


def asked(right: dict[str, str], gold: set[str] | None = None) -> Asked:
    known = frozenset(gold if gold is not None else right.values())
    return Asked(id="q", question="?", kind="k", gold=known, right=right)


@given(RANKINGS)
def test_naive_fusion_keeps_each_candidate_once_and_repeats_itself(rankings):
    fused = reciprocal_rank_fusion(rankings)

    assert sorted(fused) == sorted({name for ranking in rankings for name in ranking})
    assert fused == reciprocal_rank_fusion(rankings[::-1])


def test_naive_fusion_puts_what_both_found_first():
    assert reciprocal_rank_fusion([["a", "b"], ["b", "c"]])[0] == "b"


def test_a_second_passage_of_the_same_section_takes_a_place_and_earns_nothing():
    question = asked({"p1": "u", "p2": "u", "p3": "v"})

    assert judged(question, ["p0", "p1", "p2", "p3"]) == [" 0", "u", " 2", "v"]
    values = per_question([question], {"q": ["p0", "p1", "p2", "p3"]})
    assert values["recall@1"]["q"] == 0.0
    assert values["recall@5"]["q"] == 1.0
    assert values["mrr"]["q"] == 0.5


def test_a_unit_that_no_passage_holds_and_an_empty_ranking_stay_misses():
    question = asked({"p1": "u"}, gold={"u", "lost"})

    assert per_question([question], {"q": ["p1"]})["recall@10"]["q"] == 0.5
    assert per_question([question], {})["recall@10"]["q"] == 0.0


@given(NAMES, NAMES)
def test_recall_only_grows_with_the_ranking(first, more):
    question = asked({"p2": "u", "p4": "v"})
    longer = list(dict.fromkeys([*first, *more]))

    short, long = (per_question([question], {"q": r})["recall@10"]["q"] for r in (first, longer))
    assert short <= long


def test_folding_keeps_what_holds_a_section_that_was_not_seen():
    held = {"p1": "s1", "p2": "s1", "p3": "s2", "p4": "s1 s2"}
    places = {name: frozenset(sections.split()) for name, sections in held.items()}

    assert folded(["p2", "p1", "p9", "p4", "p3"], places) == ["p2", "p9", "p4"]


@settings(deadline=None)  # 2,000 draws each time
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_an_interval_holds_its_mean_and_is_the_same_every_time(values):
    found = score(values)

    assert found.low - 1e-9 <= found.mean <= found.high + 1e-9
    assert found == score(values)


def test_sections_without_titles_are_known_by_their_place():
    first, second, third = section_places(SHEET, TEXT)

    assert TEXT[second.start : second.end] == SHORT
    assert first.end <= second.start and second.end <= third.start
    with pytest.raises(ValueError, match="Quelle durée"):
        section_places(SHEET, TEXT.replace(SHORT, "Deux."))


def test_a_section_title_that_asks_gives_a_question_about_its_sheet():
    first, _, third = section_places(SHEET, TEXT)
    straddling = passage(first.end - 20, third.start + 30)
    passages = {SHEET.path: [passage(first.start, first.end - 20), straddling]}

    questions = sheet_questions([SHEET], {SHEET.path: TEXT}, passages)

    assert [q.question for q in questions] == [
        "La démission : Quelle durée ?",
        "La démission : Et un cadre ?",
    ]
    assert questions[0].right == {straddling.passage_id: "article1#1"}
    assert questions[1].right == {}
    assert questions[1].gold == {"article1#2"}
    assert sections_of([SHEET], {SHEET.path: TEXT}, passages)[straddling.passage_id] == {
        "article1#1"  # whole in the passage; of the two others it holds the least part
    }


def test_a_passage_is_right_for_what_it_holds_most_of_or_lies_in_mostly():
    assert lies_in(passage(0, 100), Place(90, 105))  # two thirds of a short place
    assert lies_in(passage(0, 100), Place(40, 1000))  # most of the passage
    assert not lies_in(passage(0, 100), Place(60, 160))
    assert not lies_in(passage(0, 100), Place(100, 110))


def test_a_quote_is_found_at_each_of_its_places_whatever_the_white_space():
    text = "Un mois\nde préavis (max.). Et : un  mois ; Un mois de préavis (max.)."

    assert [text[p.start : p.end] for p in quote_places("Un mois de préavis (max.).", text)] == [
        "Un mois\nde préavis (max.).",
        "Un mois de préavis (max.).",
    ]


def test_a_demo_question_is_answered_where_a_quote_of_it_stands():
    gold = GoldQuestion(
        id="demo-001",
        question="Combien ?",
        kind="factual",
        answerable=True,
        facts=("12 M€",),
        documents=("a.md", "b.md"),
        quotes=("Une enveloppe de 12 M€.",),
    )
    texts = {"a.md": "Rien ici.", "b.md": "Avant. Une enveloppe de 12 M€. Après."}
    passages = {"a.md": [passage(0, 9)], "b.md": [passage(0, 6, document="b"), passage(7, 37)]}

    (question,) = demo_questions([gold], texts, passages)

    assert question.right == {"d:7": "answer"}
    with pytest.raises(ValueError, match="demo-001"):
        demo_questions([gold], texts | {"b.md": "Autre chose."}, passages)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Quelle est la durée ?", "quel"),
        ("Dans quels cas ?", "quel"),
        ("Le salarié peut-il refuser ?", "ouinon"),
        ("Combien de temps ?", "combien"),
        ("À qui s’adresse-t-il ?", "qui"),
    ],
)
def test_the_kind_of_a_question_is_the_word_that_asks(question, form):
    assert form_of(question) == form


def article(
    number: str, state: str = "VIGUEUR", text: str = "<p>Un texte.</p>"
) -> dict[str, object]:
    data = {"etat": state, "num": number, "cid": "LEGIARTI1", "texteHtml": text}
    return {"type": "article", "data": data}


CODE = {
    "type": "code",
    "data": {"title": "Code du travail"},
    "children": [
        {
            "type": "section",
            "data": {"title": "Titre Ier :  <Contrat>."},
            "children": [article("L1222-10 "), article("L1", "ABROGE_DIFF"), article("R*2122-1")],
        },
        {"type": "section", "data": {"title": "Annexes"}, "children": [article("")]},
    ],
}


def test_the_articles_in_force_are_grouped_by_their_section_and_written_escaped(tmp_path):
    parts = list(parts_of(articles_of(CODE)))

    assert [[a.number for a in part.articles] for part in parts] == [
        ["L1222-10", "R*2122-1"],
        ["LEGIARTI1"],
    ]
    assert parts[0].title == "Titre Ier : <Contrat>"
    write_corpus(tmp_path, parts)
    page = (tmp_path / parts[0].file).read_text(encoding="utf-8")
    assert "<h1>Titre Ier : &lt;Contrat&gt;</h1>" in page
    assert "<h2>Article L1222-10</h2>" in page


def test_the_gold_of_a_code_question_are_the_articles_in_force_that_its_answer_names():
    raw = [
        {"index": 1, "title": "Quel contrat ?", "answers": {"generic": {"text": said}}}
        for said in ("Articles L. 1222-10 et L9999-1 du code.", "Rien.")
    ]
    held = passage(0, 10, section="Titre Ier › Article L1222-10")

    (question,) = code_questions(raw, parts_of(articles_of(CODE)), {"code/0.html": [held]})

    assert question.gold == {"L1222-10"}
    assert question.right == {held.passage_id: "L1222-10"}
    assert article_of(passage(0, 1, section="Annexes")) == ""
    assert named_articles("L1222-10, R. 4228-20 et D3142-67") == {
        *("L1222-10", "R4228-20", "D3142-67"),
    }


def test_a_table_gives_each_figure_with_its_interval():
    row = Row("sheets", "dev", "all", "hybrid", "hits", {"recall@5": score([0.0, 1.0, 1.0, 1.0])})

    lines = table([row]).splitlines()

    assert lines[2].startswith("| sheets | dev | all | 4 | hits | hybrid | 0.750 [")
    assert table([]) == ""


def element(name: str, *inner: object, **attributes: str) -> dict[str, object]:
    children = [c if isinstance(c, dict) else {"type": "text", "text": c} for c in inner]
    return {"type": "element", "name": name, "attributes": attributes, "children": children}


def test_a_sheet_of_service_public_keeps_its_chapters_and_leaves_addresses_out():
    long = "Le maire délivre la carte à toute personne qui habite la commune. " * 3
    chapters = [
        element(
            "Chapitre",
            element("Titre", element("Paragraphe", f"Chapitre {n}")),
            element("Paragraphe", long),
            element("Liste", element("Item", element("Paragraphe", "une photo"))),
            element("OuSAdresser", element("Titre", "Mairie")),
        )
        for n in (1, 2, 3)
    ]
    root = element(
        "Publication",
        element("dc:title", "Carte"),
        element("dc:date", "modified 2020-09-10"),
        element("Introduction", element("Paragraphe", "Il faut une carte.")),
        element("Texte", *chapters),
        type="Fiche d'information",
    )

    sheet = sheet_of({"id": "F1", "children": [root]})

    assert sheet is not None
    assert (sheet.title, sheet.date) == ("Carte", "2020-09-10")
    assert [part.title for part in sheet.sections] == ["", *(f"Chapitre {n}" for n in (1, 2, 3))]
    assert "une photo" in sheet.sections[1].text
    assert "Mairie" not in sheet.sections[1].text
    assert sheet_of([]) is None
