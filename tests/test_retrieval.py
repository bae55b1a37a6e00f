from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.french.words import stems
from assistant.lexical_index import LexicalIndex
from assistant.records import Document, DocumentKind, Hit, Locator, Passage, Status
from assistant.retrieval import matches_nothing
from assistant.retrieval.copies import distinct
from assistant.retrieval.fusion import fuse
from assistant.retrieval.remainder import names, remainder
from assistant.retrieval.rereading import Sentences, compared, lifted

DOCUMENT = Document(
    document_id="d",
    path="d.txt",
    sha256="0",
    format="text",
    title="Budget",
    date=None,
    kind=DocumentKind.NOTE,
    collection="c",
)
RANKING = st.dictionaries(
    st.integers(1, 50), st.integers(-1000, 1000).map(lambda n: n / 100), max_size=20
).map(lambda scores: sorted(scores.items(), key=lambda pair: -pair[1]))


@given(RANKING, RANKING, st.floats(0, 1))
def test_fusion_keeps_every_candidate_once_and_repeats(dense, lexical, weight):
    fused = fuse(dense, lexical, dense_weight=weight)

    assert {row for row, _ in fused} == {row for row, _ in dense} | {row for row, _ in lexical}
    assert len({row for row, _ in fused}) == len(fused)
    assert fused == fuse(list(reversed(dense)), list(reversed(lexical)), dense_weight=weight)
    assert [s for _, s in fused] == sorted((s for _, s in fused), reverse=True)


@given(RANKING, RANKING)
def test_all_the_weight_on_one_search_gives_its_order(dense, lexical):
    fused = [row for row, _ in fuse(dense, lexical, dense_weight=1.0)]
    scores = dict(dense)
    known = [scores[row] for row in fused if row in scores]

    assert known == sorted(known, reverse=True)


def test_a_passage_that_both_searches_find_comes_before_one_that_only_one_finds():
    dense = [(1, 0.90), (2, 0.89), (3, 0.80)]
    lexical = [(2, 9.0), (4, 3.0), (5, 1.0)]

    assert fuse(dense, lexical, dense_weight=0.5)[0][0] == 2


def test_what_a_passage_is_worth_beforehand_moves_it_and_nothing_else():
    dense, lexical = [(1, 0.90), (2, 0.89)], [(1, 9.0), (2, 8.0)]
    bare = dict(fuse(dense, lexical, dense_weight=0.5))
    moved = dict(fuse(dense, lexical, dense_weight=0.5, priors={2: 3.0}))

    assert moved[2] == pytest.approx(bare[2] + 3.0)
    assert moved[1] == bare[1]


TITLE = "La durée légale du travail"


def test_a_question_that_names_a_document_asks_the_rest_of_it():
    question = f"{TITLE} : quelles sont les durées maximales de repos ?"

    assert names(question, TITLE)
    assert stems(remainder(question, TITLE)) == stems("maximales repos")


def test_a_question_about_a_title_s_subject_does_not_name_it_yet():
    assert not names("Combien dure une journée de travail ?", TITLE)
    assert not names("Qui siège ?", "")


def test_a_question_that_is_a_title_asks_nothing_else():
    assert names(f"{TITLE} ?", TITLE)
    assert remainder(f"{TITLE} ?", TITLE) == ""


@given(st.text(max_size=80), st.text(max_size=40))
def test_the_rest_of_a_question_is_pieces_of_it_in_order(question, title):
    rest = remainder(question, title).split()
    pieces = iter(question.split())

    assert all(any(piece.endswith(part) for piece in pieces) for part in rest)
    assert not rest or stems(" ".join(rest))


def test_the_best_sentence_lifts_its_passage():
    question = np.array([1.0, 0.0], dtype=np.float32)
    even = compared(np.array([[0.8, 0.6], [0.8, -0.6]], dtype=np.float16), question)
    uneven = compared(np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float16), question)

    assert even.together > uneven.together
    assert uneven.likeness > even.likeness
    assert uneven.cosines == pytest.approx((1.0, 0.6), abs=0.001)


def test_sentences_beyond_what_the_model_reads_give_no_likeness_and_no_error():
    nothing = compared(np.zeros((2, 2), dtype=np.float16), np.array([1, 0], dtype=np.float32))

    assert nothing.likeness == 0.0


def test_a_passage_that_only_words_found_is_compared_like_the_others():
    sentences = {2: Sentences((0.9,), 0.9), 3: Sentences((0.95,), 0.95)}

    assert lifted([(1, 0.92), (2, 0.80)], sentences) == [(3, 0.95), (1, 0.92), (2, 0.9)]


def test_a_word_of_the_title_that_the_text_repeats_counts_once(tmp_path):
    index = LexicalIndex(tmp_path)
    texts = ("Une démission.", "Un préavis.", "Une lettre.")
    index.change(
        adds=((row, 1, passage(text)) for row, text in enumerate(texts, start=1)), removes=()
    )

    (first, most), (second, less), *_ = index.search("La démission : quel préavis ?", 3)

    assert (first, second) == (2, 1)
    assert most > less
    assert {row for row, _ in index.search("demission", 3)} == {1, 2, 3}
    assert index.search("photovoltaïque", 3) == []


def passage(text: str) -> Passage:
    return Passage(
        passage_id="d:0",
        document_id="d",
        text=text,
        start=0,
        end=len(text),
        locator=Locator(),
        context="La démission",
    )


def hit(text: str, *cosines: float) -> Hit:
    passage = Passage(
        passage_id="d:0", document_id="d", text=text, start=0, end=len(text), locator=Locator()
    )
    return Hit(rank=1, score=1.0, passage=passage, document=DOCUMENT, sentences=cosines)


@pytest.mark.parametrize(
    ("asked", "cosine", "nothing"),
    [
        ("recette de blanquette de veau ancienne", 0.80, True),
        ("recette de blanquette de veau ancienne", 0.90, False),  # a paraphrase may share no word
        ("recettes fiscales de la Région", 0.80, False),  # two words of three are there
        ("Région", 0.80, False),  # one rare word is a search
        ("xyzzy plugh", 0.80, True),
    ],
)
def test_nothing_is_found_where_both_words_and_meaning_are_missing(asked, cosine, nothing):
    found = [hit("Les recettes de la Région augmentent.", cosine - 0.1, cosine)]

    assert matches_nothing(asked, found, below=0.85) is nothing


def test_without_sentence_vectors_or_with_the_bound_at_zero_all_is_shown():
    assert not matches_nothing("xyzzy", [hit("Les recettes augmentent.")], below=0.85)
    assert not matches_nothing("xyzzy", [hit("Les recettes augmentent.", 0.7)], below=0.0)
    assert not matches_nothing("xyzzy", [], below=0.85)


def standing(text, status=Status.FINAL, title="Budget"):
    document = replace(DOCUMENT, title=title, status=status)
    passage = Passage(
        passage_id="d:0", document_id="d", text=text, start=0, end=len(text), locator=Locator()
    )
    return passage, document


def rows_of(found):
    return [[one.row for one in same] for same in found]


def test_the_same_words_in_two_documents_take_one_place_and_both_are_told():
    known = {
        1: standing("Le seuil est\nde 5 M€."),
        2: standing("Autre."),
        3: standing("Le seuil est de 5 M€."),
    }
    ranking = [(1, 3.0), (3, 2.0), (2, 1.0)]

    found = distinct(ranking, 2, lambda rows: {row: known[row] for row in rows})

    assert rows_of(found) == [[1, 3], [2]]
    assert [same[0].score for same in found] == [3.0, 1.0]


def test_a_figure_that_differs_is_no_copy():
    known = {1: standing("Le seuil est de 5 M€."), 2: standing("Le seuil est de 6 M€.")}

    assert rows_of(distinct([(1, 1.0), (2, 0.5)], 5, lambda rows: known)) == [[1], [2]]


def test_a_copy_in_a_superseded_document_never_stands_for_the_one_that_binds():
    known = {1: standing("Pareil.", Status.SUPERSEDED), 2: standing("Pareil.")}

    assert rows_of(distinct([(1, 1.0), (2, 0.5)], 5, lambda rows: known)) == [[2, 1]]


@given(RANKING, st.integers(1, 12), st.integers(1, 7))
def test_copies_cost_no_place_and_nothing_comes_twice(ranking, top, wordings):
    known = {row: standing(f"texte {row % wordings}") for row, _ in ranking}

    found = distinct(ranking, top, lambda rows: {row: known[row] for row in rows})

    rows = [row for same in rows_of(found) for row in same]
    assert len(found) == min(top, len({row % wordings for row, _ in ranking}))
    assert len(set(rows)) == len(rows)
    assert [same[0].passage.text for same in found] == list(
        dict.fromkeys(known[row][0].text for row, _ in ranking)
    )[:top]
