"""What the actions of one command share: how one is added, and the kinds of its options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from assistant.wording import Words


def add_action(
    actions: Any,
    shared: argparse.ArgumentParser,
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: Words,
) -> argparse.ArgumentParser:
    """An action such as ``audit verify``, with ``--json``; its parser is returned."""
    parser: argparse.ArgumentParser = actions.add_parser(name, parents=[shared], help=str(what))
    parser.add_argument(
        "--json", action="store_true", help=str(Words("un objet JSON", "one JSON object"))
    )
    parser.set_defaults(run=run)
    return parser


def between_days(parser: argparse.ArgumentParser) -> None:
    """Add ``--since`` and ``--until``, days in UTC, both inclusive."""
    for name, what in (
        ("--since", Words("depuis ce jour (UTC)", "from that day on (UTC)")),
        ("--until", Words("jusqu’à ce jour compris", "until that day, inclusive")),
    ):
        parser.add_argument(name, type=day, metavar="AAAA-MM-JJ", help=str(what))


def day(text: str) -> date:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            str(Words(f"« {text} » n’est pas une date AAAA-MM-JJ", f"{text!r} is not YYYY-MM-DD"))
        ) from None


def count(text: str) -> int:
    """A number of things, 1 at least."""
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(
            str(Words(f"« {text} » n’est pas un nombre positif", f"{text!r} is not positive"))
        )
    return int(text)
