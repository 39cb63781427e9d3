"""Writes comparison.json: inputs and outputs of the comparison, read by Python and TypeScript.

Run from the repository: python tests/vectors/make_comparison.py
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmark.comparison import (
    STANDARD,
    Balance,
    Cell,
    Month,
    compare,
    newest,
    outside,
    own_days_late,
    own_dso,
    ranked,
)
from benchmark.verdict import next_step, sentence

PATH = Path(__file__).parent / "comparison.json"


def figures(outstanding, late, open_late_days, paid, paid_days_late, dso=None):
    buckets = dict(zip(("late_1_30", "late_31_60", "late_61_90", "late_91_plus"), late, strict=True))
    row = {
        "outstanding": outstanding,
        "not_due": outstanding - sum(late),
        **buckets,
        "open_late_days": open_late_days,
        "paid": paid,
        "paid_days_late": paid_days_late,
    }
    return row if dso is None else row | {"dso": dso}


WINDOWS = {
    "three months of payments and an open balance": [
        figures(50_000, (0, 0, 0, 0), 0, 100_000, 1_000_000),
        figures(60_000, (10_000, 0, 0, 0), 100_000, 50_000, 250_000),
        figures(80_000, (20_000, 10_000, 0, 0), 800_000, 40_000, 400_000, 523),
    ],
    "a month without a row paid nothing": [
        figures(50_000, (0, 0, 0, 0), 0, 30_000, -60_000),
        None,
        figures(50_000, (0, 0, 0, 50_000), 6_000_000, 0, 0, 1200),
    ],
    "nothing paid and nothing late": [None, None, figures(10_000, (0, 0, 0, 0), 0, 0, 0, 100)],
    "paid off a month ago, nothing since": [
        figures(50_000, (0, 20_000, 0, 0), 800_000, 10_000, 0, 310),
        figures(0, (0, 0, 0, 0), 0, 50_000, 1_500_000, 0),
        None,
    ],
    "no row at all": [None, None, None],
    "an older month's payments are not known": [
        {"outstanding": 50_000, "paid": 9_000},
        None,
        figures(10_000, (4_000, 0, 0, 0), 20_000, 6_000, 60_000),
    ],
    "the newest month's payments are not known": [
        figures(10_000, (0, 0, 0, 0), 0, 6_000, 60_000),
        None,
        {"outstanding": 10_000, "not_due": 10_000, "open_late_days": 0, "dso": 99},
    ],
    "late is outstanding less not due where a bucket is unknown": [
        None,
        None,
        {
            "outstanding": 10_000,
            "not_due": 4_000,
            "open_late_days": 120_000,
            "paid": 2_000,
            "paid_days_late": 0,
        },
    ],
    "a credit balance": [None, None, figures(-10_000, (0, 0, 0, 0), 0, 5_000, 10_000, 0)],
    "an ageing that is not known": [
        None,
        None,
        {"outstanding": 10_000, "paid": 1_000, "paid_days_late": 5_000},
    ],
    "paid early": [None, None, figures(0, (0, 0, 0, 0), 0, 3_000, -7_500, 0)],
}


def series(own, centre, spread=5, band=2, dso=None, centre_dso=None):
    length = max(len(own), len(centre))
    own = [None] * (length - len(own)) + own
    centre = [None] * (length - len(centre)) + centre
    return [
        Month(late, dso, None if mid is None else Cell(band, mid, spread, centre_dso))
        for late, mid in zip(own, centre, strict=True)
    ]


OWED = Balance(overdue=1_000_000, not_due=2_000_000, disputed=0)
CASES = {
    "later, and the gap grew": (
        series([15, 17, 19, 21, 23, 25, 27], [14] * 7, dso=61.2, centre_dso=52),
        OWED,
    ),
    "later but inside the band": (series([16, 16, 16, 16, 16, 16, 17], [14] * 7), OWED),
    "earlier": (series([-2, -2, -2, -2, -2, -2, -6], [14] * 7), OWED),
    "like the others": (series([14.4] * 7, [14] * 7), OWED),
    "one day, halves go up": (series([14.5] * 7, [14] * 7, spread=0, band=3), OWED),
    "slow to all": (series([10, 12, 15, 20, 24, 28, 32], [8, 9, 12, 15, 19, 23, 27]), OWED),
    "slow to the others only": (series([10] * 7, [8, 9, 12, 15, 19, 23, 27]), OWED),
    "slow to you, in dispute": (
        series([5, 5, 8, 15, 22, 30, 35], [6] * 7),
        Balance(overdue=800_000, not_due=100_000, disputed=400_000),
    ),
    "just under half is in dispute": (
        series([5, 5, 8, 15, 22, 30, 35], [6] * 7),
        Balance(overdue=800_000, not_due=100_000, disputed=399_999),
    ),
    "from earlier to later": (series([5, 5, 5, 10, 15, 20, 30], [12] * 7, band=3), OWED),
    "from later to earlier": (series([30, 25, 20, 15, 10, 5, 2], [12] * 7, band=3), OWED),
    "an advance that shrank": (series([0, 0, 0, 0, 5, 8, 9], [20] * 7, band=3), OWED),
    "the peers are paid sooner": (series([20] * 7, [20, 18, 16, 14, 12, 11, 10], band=2), OWED),
    "measured over five months": (series([None, 10, 12, 15, 18, 20, 24], [9, 9, 9, 9, 9, 9, 9]), OWED),
    "measured over seven months": (series([4, None, None, 12, 15, 18, 20, 24], [9] * 8), OWED),
    "a first comparison, no past": (series([30], [10], band=1), OWED),
    "fewer than five peers": (series([12.2], [None]), OWED),
    "fewer than five peers, own rise": (series([4, 5, 6, 8, 10, 11, 12], [None] * 7), OWED),
    "fewer than five peers, a large own rise": (series([4, 5, 6, 8, 10, 11, 19], [None] * 7), OWED),
    "fewer than five peers, own improvement": (series([22, 5, 6, 8, 10, 11, -3], [None] * 7), OWED),
    "fewer than five peers, as before": (series([1, 5, 6, 8, 10, 11, 0], [None] * 7), OWED),
    "no own figure": (series([None] * 7, [11] * 7), OWED),
    "nothing at all": (series([None], [None]), Balance()),
    "a cell of DSO alone": ([Month(12.0, 48.4, Cell(1, None, None, 51))], OWED),
    "so late that all is at stake": (series([200], [100]), Balance(overdue=5_001, not_due=7_003, disputed=0)),
    "credits are not at stake": (series([10], [10]), Balance(overdue=-5, not_due=-100, disputed=0)),
    "one day in French": (series([9.0] * 7, [8] * 7, spread=0, band=3), OWED),
}

OUTSIDE = {
    "raised in the second month": series([30, 30, 30], [10] * 3),
    "one month alone raises nothing": series([30, 12, 30, 12], [10] * 4),
    "stays between the edges": series([30, 30, 18, 18, 18], [10] * 5),
    "cleared in the second month back": series([30, 30, 15, 15, 15], [10] * 5),
    "a month back and out again clears nothing": series([30, 30, 14, 30, 14, 30], [10] * 6),
    "silence clears after three months": series([30, 30, None, None, None, None], [10] * 6),
    "silence starts the count again": series([30, None, 30, 30], [10] * 4),
    "too small a gap": series([9, 9, 9], [0] * 3, spread=1, band=3),
    "raised again": series([30, 30, 10, 10, 30, 30], [10] * 6),
}


def as_month(month):
    return asdict(month)


def build():
    compared = {name: compare(history, balance) for name, (history, balance) in CASES.items()}
    return {
        "rules": asdict(STANDARD),
        "windows": [
            {
                "name": name,
                "window": window,
                "days_late": own_days_late(window),
                "dso": own_dso(newest(window)),
            }
            for name, window in WINDOWS.items()
        ],
        "cases": [
            {
                "name": name,
                "history": [as_month(month) for month in history],
                "balance": asdict(balance),
                "comparison": asdict(compared[name]),
                "sentence": {lang: sentence(compared[name], lang) for lang in ("fr", "en")},
                "next_step": {lang: next_step(compared[name], lang) for lang in ("fr", "en")},
            }
            for name, (history, balance) in CASES.items()
        ],
        "outside": [
            {
                "name": name,
                "history": [as_month(month) for month in history],
                "stays": [[stay.raised, stay.cleared] for stay in outside(history)],
            }
            for name, history in OUTSIDE.items()
        ],
        "ranked": [list(CASES)[place] for place in ranked(list(compared.values()))],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(build(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
