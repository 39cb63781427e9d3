"""What is sure is right, what could be wrong is left to a person, and many accounts are soon done."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from member.identify import (
    NAME_PERCENT,
    SURE_PERCENT,
    Decided,
    Party,
    parties_of,
    persons_out,
    propose,
    with_places,
)
from member.identify_order import by_weight, totals
from member.imported import Account
from perf.towns import town_of
from tests.member.conftest import siren


def identifier(number: int) -> str:
    return f"fr.siren:{siren(number)}"


def one(account: Account, *parties: Party):
    return propose([account], parties)[0]


AT_LYON = Account("411DUR", "SARL Durand Exemple", postcode="69003", city="LYON 3EME")


@pytest.mark.parametrize(
    ("party", "percent"),
    [
        (Party("book", identifier(1), "Quite another name", account="411 DUR"), 100),
        (Party("master", identifier(1), "Durand Exemple", account="411DUR"), 99),
        (Party("invoices", identifier(1), "DURAND EXEMPLE SAS", "69003", "LYON"), NAME_PERCENT),
        (Party("sirene", identifier(1), "DURAND EXEMPLE", "69001", "LYON"), NAME_PERCENT - 1),
        (Party("sirene", identifier(1), "DURAND EXEMPLE", "69100", "VILLEURBANNE"), NAME_PERCENT - 9),
        (Party("sirene", identifier(1), "DURAND EXEMPLE", "13001", "MARSEILLE"), NAME_PERCENT - 40),
    ],
)
def test_each_source_has_its_confidence(party: Party, percent: int) -> None:
    found = one(AT_LYON, party)
    # A name by account that differs is doubted, whatever the percent.
    assert found.best is not None
    assert (found.best.identifier, found.best.percent) == (identifier(1), percent)


def test_names_without_a_place_are_surer_where_nobody_else_is_called_so() -> None:
    ledger = Account("411DUR", "Durand Exemple")
    alone = one(ledger, Party("sirene", identifier(1), "DURAND EXEMPLE", "69003"))
    short = one(Account("411D", "Durand"), Party("sirene", identifier(1), "DURAND", "69003"))
    assert (alone.best.percent, short.best.percent) == (NAME_PERCENT - 5, NAME_PERCENT - 12)
    two = one(
        ledger,
        Party("sirene", identifier(1), "DURAND EXEMPLE", "69003"),
        Party("sirene", identifier(2), "DURAND EXEMPLE", "13001"),
    )
    assert two.doubt == "homonym"
    assert not two.sure(50)


def test_sources_that_agree_strengthen_each_other() -> None:
    far = Party("sirene", identifier(1), "DURAND EXEMPLE", "69100", "VILLEURBANNE")
    invoices = Party("invoices", identifier(1), "Durand Exemple", "69100", "VILLEURBANNE")
    assert not one(AT_LYON, far).sure()
    both = one(AT_LYON, far, invoices)
    # 1 - (1 - 0.87)^2 = 0.98
    assert (both.best.percent, set(both.best.sources)) == (98, {"sirene", "invoices"})
    assert both.sure()


def test_sources_that_contradict_each_other_are_for_a_person() -> None:
    found = one(
        AT_LYON,
        Party("book", identifier(1), "Durand Exemple", account="411DUR"),
        Party("master", identifier(2), "Durand Exemple", account="411DUR"),
    )
    assert found.doubt == "contradiction"
    assert {candidate.identifier for candidate in found.candidates} == {identifier(1), identifier(2)}
    assert not found.sure(50)


def test_a_number_whose_name_is_another_is_for_a_person() -> None:
    found = one(AT_LYON, Party("master", identifier(1), "Boulangerie Fictive", account="411DUR"))
    assert (found.doubt, found.sure()) == ("name-differs", False)


def test_a_natural_person_is_never_proposed_whoever_proposes_her() -> None:
    in_master = Party("master", identifier(1), "Durand Exemple", account="411DUR")
    sole_trader = Party("sirene", identifier(1), "", person=True)
    found = one(AT_LYON, in_master, sole_trader)
    assert (found.candidates, found.doubt) == ((), "refused-person")
    beside = one(AT_LYON, in_master, sole_trader, Party("sirene", identifier(2), "DURAND EXEMPLE", "69003"))
    assert [candidate.identifier for candidate in beside.candidates] == [identifier(2)]
    # A firm of her name may be hers, or not: that is for a person to say.
    assert (beside.doubt, beside.sure(50)) == ("refused-person", False)
    assert persons_out([found], []) == [Decided(AT_LYON, identifier(1), confidential=True)]
    assert persons_out([beside], [Decided(AT_LYON, identifier(2))]) == []
    titled = one(replace(AT_LYON, name="M. Durand"), Party("sirene", identifier(2), "DURAND", "69003"))
    assert (titled.doubt, titled.sure()) == ("person", False)


def test_an_accounts_own_numbers_count_and_false_ones_do_not() -> None:
    vat = f"FR{(12 + 3 * (int(siren(7)) % 97)) % 97:02d}{siren(7)}"
    own = Account("411A", "Exemple", vat=vat)
    wrong = Account("411B", "Exemple Deux", registration="123456789")
    contradictory = Account("411C", "Exemple Trois", vat=vat, registration=siren(8))
    found = propose([own, wrong, contradictory], [])
    assert (found[0].best.identifier, found[0].sure()) == (identifier(7), True)
    assert found[1].candidates == ()
    assert found[2].doubt == "contradiction"
    assert parties_of([wrong], "master") == []


def test_several_accounts_of_one_client_are_one() -> None:
    accounts = [
        Account("411A", "Durand Exemple", city="Lyon", outstanding_cents=100),
        Account("411B", "DURAND EXEMPLE SA", city="LYON", outstanding_cents=50_000),
        Account("411C", "Autre Fictive", city="Lyon", outstanding_cents=20_000),
        Account("411D", "Durand-Exemple (litiges)", outstanding_cents=0, city="Lyon"),
    ]
    found = propose(accounts, [Party("master", identifier(1), account="411D")])
    assert [proposal.same_as for proposal in found] == ["", "411A", "", "411A"]
    # Together they weigh more than the third, so they come first, and side by side.
    order = [proposal.account.account for proposal in by_weight(found)]
    assert order == ["411A", "411B", "411C"]


def test_places_come_from_the_master_where_a_ledger_has_none() -> None:
    ledger = [Account("0411DUR", "0411DUR"), Account("411X", "Known Name", city="Lille")]
    master = [
        Account("0411DUR", "Durand Exemple", postcode="69003", city="Lyon"),
        Account("411X", "Other", city="Nice"),
    ]
    ledger.append(Account("411C", "DURAND EXEMPLE DE LONGUEV"))
    master.append(Account("411C", "Durand Exemple de Longueville SCOP"))
    first, second, third = with_places(ledger, master)
    assert third.name == "Durand Exemple de Longueville SCOP"
    assert (first.name, first.postcode, first.city) == ("Durand Exemple", "69003", "Lyon")
    assert (second.name, second.city) == ("Known Name", "Lille")


def test_the_totals_say_how_much_is_done() -> None:
    accounts = [
        Account("A", "Durand Exemple", postcode="69003", outstanding_cents=900),
        Account("B", "Nobody Knows", outstanding_cents=100),
    ]
    found = totals(propose(accounts, [Party("sirene", identifier(1), "DURAND EXEMPLE", "69003")]))
    assert (found.accounts, found.sure, found.to_look_at, found.without) == (2, 1, 0, 1)
    assert found.sure_share == pytest.approx(0.9)
    assert totals([]).sure_share == 0


# ---- at scale


def test_what_is_sure_is_right_and_most_of_it_is_sure() -> None:
    accounts, register, truth = town_of(1_200)
    started = time.process_time()
    found = propose(accounts, register)
    assert time.process_time() - started < 20
    sure = [proposal for proposal in found if proposal.sure()]
    wrong = [proposal for proposal in sure if proposal.best.identifier != truth[proposal.account.account]]
    assert len(sure) > 0.6 * len(accounts)
    # Two firms of one name in one town cannot be told apart; they are doubted instead.
    assert len(wrong) <= 0.002 * len(sure)
    reachable = [p for p in found if truth[p.account.account] in {c.identifier for c in p.candidates}]
    assert len(reachable) > 0.97 * len(accounts)
    assert all(proposal.best.percent >= SURE_PERCENT for proposal in sure)
