"""The release chain agrees with a second computation sharing no line with it; a wrong one is found out."""

import hashlib
from dataclasses import replace

import pytest

from demo import judge, ledgers, world
from member.imported import from_invoices
from privacy.profiles import STANDARD

SCALE = world.Scale(
    seed=11,
    first_month=world.FULL.first_month,
    months=16,
    lead_in_months=2,
    firms=12,
    suppliers=((1, 6), (3, 6), (4, 8), (5, 12), (6, 10), (7, 8), (9, 6), (11, 4), (12, 4)),
)


def _id(what: str, size: int) -> bytes:
    return hashlib.sha256(what.encode()).digest()[:size]


@pytest.fixture(scope="module")
def uploads() -> judge.Uploads:
    """Twelve firms over 16 months; some join later, relations begin and end."""
    plan = world.build(SCALE)
    written = ledgers.write(plan)
    pseudonyms = {client.identifier: _id(client.identifier, 32) for client in plan.clients}
    found = []
    for firm in plan.firms:
        for month in range(firm.joins, SCALE.first_month + SCALE.months):
            imported = from_invoices(*ledgers.ledger(plan, written, firm.place, month), month, months=1)
            upload = judge.as_upload(_id(firm.name, 16), firm.joins, month, imported, pseudonyms)
            found += [upload] if upload else []
    return judge.Uploads(found)


MONTHS = range(SCALE.first_month, SCALE.first_month + SCALE.months)


def test_who_is_published_and_around_what_agrees_with_the_second_computation(uploads: judge.Uploads) -> None:
    exact = judge.exact_panels(uploads, MONTHS, STANDARD)
    verdict = judge.Verdict()
    judge.count(exact, verdict)
    for key in judge.keys(4):
        judge.judge(exact, judge.chain(uploads, MONTHS, STANDARD, key), STANDARD, verdict)
    assert verdict.wrong == []
    assert verdict.below_floor == 0
    assert verdict.centres > 2_000
    assert 0.93 <= verdict.share <= 0.98
    assert sum(month.published for month in verdict.months["days_late"]) > 0


@pytest.mark.parametrize(
    "broken",
    [
        replace(STANDARD, n_min=4),
        replace(STANDARD, pending_changes_min=1),
        replace(STANDARD, revision_months=1),
    ],
    ids=["a floor of four", "one change at once", "a revision every month"],
)
def test_a_chain_with_another_rule_is_found_out(uploads: judge.Uploads, broken) -> None:
    verdict = judge.Verdict()
    exact = judge.exact_panels(uploads, MONTHS, STANDARD)
    judge.judge(exact, judge.chain(uploads, MONTHS, broken, judge.keys(1)[0]), STANDARD, verdict)
    assert verdict.wrong or verdict.share < 0.93


def test_a_chain_with_more_noise_than_it_says_is_found_out(uploads: judge.Uploads) -> None:
    loud = replace(STANDARD, field_factor=2 * STANDARD.field_factor)
    verdict = judge.Verdict()
    exact = judge.exact_panels(uploads, MONTHS, STANDARD)
    judge.judge(exact, judge.chain(uploads, MONTHS, loud, judge.keys(1)[0]), STANDARD, verdict)
    assert verdict.share < 0.93
