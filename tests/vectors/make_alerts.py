"""Writes alerts.json: alerts and what is said of them, read by Python and TypeScript.

Run from the repository: python tests/vectors/make_alerts.py
"""

import json
import sys
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import get_args

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmark.alerts import SEVERITIES, Confidence
from benchmark.alerts_words import (
    Told,
    ToldKind,
    ending,
    kind_words,
    month_words,
    sentence,
    severity_words,
    sure_words,
    young_words,
)
from benchmark.sectors import sector_name

PATH = Path(__file__).parent / "alerts.json"
LANGS = ("fr", "en")
MARCH = 2026 * 12 + 2


def told():
    """Every kind, with the edges of its figures: one day, none, before the due date, a shared path."""
    for kind, (size, shared, now, ends), larger in product(
        get_args(ToldKind),
        ((22, 0, 34, 23), (1, 1, 1, 0), (19, 4, 0, -3), (12, -2, -5, None), (-25, 0, 12, None)),
        (False, True),
    ):
        if (kind == "recovery") == (size < 0) or kind in {"incident", "first"}:
            sector = 6 if kind == "sector" else None
            yield Told(kind, MARCH, MARCH - size % 7, size, shared, now, ends, larger, sector)
    for gap, now, ends, returned in (
        (18, 34, 21, False),
        (22, 38, 21, False),
        (1, 17, 16, False),
        (9, 25, 21, True),
        (3, 19, 21, True),
        (0, 16, 21, True),
        (-1, 15, 21, True),
        (None, 34, None, False),
    ):
        yield Told("outside", MARCH, MARCH - 4, 22, 0, now, ends, gap_days=gap, returned=returned)
    for kind in get_args(ToldKind):
        size = -25 if kind == "recovery" else 19
        sector = 9 if kind in {"drift", "shock", "sector"} else None
        yield Told(kind, MARCH, MARCH - 4, size, 4, 34, 23, False, sector, dispute=True)
        yield Told(kind, MARCH, MARCH - 4, size, -3, 34, 23, False, sector)


def both(words):
    return {lang: words(lang) for lang in LANGS}


def document():
    return {
        "cases": [
            {
                "told": asdict(one),
                "sentence": both(lambda lang, one=one: sentence(one, lang)),
                "ending": both(lambda lang, one=one: ending(one, lang)),
            }
            for one in told()
        ],
        "sectors": [both(lambda lang, code=code: sector_name(code, lang)) for code in range(1, 22)],
        "young": [
            {
                "releases": releases,
                "cells": cells,
                "said": both(lambda lang, of=(releases, cells): young_words(*of, lang)),
            }
            for releases, cells in product((0, 1, 4, 9, 10, 24), (0, 19, 20))
        ],
        "returned": both(lambda lang: kind_words("outside", lang, returned=True)),
        "kinds": {kind: both(lambda lang, kind=kind: kind_words(kind, lang)) for kind in get_args(ToldKind)},
        "sure": {one: both(lambda lang, one=one: sure_words(one, lang)) for one in get_args(Confidence)},
        "severity": {one: both(lambda lang, one=one: list(severity_words(one, lang))) for one in SEVERITIES},
        "months": [both(lambda lang, at=at: month_words(MARCH + at, lang)) for at in range(12)],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(document(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
