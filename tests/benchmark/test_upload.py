"""One content has one encoding; bytes that `encode` would not write are refused, each with its reason."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.upload import (
    FIELD_BIT,
    FIELDS,
    HEADER_DTYPE,
    ROW_DTYPE,
    ROWS_MAX,
    Upload,
    UploadRefused,
    decode,
    digest,
    encode,
    known,
    month_index,
    month_text,
    refuse_impossible,
)
from tests.examples import examples

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "upload.json").read_text())["cases"]
FIRM, KEY = bytes(range(16)), bytes(range(32))
RANGES = {name: np.iinfo(kind) for name, kind in FIELDS}


def rows_of(relations):
    rows = np.zeros(len(relations), ROW_DTYPE)
    for place, (pseudonym, figures) in enumerate(relations):
        rows["pseudonym"][place] = np.frombuffer(pseudonym, "V32")[0]
        for field, value in figures.items():
            rows[field][place] = value
            rows["present"][place] |= FIELD_BIT[field]
    return rows


def upload(rows, **changes):
    return Upload(
        **{"firm": FIRM, "month": 24_321, "currency": "EUR", "replaces": bytes(32), "key": KEY, "rows": rows}
        | changes
    )


def one_row(**figures):
    return rows_of([(b"\x01" * 32, figures)])


relations = st.dictionaries(
    st.binary(min_size=32, max_size=32),
    st.fixed_dictionaries(
        {}, optional={name: st.integers(int(kind.min), int(kind.max)) for name, kind in RANGES.items()}
    ),
    max_size=8,
)


@given(
    relations=relations,
    month=st.integers(0, 2**32 - 1),
    currency=st.from_regex("[A-Z]{3}", fullmatch=True),
    replaces=st.binary(min_size=32, max_size=32),
)
def test_what_was_encoded_is_read_back_whatever_the_order_it_was_given_in(
    relations, month, currency, replaces
):
    given_rows = list(relations.items())
    sent = upload(rows_of(given_rows), month=month, currency=currency, replaces=replaces)
    encoded = encode(sent)
    back = decode(encoded)
    assert (back.firm, back.month, back.currency, back.replaces, back.key) == (
        FIRM,
        month,
        currency,
        replaces,
        KEY,
    )
    read = {
        row["pseudonym"].tobytes(): {
            name: int(row[name]) for name, _ in FIELDS if row["present"] & FIELD_BIT[name]
        }
        for row in back.rows
    }
    assert read == relations
    assert encode(back) == encoded
    assert (
        encode(upload(rows_of(given_rows[::-1]), month=month, currency=currency, replaces=replaces))
        == encoded
    )


@given(
    relations=relations,
    flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 255)), min_size=1, max_size=3),
)
@examples(60)
def test_changed_bytes_are_another_content_or_refused_never_the_same_upload(relations, flips):
    encoded = encode(upload(rows_of(list(relations.items()))))
    changed = bytearray(encoded)
    for place, mask in flips:
        changed[place % len(changed)] ^= mask
    try:
        back = decode(bytes(changed))
    except UploadRefused:
        return
    assert encode(back) == bytes(changed)
    assert (digest(bytes(changed)) == digest(encoded)) == (bytes(changed) == encoded)


@given(st.binary(max_size=600))
def test_any_bytes_that_are_no_upload_are_refused_and_nothing_else_is_raised(data):
    with pytest.raises(UploadRefused) as refused:
        decode(data)
    assert refused.value.field
    assert refused.value.expected


def test_bytes_of_a_field_that_is_not_known_do_not_change_the_encoding():
    rows = one_row(sales=5)
    stray = rows.copy()
    stray["paid"] = 77
    stray["reserved"] = 1
    assert encode(upload(rows)) == encode(upload(stray))
    assert stray["paid"][0] == 77, "the caller's rows are left alone"


def altered(encoded, dtype, place, offset, **changes):
    changed = bytearray(encoded)
    view = np.frombuffer(changed, dtype, count=1, offset=offset + place * dtype.itemsize)
    for name, value in changes.items():
        view[name] = value
    return bytes(changed)


TWO = encode(upload(rows_of([(b"\x01" * 32, {"sales": 1}), (b"\x02" * 32, {"sales": 2})])))


def header(**changes):
    return altered(TWO, HEADER_DTYPE, 0, 0, **changes)


def row(place, **changes):
    return altered(TWO, ROW_DTYPE, place, HEADER_DTYPE.itemsize, **changes)


@pytest.mark.parametrize(
    ("encoded", "row_number", "field"),
    [
        (b"", None, "header"),
        (TWO[:111], None, "header"),
        (header(magic=b"VIGIEUP2"), None, "magic"),
        (header(reserved=1), None, "padding"),
        (header(padding=b"\0" * 9 + b"\1"), None, "padding"),
        (header(rows=ROWS_MAX + 1), None, "rows"),
        (header(rows=3), None, "size"),
        (TWO + b"\0", None, "size"),
        (TWO[:-1], None, "size"),
        (header(currency=b"eur"), None, "currency"),
        (header(currency=b"E1R"), None, "currency"),
        (header(currency=b"\xc9UR"), None, "currency"),
        (row(1, pseudonym=b"\x01" * 32), 2, "pseudonym"),
        (row(1, pseudonym=b"\x00" * 32), 2, "pseudonym"),
        (row(0, present=1 | 1 << len(FIELDS)), 1, "present"),
        (row(1, paid=1), 2, "paid"),
        (row(1, reserved=9), 2, "reserved"),
    ],
)
def test_what_encode_would_not_write_is_refused_with_its_row_and_field(encoded, row_number, field):
    with pytest.raises(UploadRefused) as refused:
        decode(encoded)
    assert (refused.value.row, refused.value.field) == (row_number, field)
    assert refused.value.found
    assert refused.value.expected


def test_a_client_given_twice_is_not_written():
    with pytest.raises(UploadRefused) as refused:
        encode(upload(rows_of([(b"\x01" * 32, {"sales": 1}), (b"\x01" * 32, {"sales": 2})])))
    assert (refused.value.row, refused.value.field) == (2, "pseudonym")


def test_rows_are_compared_over_all_32_bytes():
    low, high = b"\x01" * 31 + b"\x00", b"\x01" * 31 + b"\xff"
    encoded = encode(upload(rows_of([(high, {}), (low, {})])))
    assert [one["pseudonym"].tobytes() for one in decode(encoded).rows] == [low, high]


AGED = {
    "outstanding": 100,
    "not_due": 50,
    "late_1_30": 30,
    "late_31_60": 10,
    "late_61_90": 7,
    "late_91_plus": 3,
}


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        (AGED | {"outstanding": 101}, "outstanding"),
        ({"terms_kind": 3}, "terms_kind"),
        ({"incident": 6}, "incident"),
        ({"factored": 2}, "factored"),
        ({"sector": 22}, "sector"),
        ({"region": 14}, "region"),
        ({"terms_days": -1}, "terms_days"),
        ({"terms_days": 721}, "terms_days"),
        ({"dso": -1}, "dso"),
        ({"dso": 36_001}, "dso"),
        ({"open_late_days": -1}, "open_late_days"),
    ],
)
def test_impossible_figures_are_refused_at_the_door(figures, field):
    with pytest.raises(UploadRefused) as refused:
        refuse_impossible(one_row(**figures))
    assert (refused.value.row, refused.value.field) == (1, field)


@pytest.mark.parametrize(
    "figures",
    [
        AGED,
        {"outstanding": 101, "not_due": 50},
        {
            "terms_kind": 2,
            "incident": 5,
            "factored": 1,
            "sector": 21,
            "region": 13,
            "terms_days": 720,
            "dso": 36_000,
        },
        {
            "outstanding": -5,
            "not_due": -5,
            "late_1_30": 0,
            "late_31_60": 0,
            "late_61_90": 0,
            "late_91_plus": 0,
        },
        {"paid_days_late": -1},
        {},
    ],
)
def test_figures_at_the_limits_and_unknown_ones_pass(figures):
    refuse_impossible(one_row(**figures))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_that_the_page_reads_hold_here(vector):
    rows = rows_of([(bytes.fromhex(one["pseudonym"]), one["figures"]) for one in vector["rows"]])
    replaces = bytes.fromhex(vector["replaces"]) if vector["replaces"] else bytes(32)
    firm, key = bytes.fromhex(vector["firm"]), bytes.fromhex(vector["key"])
    encoded = encode(Upload(firm, vector["month"], vector["currency"], replaces, key, rows))
    assert encoded.hex() == vector["encoded"]
    assert digest(encoded).hex() == vector["digest"]
    assert len(decode(encoded).rows) == len(vector["rows"])


@pytest.mark.parametrize(
    ("year", "month", "text"), [(2026, 11, "2026-11"), (2027, 1, "2027-01"), (1999, 12, "1999-12")]
)
def test_a_month_reads_back_from_its_index(year, month, text):
    assert month_text(month_index(year, month)) == text


def test_zero_is_known_and_absent_is_not():
    rows = rows_of([(b"\x01" * 32, {"sales": 0}), (b"\x02" * 32, {})])
    assert known(rows, "sales").tolist() == [True, False]
