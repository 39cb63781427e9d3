"""Identifiers become pseudonyms: the same for every firm, proof checked, budget spent once, nothing shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from member import pseudonyms
from member.pseudonyms import pseudonyms_of
from member.refusals import NetworkRefused, Untrusted
from tests.member.conftest import rewriting, siren, transport_of

if TYPE_CHECKING:
    from tests.member.conftest import Firms

ASKED = "POST /api/holder/evaluations"


def identifiers(count: int, first: int = 0) -> list[str]:
    return [f"fr.siren:{siren(first + number)}" for number in range(count)]


def test_two_firms_have_one_pseudonym_for_one_client_and_two_for_two(firms: Firms) -> None:
    one, two = firms.firm(home=False), firms.firm(home=False)
    found = pseudonyms_of(one, identifiers(3))
    assert pseudonyms_of(two, identifiers(3)[::-1]) == found
    assert len(set(found.values())) == 3
    assert {len(value) for value in found.values()} == {32}


def test_many_are_asked_in_batches_and_each_once(firms: Firms, monkeypatch) -> None:
    monkeypatch.setattr(pseudonyms, "BATCH_MAX", 10)
    member = firms.firm(portfolio=100, home=False)
    wanted = identifiers(35)
    told: list[tuple[int, int]] = []
    kept: dict[str, bytes] = {}
    found = pseudonyms_of(
        member, [*wanted, *wanted], lambda _what, done, total: told.append((done, total)), kept.update
    )
    assert list(found) == wanted
    assert kept == found
    assert told[-1] == (35, 35)
    assert transport_of(member).count(ASKED) == 4
    assert member.session.me().budget.used == 35
    assert found == pseudonyms_of(firms.firm(home=False), wanted)


def test_what_is_asked_looks_different_every_time(firms: Firms) -> None:
    member = firms.firm(home=False)
    sent: list[dict] = []

    def look(request: httpx.Request) -> None:
        if request.url.path == "/api/holder/evaluations":
            sent.append(json.loads(request.read()))

    transport_of(member).before = look
    assert pseudonyms_of(member, identifiers(1)) == pseudonyms_of(member, identifiers(1))
    assert sent[0]["blinded"] != sent[1]["blinded"]
    assert sent[0]["nonce"] != sent[1]["nonce"]


def test_nothing_to_ask_asks_nothing(firms: Firms) -> None:
    member = firms.firm(home=False)
    assert pseudonyms_of(member, []) == {}
    assert ASKED not in transport_of(member).asked


@pytest.mark.parametrize(
    "edit",
    [
        lambda answer: answer.__setitem__("proof", answer["evaluated"]),
        lambda answer: answer.__setitem__("proof", ""),
        lambda answer: answer.__setitem__("evaluated", ""),
        lambda answer: answer.__setitem__("evaluated", "A" * 84 + "AA=="),
    ],
    ids=["another proof", "no proof", "no element", "other elements"],
)
def test_what_the_pinned_key_did_not_evaluate_is_refused(firms: Firms, edit) -> None:
    member = firms.firm(home=False)
    transport_of(member).change = rewriting(ASKED, edit)
    with pytest.raises(Untrusted) as refused:
        pseudonyms_of(member, identifiers(2))
    assert refused.value.code == "proof"


def test_a_request_whose_answer_was_lost_is_asked_again_with_another_nonce(firms: Firms) -> None:
    member = firms.firm(home=False)
    lost: list[bool] = []

    def lose(request: httpx.Request, _status: int, _body: bytes) -> None:
        if f"{request.method} {request.url.path}" == ASKED and not lost:
            lost.append(True)
            raise httpx.ReadTimeout("no answer", request=request)

    transport_of(member).change = lose
    assert len(pseudonyms_of(member, identifiers(2))) == 2
    assert transport_of(member).count(ASKED) == 3  # the same again is refused, then another


def test_a_budget_that_does_not_suffice_keeps_what_was_found(firms: Firms, monkeypatch) -> None:
    monkeypatch.setattr(pseudonyms, "BATCH_MAX", 5)
    monkeypatch.setattr(pseudonyms, "THREADS", 1)
    member = firms.firm(portfolio=10, home=False)
    kept: dict[str, bytes] = {}
    with pytest.raises(NetworkRefused) as refused:
        pseudonyms_of(member, identifiers(20), keep=kept.update)
    assert refused.value.code == "evaluation-budget"
    assert list(kept) == identifiers(10)
