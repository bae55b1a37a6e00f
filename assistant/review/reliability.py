"""How far evaluators agree: raw agreement, Cohen's kappa, Krippendorff's alpha.

Computed by NLTK (Apache-2.0), which follows Artstein and Poesio, "Inter-coder agreement for
computational linguistics", Computational Linguistics 34(4), 2008. Categories are nominal.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two evaluators on the ``n`` things that both judged, 1 at least.

    ``raw`` is the share of them on which both said the same; ``kappa`` is Cohen's (1960), ``None``
    when both said one and the same thing throughout: it corrects for a chance that is not there.
    """

    one: str
    other: str
    n: int
    raw: float
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Any number of evaluators on things that not all of them judged.

    ``judged`` things have a judgement, ``n`` of them two or more: only these count. ``raw`` is the
    share of agreeing pairs of judgements of the same thing; ``alpha`` is Krippendorff's (2004),
    nominal, ``None`` when all judgements that count are one and the same. Both are ``None`` when
    nothing was judged twice. ``pairs`` are those who judged something in common.
    """

    evaluators: tuple[str, ...]
    judged: int
    n: int
    raw: float | None
    alpha: float | None
    pairs: tuple[Pair, ...]


def reliability(said: Mapping[Hashable, Mapping[str, str]]) -> Reliability:
    """The agreement on some things.

    Args:
        said: By thing, what each evaluator said of it: one category of a nominal scale.
    """
    people = sorted({person for here in said.values() for person in here})
    twice = {thing: here for thing, here in said.items() if len(here) > 1}
    alike = [a == b for here in twice.values() for a, b in combinations(here.values(), 2)]
    return Reliability(
        evaluators=tuple(people),
        judged=sum(bool(here) for here in said.values()),
        n=len(twice),
        raw=sum(alike) / len(alike) if alike else None,
        alpha=_alpha(twice),
        pairs=tuple(
            _pair(one, other, both)
            for one, other in combinations(people, 2)
            if (both := [(h[one], h[other]) for h in twice.values() if one in h and other in h])
        ),
    )


def _alpha(twice: Mapping[Hashable, Mapping[str, str]]) -> float | None:
    if len({key for here in twice.values() for key in here.values()}) < 2:
        return None
    rows = [
        (person, number, key)
        for number, here in enumerate(twice.values())
        for person, key in here.items()
    ]
    return float(_task(rows).alpha())


def _pair(one: str, other: str, both: list[tuple[str, str]]) -> Pair:
    kappa = None
    if len({key for keys in both for key in keys}) > 1:
        rows = [
            (person, number, key)
            for number, keys in enumerate(both)
            for person, key in zip((one, other), keys, strict=True)
        ]
        kappa = float(_task(rows).kappa_pairwise(one, other))
    raw = sum(a == b for a, b in both) / len(both)
    return Pair(one=one, other=other, n=len(both), raw=raw, kappa=kappa)


def _task(rows: list[tuple[str, int, str]]) -> Any:
    from nltk.metrics.agreement import AnnotationTask  # over a second: not before it is needed

    return AnnotationTask(data=rows)
