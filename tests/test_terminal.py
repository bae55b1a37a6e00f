from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.canonical import normalise
from assistant.terminal import table, wrapped
from assistant.wording import safe


@given(st.text(max_size=300))
def test_canonical_text_is_shown_unchanged_so_that_offsets_hold(text):
    canonical = normalise(text)

    assert safe(canonical) == canonical


def test_document_text_cannot_move_the_cursor_or_turn_the_line_around():
    assert safe("a\x1b[2Jb\u202ec\x07\r\nd") == "a[2Jbc\nd"


def test_a_no_break_space_is_not_a_place_to_break_a_line():
    words = " ".join(["«\u00a0mot\u00a0»"] * 60)

    assert all(line.count("«") == line.count("»") for line in wrapped(words).splitlines())


def test_a_table_keeps_its_columns_aligned():
    lines = table([("un", "deux"), ("trois cents", "4")], ("a", "b")).splitlines()

    assert (
        len({line.index(cell) for line, cell in zip(lines, ("b", "deux", "4"), strict=True)}) == 1
    )
