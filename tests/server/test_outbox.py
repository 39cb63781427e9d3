"""What a release has to tell arrives, past failures, hangs and kills, once or known by its id."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmark.upload import month_index, month_text
from tests.server.kit import Member, Network, b64, make_rows, pseudonyms
from tests.server.networks import vigied
from tests.server.outside import MailServer, Receiver, running
from tests.server.planting import announce, ask, eventually, expanded, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher, RunningServer

DECEMBER = month_index(2025, 12)
NOW = {"mail": True, "language": "en", "quiet_from": 0, "quiet_until": 0, "quiet_weekend": False}
CLICK = {"List-Unsubscribe": "One-Click"}
AT_ONCE = {**NOW, "severities": dict.fromkeys(("info", "watch", "act", "urgent"), "now")}


@dataclass
class World:
    """A network, its mail server, and months that nobody has used yet."""

    network: Network
    mail: MailServer
    month: int = DECEMBER

    @property
    def server(self) -> RunningServer:
        return self.network.server

    def firm(self) -> tuple[Member, bytes]:
        member = self.network.firm("A firm (fictional)", 20)
        (client,) = pseudonyms(f"client of {member.id}")
        assert member.send(member.encode(DECEMBER, make_rows([client]))).status_code == 200
        return member, client

    def tell(self, client: bytes, *severities: str, kind: str = "drift") -> list[str]:
        """A release with these alerts on a client; their ids, once every firm has its deliveries."""
        self.month += 1
        made = [plant(self.server, client, self.month, severity=one, kind=kind) for one in severities]
        announce(self.server, self.month)
        eventually(lambda: expanded(self.server, self.month))
        return made

    def copies_to(self, email: str) -> list[Any]:
        """All that came: on a loaded machine a message may come twice, under one id."""
        return [one for one in self.mail.messages if one["To"] == email]

    def messages_to(self, email: str) -> list[Any]:
        return list({one["Message-ID"]: one for one in self.copies_to(email)}.values())


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, launch_for_module: Launcher) -> Iterator[World]:
    mail = MailServer()
    environment = {
        "VIGIED_SMTP": f"smtp+plain://127.0.0.1:{mail.port}",
        "VIGIED_MAIL_FROM": "Vigie <vigie@operator.test>",
        "VIGIED_URL": "https://vigie.test",
        "VIGIED_WEBHOOKS_PRIVATE": "1",
        "VIGIED_OUTBOX_SECONDS": "0.1",
        "VIGIED_RETRY_SECONDS": "0.05",
        "VIGIED_DELIVERY_SECONDS": "0.5",
    }
    made = World(Network(launch_for_module(request.param, environment=environment)), mail)
    mail.start()
    yield made
    mail.stop()
    made.network.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running(Receiver()) as one:
        yield one


def wish(member: Member, token: str | None = None, **changed: Any) -> None:
    answer = member.client(token).put("/api/notifications", json={**AT_ONCE, **changed})
    assert answer.status_code == 200, answer.text


def hook(member: Member, url: str, **more: Any) -> tuple[str, bytes]:
    answer = member.client().post("/api/webhooks", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], base64.b64decode(answer.json()["secret"].removeprefix("whsec_"))


def ids(receiver: Receiver) -> set[str]:
    """What a receiver that knows repeats by their id has had."""
    return {one.headers["webhook-id"] for one in receiver.calls}


def deliveries(member: Member, webhook: str, state: str | None = None) -> list[dict[str, Any]]:
    params = {"delivery_state": state} if state else {}
    found: list[dict[str, Any]] = (
        member.client().get(f"/api/webhooks/{webhook}/deliveries", params=params).json()
    )
    return found


# ---- mail


def test_one_message_tells_all_that_is_due_in_counts_alone(world: World) -> None:
    member, client = world.firm()
    wish(member)
    alerts = world.tell(client, "urgent", "act", "act")
    eventually(lambda: bool(world.messages_to(member.email)))
    (message,) = world.messages_to(member.email)
    assert message["Subject"] == "Test network: 1 urgent alert, 2 alerts to act on"
    whole = message.as_string() + base64.b64encode(message.as_bytes()).decode()
    for secret in (*alerts, b64(client), client.hex(), "A firm", str(member.id)):
        assert secret not in whole
    assert "https://vigie.test/#/alerts" in message.get_content()


def test_a_user_is_told_of_the_kinds_and_severities_that_she_wants(world: World) -> None:
    member, client = world.firm()
    wish(member, kinds={"incident": {"urgent": "never"}}, severities={"urgent": "now", "act": "digest"})
    world.tell(client, "urgent", kind="incident")
    world.tell(client, "act", "watch")
    world.tell(client, "urgent", kind="shock")
    eventually(lambda: bool(world.messages_to(member.email)))
    (message,) = world.messages_to(member.email)
    assert message["Subject"] == "Test network: 1 urgent alert"
    waiting = ask(
        world.server,
        "SELECT severity, cause FROM notice WHERE person = {} AND mail IS NULL",
        uuid.UUID(member.user_id),
    )
    assert waiting == [("act", "alert")]  # for the digest


def test_what_a_firm_has_muted_is_neither_mailed_nor_called(world: World, receiver: Receiver) -> None:
    member, client = world.firm()
    wish(member)
    hook(member, receiver.url)
    member.client().post("/api/alerts/mutes", json={"pseudonym": b64(client), "kind": "drift"})
    world.tell(client, "urgent", kind="drift")
    (told,) = world.tell(client, "act", kind="shock")
    eventually(lambda: bool(receiver.calls and world.messages_to(member.email)))
    assert {json.loads(one.body)["data"]["id"] for one in receiver.calls} == {told}
    assert [one["Subject"] for one in world.messages_to(member.email)] == ["Test network: 1 alert to act on"]


def told_nothing_but_assigned(world: World) -> tuple[Member, dict[str, Any], str]:
    """A firm, a colleague there whom no alert is mailed to by itself, and an alert."""
    member, client = world.firm()
    wish(member, mail=False)
    colleague = member.add_user("credit_manager")
    wish(member, colleague, severities={})
    (alert,) = world.tell(client, "act")
    return member, member.client(colleague).get("/api/me").json(), alert


def test_a_colleague_is_told_of_what_is_assigned_to_her(world: World) -> None:
    member, me, alert = told_nothing_but_assigned(world)
    body = {"alerts": [alert], "action": "assign", "assignee": me["user_id"]}
    assert member.client().post("/api/alerts/lives", json=body).status_code == 200
    eventually(lambda: bool(world.messages_to(me["email"])))
    assert [one["Subject"] for one in world.messages_to(me["email"])] == [
        "Test network: 1 alert assigned to you"
    ]


def test_an_alert_that_is_assigned_again_is_told_again(world: World) -> None:
    member, me, alert = told_nothing_but_assigned(world)
    for number, whose in enumerate((me["user_id"], member.user_id, me["user_id"])):
        body = {"alerts": [alert], "action": "assign", "assignee": whose}
        assert member.client().post("/api/alerts/lives", json=body).status_code == 200
        eventually(lambda: len(world.messages_to(me["email"])) == (number + 2) // 2)  # noqa: B023 - at once


def test_a_message_that_cannot_be_composed_is_given_up_after_as_many_attempts_as_any(world: World) -> None:
    member, _ = world.firm()
    wish(member)
    person, mail = uuid.UUID(member.user_id), uuid.uuid4()
    # As an account that was made when such an address was still taken.
    ask(world.server, "UPDATE person SET email = {} WHERE id = {}", f"a\n{member.email}", person)
    ask(
        world.server,
        "INSERT INTO mail (id, person, counts, created_at, attempts, next_at_ms, state, problem)"
        " VALUES ({}, {}, {}, {}, 9, 0, 'waiting', '')",
        mail,
        person,
        '{"act": 1}',
        int(time.time()),
    )
    state = "SELECT state, problem FROM mail WHERE id = {}"
    eventually(lambda: ask(world.server, state, mail) == [("dead", "ValueError")], 20)


def test_an_address_with_a_line_break_in_it_is_none(world: World) -> None:
    with world.server.client() as anybody:
        asked = anybody.get("/api/sessions/salt", params={"email": "a@b.test\nBcc: c@d.test"})
    assert (asked.status_code, asked.json()["type"]) == (400, "urn:vigie:problem:malformed")


def test_a_firm_that_cannot_be_told_holds_up_no_other_and_no_later_release(world: World) -> None:
    (first, client), (second, other) = sorted(
        (world.firm() for _ in range(2)), key=lambda made: str(made[0].id)
    )
    for member in (first, second):
        wish(member)
    mine = "SELECT wishes FROM notice_preference WHERE person = {}"
    ((said,),) = ask(world.server, mine, uuid.UUID(first.user_id))
    change = "UPDATE notice_preference SET wishes = {} WHERE person = {}"
    ask(world.server, change, '{"digest": "now and then"}', uuid.UUID(first.user_id))
    world.month += 1
    month = world.month
    for one in (client, other):
        plant(world.server, one, month)
    announce(world.server, month)
    eventually(lambda: bool(world.messages_to(second.email)))
    world.tell(other, "urgent")  # the month after
    eventually(lambda: len(world.messages_to(second.email)) == 2)
    assert not expanded(world.server, month)
    assert not world.messages_to(first.email)
    ask(world.server, change, said, uuid.UUID(first.user_id))
    eventually(lambda: expanded(world.server, month))
    eventually(lambda: bool(world.messages_to(first.email)))
    assert len(world.messages_to(second.email)) == 2


def test_a_time_zone_that_this_system_does_not_know_is_taken_for_ours(world: World) -> None:
    member, client = world.firm()
    wish(member)
    ask(
        world.server,
        "UPDATE notice_preference SET wishes = replace(wishes, 'Europe/Paris', 'Europe/Lutetia')"
        " WHERE person = {}",
        uuid.UUID(member.user_id),
    )
    world.tell(client, "act")
    eventually(lambda: bool(world.messages_to(member.email)))


def test_one_click_stops_the_mails_and_looking_at_the_link_does_not(world: World) -> None:
    member, client = world.firm()
    wish(member)
    world.tell(client, "act")
    eventually(lambda: bool(world.messages_to(member.email)))
    (message,) = world.messages_to(member.email)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip("<>").removeprefix("https://vigie.test")
    anybody = member.anonymous
    asked = anybody.get(path, headers={"Accept-Language": "fr"})
    assert asked.status_code == 200
    assert "Arrêter" in asked.text
    assert "form-action 'self'" in asked.headers["Content-Security-Policy"]
    assert member.client().get("/api/notifications").json()["wishes"]["mail"]
    with ThreadPoolExecutor(4) as clicks:  # some programs click more than once
        answers = list(clicks.map(lambda _: member.anonymous.post(path, data=CLICK), range(4)))
    assert [one.status_code for one in answers] == [200] * 4
    assert not member.client().get("/api/notifications").json()["wishes"]["mail"]
    world.tell(client, "urgent")
    assert not ask(
        world.server,
        "SELECT alert FROM notice WHERE person = {} AND mail IS NULL",
        uuid.UUID(member.user_id),
    )
    assert anybody.post(path[:-2]).status_code == 404


def test_a_mail_server_that_refuses_for_now_and_comes_back_gets_the_message(world: World) -> None:
    member, client = world.firm()
    wish(member)
    world.mail.mode = "later"
    try:
        world.tell(client, "act")
        mine = "SELECT attempts, state FROM mail WHERE person = {}"
        person = uuid.UUID(member.user_id)
        eventually(lambda: any(attempts >= 2 for attempts, _ in ask(world.server, mine, person)))
    finally:
        world.mail.mode = "ok"
    eventually(lambda: bool(world.messages_to(member.email)))
    eventually(lambda: ask(world.server, mine, person)[0][1] == "sent")
    assert len(world.messages_to(member.email)) == 1


def test_a_recipient_that_is_refused_for_good_is_given_up(world: World) -> None:
    member, client = world.firm()
    wish(member)
    world.mail.mode = "never"
    try:
        world.tell(client, "act")
        mine = "SELECT state, problem FROM mail WHERE person = {}"
        person = uuid.UUID(member.user_id)
        eventually(lambda: ask(world.server, mine, person) == [("dead", "recipient refused (550)")])
    finally:
        world.mail.mode = "ok"


def test_a_server_killed_between_commit_and_delivery_loses_nothing(world: World) -> None:
    member, client = world.firm()
    wish(member)
    world.mail.stop()
    server = world.server
    world.month += 1
    plant(server, client, world.month, severity="urgent")
    server.kill()
    announce(server, world.month)  # committed, and nobody there to go through it
    server.start()
    eventually(lambda: expanded(server, world.month))
    mine, person = "SELECT id, attempts FROM mail WHERE person = {}", uuid.UUID(member.user_id)
    eventually(lambda: any(attempts for _, attempts in ask(server, mine, person)))
    server.kill()
    world.mail.let_go.clear()
    world.mail.start()
    server.start()
    eventually(lambda: bool(world.messages_to(member.email)))
    (message,) = world.messages_to(member.email)
    assert message["Message-ID"] == f"<{uuid.UUID(str(ask(server, mine, person)[0][0]))}@operator.test>"


def test_a_message_that_was_handed_over_but_not_noted_comes_again_under_the_same_id(world: World) -> None:
    member, client = world.firm()
    wish(member)
    world.mail.let_go.clear()
    world.mail.mode = "hold"
    world.tell(client, "urgent")
    eventually(lambda: bool(world.messages_to(member.email)))
    world.server.kill()
    world.mail.mode = "ok"
    world.mail.let_go.set()
    world.server.start()
    eventually(lambda: len(world.copies_to(member.email)) >= 2)
    assert len(world.messages_to(member.email)) == 1
    eventually(lambda: ask(
        world.server, "SELECT state FROM mail WHERE person = {}", uuid.UUID(member.user_id)
    ) == [("sent",)])  # fmt: skip


# ---- webhooks


def test_a_webhook_is_told_of_each_alert_once_signed_and_in_time(world: World, receiver: Receiver) -> None:
    member, client = world.firm()
    webhook, secret = hook(member, receiver.url, severity_least="act")
    alerts = world.tell(client, "urgent", "act", "watch")
    eventually(lambda: len(receiver.calls) >= 2)
    eventually(lambda: [one["state"] for one in deliveries(member, webhook)] == ["sent", "sent"])
    assert {json.loads(one.body)["data"]["id"] for one in receiver.calls} == set(alerts[:2])
    for call in receiver.calls:
        at = call.headers["webhook-timestamp"]
        signed = f"{call.headers['webhook-id']}.{at}.".encode() + call.body
        proof = base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
        assert call.headers["webhook-signature"] == f"v1,{proof}"
        assert abs(time.time() - int(at)) < 300
        assert call.headers["host"] == f"127.0.0.1:{receiver.port}"
        data = json.loads(call.body)["data"]
        assert (data["month"], data["pseudonym"]) == (month_text(world.month), b64(client))


@pytest.mark.parametrize("trouble", [500, 0, 302], ids=["fails", "hangs", "sends elsewhere"])
def test_a_receiver_in_trouble_gets_everything_when_it_is_well_again(
    world: World, receiver: Receiver, trouble: int
) -> None:
    member, client = world.firm()
    webhook, _ = hook(member, receiver.url)
    receiver.answer = trouble
    alerts = world.tell(client, "act", "urgent")
    eventually(lambda: len(receiver.calls) >= 2)
    receiver.answer = 200
    receiver.let_go.set()
    eventually(lambda: [one["state"] for one in deliveries(member, webhook)] == ["sent", "sent"])
    told = {json.loads(one.body)["data"]["id"] for one in receiver.calls}
    assert told == set(alerts)
    assert len(ids(receiver)) == 2  # repeats are known by their id


def test_a_receiver_that_is_away_is_found_when_it_is_back(world: World) -> None:
    member, client = world.firm()
    receiver = Receiver()
    webhook, _ = hook(member, receiver.url)
    world.tell(client, "act")
    eventually(lambda: deliveries(member, webhook)[0]["problem"] == "ConnectError")
    world.server.kill()  # while it waits for the next attempt
    with running(receiver):
        world.server.start()
        eventually(lambda: deliveries(member, webhook)[0]["state"] == "sent")
        assert len(ids(receiver)) == 1


def test_what_was_given_up_stays_in_its_list_and_is_tried_again_when_somebody_says_so(
    world: World, receiver: Receiver
) -> None:
    member, client = world.firm()
    webhook, _ = hook(member, receiver.url)
    receiver.answer = 503
    world.tell(client, "act")
    eventually(lambda: bool(deliveries(member, webhook) and deliveries(member, webhook)[0]["attempts"]))
    ask(world.server, "UPDATE webhook_delivery SET attempts = 9 WHERE webhook = {}", uuid.UUID(webhook))
    eventually(lambda: bool(deliveries(member, webhook, "dead")))
    (dead,) = deliveries(member, webhook, "dead")
    assert (dead["status"], dead["problem"]) == (503, "status 503")
    receiver.answer = 200
    answer = member.client().post(f"/api/webhooks/{webhook}/replay", json={})
    assert answer.json() == {"count": 1}
    eventually(lambda: deliveries(member, webhook)[0]["state"] == "sent")
    assert deliveries(member, webhook)[0]["id"] == dead["id"] == receiver.calls[-1].headers["webhook-id"]
    assert deliveries(member, webhook, "dead") == []


def test_a_receiver_that_says_it_is_gone_is_not_called_again(world: World, receiver: Receiver) -> None:
    member, client = world.firm()
    webhook, _ = hook(member, receiver.url)
    receiver.answer = 410
    world.tell(client, "act")
    eventually(lambda: [one["state"] for one in deliveries(member, webhook)] == ["dead"])
    (listed,) = member.client().get("/api/webhooks").json()
    assert (listed["active"], listed["dead"]) == (False, 1)
    world.tell(client, "urgent")
    assert len(ids(receiver)) == 1
    assert len(deliveries(member, webhook)) == 1


def test_one_firms_hanging_receiver_delays_nobody_else(world: World, receiver: Receiver) -> None:
    slow, slow_client = world.firm()
    quick, quick_client = world.firm()
    with running(Receiver(answer=0)) as hanging:
        hook(slow, hanging.url)
        webhook, _ = hook(quick, receiver.url)
        world.month += 1
        plant(world.server, slow_client, world.month)
        plant(world.server, quick_client, world.month)
        announce(world.server, world.month)
        eventually(lambda: bool(hanging.calls and receiver.calls))
        eventually(lambda: deliveries(quick, webhook)[0]["state"] == "sent")


def test_a_test_message_is_signed_and_delivered_like_any_other(world: World, receiver: Receiver) -> None:
    member, _ = world.firm()
    webhook, _ = hook(member, receiver.url)
    assert member.client().post(f"/api/webhooks/{webhook}/test").status_code == 202
    eventually(lambda: bool(receiver.calls))
    assert json.loads(receiver.calls[0].body)["type"] == "test"
    assert member.client().delete(f"/api/webhooks/{webhook}").status_code == 204
    assert member.client().get("/api/webhooks").json() == []


def test_going_through_a_release_twice_tells_nothing_twice(world: World, receiver: Receiver) -> None:
    member, client = world.firm()
    wish(member)
    webhook, _ = hook(member, receiver.url)
    world.tell(client, "act")
    announce(world.server, world.month)
    eventually(lambda: expanded(world.server, world.month))
    eventually(lambda: [one["state"] for one in deliveries(member, webhook)] == ["sent"])
    eventually(lambda: bool(world.messages_to(member.email)))
    assert len(ids(receiver)) == len(world.messages_to(member.email)) == 1


def test_a_release_writes_its_event_and_the_postman_goes_through_it(world: World) -> None:
    world.server.set_today(date(2026, 1, 12))
    world.server.release(month_text(DECEMBER))
    eventually(lambda: expanded(world.server, DECEMBER))


def test_a_firm_without_the_relation_is_not_told(world: World, receiver: Receiver) -> None:
    member, client = world.firm()
    other, _ = world.firm()
    for one in (member, other):
        wish(one)
    webhook, _ = hook(other, receiver.url)
    world.tell(client, "urgent")
    eventually(lambda: bool(world.messages_to(member.email)))
    assert world.messages_to(other.email) == []
    assert deliveries(other, webhook) == []


def test_an_expelled_firm_is_told_of_nothing_more(world: World, receiver: Receiver) -> None:
    gone, client = world.firm()
    stays = world.network.firm("B firm (fictional)", 20)
    assert stays.send(stays.encode(DECEMBER, make_rows([client]))).status_code == 200
    for member in (gone, stays):
        wish(member)
    left, _ = hook(gone, receiver.url)
    (before,) = world.tell(client, "act")
    eventually(lambda: before in {json.loads(one.body)["data"]["id"] for one in receiver.calls})
    eventually(lambda: len(world.messages_to(gone.email)) == 1)
    vigied(world.server.settings, "expel", str(gone.id), "--reason", "invented invoices")
    (after,) = world.tell(client, "act")
    eventually(lambda: len(world.messages_to(stays.email)) == 2)
    told = "SELECT COUNT(*) FROM webhook_delivery WHERE webhook = {}"
    assert ask(world.server, told, uuid.UUID(left)) == [(1,)]
    assert after not in {json.loads(one.body)["data"]["id"] for one in receiver.calls}
    assert len(world.messages_to(gone.email)) == 1


def test_an_address_that_is_given_up_gets_nothing_more_of_what_waits(
    world: World, receiver: Receiver
) -> None:
    member, client = world.firm()
    webhook, _ = hook(member, receiver.url)
    given_up = "UPDATE webhook SET active = {} WHERE id = {}"
    receiver.before = lambda: ask(world.server, given_up, False, uuid.UUID(webhook))
    world.tell(client, "urgent", "act")
    eventually(
        lambda: "the address is gone" in {one["problem"] for one in deliveries(member, webhook, "dead")}
    )
    assert len(ids(receiver)) == 1


def test_without_a_private_setting_private_addresses_are_refused(sqlite_server: RunningServer) -> None:
    network = Network(sqlite_server)
    client = network.firm("A firm (fictional)").client()
    for url in ("http://127.0.0.1:8080/", "https://127.0.0.1/", "https://[::1]/", "http://example.org/"):
        refused = client.post("/api/webhooks", json={"url": url})
        assert refused.status_code == 422
        assert refused.json()["type"] == "urn:vigie:problem:webhook-address"
    made = client.post("/api/webhooks", json={"url": "https://localhost/vigie"}).json()["id"]
    client.post(f"/api/webhooks/{made}/test")

    def refused_when_called() -> bool:
        found = client.get(f"/api/webhooks/{made}/deliveries").json()
        return bool(found and "private address" in found[0]["problem"])

    eventually(refused_when_called)
    network.close()


def test_of_two_processes_each_message_leaves_from_one(
    world: World, receiver: Receiver, tmp_path: Path
) -> None:
    member, client = world.firm()
    wish(member)
    webhook, _ = hook(member, receiver.url)
    second = replace(world.server, folder=tmp_path, process=None, port=0)
    second.start()
    try:
        alerts = [one for _ in range(3) for one in world.tell(client, "act", "urgent")]
        eventually(lambda: [one["state"] for one in deliveries(member, webhook)] == ["sent"] * len(alerts))
        mine, person = "SELECT id, state FROM mail WHERE person = {}", uuid.UUID(member.user_id)
        waiting = "SELECT alert FROM notice WHERE person = {} AND mail IS NULL"
        eventually(lambda: not ask(world.server, waiting, person))
        eventually(lambda: {state for _, state in ask(world.server, mine, person)} == {"sent"})
    finally:
        second.kill()
    assert {json.loads(one.body)["data"]["id"] for one in receiver.calls} == set(alerts)
    assert len(ids(receiver)) == len(alerts)
    told = [
        re.findall(r"(\d+) (?:urgent|alert)", str(one["Subject"])) for one in world.messages_to(member.email)
    ]
    assert sum(int(number) for numbers in told for number in numbers) == len(alerts)
