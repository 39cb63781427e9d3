"""The chain's state comes back from its bytes as it went in; damaged bytes are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.chain import HEADER, decode, encode, groups_of
from tests.examples import examples
from tests.privacy.panel_play import Play


def _state() -> bytes:
    return encode(Play().turns(range(6), range(7), range(1, 8)).chain)


def test_a_state_comes_back_as_it_went_in() -> None:
    assert encode(decode(_state())) == _state()
    assert groups_of(_state()).tolist() == decode(_state()).groups.tolist()


def test_a_release_from_bytes_is_the_release_from_memory() -> None:
    lived, read = Play(), Play()
    for count in (6, 7, 8, 8, 6, 5, 5, 5, 5):
        lived.turn(range(count))
        read.turn(range(count))
        read.chain = decode(encode(read.chain))
    assert [cells.tobytes() for cells in lived.cells] == [cells.tobytes() for cells in read.cells]


@examples(30)
@given(st.integers(0, len(_state()) - 1))
def test_a_state_cut_short_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="state"):
        decode(_state()[:length])
    short = min(length, HEADER.itemsize)  # before the groups end
    with pytest.raises(ValueError, match="state"):
        groups_of(_state()[:short])


def test_a_state_of_another_version_or_with_something_after_it_is_refused() -> None:
    with pytest.raises(ValueError, match="this version"):
        decode(b"VIGIECH9" + _state()[8:])
    with pytest.raises(ValueError, match="longer than it says"):
        decode(_state() + b"\0")


def test_a_state_does_not_print_what_it_carries() -> None:
    chain = Play().turn(range(6)).chain
    assert "10." not in repr(chain)
    assert "10." not in repr(chain.clients[0])


def test_only_clients_that_were_published_are_remembered() -> None:
    assert not len(Play().turn(range(4)).chain.names)
