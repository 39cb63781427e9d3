"""Terms: shares in bands of ten firms and more that share theirs, taken in at a quarter's first release."""

from dataclasses import replace

import numpy as np

from privacy.disclosure import TERMS, protect
from privacy.profiles import STANDARD, STRICT
from tests.privacy.panel_play import JANUARY, KEY
from tests.privacy.wide_play import labelled, terms

EXACT = replace(STANDARD, name="terms-test", terms_noise_sd=0.0)
NOBODY = np.full(16, np.nan)
KNOWS = np.ones((1, 16), bool)


def _released(days, month=JANUARY, chain=None, profile=EXACT):
    made = replace(labelled(KNOWS, month=month), terms=None if days is None else terms(days, 1))
    protected, chain = protect(made, chain, profile, KEY)
    return tuple(int(protected.cells[name][0]) for name in TERMS), chain


def _days(*counts: int) -> np.ndarray:
    """So many groups at 30, 45, 60 and 90 net days; the others do not share."""
    told = np.repeat([30.0, 45.0, 60.0, 90.0], counts)
    return np.concatenate([told, NOBODY[len(told) :]])


def test_shares_are_told_in_bands_from_ten_that_share_theirs_on() -> None:
    assert _released(_days(9, 0, 0, 0))[0] == (0, 0, 0, 0)
    assert _released(_days(10, 0, 0, 0))[0] == (4, 1, 1, 1)  # over three quarters: never "all"
    assert _released(_days(2, 6, 4, 0))[0] == (1, 3, 2, 1)


def test_what_is_not_shared_is_in_no_share() -> None:
    assert _released(None)[0] == (0, 0, 0, 0)
    assert _released(_days(10, 0, 0, 0), profile=replace(STRICT, name="strict-test"))[0] == (0, 0, 0, 0)


def test_within_a_quarter_nothing_new_is_taken_in() -> None:
    first, chain = _released(_days(12, 0, 0, 0))
    for month in (1, 2):
        again, chain = _released(_days(0, 0, 0, 12), JANUARY + month, chain)
        assert again == first
    assert _released(_days(0, 0, 0, 12), JANUARY + 3, chain)[0] == (1, 1, 1, 4)


def test_who_takes_consent_back_is_out_at_the_next_revision_and_not_alone() -> None:
    _, chain = _released(_days(0, 0, 14, 0))
    for month in (1, 2):
        _, chain = _released(None, JANUARY + month, chain)
    two_less = _days(0, 0, 14, 0)
    two_less[:2] = np.nan
    _, chain = _released(two_less, JANUARY + 3, chain)
    inside = {int(code) for code in chain.terms.member % len(chain.groups)}
    assert len(inside) == 12
    one_less = two_less.copy()
    one_less[2] = np.nan
    for month in (4, 5):
        _, chain = _released(None, JANUARY + month, chain)
    _, chain = _released(one_less, JANUARY + 6, chain)
    assert len(chain.terms.member) == 12  # one change alone waits for a second, or half a year


def test_counts_carry_noise_before_they_become_shares() -> None:
    bands = {
        protect(
            replace(labelled(KNOWS), terms=terms(_days(4, 4, 4, 4), 1)), None, STANDARD, bytes([number]) * 32
        )[0]
        .cells["terms_45"]
        .item()
        for number in range(20)
    }
    assert bands == {1, 2}  # exactly a quarter each
