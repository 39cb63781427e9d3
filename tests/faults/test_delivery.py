"""kill -9 of the server and ends of the mail server while alerts are on their way: every one of them arrives.

A receiver may get a message twice; it then has the id that it had before. Alerts and their event are put into
the database as a release does it, in one transaction, while the server may be down.
"""

from __future__ import annotations

import json
import random
import re
import threading
import uuid
from typing import TYPE_CHECKING

import pytest

from benchmark.upload import month_index
from tests.server.kit import Network, make_rows, pseudonyms
from tests.server.outside import MailServer, Receiver, running
from tests.server.planting import announce, ask, eventually, plant

if TYPE_CHECKING:
    from tests.conftest import Launcher

DECEMBER = month_index(2025, 12)
ALERTS = 3  # a release
AT_ONCE = {
    "quiet_from": 0,
    "quiet_until": 0,
    "quiet_weekend": False,
    "language": "en",
    "severities": {"act": "now"},
}


@pytest.mark.faults
def test_every_alert_arrives_whatever_ends_meanwhile(launch: Launcher, database: str, kills: int) -> None:
    chance = random.Random(20_261_126)
    mail = MailServer()
    with running(Receiver()) as receiver:
        environment = {
            "VIGIED_SMTP": f"smtp+plain://127.0.0.1:{mail.port}",
            "VIGIED_MAIL_FROM": "vigie@operator.test",
            "VIGIED_URL": "https://vigie.test",
            "VIGIED_WEBHOOKS_PRIVATE": "1",
            "VIGIED_OUTBOX_SECONDS": "0.02",
            "VIGIED_RETRY_SECONDS": "0.02",
            "VIGIED_DELIVERY_SECONDS": "0.5",
        }
        network = Network(launch(database, environment=environment))
        server = network.server
        firm = network.firm("A firm (fictional)", 20)
        client = pseudonyms("a client")[0]
        assert firm.send(firm.encode(DECEMBER, make_rows([client]))).status_code == 200
        assert firm.client().put("/api/notifications", json=AT_ONCE).status_code == 200
        hooked = firm.client().post("/api/webhooks", json={"url": receiver.url})
        assert hooked.status_code == 201
        planted: set[str] = set()
        mail.start()
        for number in range(max(kills, 3)):
            month = DECEMBER + 1 + number
            planted |= {plant(server, client, month) for _ in range(ALERTS)}
            announce(server, month)
            if number % 3 == 1:
                mail.stop()
                mail.let_go.clear()
            killer = threading.Timer(chance.uniform(0, 0.4), server.kill)
            killer.start()
            killer.join()
            server.start()
            if mail.controller is None:
                mail.start()
        person = uuid.UUID(firm.user_id)

        def nothing_waits() -> bool:
            """Nothing is left to go through, to write, to mail or to call."""
            counts = [
                ask(server, "SELECT COUNT(*) FROM outbox_event WHERE done = {}", False),
                ask(server, "SELECT COUNT(*) FROM notice WHERE person = {} AND mail IS NULL", person),
                ask(server, "SELECT COUNT(*) FROM mail WHERE person = {} AND state <> 'sent'", person),
                ask(server, "SELECT COUNT(*) FROM webhook_delivery WHERE state <> 'sent'"),
            ]
            return all(count == [(0,)] for count in counts)

        eventually(nothing_waits, 120)
        mail.stop()
        network.close()
    called = {json.loads(one.body)["data"]["id"]: one.headers["webhook-id"] for one in receiver.calls}
    assert set(called) == planted
    assert len({one.headers["webhook-id"] for one in receiver.calls}) == len(planted)
    messages = {str(one["Message-ID"]): str(one["Subject"]) for one in mail.messages}
    told = [int(re.findall(r"(\d+) alerts? to act on", subject)[0]) for subject in messages.values()]
    assert sum(told) == len(planted), messages
