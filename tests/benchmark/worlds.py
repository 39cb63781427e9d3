"""Small networks for tests: names, rows and uploads made from a seed."""

import numpy as np

from benchmark.release import UploadInWindow
from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE

KEY = bytes(range(32))
JANUARY = 2026 * 12  # a quarter's first month
ALL_KNOWN = np.uint32((1 << len(FIELDS)) - 1)


def names(count: int, seed: int = 0) -> np.ndarray:
    """Pseudonyms ascending, shape (count,), V32."""
    return np.sort(np.frombuffer(np.random.default_rng(seed).bytes(32 * count), "V32"))


def firm(number: int) -> bytes:
    """A firm's or group's 16 bytes, ascending with the number."""
    return (number + 1).to_bytes(16, "big")


def rows(pseudonyms: np.ndarray, days_late, dso=50.0) -> np.ndarray:
    """Rows of clients that paid 10,000.00 `days_late` days late and owe nothing overdue."""
    made = np.zeros(len(pseudonyms), ROW_DTYPE)
    made["pseudonym"], made["present"] = pseudonyms, ALL_KNOWN
    made["paid"] = made["sales"] = 1_000_000
    made["paid_days_late"] = np.rint(np.asarray(days_late) * 1_000_000).astype(np.int64)
    made["outstanding"] = made["not_due"] = 500_000
    made["dso"] = np.rint(np.asarray(dso) * 10).astype(np.int32)
    return made


def forget(made: np.ndarray, field: str, where) -> None:
    """Make a field null."""
    made["present"][where] &= ~FIELD_BIT[field]
    made[field][where] = 0


def upload(number: int, month: int, made: np.ndarray, group: int | None = None, first_full_month: int = 0):
    """One firm's upload; its group is its own unless said otherwise."""
    own = firm(number if group is None else group)
    return UploadInWindow(firm(number), own, first_full_month, month, made)


def random_rows(rng: np.random.Generator, pseudonyms: np.ndarray, labels=None) -> np.ndarray:
    """Rows with everything that may go wrong: nulls, credit balances, factoring, late buckets, extremes.

    labels: the clients' (sector, region), which one row in ten gets wrong.
    """
    count = len(pseudonyms)
    made = rows(pseudonyms, rng.normal(15, 25, count), rng.uniform(0, 120, count))
    late = rng.integers(0, 300_000, (4, count)) * (rng.random(count) < 0.5)
    for bucket, amount in zip(("late_1_30", "late_31_60", "late_61_90", "late_91_plus"), late, strict=True):
        made[bucket] = amount
    made["outstanding"] = made["not_due"] + late.sum(axis=0)
    made["open_late_days"] = late.sum(axis=0) * rng.integers(1, 90, count)
    made["paid"][rng.random(count) < 0.1] = 0
    made["paid_days_late"][made["paid"] == 0] = 0
    credit = rng.random(count) < 0.05
    made["outstanding"][credit] = -1_000
    made["factored"] = rng.random(count) < 0.05
    made["incident"] = rng.integers(1, 6, count) * (rng.random(count) < 0.15)
    made["terms_days"], made["terms_kind"] = rng.choice([30, 45, 60], count), rng.integers(0, 3, count)
    for name, label in zip(("sector", "region"), (0, 0) if labels is None else labels, strict=True):
        made[name] = np.where(rng.random(count) < 0.1, rng.integers(0, 3, count), label)
    for field in (
        "paid",
        "dso",
        "open_late_days",
        "late_31_60",
        "outstanding",
        "factored",
        "sector",
        "incident",
        "terms_days",
    ):
        forget(made, field, rng.random(count) < 0.05)
    return made
