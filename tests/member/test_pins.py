"""What was pinned of a network at enrolment never changes unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member.enrol import enrol
from member.refusals import Untrusted
from tests.member.conftest import PASSWORD, rewriting, transport_of

if TYPE_CHECKING:
    from tests.member.conftest import Firms


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda facts: facts.__setitem__("key_id", "A" * 43 + "="), "key-id"),
        (lambda facts: facts["roster"].__setitem__("construction", "other"), "roster"),
        (lambda facts: facts["roster"].__setitem__("holders", []), "roster"),
    ],
)
def test_a_network_that_contradicts_itself_is_not_pinned(firms: Firms, edit, code: str) -> None:
    network, transport = firms.network()
    transport.change = rewriting("GET /api/network", edit)
    with pytest.raises(Untrusted) as refused:
        enrol(network, firms.server.admit("Firm (fictional)", 10), firms.email(), PASSWORD)
    network.close()
    assert refused.value.code == code
    assert "POST /api/enrolments" not in transport.asked


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("receipt key", lambda facts: facts.__setitem__("receipt_key", "A" * 43 + "=")),
        ("release key", lambda facts: facts.__setitem__("release_key", "A" * 43 + "=")),
        ("public keys", lambda facts: facts["roster"]["parts"].__setitem__("k", "A" * 43 + "=")),
        ("epoch", lambda facts: facts["roster"].__setitem__("epoch", 2)),
        ("kind", lambda facts: facts.__setitem__("kind", "production")),
        ("formula", lambda facts: facts.__setitem__("formula", 2)),
    ],
)
def test_a_pinned_fact_that_changed_is_refused_by_name(firms: Firms, name: str, edit) -> None:
    member = firms.firm()
    transport_of(member).change = rewriting("GET /api/network", edit)
    try:
        with pytest.raises(Untrusted, match=name):
            member.check_network()
    finally:
        transport_of(member).change = None
    assert member.check_network().name == member.pins.name
