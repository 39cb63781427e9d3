"""The operator says why: admissions and refusals stand with their reason in its own chained log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from server.audit import OPERATOR_CHAIN, broken_at
from tests.server.kit import unb64

if TYPE_CHECKING:
    from tests.server.kit import Network


def test_an_admission_and_a_refusal_say_why_in_a_log_that_is_chained(shared: Network) -> None:
    with shared.server.operator() as operator:
        body = {"name": "Let in (fictional)", "declared_portfolio": 9, "reason": "sells on credit"}
        firm = operator.post("/api/operator/admissions", json=body).json()["firm_id"]
        said = {"name": " Kept  out (fictional) ", "reason": "no ledger of its own"}
        assert operator.post("/api/operator/refusals", json=said).status_code == 201
        for wrong in (
            {"name": "", "reason": "x"},
            {"name": "x", "reason": " "},
            {"name": "x", "reason": "r" * 501},
        ):
            assert operator.post("/api/operator/refusals", json=wrong).status_code == 400
        entries, after = [], 0
        while page := operator.get("/api/operator/audit", params={"after": after}).json():
            entries, after = entries + page, page[-1]["sequence"]
    told = {one["event"]: json.loads(one["detail"]) for one in entries}
    assert told["firm-admitted"] == {"firm": firm, "reason": "sells on credit"}
    assert told["firm-refused"] == {"name": "Kept out (fictional)", "reason": "no ledger of its own"}
    chain = [
        one | {"chain": OPERATOR_CHAIN, **{key: unb64(one[key]) for key in ("previous", "digest")}}
        for one in entries
    ]
    assert broken_at(chain) is None
    chain[-1]["detail"] = chain[-1]["detail"].replace("ledger", "licence")
    assert broken_at(chain) == chain[-1]["sequence"]
    assert UUID(firm)
