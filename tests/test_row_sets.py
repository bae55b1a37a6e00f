import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.row_sets import among

ROWS = st.lists(st.integers(0, 300), max_size=60).map(lambda rows: np.array(rows, dtype=np.int64))


@given(ROWS, ROWS)
def test_a_row_is_in_a_set_or_not_whatever_the_order_and_the_numbers(rows, wanted):
    assert among(rows, wanted).tolist() == [row in set(wanted.tolist()) for row in rows.tolist()]
