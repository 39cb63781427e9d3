"""Terms of a month long past: net days or their equivalent, one number for each client and group."""

import numpy as np

from benchmark.aged_terms import WAIT_DAYS, aged_terms
from tests.benchmark.tally_model import terms_values
from tests.benchmark.worlds import JANUARY, firm, forget, names, random_rows, rows, upload


def _told(*uploads):
    made = aged_terms(uploads)
    return {
        (made.pseudonyms[client].tobytes(), made.groups[group].tobytes()): float(days)
        for client, group, days in zip(made.client, made.group, made.days, strict=True)
    }


def test_an_end_of_month_term_waits_half_a_month_on_average() -> None:
    made = rows(names(3), 0.0)
    made["terms_days"], made["terms_kind"] = 45, [0, 1, 2]
    found = _told(upload(0, JANUARY, made))
    assert [found[name.tobytes(), firm(0)] for name in names(3)] == [45, 45 + WAIT_DAYS, 45 + WAIT_DAYS]


def test_firms_of_one_group_are_one_and_what_is_factored_or_unknown_is_none() -> None:
    made = [rows(names(3), 0.0) for _ in range(2)]
    for each, days in zip(made, (30, 60), strict=True):
        each["terms_days"] = days
    made[0]["factored"] = made[1]["factored"] = [0, 1, 0]
    for each in made:
        forget(each, "terms_days", 2)
    found = _told(*(upload(number, JANUARY, each, group=9) for number, each in enumerate(made)))
    assert found == {(names(3)[0].tobytes(), firm(9)): 45.0}


def test_any_uploads_are_read_as_the_plain_model_says() -> None:
    rng = np.random.default_rng(3)
    sent = [
        upload(number, JANUARY, random_rows(rng, names(8)[rng.random(8) < 0.7]), number // 2)
        for number in range(8)
    ]
    assert _told(*sent) == terms_values(sent)
    assert _told() == {}
