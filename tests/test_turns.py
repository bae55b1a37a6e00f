"""The model's line: first come, first served; whoever waits knows their place and may leave."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from assistant.turns import Turns


def test_nobody_before_means_no_waiting():
    with Turns().place() as before:
        assert list(before) == []


def test_each_is_told_how_many_come_before_and_serves_in_the_order_of_coming():
    turns, served, told = Turns(), [], {}
    inside = threading.Event()

    def stand(name: int) -> None:
        with turns.place() as before:
            inside.set()
            told[name] = list(before)
            served.append(name)

    with turns.place() as first:
        assert list(first) == []
        people = []
        for name in range(5):
            inside.clear()
            people.append(threading.Thread(target=stand, args=(name,)))
            people[-1].start()
            assert inside.wait(5)
        time.sleep(0.1)
    for person in people:
        person.join(10)

    assert served == [0, 1, 2, 3, 4]
    assert [told[name][0] for name in range(5)] == [1, 2, 3, 4, 5]
    assert all(counts == sorted(counts, reverse=True) for counts in told.values())


def test_whoever_leaves_brings_the_others_forward():
    turns = Turns()
    with turns.place() as first:
        list(first)
        with turns.place() as third:
            with turns.place() as fourth:
                assert (next(third), next(fourth)) == (1, 2)
            with turns.place() as last:
                assert next(last) == 2


def test_the_line_goes_on_when_one_fails_in_their_turn():
    turns = Turns()
    with suppress(ValueError), turns.place() as before:
        assert list(before) == []
        raise ValueError

    with turns.place() as before:
        assert list(before) == []


def test_a_wait_tells_its_place_again_so_that_it_can_be_left(monkeypatch):
    monkeypatch.setattr("assistant.turns._LOOK_S", 0.01)
    turns = Turns()
    with turns.place() as first, turns.place() as second:
        list(first)

        assert [next(second) for _ in range(3)] == [1, 1, 1]
