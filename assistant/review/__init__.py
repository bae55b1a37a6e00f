"""The review of answers by evaluators: blind, two or more at a time, signed into the chain.

`samples` draws what is to be judged (`drawing` has the rules, `frame` says from what). `assignment`
hands it to one evaluator thing by thing, `items` says what they see of it, `judging` records
what they say, and `standing` reads that back. `agreement` then compares evaluators
(`reliability` has the statistics) and lists what is to be settled.
"""

from assistant.review.agreement import Agreement, Divergence, agreement, disagreements
from assistant.review.assignment import (
    Progress,
    assignment,
    item_at,
    item_before,
    overview,
    progress,
)
from assistant.review.frame import Strata
from assistant.review.items import AnswerShown, CitationShown, ClaimShown, Item
from assistant.review.judgements import LONGEST_NOTE, Choice, Judgement, Place, label_of
from assistant.review.judging import judge, settle
from assistant.review.reliability import Pair, Reliability
from assistant.review.samples import LARGEST, Sample, draw, sample_of, samples

__all__ = [
    "LARGEST",
    "LONGEST_NOTE",
    "Agreement",
    "AnswerShown",
    "Choice",
    "CitationShown",
    "ClaimShown",
    "Divergence",
    "Item",
    "Judgement",
    "Pair",
    "Place",
    "Progress",
    "Reliability",
    "Sample",
    "Strata",
    "agreement",
    "assignment",
    "disagreements",
    "draw",
    "item_at",
    "item_before",
    "judge",
    "label_of",
    "overview",
    "progress",
    "sample_of",
    "samples",
    "settle",
]
