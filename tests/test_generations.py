"""The catalogue and its generations: what readers see while a writer works."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from assistant.catalogue import Catalogue
from assistant.errors import DocumentNotFound, EmptyIndex, IndexDamaged
from assistant.generations import Generations
from assistant.passages import cut_passages
from assistant.reading.canonical import CanonicalText
from assistant.records import DocumentKind, Filters, Locator, Role
from tests.conftest import document

DIMENSIONS = 8


@pytest.fixture
def catalogue(tmp_path):
    return Catalogue(tmp_path / "catalogue.sqlite3")


@pytest.fixture
def generations(tmp_path, catalogue):
    made = Generations(tmp_path / "generations", catalogue)
    yield made
    made.close()


def keep(catalogue, path, sentences, **facts):
    """Keep one pending document, a turn a sentence, with random but repeatable vectors."""
    canonical = CanonicalText()
    for speaker, sentence in sentences:
        canonical.add(sentence, Role.TURN, Locator(speaker=speaker))
    text, blocks = canonical.build()
    made = replace(document(path), **facts)
    passages = cut_passages(made, text, blocks, target_words=50, max_words=60)
    row = catalogue.add(made, text, blocks, passages, recipe="r")
    waiting = catalogue.without_vector(1000)
    vectors = np.random.default_rng(len(text)).normal(size=(len(waiting), DIMENSIONS))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    catalogue.keep_vectors([w.row for w in waiting], vectors, [vectors[:1]] * len(waiting))
    return row


def test_nothing_published_is_an_empty_index(generations):
    with pytest.raises(EmptyIndex), generations.reading():
        pass


def test_a_reader_keeps_its_generation_while_the_next_one_is_published(catalogue, generations):
    first = keep(catalogue, "a/un.txt", [("M. Roy", "Le budget du lycée est de 3 M€.")])
    generations.publish(adds=[first], retires=[])

    with generations.reading() as old:
        second = keep(catalogue, "a/deux.txt", [("Mme Le", "Le budget du lycée est de 5 M€.")])
        generations.publish(adds=[second], retires=[first])
        held = old.lexical.search("budget du lycée", 10)
        assert old.read(document("a/un.txt").document_id, 0, 9) == "Le budget"
        with generations.reading() as new:
            seen = new.lexical.search("budget du lycée", 10)
            assert new.number == old.number + 1
            assert old.vectors.rows.tolist() != new.vectors.rows.tolist()

    known = catalogue.passages([held[0][0]])
    assert "3 M€" in known[held[0][0]][0].text
    assert "5 M€" in catalogue.passages([seen[0][0]])[seen[0][0]][0].text


def test_what_left_is_deleted_once_nobody_reads_it(catalogue, generations):
    first = keep(catalogue, "a/un.txt", [("M. Roy", "Le budget du lycée est de 3 M€.")])
    generations.publish(adds=[first], retires=[])
    generations.publish(adds=[], retires=[first])
    with generations.reading() as new:
        assert new.number == 2
    generations.clean()

    assert not generations.folder_of(1).exists()
    assert catalogue.passages([1]) == {}


def test_the_derived_indexes_are_rebuilt_from_the_catalogue_alone(catalogue, generations):
    import shutil

    row = keep(catalogue, "a/un.txt", [("M. Roy", "Le haut débit couvre 94 % des foyers.")])
    generations.publish(adds=[row], retires=[])
    assert generations.sound(1)
    shutil.rmtree(generations.folder_of(1))
    assert not generations.sound(1)
    with pytest.raises(IndexDamaged), generations.reading():
        pass

    generations.publish(adds=[], retires=[], anew=True)

    with generations.reading() as new:
        assert new.lexical.search("haut debit", 5)
        assert generations.sound(new.number)


def test_an_unfinished_generation_of_a_killed_process_is_replaced(catalogue, generations):
    row = keep(catalogue, "a/un.txt", [("M. Roy", "Le haut débit couvre 94 % des foyers.")])
    (generations.folder_of(1) / "vectors").mkdir(parents=True)
    (generations.folder_of(1).parent / "building" / "vectors").mkdir(parents=True)

    generations.publish(adds=[row], retires=[])

    assert generations.sound(1)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), 3),
        (Filters(collection="a"), 2),
        (Filters(kind=DocumentKind.REPORT), 1),
        (Filters(since=date(2026, 1, 1)), 2),
        (Filters(until=date(2025, 12, 31)), 1),
        (Filters(speaker="leroy"), 1),
        (Filters(speaker="Élise LEROY", collection="b"), 1),
        (Filters(speaker="leroy", collection="a"), 0),
    ],
)
def test_filters_restrict_both_indexes_alike(catalogue, generations, filters, expected):
    said = "Le budget de la plateforme régionale est discuté."
    rows = [
        keep(catalogue, "a/un.txt", [("M. Roy", said)], date=date(2025, 5, 1)),
        keep(catalogue, "a/deux.txt", [("M. Roy", said)], kind=DocumentKind.REPORT),
        keep(catalogue, "b/trois.txt", [("Mme Élise Leroy", said)]),
    ]
    generations.publish(adds=rows, retires=[])

    with generations.reading() as generation:
        documents, among = generation.passages_of(filters)
        lexical = generation.lexical.search(
            "budget", 10, documents=documents, speaker=filters.speaker
        )
        query = np.ones(DIMENSIONS, dtype=np.float32)
        dense = generation.vectors.search(query, 10, among=among)

    assert len(among) == len(lexical) == len(dense) == expected
    assert {row for row, _ in lexical} == {row for row, _ in dense} == set(among.tolist())


def test_the_graph_and_the_exact_scan_agree(catalogue, generations):
    from assistant.vector_index import VectorIndex

    rows = [keep(catalogue, f"a/{i}.txt", [("M. Roy", f"Phrase {i}. " * i)]) for i in range(1, 30)]
    generations.publish(adds=rows[:20], retires=[])
    generations.publish(adds=rows[20:], retires=rows[3:6])
    folder = generations.folder_of(2) / "vectors"
    query = np.ones(DIMENSIONS, dtype=np.float32) / np.sqrt(DIMENSIONS).astype(np.float32)

    exact = VectorIndex(folder).search(query, 10)
    with closing(VectorIndex(folder, exact_limit=0)) as index:
        graph = index.search(query, 10)

    assert [row for row, _ in graph] == [row for row, _ in exact]
    assert np.allclose([s for _, s in graph], [s for _, s in exact], atol=1e-5)


def test_a_document_is_found_by_a_part_of_its_name_and_an_ambiguous_one_is_refused(catalogue):
    rows = [keep(catalogue, f"a/rapport-{n}.txt", [("M. Roy", "Texte.")]) for n in ("un", "deux")]
    catalogue.publish(1, adds=rows, retires=[])

    assert catalogue.find("rapport-un", 1).document.path == "a/rapport-un.txt"
    with pytest.raises(DocumentNotFound, match="2 documents"):
        catalogue.find("rapport", 1)
    with pytest.raises(DocumentNotFound):
        catalogue.find("absent", 1)


def test_the_vectors_of_sentences_are_kept_in_half_precision(catalogue):
    keep(catalogue, "a/note.txt", [("M. Roy", "Une phrase."), ("Mme Leroy", "Une autre.")])
    rows = [1, 2]

    kept = catalogue.sentence_vectors(rows)

    assert sorted(kept) == rows
    assert all(kept[row].shape == (1, DIMENSIONS) for row in rows)
    assert np.allclose(kept[1][0], catalogue.vectors([1])[0], atol=1e-3)
