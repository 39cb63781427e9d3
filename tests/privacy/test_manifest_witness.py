"""A witness signs one history: what extends the manifest that it signed before, and nothing beside it."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from privacy import signing
from privacy.manifest import Signed, digest, read
from privacy.manifest_witness import SHOWN_MAX, Witnessed, WitnessRefusal, countersign, witnessed_by
from tests.examples import examples
from tests.privacy.manifest_play import PUBLIC, chain, signed

WITNESS = signing.from_seed(b"w" * 32)
WITNESS_PUBLIC = signing.public_bytes(WITNESS)
HISTORY = chain(5)


def forked(history: list[Signed], at: int) -> list[Signed]:
    """The same history up to a place, and another one from there on."""
    made = history[:at]
    for one in history[at:]:
        before = digest(made[-1].manifest)
        made.append(signed(msgspec.structs.replace(read(one.manifest), profile="other", previous=before)))
    return made


FORK = forked(HISTORY, 2)


def show(last: Witnessed | None, shown: list[Signed]) -> Witnessed:
    found = countersign(WITNESS, PUBLIC, last, shown)
    assert not isinstance(found, WitnessRefusal), found
    signatures, kept = found
    assert len(signatures) == len(shown)
    for one, signature in zip(shown, signatures, strict=True):
        assert witnessed_by(WITNESS_PUBLIC, one.manifest, signature)
    return kept


def refusal(last: Witnessed | None, shown: list[Signed]) -> str:
    found = countersign(WITNESS, PUBLIC, last, shown)
    assert isinstance(found, WitnessRefusal)
    assert found.expected == last
    return found.code


def test_it_signs_month_after_month_and_keeps_the_last():
    whole = chain(4)
    last = None
    for at, one in enumerate(whole):
        last = show(last, [one])
        assert last == Witnessed(read(one.manifest).month, digest(one.manifest))
        assert show(last, [one]) == last, f"{at}: the same again is the same"


def test_one_that_was_away_is_shown_what_it_missed():
    whole = chain(5)
    last = show(None, whole[:2])
    assert show(last, whole[2:]) == show(last, whole) == show(last, whole[1:])


def test_a_fork_is_refused_however_it_is_shown():
    whole, other = chain(4), chain(4, profile="other")
    last = show(None, whole[:3])
    assert refusal(last, other) == "fork"
    assert refusal(last, other[3:]) == "fork"
    assert refusal(last, whole[:2]) == "fork", "an older end is none"
    assert refusal(last, [*whole[:3], other[3]]) == "link"
    rewritten = chain(4, published_on="2026-01-13")
    assert refusal(last, rewritten[2:]) == "fork"


def test_the_first_one_that_it_signs_is_the_networks_first():
    assert refusal(None, chain(3)[1:]) == "link"


def test_what_the_network_did_not_sign_is_refused():
    assert refusal(None, [Signed(chain(1)[0].manifest, bytes(64))]) == "signature"
    found = countersign(WITNESS, signing.public_bytes(Ed25519PrivateKey.generate()), None, chain(1))
    assert isinstance(found, WitnessRefusal)
    assert found.code == "signature"
    assert refusal(None, [Signed(b"{}", bytes(64))]) == "shape"
    assert refusal(None, []) == "empty"
    assert refusal(None, chain(1) * (SHOWN_MAX + 1)) == "empty"


def test_its_word_is_not_the_operators_nor_another_witnesses():
    (one,) = chain(1)
    assert not witnessed_by(WITNESS_PUBLIC, one.manifest, one.signature)
    assert not witnessed_by(PUBLIC, one.manifest, one.signature)


@examples(25)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(1, 5)), max_size=8))
def test_whatever_it_is_shown_it_never_signs_two_manifests_of_one_month(steps):
    histories = {False: HISTORY, True: FORK}
    last, signed_of = None, {}
    for forked, start, count in steps:
        shown = histories[forked][start : start + count]
        found = countersign(WITNESS, PUBLIC, last, shown)
        if isinstance(found, WitnessRefusal):
            continue
        last = found[1]
        for one in shown:
            month = read(one.manifest).month
            assert signed_of.setdefault(month, one.manifest) == one.manifest
