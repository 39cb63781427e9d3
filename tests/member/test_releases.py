"""What is published is shown when the pinned key signed it, in one chain, and fits its manifest."""

import msgspec
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmark.upload import month_index
from member.answers import ManifestListed, MonthCells
from member.refusals import Untrusted
from member.releases import Kept, by_pseudonym, read_cells, verify_chain, withdrawn
from privacy import manifest as manifests
from privacy.disclosure import MISSING, TERMS
from privacy.manifest import Signed
from tests.privacy import manifest_play
from tests.privacy.manifest_play import PUBLIC, signed

NETWORK = {"band": 2, "days_late": 11, "dso": 50}
SECTORS = {"3": {"band": 1, "days_late": 9, "dso": None}}
SALT = b"s" * 32


def release(month: str, one: Signed) -> ManifestListed:
    return ManifestListed(month, one.manifest, one.signature, [])


def chain(*months: str, **changed) -> list[ManifestListed]:
    made = []
    for month in months:
        before = made[-1].manifest if made else None
        made.append(release(month, signed(manifest_play.manifest(month, before, **changed))))
    return made


def kept(*listed: ManifestListed) -> list[Kept]:
    return [Kept(one.manifest, one.signature) for one in listed]


def test_a_chain_is_read_by_month():
    found = verify_chain(chain("2025-11", "2025-12", "2026-01"), PUBLIC, [])
    assert list(found) == [month_index(2025, 11) + at for at in range(3)]
    assert found[month_index(2025, 12)].profile == "standard-1"


def test_a_manifest_under_another_key_is_refused():
    other = signed(manifest_play.manifest("2025-11"), Ed25519PrivateKey.generate())
    with pytest.raises(Untrusted) as refused:
        verify_chain([release("2025-11", other)], PUBLIC, [])
    assert (refused.value.code, refused.value.values) == ("release-signature", {"month": "2025-11"})


@pytest.mark.parametrize(
    "broken",
    [
        lambda: chain("2025-11", "2025-12", "2026-01")[1:],
        lambda: [chain("2025-11", "2025-12", "2026-01")[at] for at in (0, 2)],
        lambda: list(reversed(chain("2025-11", "2025-12"))),
        lambda: chain("2025-11", "2026-01"),
        lambda: [chain("2025-11")[0], chain("2025-11", "2025-12", profile="other")[1]],
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
        verify_chain(broken(), PUBLIC, [])
    assert refused.value.code == "release-chain"


def test_another_chain_than_the_one_kept_is_refused_from_the_month_where_it_differs():
    real = chain("2025-11", "2025-12", "2026-01")
    rewritten = chain("2025-11", "2025-12", "2026-01", profile="other")
    mixed = [real[0], *chain("2025-11", "2025-12", "2026-01", "2026-02")[1:]]
    assert verify_chain(real, PUBLIC, kept(*real[:2]))
    assert verify_chain(mixed, PUBLIC, kept(*real))
    for shown, month in ((rewritten, "2025-11"), (real[:2], "2026-01"), ([], "2025-11")):
        with pytest.raises(Untrusted) as refused:
            verify_chain(shown, PUBLIC, kept(*real))
        assert (refused.value.code, refused.value.values) == ("release-forked", {"month": month})


def test_a_withdrawn_month_is_named_by_a_later_manifest():
    told = [manifests.Withdrawal("2025-11", "2026-01-20", "two files swapped")]
    listed = [*chain("2025-11"), *chain("2025-11", "2025-12", withdrawn=told)[1:]]
    first = chain("2025-11")[0]
    second = signed(manifest_play.manifest("2025-12", first.manifest, withdrawn=told))
    assert listed[0] == first
    found = verify_chain([first, release("2025-12", second)], PUBLIC, [])
    assert withdrawn(found) == {month_index(2025, 11)}
    assert withdrawn(verify_chain([first], PUBLIC, [])) == set()


def cells(count: int = 2, **changed) -> MonthCells:
    columns = {
        "pseudonyms": b"".join(bytes([9 - at]) * 32 for at in range(count)),
        "band": np.array([1, 3][:count], "u1").tobytes(),
        "days_late": np.array([12, -4][:count], "<i2").tobytes(),
        "spread": np.array([3, MISSING][:count], "<i2").tobytes(),
        "dso": np.array([MISSING, 61][:count], "<i2").tobytes(),
        "incident": bytes(count),
        **{name: bytes(count) for name in TERMS},
        "sector": bytes(count),
    }
    head = {"month": "2025-11", "network": NETWORK, "network_salt": SALT, "count": count}
    head |= {"sectors": SECTORS, "regions": {}, "wide_salt": SALT}
    return MonthCells(**(head | columns | changed))


def head() -> manifests.Manifest:
    parts = {
        name: manifests.salted(SALT, manifests.part_entry(name, "2025-11", manifests.canonical(shown))).hex()
        for name, shown in (("network", NETWORK), ("wide", {"regions": {}, "sectors": SECTORS}))
    }
    return manifest_play.manifest("2025-11", parts=parts)


def test_cells_are_read_by_pseudonym_and_what_is_not_published_is_unknown():
    found = dict(by_pseudonym(read_cells(cells(), head())))
    assert (found[bytes([9]) * 32].band, found[bytes([9]) * 32].days_late) == (1, 12)
    assert (found[bytes([8]) * 32].spread, found[bytes([8]) * 32].dso) == (None, 61)
    assert len(read_cells(cells(0), head())) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"network": NETWORK | {"days_late": 12}},
        {"network_salt": bytes(32)},
        {"sectors": {}},
        {"regions": SECTORS},
        {"wide_salt": bytes(32)},
        {"month": "2025-12"},
        {"count": 3},
        {"band": b"\x01"},
        {"band": b"\x01\x04"},
        {"pseudonyms": bytes(63)},
        {"dso": b"\0" * 5},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_cells_that_do_not_fit_their_manifest_are_refused(changed):
    with pytest.raises(Untrusted):
        read_cells(cells(**changed), head())
