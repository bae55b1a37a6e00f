"""Gold questions and scores: what is counted, over what, and how sure one may be of it."""

import json

import pytest

from assistant.errors import AssistantError
from assistant.evaluation.cases import Fault, case_of, worst_first
from assistant.evaluation.citations import count_exact, count_support
from assistant.evaluation.facts import stands_in
from assistant.evaluation.gold import chosen, read_gold, split_of
from assistant.evaluation.scores import scores_of
from assistant.figures.shares import Share, spread
from assistant.records import Answer, Citation, Claim, Verdict
from tests.conftest import evidence
from tests.evaluations import abstained, answered, failed, gold, said

# --- gold files -------------------------------------------------------------------

LINE = {
    "id": "q-1", "question": "Combien ?", "kind": "factual", "answerable": True,
    "facts": ["12"], "documents": [], "quotes": [],
}  # fmt: skip


def write_gold(folder, *lines):
    file = folder / "gold.jsonl"
    file.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8"
    )
    return file


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{pas du JSON", "objet JSON"),
        ("[]", "objet JSON"),
        ({k: v for k, v in LINE.items() if k != "facts"}, "« facts » manque"),
        ({**LINE, "previus": "Et avant ?"}, "« previus » est inconnue"),
        ({**LINE, "answerable": "oui"}, "« answerable »"),
        ({**LINE, "facts": "12"}, "« facts »"),
        ({**LINE, "facts": [""]}, "« facts.0 »"),
        ({**LINE, "question": "  "}, "« question »"),
        ({**LINE, "kind": "nearmiss"}, "contredit"),
        ({**LINE, "answerable": False}, "contredit"),
        ({**LINE, "facts": []}, "« facts » est vide"),
        (LINE, "« q-1 » y est déjà"),
    ],
)  # fmt: skip
def test_a_bad_gold_line_is_refused_with_its_number_and_a_remedy(tmp_path, line, named):
    with pytest.raises(AssistantError) as refused:
        read_gold(write_gold(tmp_path, LINE, "", line))

    assert "ligne 3" in refused.value.message.fr and "line 3" in refused.value.message.en
    assert named in refused.value.message.fr
    assert refused.value.remedy.fr


def test_a_gold_file_that_is_empty_missing_or_not_text_is_refused(tmp_path):
    (tmp_path / "binaire.jsonl").write_bytes(b"\xff\xfe\x00")
    for file in (
        write_gold(tmp_path, "", ""),
        tmp_path / "absent.jsonl",
        tmp_path / "binaire.jsonl",
    ):
        with pytest.raises(AssistantError):
            read_gold(file)


def test_a_gold_file_keeps_its_order_and_texts_with_unusual_line_separators(tmp_path):
    second = json.dumps({**LINE, "id": "q-2", "question": "A\u2028B ?"}, ensure_ascii=False)

    found = read_gold(write_gold(tmp_path, LINE, second, ""))

    assert [q.id for q in found.questions] == ["q-1", "q-2"]
    assert found.questions[1].question == "A\u2028B ?"
    assert len(found.sha256) == 64 and found.name == "gold.jsonl"


def test_the_split_of_a_question_never_moves():
    names = [f"demo-{n:03d}" for n in range(1, 9)]

    # first digits by `printf demo-001 | sha256sum`: f 3 7 6 8 e c 6
    assert [split_of(name) for name in names] == ["test"] * 3 + ["dev"] * 5
    halves = [split_of(str(n)) for n in range(1000)]
    assert 430 < halves.count("dev") < 570


def test_a_limit_takes_the_first_questions_of_the_split_and_an_empty_choice_is_refused():
    questions = [gold(f"demo-{n:03d}") for n in range(1, 9)]
    tests = [q for q in questions if q.split == "test"]

    assert chosen(questions, split="test", limit=2) == tuple(tests[:2])
    with pytest.raises(AssistantError):
        chosen([q for q in questions if q.split == "dev"], split="test", limit=None)


# --- facts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("12,4 M€", "L’enveloppe est de 12,4 M€ pour trois ans."),
        ("12,4 M€", "Elle s’élève à 12 400 000 euros."),
        ("12,4 M€", "soit 12,4 millions d’euros"),
        ("40 %", "une part de 40% des foyers"),
        ("Neuf agents", "Les neuf agents du centre"),
        ("obligation d'extinction", "une OBLIGATION d’extinction nocturne"),
        ("Entrepôt de données régional", "l’entrepôt de\u00a0données « régional »"),
        ("14 novembre 2025", "le 14/11/2025 à Lormeuil"),
        ("juin 2026", "le vote aura lieu le 18 juin 2026"),
        ("118", "la délibération n° 2025-118"),
        ("43", "elle a 43 ans"),
        ("438 000", "438\u202f000 repas"),
        ("2025-M-0187", "marché 2025\u2011M\u20110187"),
    ],
)
def test_a_fact_is_found_however_it_is_spelled(fact, text):
    assert stands_in(fact, text)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("12", "12,4 M€"),
        ("12", "le 112"),
        ("9", "une hausse de 9 %"),
        ("200", "1 200 foyers"),
        ("12", "12 000 foyers"),
        ("4,7 M€", "14,7 M€"),
        ("17 %", "17 agents"),
        ("12,4 M€", "12,4 %"),
        ("11 millions", "11"),
        ("2025", "le 12025"),
        ("relecture", "des relectures"),
        ("juin 2026", "en 2026"),
        ("\u00a0", "tout"),
    ],
)
def test_a_fact_is_not_found_in_part_of_a_figure_or_a_word(fact, text):
    assert not stands_in(fact, text)


# --- cases ------------------------------------------------------------------------


def test_facts_are_looked_for_in_supported_claims_and_their_quotes_only():
    question = gold(facts=("214", "87 %", "62"))
    outcome = answered(
        "q-1",
        said("Il a traité 214 signalements.", Verdict.SUPPORTED, ("Au 31, 87 % des foyers.",)),
        said("Les 62 lycées.", Verdict.UNSUPPORTED),
        evidence=("Les 62 lycées publics.",),
    )

    case = case_of(question, outcome)

    assert case.said == (True, True, False)
    assert case.shown == (False, False, True)
    assert case.missing == ("62",)
    assert (
        case_of(question, outcome.model_copy(update={"status": "abstained"})).said == (False,) * 3
    )


def test_the_worst_cases_come_first_and_good_ones_not_at_all():
    pairs = [
        (gold("partiel", facts=("1 an", "62")), answered("partiel", said("62 lycées"))),
        (gold("bon"), answered("bon", said("12,4 M€"))),
        (gold("refus"), abstained("refus")),
        (gold("faux"), answered("faux", said("9,8 M€"))),
        (gold("hors", kind="unanswerable"), answered("hors", said("x"))),
        (gold("voisine", kind="nearmiss"), answered("voisine", said("x"))),
        (gold("erreur"), failed("erreur")),
        (gold("sage", kind="nearmiss"), abstained("sage")),
        (gold("inexact"), answered("inexact", said("12,4 M€"), exact_quotes=1)),
    ]

    ranked = worst_first([case_of(*pair) for pair in pairs])

    assert [(case.question.id, case.fault) for case in ranked] == [
        ("inexact", Fault.INEXACT_QUOTE),
        ("voisine", Fault.NEAR_MISS_ANSWERED),
        ("hors", Fault.UNANSWERABLE_ANSWERED),
        ("faux", Fault.WRONG_ANSWER),
        ("refus", Fault.FALSE_REFUSAL),
        ("partiel", Fault.MISSING_FACTS),
        ("erreur", Fault.FAILED),
    ]


# --- scores -----------------------------------------------------------------------


def test_every_score_on_cases_with_known_figures():
    cases = [
        case_of(gold("a"), answered("a", said("12,4 M€", Verdict.EXACT), evidence=("12,4 M€",))),
        case_of(
            gold("b", facts=("214", "62")),
            answered("b", said("214"), said("faux", Verdict.UNSUPPORTED), evidence=("214 et 62",),
                     seconds={"total": 4.0, "first_token": 1.0}, energy_wh=0.5, exact_quotes=1),
        ),
        case_of(gold("c"), answered("c", said("9,8 M€"))),
        case_of(gold("d"), abstained("d", evidence=("12,4 M€",), seconds={"total": 1.0})),
        case_of(gold("e", kind="nearmiss"), answered("e", said("x"))),
        case_of(gold("f", kind="nearmiss"), abstained("f")),
        case_of(gold("g", kind="unanswerable"), abstained("g")),
        case_of(gold("h"), failed("h")),
    ]  # fmt: skip

    scores = scores_of(cases)

    assert (scores.questions, scores.failed) == (8, 1)
    assert {name: (s.count, s.of) for name, s in scores.shares.items()} == {
        "answered": (4, 7),
        "refused": (3, 7),
        "false_answers": (1, 3),
        "near_miss_answers": (1, 2),
        "false_refusals": (1, 4),
        "complete_answers": (1, 4),
        "wrong_answers": (1, 4),
        "facts_said": (2, 5),
        "facts_shown": (4, 5),
        "citation_recall": (4, 4),
        "citation_precision": (4, 8),
        "exactness": (7, 8),
    }
    assert scores.verdicts == {Verdict.EXACT: 1, Verdict.SUPPORTED: 3, Verdict.UNSUPPORTED: 1}
    assert scores.seconds["total"].median == 2.0 and scores.seconds["total"].of == 5
    assert scores.seconds["first_token"].of == 1
    assert scores.tokens["prompt"].median == 300
    assert scores.energy_wh.median == 0.5
    told = scores.as_json()
    assert told["false_answers"]["share"] == pytest.approx(1 / 3)
    assert told["false_answers"]["interval"] == pytest.approx((0.0084, 0.9057), abs=1e-4)
    assert "interval" not in told["facts_said"]


def test_scores_of_nothing_are_unknown_not_zero():
    told = scores_of([case_of(gold("a"), failed("a"))]).as_json()

    assert told["failed"] == 1
    assert told["false_answers"] == {"count": 0, "of": 0, "share": None, "interval": None}
    assert told["seconds"]["total"] is None and told["energy_wh"] is None


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # 1 - .025 ** (1/10)
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (4, 20, 0.0573, 0.4366),
        (1, 3, 0.0084, 0.9057),
    ],
)
def test_intervals_are_those_of_clopper_and_pearson(count, of, low, high):
    assert Share(count=count, of=of).interval == pytest.approx((low, high), abs=1e-4)


def test_a_spread_interpolates_its_95th_percentile():
    found = spread([float(n) for n in range(1, 101)])

    assert (found.median, found.of) == (50.5, 100)
    assert found.p95 == pytest.approx(95.05)
    assert spread([3.0]).p95 == 3.0
    assert spread([]) is None


# --- citations --------------------------------------------------------------------


def citation(text):
    found = evidence(text)
    return Citation(
        passage=found.passage, document=found.document, quote=text, start=0, end=len(text)
    )


FIBRE = "La fibre couvre 87 % des foyers de Valmont."
CENTRE = "Le centre régional a traité 214 signalements."
FOREST = "L’observatoire de la forêt suit 310 parcelles."


def claim(text, *quotes):
    return Claim(
        text=text,
        verdict=Verdict.SUPPORTED,
        reason="",
        citations=tuple(citation(q) for q in quotes),
    )


def test_a_citation_is_precise_when_its_claim_needs_it_or_it_supports_it_alone():
    counts = count_support([claim(FIBRE, FIBRE, FOREST)])
    assert (counts.claims, counts.supported, counts.citations, counts.precise) == (1, 1, 2, 1)

    both = "La fibre couvre 87 % des foyers de Valmont et le centre régional a traité 214 signalements."
    counts = count_support([claim(both, FIBRE, CENTRE)])
    assert (counts.supported, counts.precise) == (1, 2)


def test_a_claim_that_its_citations_do_not_support_makes_none_of_them_precise():
    counts = count_support([claim(FIBRE.replace("87", "78"), FIBRE, CENTRE), claim(FIBRE)])

    assert (counts.claims, counts.supported, counts.citations, counts.precise) == (2, 0, 2, 0)


def test_a_shown_quote_is_exact_only_when_the_stored_text_has_it_to_the_byte():
    answer = Answer(
        answered=True, reason="", claims=(claim(FIBRE, FIBRE),), evidence=(evidence(CENTRE, 2),)
    )

    assert count_exact(answer, {"notes-essai.txt": f"{FIBRE} Suite."}.get) == (1, 2)
    assert count_exact(answer, lambda _: FIBRE.replace(" ", "\u00a0")) == (0, 2)
    assert count_exact(answer, lambda _: "") == (0, 2)
