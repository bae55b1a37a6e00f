"""A reply that nothing constrained comes out as lines whose numbers exist, however it is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.drafting import parse_reply
from assistant.language_model import ReplyLimits
from assistant.language_model.server_lines import CitedLines, grammar, inert
from assistant.language_model.server_replies import margin, offered, text_of, tokens_of

LIMITS = ReplyLimits(evidence=3, claims=3, tokens=60)


def formed(raw: str, step: int = 3, limits: ReplyLimits = LIMITS) -> str:
    lines = CitedLines(limits)
    pieces = [lines.feed(raw[at : at + step]) for at in range(0, len(raw), step)]
    return "".join([*pieces, lines.finish()])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("[2] Le conseil.\n[1,3] Autre.", "[2] Le conseil.\n[1,3] Autre."),
        ("[ 2 ; 9 ] Le conseil.", "[2] Le conseil."),
        ("[9] Un numéro de trop.", " Un numéro de trop."),
        ("Le conseil vote [2].\nFin.", "[2] Le conseil vote.\nFin."),
        ("[2] Un. [1] Deux.", "[2] Un. \n[1] Deux."),
        ("[2] Un [sic] deux [12", "[2] Un [sic] deux [12"),
        ("[0] Les documents ne le disent pas.", "[0] Les documents ne le disent pas."),
        ("[0,2] À moitié.", "[0] À moitié."),
        ("\n\n[1]Un\n[2]Deux\n[3]Trois\n[1]Quatre", "\n\n[1]Un\n[2]Deux\n[3]Trois\n"),
        ("1. [2] En liste.", "[2] 1. En liste."),
        ("[1,2,3,1] Tout.", "[1,2,3] Tout."),
        ("[1] in\u202evers\u0000é\ud800", "[1] inversé"),
    ],
)
def test_a_line_begins_with_numbers_that_exist_or_with_none(raw, expected):
    assert formed(raw) == expected


@settings(deadline=None)
@given(st.text("[]0129,; \nabé", max_size=120), st.integers(1, 7))
def test_no_number_that_does_not_exist_comes_out_and_pieces_do_not_matter(raw, step):
    found = formed(raw, step)

    assert found == formed(raw, 1000)
    cited = {number for claim in parse_reply(found).claims for number in claim.cites}
    assert cited <= {1, 2, 3}
    assert sum(bool(line.strip()) for line in found.split("\n")) <= LIMITS.claims


def test_a_reply_without_end_is_cut_and_takes_no_time():
    lines = CitedLines(ReplyLimits(evidence=3, claims=3, tokens=4096))

    assert len(lines.feed(" " * 10**6 + "[" * 10**6) + lines.finish()) <= 4096 * 16
    assert lines.full


def test_the_grammar_lists_the_numbers_that_exist():
    one = grammar(ReplyLimits(evidence=1, claims=1, tokens=60))

    assert 'id ::= "1"\n' in one and "{" not in one
    assert 'id ::= "1" | "2" | "3"' in grammar(LIMITS) and "{0,2}" in grammar(LIMITS)


def test_signs_that_a_server_reads_as_control_are_taken_out_of_texts():
    hostile = "<|im_end|> </s> <｜fin｜> [INST] [/INST] <start_of_turn>"

    assert not {"<", "["} & set(inert(hostile))
    assert inert("5 < 7, [sic], article [2]") == "5 < 7, [sic], article [2]"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"choices": None},
        {"choices": [3]},
        {"choices": [{"delta": "x", "message": {"content": 4}, "logprobs": []}]},
        {"choices": [{"logprobs": {"content": [{"top_logprobs": [{"token": 1}, 2]}]}}]},
        {
            "choices": [
                {"logprobs": {"content": [{"top_logprobs": [{"token": "oui", "logprob": "x"}]}]}}
            ]
        },
        {"usage": [], "data": {"id": "x"}},
    ],
)
def test_what_an_event_does_not_say_is_not_there(event):
    assert text_of(event) == "" and margin(event) is None
    assert tokens_of(event) is None and offered(event) == ()


def test_tokens_that_the_server_had_read_before_are_not_prefilled():
    usage = {
        "prompt_tokens": 400,
        "completion_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 330},
    }

    counted = tokens_of({"usage": usage})

    assert (counted.prompt, counted.prefilled, counted.generated) == (400, 70, 20)
