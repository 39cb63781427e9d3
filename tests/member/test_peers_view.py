"""Two different signed manifests of one month are a proof; a fingerprint is compared whole."""

import pytest

from member.answers import ManifestListed
from member.peers_view import View, compare_views, read_view, write_view
from member.refusals import InputRefused
from privacy.manifest import digest
from tests.privacy.manifest_play import PUBLIC, chain


def listed(count: int = 3, **changed) -> list[ManifestListed]:
    months = ("2025-11", "2025-12", "2026-01")
    return [
        ManifestListed(month, one.manifest, one.signature, [])
        for month, one in zip(months[:count], chain(count, **changed), strict=True)
    ]


def codes(*views: View) -> tuple[list[str], int]:
    found, same = compare_views(PUBLIC, listed(), views)
    return [one.code for one in found], same


def test_the_same_history_has_nothing_to_say(tmp_path):
    write_view(tmp_path / "view.json", listed())
    assert codes(read_view(str(tmp_path / "view.json"))) == ([], 3)
    assert codes(View("shorter", listed(2))) == ([], 2)


def test_another_signed_history_is_a_proof_month_by_month():
    found, same = compare_views(
        PUBLIC, listed(), [View("peer", [*listed(1), *listed(3, profile="other")[1:]])]
    )
    assert [(one.code, one.grave, one.values["month"]) for one in found] == [
        ("forked-views", True, "2025-12"),
        ("forked-views", True, "2026-01"),
    ]
    assert same == 1
    assert found[0].values["ours"] != found[0].values["theirs"]


def test_what_is_unsigned_newer_or_empty_accuses_nobody():
    unsigned = [ManifestListed("2025-11", listed()[0].manifest, bytes(64), [])]
    assert codes(View("unsigned", unsigned)) == (["view-unsigned"], 0)
    found, _ = compare_views(PUBLIC, listed(2), [View("ahead", listed(3))])
    assert [(one.code, one.grave) for one in found] == [("view-ahead", False)]
    assert codes(View("empty")) == (["view-empty"], 0)


def test_a_fingerprint_is_read_as_people_write_it_and_compared_whole():
    fingerprint = digest(listed()[1].manifest)
    for written in (
        fingerprint,
        fingerprint.upper(),
        f"{fingerprint[:8]} {fingerprint[8:40]}-{fingerprint[40:]}",
    ):
        assert codes(read_view(written)) == ([], 1)
    other = fingerprint[:-1] + ("0" if fingerprint[-1] != "0" else "1")
    assert codes(read_view(other)) == (["fingerprint-unknown"], 0)


@pytest.mark.parametrize("given", ["", "abc", "f" * 63, "no such file", "."])
def test_what_is_neither_a_fingerprint_nor_a_view_is_refused(given):
    with pytest.raises(InputRefused) as refused:
        read_view(given)
    assert refused.value.code == "view"


def test_a_file_of_something_else_is_refused(tmp_path):
    (tmp_path / "other.json").write_text('{"month": 1}')
    with pytest.raises(InputRefused):
        read_view(str(tmp_path / "other.json"))
