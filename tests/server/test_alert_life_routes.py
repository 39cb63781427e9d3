"""People work on alerts: each action, what two people at once get, and that a release loses nobody's work."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from benchmark.upload import month_index
from tests.conftest import TODAY
from tests.server.kit import Member, Network, b64, make_rows, pseudonyms, unb64
from tests.server.planting import announce, eventually, expanded, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Launcher

DECEMBER = month_index(2025, 12)
QUICK = {"VIGIED_OUTBOX_SECONDS": "0.1"}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def network(request: pytest.FixtureRequest, launch_for_module: Launcher) -> Iterator[Network]:
    made = Network(launch_for_module(request.param, environment=QUICK))
    yield made
    made.close()


@dataclass
class Firm:
    """A firm with one client on which there is an alert."""

    member: Member
    pseudonym: bytes
    alert: str

    def act(self, action: str, *, alert: str | None = None, token: str | None = None, **more: Any) -> Any:
        body = {"alerts": [alert or self.alert], "action": action, **more}
        return self.member.client(token).post("/api/alerts/lives", json=body)

    def life(self, alert: str | None = None) -> dict[str, Any]:
        lives = self.member.client().get("/api/alerts/lives").json()
        return next(one for one in lives if (alert or self.alert) in one["alerts"])

    def again(self, month: int, *, wait: bool = True, **more: Any) -> str:
        """A later release with one more alert on the client. `wait`: until the outbox has gone through it."""
        server = self.member.server
        made = plant(server, self.pseudonym, month, **more)
        announce(server, month)
        if wait:
            eventually(lambda: expanded(server, month))
        return made


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def still(request: pytest.FixtureRequest, launch_for_module: Launcher) -> Iterator[Network]:
    """A network whose outbox has looked once, and does not look again while the tests last."""
    made = Network(launch_for_module(request.param, environment={"VIGIED_OUTBOX_SECONDS": "3600"}))
    yield made
    made.close()


@pytest.fixture
def firm(network: Network) -> Firm:
    return begin(network)


def begin(network: Network) -> Firm:
    member = network.firm("A firm (fictional)", 20)
    (client,) = pseudonyms(f"client of {member.id}")
    assert member.send(member.encode(DECEMBER, make_rows([client]))).status_code == 200
    return Firm(member, client, plant(network.server, client, DECEMBER))


def test_an_alert_goes_from_new_over_seen_assigned_and_snoozed_to_closed(firm: Firm) -> None:
    assert firm.member.client().get("/api/alerts/lives").json() == []
    assert firm.act("see").json()["lives"][0]["state"] == "seen"
    assert (
        firm.act("assign", assignee=firm.member.user_id).json()["lives"][0]["assignee"] == firm.member.user_id
    )
    until = (TODAY + timedelta(days=20)).isoformat()
    snoozed = firm.act("snooze", until=until).json()["lives"][0]
    assert (snoozed["state"], snoozed["snoozed_until"]) == ("snoozed", until)
    assert firm.act("wake").json()["lives"][0]["state"] == "assigned"
    closed = firm.act("close", reason="paid").json()["lives"][0]
    assert (closed["state"], closed["reason"], closed["version"]) == ("closed", "paid", 5)
    assert firm.life() == closed


def test_what_does_not_fit_the_state_is_refused_and_changes_nothing(firm: Firm) -> None:
    assert firm.act("close", reason="known").status_code == 200
    for action, more in (("snooze", {"until": "2099-01-01"}), ("assign", {"assignee": firm.member.user_id})):
        refused = firm.act(action, **more)
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:vigie:problem:alert-state"
    assert firm.act("close", reason="because").status_code == 400
    assert firm.life()["version"] == 1


def test_of_two_people_who_looked_at_the_same_version_the_second_is_told(firm: Firm) -> None:
    assert firm.act("see", version=0).status_code == 200
    assert firm.act("close", reason="paid", version=1).status_code == 200
    late = firm.act("reopen", version=1)
    assert late.status_code == 409
    assert late.json()["type"] == "urn:vigie:problem:alert-changed"
    assert "found 2, expected 1" in late.json()["detail"]


def test_only_people_of_the_firm_can_be_given_an_alert(firm: Firm, network: Network) -> None:
    other = network.firm("Another firm (fictional)")
    for nobody in (other.user_id, str(uuid.uuid4())):
        refused = firm.act("assign", assignee=nobody)
        assert refused.status_code == 400
        assert "expected a user of the firm" in refused.json()["detail"]


def test_a_firm_without_the_relation_finds_neither_the_alert_nor_its_comments(
    firm: Firm, network: Network
) -> None:
    outsider = network.firm("Outsider (fictional)").client()
    assert (
        outsider.post("/api/alerts/lives", json={"alerts": [firm.alert], "action": "see"}).status_code == 404
    )
    assert outsider.get(f"/api/alerts/{firm.alert}/comments").status_code == 404
    sent = outsider.post(
        f"/api/alerts/{firm.alert}/comments", json={"id": str(uuid.uuid4()), "sealed": b64(b"x")}
    )
    assert sent.status_code == 404


def test_one_alert_that_is_not_the_firms_refuses_the_whole_batch(firm: Firm) -> None:
    both = {"alerts": [firm.alert, str(uuid.uuid4())], "action": "see"}
    assert firm.member.client().post("/api/alerts/lives", json=both).status_code == 404
    assert firm.member.client().get("/api/alerts/lives").json() == []


def test_comments_are_kept_as_they_were_sealed_and_once(firm: Firm) -> None:
    client, path = firm.member.client(), f"/api/alerts/{firm.alert}/comments"
    sealed = secrets.token_bytes(200)
    body = {"id": str(uuid.uuid4()), "sealed": b64(sealed)}
    assert client.post(path, json=body).status_code == 201
    assert client.post(path, json=body).status_code == 201
    (one,) = client.get(path).json()
    assert (one["id"], unb64(one["sealed"]), one["author"]) == (
        body["id"],
        sealed,
        f"user:{firm.member.user_id}",
    )
    assert firm.life()["comments"] == 1
    for wrong in (b"", bytes(16 * 1024 + 1)):
        assert client.post(path, json={"id": str(uuid.uuid4()), "sealed": b64(wrong)}).status_code == 400


def test_the_next_release_continues_the_work_with_assignee_and_comments(firm: Firm) -> None:
    firm.act("assign", assignee=firm.member.user_id)
    firm.member.client().post(
        f"/api/alerts/{firm.alert}/comments", json={"id": str(uuid.uuid4()), "sealed": b64(b"sealed")}
    )
    later = firm.again(DECEMBER + 1, size_days=30)
    life = firm.life(later)
    assert life["alerts"] == [firm.alert, later]
    assert (life["state"], life["assignee"], life["news"]) == ("assigned", firm.member.user_id, True)
    assert len(firm.member.client().get(f"/api/alerts/{later}/comments").json()) == 1


def test_who_touches_a_new_alert_before_the_outbox_does_goes_on_with_the_work_there_is(
    still: Network,
) -> None:
    firm = begin(still)
    client = firm.member.client()
    firm.act("assign", assignee=firm.member.user_id)
    _say(firm, firm.alert)
    later = [firm.again(DECEMBER + 10 + number, wait=False) for number in range(3)]
    late = firm.act("unassign", alert=later[1], version=0)
    assert (late.status_code, late.json()["type"]) == (409, "urn:vigie:problem:alert-changed")
    life = firm.life(later[1])  # and reads what it goes on with
    assert (life["alerts"], life["assignee"]) == ([firm.alert, *later], firm.member.user_id)
    _say(firm, later[2])
    assert len(client.get(f"/api/alerts/{firm.alert}/comments").json()) == 2
    (seen,) = firm.act("see", alert=later[2]).json()["lives"]
    assert (seen["id"], seen["state"], seen["comments"]) == (firm.alert, "assigned", 2)


def test_a_comment_on_a_new_alert_before_the_outbox_is_said_in_the_work_there_is(still: Network) -> None:
    firm = begin(still)
    firm.act("see")
    later = firm.again(DECEMBER + 20, wait=False)
    _say(firm, later)
    assert firm.life(later)["alerts"] == [firm.alert, later]


def test_before_the_outbox_too_a_milder_alert_than_what_was_closed_begins_a_life_of_its_own(
    still: Network,
) -> None:
    firm = begin(still)
    firm.act("close", reason="paid")
    milder = firm.again(DECEMBER + 30, size_days=10, wait=False)
    (seen,) = firm.act("see", alert=milder).json()["lives"]
    assert seen["alerts"] == [milder]
    assert firm.life()["state"] == "closed"


def _say(firm: Firm, alert: str) -> None:
    body = {"id": str(uuid.uuid4()), "sealed": b64(b"sealed")}
    assert firm.member.client().post(f"/api/alerts/{alert}/comments", json=body).status_code == 201


def test_what_was_closed_comes_back_when_it_gets_worse_and_only_then(firm: Firm) -> None:
    firm.act("close", reason="paid")
    milder = firm.again(DECEMBER + 2, size_days=10)
    assert firm.life()["state"] == "closed"
    assert all(milder not in one["alerts"] for one in firm.member.client().get("/api/alerts/lives").json())
    worse = firm.again(DECEMBER + 3, severity="urgent", size_days=12)
    life = firm.life()
    assert (life["state"], life["reason"], life["alerts"]) == ("reopened", "paid", [firm.alert, worse])


def test_going_through_a_release_again_changes_nothing(firm: Firm) -> None:
    firm.act("see")
    firm.again(DECEMBER + 4, size_days=40)
    before = firm.life()
    server = firm.member.server
    announce(server, DECEMBER + 4)
    eventually(lambda: expanded(server, DECEMBER + 4))
    assert firm.life() == before


def test_a_muted_client_or_kind_is_said_to_be_muted_until_the_mute_is_lifted(firm: Firm) -> None:
    client = firm.member.client()
    firm.act("see")
    for body in ({"pseudonym": b64(firm.pseudonym)}, {"kind": "drift"}):
        made = client.post("/api/alerts/mutes", json=body)
        assert made.status_code == 201, made.text
        assert firm.life()["state"] == "muted"
        assert [one["id"] for one in client.get("/api/alerts/mutes").json()] == [made.json()["id"]]
        assert client.delete(f"/api/alerts/mutes/{made.json()['id']}").status_code == 204
        assert firm.life()["state"] == "seen"
    for wrong in ({}, {"kind": "weather"}, {"pseudonym": b64(b"short")}):
        assert client.post("/api/alerts/mutes", json=wrong).status_code == 400


def test_a_visitor_is_told_what_changed_since_she_marked_her_last_visit(firm: Firm) -> None:
    mine = firm.member.client()
    colleague = firm.member.add_user("credit_manager")
    theirs = firm.member.client(colleague)
    first = mine.get("/api/alerts/changes").json()
    assert (first["since"], first["alerts"], first["events"]) == (None, [firm.alert], [])
    assert mine.get("/api/alerts/changes").json() == first  # looking marks nothing
    assert mine.post("/api/alerts/visits", json={"month": DECEMBER, "sequence": 0}).status_code == 204
    firm.act("close", token=colleague, reason="arranged")
    told = mine.get("/api/alerts/changes").json()
    assert told["since"] is not None
    assert [(one["event"], one["detail"]) for one in told["events"]] == [("close", '{"reason":"arranged"}')]
    assert theirs.get("/api/alerts/changes").json()["events"] == []  # her own doing is no news to her
    assert mine.post("/api/alerts/visits", json=told["cursor"]).status_code == 204
    assert mine.get("/api/alerts/changes").json()["events"] == []
    # Marking an older visit does not bring back what was read.
    assert mine.post("/api/alerts/visits", json={"month": None, "sequence": 0}).status_code == 204
    assert mine.get("/api/alerts/changes").json()["events"] == []


def test_a_connected_colleague_hears_that_there_is_something_to_read_again(
    firm: Firm, network: Network
) -> None:
    def listen(member: Member) -> Any:
        from websockets.sync.client import connect

        url = member.server.url.replace("http", "ws", 1) + "/api/live"
        headers = {"Authorization": f"Bearer {member.token}"}
        return connect(url, additional_headers=headers, proxy=None)

    stranger = network.firm("Another firm (fictional)")
    with listen(firm.member) as own, listen(stranger) as foreign:
        for socket in (own, foreign):
            assert json.loads(socket.recv(timeout=30))["type"] == "welcome"
        firm.act("see")
        assert json.loads(own.recv(timeout=30)) == {"type": "alert-life"}
        with pytest.raises(TimeoutError):
            foreign.recv(timeout=0.2)


def test_an_analyst_reads_and_does_not_act(firm: Firm) -> None:
    analyst = firm.member.client(firm.member.add_user("analyst"))
    assert analyst.get("/api/alerts/lives").status_code == 200
    assert (
        analyst.post("/api/alerts/lives", json={"alerts": [firm.alert], "action": "see"}).status_code == 403
    )
    assert analyst.get(f"/api/alerts/{firm.alert}/comments").status_code == 403


def test_a_snooze_ends_by_itself_on_its_day(firm: Firm) -> None:
    tomorrow = TODAY + timedelta(days=1)
    firm.act("snooze", until=tomorrow.isoformat())
    firm.member.server.set_today(tomorrow)
    eventually(lambda: firm.life()["news"])
    assert (firm.life()["state"], firm.life()["snoozed_until"]) == ("new", None)
