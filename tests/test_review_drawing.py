"""A sample is drawn by rules that anybody can compute again."""

from __future__ import annotations

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assistant.review.drawing import in_drawn_order, lot, shares


def test_the_lot_of_a_record_is_what_sha256sum_says():
    assert lot(7, "01abc").hex() == hashlib.sha256(b"7:01abc").hexdigest()


def test_a_record_more_moves_no_other():
    names = [f"r{n}" for n in range(50)]
    before = in_drawn_order(names, 3)
    after = in_drawn_order([*names, "another"], 3)
    assert [name for name in after if name != "another"] == before


def test_every_record_is_drawn_as_often_as_any_other():
    names = [f"r{n}" for n in range(10)]
    drawn = Counter(name for seed in range(2000) for name in in_drawn_order(names, seed)[:3])
    # expected 600 each, standard deviation 20.5: five of them either way
    assert all(500 < drawn[name] < 700 for name in names)


def test_shares_are_proportional():
    assert shares({"a": 600, "b": 300, "c": 100}, 10) == {"a": 6, "b": 3, "c": 1}


def test_the_smallest_stratum_has_one():
    assert shares({"a": 1000, "b": 1}, 10) == {"a": 9, "b": 1}


def test_shares_by_hand():
    # 1 each; then 50/3, 50/5, 30/3, 50/7: a, then a and b at 10 (a first), b, a
    assert shares({"a": 50, "b": 30, "c": 2}, 7) == {"a": 4, "b": 2, "c": 1}


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 40), min_size=1, max_size=8), st.data())
def test_shares_sum_to_the_size_and_fit_their_strata(sizes, data):
    size = data.draw(st.integers(len(sizes), sum(sizes.values())))
    found = shares(sizes, size)
    assert sum(found.values()) == size
    assert all(1 <= found[name] <= sizes[name] for name in sizes)
