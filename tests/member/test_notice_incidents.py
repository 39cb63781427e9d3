"""A judgment is the incident of its month and client; a cancelled one, or one that opens nothing, of none."""

from __future__ import annotations

import msgspec
import pytest

from benchmark.upload import FIELD_BIT, month_text
from member.credit import PublicNotice
from member.notice_incidents import JUDGED, with_judgments
from tests.member.conftest import DECEMBER, client, ledger

NOTICE = PublicNotice(
    id="A1",
    identifier=client(761).identifier,
    published=f"{month_text(DECEMBER)}-14",
    nature="Jugement d'ouverture de liquidation judiciaire",
    claim_by="2026-02-16",
)


def told(imported, month: int) -> dict[str, int | None]:
    clients, rows = imported.months[month]
    known = rows["present"] & FIELD_BIT["incident"] > 0
    return {
        imported.clients[place].identifier: int(code) if there else None
        for place, code, there in zip(clients.tolist(), rows["incident"].tolist(), known, strict=True)
    }


def test_the_month_of_its_publication_has_it_and_no_other_month_or_client() -> None:
    before = ledger([761, 762], months=2)
    after = with_judgments(before, [NOTICE])
    mine, other = NOTICE.identifier, client(762).identifier
    assert told(after, DECEMBER)[mine] == JUDGED
    assert told(after, DECEMBER)[other] == told(before, DECEMBER)[other]
    assert told(after, DECEMBER - 1) == told(before, DECEMBER - 1)
    assert told(before, DECEMBER)[mine] != JUDGED, "what was read is not changed"


@pytest.mark.parametrize(
    "more",
    [
        {"claim_by": None},
        {"cancelled": True},
        {"identifier": "fr.siren:404833048"},
        {"published": "2019-01-01"},
    ],
)
def test_none_is_set_where_the_notice_opens_nothing_of_ours(more: dict[str, object]) -> None:
    before = ledger([761, 762], months=2)
    after = with_judgments(before, [msgspec.structs.replace(NOTICE, **more)])
    assert told(after, DECEMBER) == told(before, DECEMBER)
