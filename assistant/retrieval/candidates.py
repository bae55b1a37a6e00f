"""The candidates of two searches, put in one order."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assistant.catalogue import Catalogue
from assistant.retrieval.fusion import Ranking, fuse, standard_scores
from assistant.retrieval.rereading import lifted, reread

Vector = NDArray[np.float32]

# In standard scores of the fused ranking; chosen on questions of neither test (DECISIONS.md).
_LENGTH = 0.15  # a passage that says more answers more; a crumb of layout says nothing
_NAMED = 1.0  # the question names its document
_OPENING = 0.25  # off: the first passage of a named document says its title again


class Candidates:
    """The candidates of both searches; what the catalogue knows of them is read once.

    ``sentences`` says how near those of each candidate are to the question.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        dense: Ranking,
        lexical: Ranking,
        dense_weight: float,
        question: Vector,
    ) -> None:
        self._dense, self._lexical, self._weight = dense, lexical, dense_weight
        rows = sorted({row for row, _ in (*dense, *lexical)})
        self._vectors = catalogue.sentence_vectors(rows)
        self._outlines = catalogue.outlines(rows)
        self.sentences = reread(self._vectors, question)
        lengths = np.array([math.log(1 + outline.length) for outline in self._outlines.values()])
        worth = (_LENGTH * standard_scores(lengths)).tolist()
        self._priors: dict[int, float] = dict(zip(self._outlines, worth, strict=True))

    def titles(self, ranking: Ranking) -> list[str]:
        """The titles of the documents of a ranking, best first."""
        known = (self._outlines.get(row) for row, _ in ranking)
        return list(dict.fromkeys(outline.title for outline in known if outline is not None))

    def put_first(self, named: Mapping[str, Vector]) -> None:
        """Put documents first, and compare their passages with something else than the question.

        Args:
            named: What stands for the question in each, float32[d] by title.
        """
        for row, outline in self._outlines.items():
            if outline.title in named:
                vectors = {row: self._vectors[row]} if row in self._vectors else {}
                self.sentences |= reread(vectors, named[outline.title])
                self._priors[row] += _NAMED - _OPENING * outline.opens

    def ranked(self) -> list[tuple[int, float]]:
        """All candidates, best first."""
        dense = lifted(self._dense, self.sentences)
        return fuse(dense, self._lexical, dense_weight=self._weight, priors=self._priors)
