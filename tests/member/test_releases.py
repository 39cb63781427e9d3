"""What is published is shown when the pinned key signed it, in one chain, and fits its header."""

import hashlib
from datetime import date

import msgspec
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmark.upload import month_index
from member.answers import MonthCells, Release
from member.refusals import Untrusted
from member.releases import Header, Seen, by_pseudonym, read_cells, verify_chain
from privacy import signing
from privacy.disclosure import MISSING

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = signing.public_bytes(KEY)
NETWORK = {"band": 2, "days_late": 11, "dso": 50}


def header(month: str, previous: bytes | None, **changed) -> bytes:
    before = hashlib.sha256(previous).hexdigest() if previous else "0" * 64
    made = {
        "cells": "0" * 64,
        "month": month,
        "network": NETWORK,
        "previous": before,
        "profile": "standard-1",
        "published_on": "2026-01-12",
    }
    return msgspec.json.encode(made | changed, order="sorted")


def release(month: str, encoded: bytes, key: Ed25519PrivateKey = KEY) -> Release:
    return Release(month, encoded, signing.sign(key, "release", encoded), date(2026, 1, 12), "1-9")


def chain(*months: str) -> list[Release]:
    made, before = [], None
    for month in months:
        before = header(month, before)
        made.append(release(month, before))
    return made


def seen(one: Release) -> Seen:
    return Seen(one.month, hashlib.sha256(one.header).hexdigest())


def test_a_chain_is_read_by_month():
    found = verify_chain(chain("2025-11", "2025-12", "2026-01"), PUBLIC, None)
    assert list(found) == [month_index(2025, 11) + at for at in range(3)]
    assert found[month_index(2025, 12)].network == NETWORK


def test_a_header_under_another_key_is_refused():
    first = chain("2025-11")[0]
    with pytest.raises(Untrusted) as refused:
        verify_chain([release("2025-11", first.header, Ed25519PrivateKey.generate())], PUBLIC, None)
    assert refused.value.code == "release-signature"


@pytest.mark.parametrize(
    "broken",
    [
        lambda: chain("2025-11", "2025-12", "2026-01")[1:],
        lambda: [chain("2025-11", "2025-12", "2026-01")[at] for at in (0, 2)],
        lambda: list(reversed(chain("2025-11", "2025-12"))),
        lambda: chain("2025-11", "2026-01"),
        lambda: [chain("2025-11")[0], release("2025-12", header("2025-12", b"another"))],
        lambda: [msgspec.structs.replace(chain("2025-11")[0], month="2025-10")],
    ],
    ids=[
        "its beginning is gone",
        "a hole",
        "backwards",
        "a month skipped",
        "another one before",
        "another name",
    ],
)
def test_a_chain_with_a_broken_link_is_refused(broken):
    with pytest.raises(Untrusted) as refused:
        verify_chain(broken(), PUBLIC, None)
    assert refused.value.code == "release-chain"


def test_another_chain_than_the_one_seen_is_refused():
    real = chain("2025-11", "2025-12")
    other = [release("2025-11", header("2025-11", None, profile="other"))]
    other.append(release("2025-12", header("2025-12", other[0].header)))
    assert verify_chain(real, PUBLIC, seen(real[0]))
    assert verify_chain([*real, release("2026-01", header("2026-01", real[1].header))], PUBLIC, seen(real[1]))
    for shown in (other, real[:1], []):
        with pytest.raises(Untrusted) as refused:
            verify_chain(shown, PUBLIC, seen(real[1]))
        assert refused.value.code == "release-forked"


def cells(count: int = 2, **changed) -> MonthCells:
    columns = {
        "pseudonyms": b"".join(bytes([9 - at]) * 32 for at in range(count)),
        "band": np.array([1, 3][:count], "u1").tobytes(),
        "days_late": np.array([12, -4][:count], "<i2").tobytes(),
        "spread": np.array([3, MISSING][:count], "<i2").tobytes(),
        "dso": np.array([MISSING, 61][:count], "<i2").tobytes(),
    }
    return MonthCells(**({"month": "2025-11", "network": NETWORK, "count": count} | columns | changed))


def head() -> Header:
    return msgspec.json.decode(header("2025-11", None), type=Header)


def test_cells_are_read_by_pseudonym_and_what_is_not_published_is_unknown():
    found = dict(by_pseudonym(read_cells(cells(), head())))
    assert (found[bytes([9]) * 32].band, found[bytes([9]) * 32].days_late) == (1, 12)
    assert (found[bytes([8]) * 32].spread, found[bytes([8]) * 32].dso) == (None, 61)
    assert len(read_cells(cells(0), head())) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"network": NETWORK | {"days_late": 12}},
        {"month": "2025-12"},
        {"count": 3},
        {"band": b"\x01"},
        {"band": b"\x01\x04"},
        {"pseudonyms": bytes(63)},
        {"dso": b"\0" * 5},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_cells_that_do_not_fit_their_header_are_refused(changed):
    with pytest.raises(Untrusted):
        read_cells(cells(**changed), head())
