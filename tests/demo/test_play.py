"""A short play, end to end on a real server: months are lived through and cells come of it."""

from __future__ import annotations

from demo.world import SMALL
from tests.demo.conftest import Lived


def test_every_month_is_released_and_every_firm_reports(lived: Lived) -> None:
    figures = lived.played.figures
    assert figures["firms"] == SMALL.firms
    assert figures["rows"] > SMALL.clients * SMALL.months
    member = lived.member(0)
    assert len(member.session.manifests()) == SMALL.months == figures["releases"]
    member.network.close()


def test_a_member_sees_published_cells_of_some_of_its_clients(lived: Lived) -> None:
    figures = lived.played.figures
    assert 0 < figures["compared"] < figures["portfolio"], "some clients have five suppliers, most have not"


def test_progress_is_told_to_the_end(lived: Lived) -> None:
    assert len(lived.told) >= SMALL.months
    done, _, whole = lived.told[-1].split()[0].partition("/")
    assert done == whole


def test_whoever_visits_can_be_three_firms_or_the_operator(lived: Lived) -> None:
    accounts = lived.played.accounts
    assert [account.who for account in accounts[:3]] == [firm.name for firm in lived.plan.firms[:3]]
    assert len(accounts) == 4
    assert all(account.account_key.startswith("VK1-") for account in accounts)


def test_the_summary_counts_in_both_languages(lived: Lived) -> None:
    assert f"{SMALL.firms} firmes" in lived.played.summary("fr")
    assert f"{SMALL.firms} firms" in lived.played.summary("en")


def test_every_stage_of_the_work_is_timed(lived: Lived) -> None:
    assert {"import and push", "release", "enrol"} <= set(lived.played.spent)
