from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval import fuse

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
