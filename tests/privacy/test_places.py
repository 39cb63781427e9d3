"""Codes follow the order of bytes, whatever the names."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from privacy.places import dense, places, union
from tests.examples import examples

# Few first bytes and many equal ones: the case that random pseudonyms never meet.
NAMES = st.lists(
    st.tuples(st.sampled_from([b"\0" * 8, b"\1" * 8, b"\xff" * 8]), st.integers(0, 3)), max_size=12
)
RANDOM = st.lists(st.binary(min_size=32, max_size=32), max_size=12)


def _array(names) -> np.ndarray:
    return np.array(
        [name if isinstance(name, bytes) else name[0] + bytes([name[1]]) * 24 for name in names], "V32"
    )


@examples(50)
@given(st.one_of(NAMES, RANDOM))
def test_names_are_numbered_in_the_order_of_their_bytes(names) -> None:
    distinct, codes = dense(_array(names))
    octets = [name.tobytes() for name in distinct]
    assert octets == sorted({name.tobytes() for name in _array(names)})
    assert [octets[code] for code in codes] == [name.tobytes() for name in _array(names)]
    assert places(distinct, _array(names)).tolist() == codes.tolist()


@examples(25)
@given(RANDOM, RANDOM, NAMES)
def test_a_union_holds_every_name_once(one, other, third) -> None:
    several = [_array(one), _array(one), _array(other), _array(third)]
    everything = {name.tobytes() for names in several for name in names}
    assert [name.tobytes() for name in union(*several)] == sorted(everything)


def test_a_union_of_nothing_is_empty() -> None:
    assert not len(union())
