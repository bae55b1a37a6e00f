"""Words to passages: a tantivy index over French stems and exact identifiers. Derived.

The analysis is ``assistant.french.words`` on both sides, so an index and a query
cannot disagree: elisions and accents folded, stop words out, words stemmed.
What must match to the letter (article and deliberation numbers, acronyms, dates)
goes whole into a field of its own. The title, section and speaker of a passage
are a third field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tantivy

from assistant.french.words import content_words, fold, identifiers
from assistant.records import Passage

BODY, CONTEXT, EXACT = "body", "context", "exact"
_WEIGHTS = {BODY: 1.0, CONTEXT: 1.0, EXACT: 1.5}
# What a word counts in the weaker of text and context. Summed, an introduction, which repeats its
# title, would come first for every question about it.
_AGAIN = 0.1
_HEAP_BYTES = 64_000_000


class LexicalIndex:
    """A lexical index in a folder, over passage rows."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(_schema(), path=str(folder))

    def change(self, *, adds: Iterable[tuple[int, int, Passage]], removes: Sequence[int]) -> None:
        """Apply one change and commit it.

        Args:
            adds: (passage row, document row, passage), any order.
            removes: Document rows whose passages leave.
        """
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for document_row in removes:
            # by query: deletion by term silently misses unsigned fields in tantivy-py 0.27
            writer.delete_documents_by_query(
                tantivy.Query.term_query(self._index.schema, "document", document_row)
            )
        for row, document_row, passage in adds:
            writer.add_document(_entry(row, document_row, passage))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def search(
        self,
        question: str,
        k: int,
        *,
        documents: Sequence[int] | None = None,
        speaker: str | None = None,
    ) -> list[tuple[int, float]]:
        """The k best passages by BM25 (Robertson and Zaragoza, 2009; k1 1.2, b .75).

        A word counts once, where it says most: in the text of a passage, or in its title,
        section and speaker.

        Args:
            question: Free text; no query syntax is interpreted.
            k: At most so many.
            documents: Restrict to these document rows; ``None`` restricts nothing.
            speaker: Restrict to speakers whose name holds all these words.

        Returns:
            (passage row, score), best first; ties by row. Empty when no word is known.
        """
        schema = self._index.schema
        should = [(tantivy.Occur.Should, query) for query in _queries(schema, question)]
        if not should:
            return []
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))]
        restrictions = []
        if documents is not None:
            restrictions.append(tantivy.Query.term_set_query(schema, "document", list(documents)))
        for word in fold(speaker).split() if speaker else ():
            restrictions.append(tantivy.Query.term_query(schema, "speaker", word))
        clauses += [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0))
            for query in restrictions
        ]
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit=max(1, k)).hits
        rows = [(searcher.doc(address)["row"][0], float(score)) for score, address in found]
        return sorted(rows, key=lambda hit: (-hit[1], hit[0]))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True)
    builder.add_unsigned_field("document", indexed=True)
    for field in (BODY, CONTEXT, EXACT, "speaker"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _entry(row: int, document_row: int, passage: Passage) -> tantivy.Document:
    entry = tantivy.Document()
    entry.add_unsigned("row", row)
    entry.add_unsigned("document", document_row)
    entry.add_text(BODY, " ".join(content_words(passage.text)))
    entry.add_text(CONTEXT, " ".join(content_words(passage.context)))
    exact = identifiers(f"{passage.text}\n{passage.context}")
    entry.add_text(EXACT, " ".join(_joined(exact)))
    entry.add_text("speaker", fold(passage.locator.speaker or ""))
    return entry


def _queries(schema: tantivy.Schema, question: str) -> Iterator[tantivy.Query]:
    """One for each word, where it counts most; one for each identifier."""
    for word in dict.fromkeys(content_words(question)):
        places = [_term(schema, field, word) for field in (BODY, CONTEXT)]
        yield tantivy.Query.disjunction_max_query(places, _AGAIN)
    for term in dict.fromkeys(_joined(identifiers(question))):
        yield _term(schema, EXACT, term)


def _term(schema: tantivy.Schema, field: str, term: str) -> tantivy.Query:
    query = tantivy.Query.term_query(schema, field, term, "freq")
    return tantivy.Query.boost_query(query, _WEIGHTS[field])


def _joined(terms: Iterable[str]) -> list[str]:
    """Identifiers as single whitespace-free tokens."""
    return ["_".join(term.split()) for term in terms]
