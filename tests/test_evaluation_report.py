"""The report: one page that needs nothing else, in proper French, whatever the texts hold."""

import json
import re
from html.parser import HTMLParser

import pytest

from assistant.evaluation.report_html import page
from assistant.evaluation.report_markdown import markdown
from assistant.evaluation.running import write_report
from assistant.evaluation.typography import bounds, number, percent, seconds, typeset
from assistant.records import Verdict
from tests.evaluations import a_report, abstained, answered, failed, gold, said

HOSTILE = (
    "</td><script>alert(1)</script><img src=x onerror=alert(2)> [x](http://mal.example) "
    "![y](http://mal.example/y.png) | `z` $\\frac{1}$ \u202e"
)


class Seen(HTMLParser):
    """What a browser would see: tags, attributes, text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.text += data


def ordinary():
    return a_report(
        (gold("q-1", asks="montant"), answered("q-1", said("12,4 M€"), evidence=("12,4 M€",))),
        (gold("q-2", kind="nearmiss"), answered("q-2", said("9,8 M€ en 2025"))),
        (gold("q-3", kind="date", facts=("juin 2026",)), abstained("q-3", seconds={"total": 0.4})),
        (gold("q-4"), failed("q-4")),
    )


def hostile():
    question = gold(
        HOSTILE, kind=HOSTILE, question=HOSTILE, asks=HOSTILE, facts=("62", HOSTILE[:9])
    )
    outcome = answered(
        HOSTILE, said(f"62 {HOSTILE}", Verdict.EXACT, (HOSTILE,)), reason=HOSTILE, record=HOSTILE
    )
    return a_report((question, outcome), gold=f"{HOSTILE}.jsonl", model=HOSTILE)


@pytest.mark.parametrize("report", [ordinary(), hostile(), a_report(planned=(gold("q-1"),))])
def test_the_page_runs_nothing_and_asks_for_nothing(report):
    seen = Seen(page(report))

    assert not {"script", "img", "link", "iframe", "object", "a", "image"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    references = [v for name, v in seen.attributes if name in ("src", "href", "xlink:href")]
    assert all(value.startswith("#") for value in references)
    assert not re.search(r"url\((?!#)", page(report))
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in seen.attributes


def test_hostile_texts_are_shown_as_they_are_written_but_for_turned_characters():
    shown = Seen(page(hostile())).text

    assert HOSTILE.removesuffix(" \u202e") in shown
    assert "\u202e" not in page(hostile())


def test_hostile_texts_cannot_mark_up_the_markdown():
    text = markdown(hostile())

    assert "<script" not in text and "<img" not in text and "\u202e" not in text
    assert "](" not in re.sub(r"\\.", "", text)
    cells = []
    for line in text.splitlines():
        if line.startswith("|"):
            cells.append(len(re.sub(r"\\.", "", line).split("|")))
    assert set(cells) == {n + 2 for n in (2, 4, 5, 6, 11)}  # the columns of our tables, no more


def test_each_part_of_a_drawing_has_a_name_of_its_own_in_the_page():
    found = [value for name, value in Seen(page(ordinary())).attributes if name == "id"]

    assert found and len(found) == len(set(found))


def test_drawings_take_the_colours_and_the_letters_of_the_page():
    markup = page(ordinary())

    drawings = "".join(re.findall(r"<svg.*?</svg>", markup, re.DOTALL))
    assert drawings.count("<svg") == 4
    assert "var(--good)" in drawings and "#0101" not in drawings
    assert "Réponses complètes" in drawings and 'role="img"' in drawings
    assert "prefers-color-scheme: dark" in markup and "@media print" in markup


def test_the_report_tells_what_was_measured_and_under_which_conditions():
    text = " ".join(Seen(page(ordinary())).text.replace("\u00a0", " ").split())

    for told in (
        "demo.jsonl (sha256 " + "a" * 64, "petit-modele (sha256 " + "b" * 64,
        "assistant-documentaire 0.1.0", "2 processeurs, Linux-essai", "seed = 0",
        "vérificateur du programme lui-même", "Gao et al., EMNLP 2023", "Clopper-Pearson",
        "non mesurée", "1 en échec", "trace-q-2", "réponse à tort (question voisine)",
        "Le journal ne peut pas être écrit.",
    ):  # fmt: skip
        assert told in text


def test_an_interrupted_evaluation_says_so_and_how_to_go_on():
    report = a_report((gold("q-1"), abstained("q-1")), planned=(gold("q-2"),))

    for text in (page(report), markdown(report)):
        assert "1 question posée sur 2" in text
        assert "interrompue" in text and "--resume" in text
    assert report.as_json()["interrupted"] is True


def test_our_own_french_never_lets_a_mark_or_a_unit_go_to_the_next_line():
    report = a_report((gold("q-1"), answered("q-1", said("12,4 M€"))))
    for text in (Seen(page(report)).text, markdown(report)):
        ours = text.replace(report.cases[0].question.question, "")
        assert not re.search(r" [:;?!%»]|« |\d s\b", ours)


def test_figures_are_french():
    assert percent(0.1234) == "12,3\u00a0%" and percent(None) == "—"
    assert number(12345.6, 1) == "12\u202f345,6"
    assert bounds((0.041, 0.27)) == "4,1 à 27,0\u00a0%"
    assert seconds(0.0412) == "0,041\u00a0s" and seconds(12.34) == "12,3\u00a0s"
    assert typeset("« Quoi ? » : ça !") == "«\u00a0Quoi\u202f?\u00a0»\u00a0: ça\u202f!"


def test_the_three_files_are_written_whole_and_the_json_holds_everything(tmp_path):
    report = ordinary()

    files = write_report(tmp_path, report)
    files = write_report(tmp_path, report)  # a second time replaces

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "report.html", "report.json", "report.md",
    ]  # fmt: skip
    told = json.loads(files["json"].read_text("utf-8"))
    assert told["worst"] == ["q-2", "q-3", "q-4"]
    assert told["per_kind"]["nearmiss"]["false_answers"]["count"] == 1
    assert set(told["per_asks"]) == {"montant"}
    assert {c["question"]["id"]: c["fault"] for c in told["cases"]} == {
        "q-1": None, "q-2": "near miss answered", "q-3": "false refusal", "q-4": "failed",
    }  # fmt: skip
    assert told["cases"][0]["facts"] == [{"fact": "12,4 M€", "said": True, "shown": True}]
