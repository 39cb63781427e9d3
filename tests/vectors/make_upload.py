"""Writes upload.json: uploads as values and as canonical bytes, read by Python and TypeScript.

Run from the repository: python tests/vectors/make_upload.py
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Upload, digest, encode, month_index

PATH = Path(__file__).parent / "upload.json"
FIRM = bytes(range(16))
KEY = hashlib.sha256(b"the key of these vectors").digest()
BEFORE = hashlib.sha256(b"the upload before").digest()


def pseudonym(text):
    return hashlib.sha256(text.encode()).digest()


LARGEST = 2**53 - 1  # what a page's number holds
FULL = {
    "sales": 1_234_567,
    "outstanding": 2_500_000,
    "not_due": 1_000_000,
    "late_1_30": 900_000,
    "late_31_60": 400_000,
    "late_61_90": 150_000,
    "late_91_plus": 50_000,
    "paid": 1_100_000,
    "paid_days_late": -3_300_000,
    "paid_days_to_pay": 44_000_000,
    "open_late_days": 61_000_000,
    "disputed": 12_345,
    "dso": 523,
    "terms_days": 45,
    "terms_kind": 1,
    "incident": 2,
    "factored": 1,
    "sector": 7,
    "region": 13,
}
CASES = {
    "no rows": (24_321, None, []),
    "every field": (24_321, None, [("a", FULL)]),
    "nothing known": (24_321, None, [("a", {})]),
    "zero is not unknown": (24_321, None, [("a", dict.fromkeys(FULL, 0))]),
    "sorted by pseudonym, replacing another": (
        month_index(2027, 1),
        BEFORE,
        [
            ("c", {"sales": 1}),
            ("a", {"outstanding": -5, "not_due": -5}),
            ("b", {"dso": 0}),
            ("d", {"incident": 5}),
        ],
    ),
    "large and negative": (
        month_index(1999, 12),
        None,
        [("a", {"sales": LARGEST, "paid_days_late": -LARGEST}), ("b", {"outstanding": -LARGEST})],
    ),
}


def rows_of(given):
    rows = np.zeros(len(given), ROW_DTYPE)
    for place, (name, figures) in enumerate(given):
        rows["pseudonym"][place] = np.frombuffer(pseudonym(name), "V32")[0]
        for field, value in figures.items():
            rows[field][place] = value
            rows["present"][place] |= FIELD_BIT[field]
    return rows


def build():
    cases = []
    for name, (month, replaces, given) in CASES.items():
        encoded = encode(Upload(FIRM, month, "EUR", replaces or bytes(32), KEY, rows_of(given)))
        cases.append(
            {
                "name": name,
                "firm": FIRM.hex(),
                "month": month,
                "currency": "EUR",
                "replaces": replaces.hex() if replaces else None,
                "key": KEY.hex(),
                "rows": [{"pseudonym": pseudonym(name).hex(), "figures": figures} for name, figures in given],
                "encoded": encoded.hex(),
                "digest": digest(encoded).hex(),
            }
        )
    return {"layout": "VIGIEUP1", "cases": cases}


if __name__ == "__main__":
    PATH.write_text(json.dumps(build(), indent=1) + "\n", encoding="utf-8")
