"""What a firm decides for itself about credit: kept in the book, shared by its devices, never lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from benchmark.score import USUAL
from member import credit
from member.comeback import finish_roll, rolled
from member.credit import CREDIT, LIGHTS, Credit, Decision, Lights, PublicNotice, read_credit, read_lights
from member.keys import RoleKeys
from member.push import push
from member.refusals import HomeRefused
from tests.member.conftest import client, ledger

if TYPE_CHECKING:
    from tests.member.conftest import Firms

WHO = client(1).identifier
OWN = replace(USUAL, own_weight=0.25, limit_max_cents=1_000_000)


def decision(reason: str) -> Decision:
    return Decision("2026-11-26", "somebody@firm.test", "limit", reason, 500_000, 62, 600_000)


def notice(number: int, **more: object) -> PublicNotice:
    return msgspec.structs.replace(
        PublicNotice(f"A2026001{number}", WHO, "2026-01-10", "Jugement d'ouverture"), **more
    )


def test_what_is_written_is_what_is_read() -> None:
    kept = credit.with_parameters(Credit(), OWN)
    kept = credit.with_client(kept, WHO, insured_cents=200_000, since="2019-03")
    kept = credit.with_decision(kept, WHO, decision("late since May"))
    kept = credit.with_notices(kept, [notice(1)])
    assert read_credit(credit.plain(kept)) == kept
    assert credit.parameters_for(kept, WHO) == replace(OWN, insured_cents=200_000)
    assert credit.parameters_for(kept, "fr.siren:552100554") == OWN
    assert credit.parameters_for(Credit(), WHO) == USUAL


def test_parameters_that_make_no_sense_are_not_read() -> None:
    plain = credit.plain(credit.with_parameters(Credit(), OWN)).replace(
        b'"own_weight":0.25', b'"own_weight":7'
    )
    with pytest.raises(ValueError, match="own_weight"):
        read_credit(plain)


def test_decisions_are_added_and_the_oldest_go() -> None:
    kept = Credit()
    for number in range(credit.DECISIONS_MAX + 3):
        kept = credit.with_decision(kept, WHO, decision(str(number)))
    reasons = [one.reason for one in kept.clients[WHO].decisions]
    assert reasons == [str(number) for number in range(3, credit.DECISIONS_MAX + 3)]


def test_a_newer_reading_of_a_notice_keeps_what_was_done_about_it() -> None:
    kept = credit.with_done(credit.with_notices(Credit(), [notice(1), notice(2)]), "A20260011", "claim")
    again = credit.with_notices(kept, [notice(1, court="Lyon")])
    assert [(one.id, one.court, one.done) for one in again.notices] == [
        ("A20260011", "Lyon", ("claim",)),
        ("A20260012", "", ()),
    ]
    back = credit.with_done(again, "A20260011", "claim", done=False)
    assert back.notices[0].done == ()


def test_a_task_of_sales_stays_until_it_is_done_whatever_the_light() -> None:
    lights = credit.with_task(Lights(), WHO, "Ask for the signed delivery note", "2026-12-01")
    lights = credit.with_lights(lights, {"fr.siren:552100554": "green"}, "2026-11-26")
    assert (lights.clients[WHO].task, lights.clients[WHO].light) == (
        "Ask for the signed delivery note",
        "amber",
    )
    lights = credit.with_lights(lights, {WHO: "red"}, "2026-11-27")
    assert (lights.clients[WHO].task, lights.clients[WHO].light) == (
        "Ask for the signed delivery note",
        "red",
    )
    lights = credit.with_lights(credit.with_task_done(lights, WHO), {}, "2026-11-28")
    assert lights.clients == {}
    assert read_lights(credit.plain(lights)) == lights


def test_two_devices_that_decide_at_once_both_keep_their_word(firms: Firms) -> None:
    member = firms.firm()
    other, _ = firms.again(member)
    tries = []

    def first(plain: bytes | None) -> bytes:
        tries.append(plain)
        if len(tries) == 1:  # the other device is quicker
            other.shelf.amend(
                other,
                CREDIT,
                lambda now: credit.plain(credit.with_decision(read_credit(now), WHO, decision("the other"))),
            )
        return credit.plain(credit.with_decision(read_credit(plain), WHO, decision("this one")))

    member.shelf.amend(member, CREDIT, first)
    assert len(tries) == 2
    third, _ = firms.again(member)
    kept = read_credit(third.shelf.segment(third, CREDIT))
    assert [one.reason for one in kept.clients[WHO].decisions] == ["the other", "this one"]


def test_a_push_carries_it_along_and_a_roll_of_keys_seals_it_again(firms: Firms) -> None:
    member = firms.firm()
    member.shelf.amend(member, CREDIT, lambda _: credit.plain(credit.with_parameters(Credit(), OWN)))
    member.shelf.amend(member, LIGHTS, lambda _: credit.plain(credit.with_lights(Lights(), {WHO: "red"}, "")))
    push(member, ledger([1, 2]))
    loaded, _ = firms.again(member)
    assert read_credit(loaded.shelf.segment(loaded, CREDIT)).parameters == OWN
    loaded.identity = msgspec.structs.replace(loaded.identity, role_keys=rolled(loaded.role_keys))
    assert finish_roll(loaded)
    anew, _ = firms.again(loaded)
    assert anew.role_keys.earlier == ()
    assert read_credit(anew.shelf.segment(anew, CREDIT)).parameters == OWN
    assert read_lights(anew.shelf.segment(anew, LIGHTS)).clients[WHO].light == "red"
    assert set(anew.shelf.sync(anew).clients) == {client(1).identifier, client(2).identifier}


def test_who_holds_no_key_of_the_ledger_reads_the_lights_and_not_the_credit(firms: Firms) -> None:
    member = firms.firm()
    member.shelf.amend(member, CREDIT, lambda _: credit.plain(Credit()))
    member.shelf.amend(member, LIGHTS, lambda _: credit.plain(credit.with_lights(Lights(), {WHO: "red"}, "")))
    sales, _ = firms.again(member)
    names_alone = RoleKeys(names=sales.role_keys.names)
    sales.identity = msgspec.structs.replace(sales.identity, role_keys=names_alone)
    assert read_lights(sales.shelf.segment(sales, LIGHTS)).clients[WHO].light == "red"
    with pytest.raises(HomeRefused) as refused:
        sales.shelf.segment(sales, CREDIT)
    assert refused.value.code == "no-role-key"


def test_a_segment_that_is_not_there_is_nothing(firms: Firms) -> None:
    member = firms.firm()
    assert member.shelf.segment(member, CREDIT) is None
    assert read_credit(None) == Credit()
