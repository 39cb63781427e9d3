"""Writes score.json: scores, limits, chances, lights and what is said of them, read by Python and TypeScript.

Run from the repository: python tests/vectors/make_score.py
"""

import json
import sys
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmark.score import (
    CHANCE_BACK_MONTHS,
    TREND_MONTHS,
    USUAL,
    Parameters,
    RiskClass,
    assess,
    light,
    points,
    stopped,
)
from benchmark.score_coefficients import COEFFICIENTS
from benchmark.score_words import (
    chance_words,
    formula,
    headline,
    inputs,
    light_words,
    nothing_known,
    notice,
)

PATH = Path(__file__).parent / "score.json"
LANGS = ("fr", "en")
OWN_CLASSES = (RiskClass("sound", 79, 2.0), RiskClass("to watch", 40, 0.5), RiskClass("stop", 0, 0.0))
STRICT = replace(
    USUAL,
    own_weight=0.8,
    classes=OWN_CLASSES,
    limit_max_cents=5_000_000,
    rounded_to_cents=50_000,
    terms_days=45,
)
NAMED = {
    "usual": USUAL,
    "own classes, mostly own figures": STRICT,
    "peers alone weigh": replace(USUAL, own_weight=0.0),
    "insured": replace(USUAL, insured_cents=3_000_000, long_relation_months=24),
}
# name: (own, centre, monthly sales in cents, terms in days)
CASES = {
    "steady and prompt": ([2.0] * 7, [4] * 7, 1_000_000, 30),
    "both slower than half a year ago": (
        [5, 5, 8, 15, 22, 30, 35.4],
        [6, 6, 9, 14, 20, 24, 28],
        2_345_678,
        45,
    ),
    "nothing published": ([10.5] * 7, [None] * 7, 800_000, 60),
    "no own figure": ([None] * 7, [31] * 7, 0, None),
    "neither": ([None] * 7, [None] * 7, 500_000, 30),
    "published for the first time": ([12.0] * 7, [None] * 6 + [18], 999_999, 30),
    "own figures are new": ([None] * 6 + [12.5], [18] * 7, 150_000, None),
    "too short a history": ([14.0, 15.0], [10, 12], 640_000, 30),
    "pays early": ([-24.6] * 7, [-12] * 7, 100_000, 30),
    "on the due date": ([0.0] * 7, [0] * 7, 1_000, 0),
    "very late, insured or not": ([95.0] * 7, [101] * 7, 4_000_000, 30),
    "later than the scale": ([400.0] * 7, [300] * 7, 4_000_000, 30),
    "a limit above the cap": ([3.0] * 7, [2] * 7, 99_000_000, 60),
    "better by one point": ([17.0] * 6 + [15.4], [None] * 7, 700_000, 30),
    "halves go up": ([14.5] * 7, [15] * 7, 1_050, 30),
}
OFTEN = ("both slower than half a year ago", "nothing published", "very late, insured or not", "halves go up")

DECIDED = (
    (),
    ("block",),
    ("end",),
    ("keep",),
    ("limit", "block"),
    ("block", "keep"),
    ("end", "limit"),
    ("block", "other"),
    ("keep", "other"),
    ("block", "keep", "end", "other"),
)


def both(words):
    return {lang: words(lang) for lang in LANGS}


def said(score, parameters):
    return {
        "headline": both(lambda lang: headline(score, lang)),
        "chance": both(lambda lang: chance_words(score, lang)),
        "formula": both(lambda lang: formula(score.limit, lang)),
        "inputs": both(lambda lang: [list(one) for one in inputs(score.limit, parameters, lang)]),
    }


def case(name, given, label, parameters: Parameters):
    own, centre, sales, terms = given
    score = assess(own, centre, sales, terms, parameters)
    return {
        "name": f"{name}; {label}",
        "own": own,
        "centre": centre,
        "monthly_sales_cents": sales,
        "terms_days": terms,
        "parameters": label,
        "score": None if score is None else asdict(score),
        "said": None if score is None else said(score, parameters),
        "lights": {str(one): light(score, one) for one in (None, "info", "watch", "act", "urgent")},
    }


def document():
    return {
        "trend_months": TREND_MONTHS,
        "chance_back_months": CHANCE_BACK_MONTHS,
        "coefficients": COEFFICIENTS,
        "parameters": {label: asdict(one) for label, one in NAMED.items()},
        "points": [
            [days, points(days)]
            for days in (-45, -30, -25, -0.5, 0, 7, 15, 18.5, 22, 30, 61, 119.9, 150, 200)
        ],
        "cases": [
            case(name, given, label, parameters)
            for (name, given), (label, parameters) in product(CASES.items(), NAMED.items())
            if label == "usual" or name in OFTEN
        ],
        "stopped": [[list(choices), stopped(choices)] for choices in DECIDED],
        "light_of_stopped": light(assess([0.0], [0.0], 1_000, 30), None, stopped=True),
        "nothing_known": both(nothing_known),
        "lights": {
            one: both(lambda lang, one=one: list(light_words(one, lang))) for one in ("green", "amber", "red")
        },
        "notices": [
            {
                "months": months,
                "parameters": label,
                "said": both(lambda lang, months=months, label=label: notice(months, lang, NAMED[label])),
            }
            for months, label in product((0, 11, 12, 23, 24, 180), ("usual", "insured"))
        ],
    }


if __name__ == "__main__":
    text = json.dumps(json.loads(json.dumps(document())), indent=1, ensure_ascii=False)
    PATH.write_text(text + "\n", encoding="utf-8")
