"""What anybody may read of the network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests.server.kit import unb64

if TYPE_CHECKING:
    from tests.server.kit import Network


def test_a_member_finds_what_it_pins(shared: Network) -> None:
    client = shared.server.client()
    facts = client.get("/api/network").json()
    client.close()
    assert (facts["name"], facts["kind"], facts["today"]) == ("Test network", "demo", "2026-01-05")
    assert (facts["currency"], facts["formula"], facts["latest_release"]) == ("EUR", 1, None)
    assert facts["profile"] == "standard-1"
    assert facts["fields"] == ["days_late", "dso"]
    roster = facts["roster"]
    assert (roster["construction"], roster["dealt"], roster["epoch"]) == ("single", False, 1)
    assert [holder["url"] for holder in roster["holders"]] == ["/api/holder"]
    part = unb64(roster["parts"]["k"])
    assert len(part) == 32
    assert unb64(facts["key_id"]) == hashlib.sha256(b"vigie/key/v1\0" + part).digest()
    assert len(unb64(facts["receipt_key"])) == len(unb64(facts["release_key"])) == 32
    assert facts["receipt_key"] != facts["release_key"]


def test_the_server_says_that_it_lives(shared: Network) -> None:
    client = shared.server.client()
    assert client.get("/health").json() == {"status": "ok"}
    client.close()
