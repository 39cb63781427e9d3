"""A firm that lost every device and password is back with its kit alone, and nobody else is."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest

from member.comeback import come_back, finish_roll, open_padded, rolled
from member.enrol import Person, enrol, log_in
from member.keys import fresh_role_keys
from member.keystore import Member
from member.network import Network
from member.people import add_user
from member.push import push
from member.recovery import recover
from member.refusals import HomeRefused, InputRefused, NetworkRefused
from tests.member.conftest import PASSWORD, Firms, Tampering, client, ledger, rewriting
from tests.member.test_cli import Keyboard, ledger_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher

NEW = "another fictional password"
Ways = Callable[[], tuple[Network, Tampering]]


@pytest.fixture(scope="module")
def firms(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    """On SQLite alone: what the server does of it is tested on both databases beside its station."""
    made = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


@pytest.fixture
def way(firms: Firms) -> Iterator[Ways]:
    """Ways to the network, closed at the end of the test."""
    made: list[Network] = []

    def network() -> tuple[Network, Tampering]:
        found = firms.network()
        made.append(found[0])
        return found

    yield network
    for one in made:
        one.close()


def firm_with_kit(firms: Firms, way: Ways) -> tuple[Member, bytes, str]:
    email = firms.email()
    network, _ = way()
    member = enrol(network, firms.server.admit("Firm (fictional)", 100), email, PASSWORD, firms.place())
    assert member.recovery_kit is not None
    return member, member.recovery_kit, email


def back(firms: Firms, way: Ways, firm: uuid.UUID, kit: bytes, email: str, **options):
    network, _ = way()
    return come_back(network, firm, kit, Person(email, NEW), firms.place(), **options)


def test_the_kit_alone_brings_back_the_book_and_everything_that_was_sent(firms: Firms, way: Ways) -> None:
    lost, kit, email = firm_with_kit(firms, way)
    push(lost, ledger([1, 2]))
    before = dict(lost.book.sent)
    add_user(lost, PASSWORD, firms.email(), "credit_manager")
    done = back(firms, way, lost.firm_id, kit, email)
    assert (done.firm_name, done.users_ended, done.devices_ended) == ("Firm (fictional)", 2, 2)
    assert {one.name for one in done.member.book.clients.values()} == {client(1).name, client(2).name}
    assert dict(done.member.book.sent) == before
    assert push(done.member, ledger([1, 2])).months == []
    assert push(done.member, ledger([1, 2, 3])).evaluated == 1
    # The password is the page's log-in from here on; the one before opens nothing any more.
    network, _ = way()
    again = log_in(network, Person(email, NEW), done.account_key)
    assert len(again.shelf.sync(again).clients) == 3


def test_who_was_in_before_is_out_and_cannot_read_what_comes(firms: Firms, way: Ways) -> None:
    lost, kit, email = firm_with_kit(firms, way)
    push(lost, ledger([1]))
    done = back(firms, way, lost.firm_id, kit, email)
    loaded, _ = firms.again(lost)
    with pytest.raises(NetworkRefused) as refused:
        loaded.shelf.sync(loaded)
    assert refused.value.code == "device-refused"
    network, _ = way()
    with pytest.raises(NetworkRefused) as refused:
        log_in(network, Person(email, PASSWORD), lost.account_key)
    assert refused.value.code == "credentials"
    assert done.member.role_keys.names not in {None, lost.role_keys.names}
    assert done.member.role_keys.ledger not in {None, lost.role_keys.ledger}
    assert done.member.role_keys.earlier == ()


def test_beside_others_nothing_ends_and_no_key_changes(firms: Firms, way: Ways) -> None:
    first, kit, _ = firm_with_kit(firms, way)
    push(first, ledger([1]))
    done = back(firms, way, first.firm_id, kit, firms.email(), keep_others=True)
    assert (done.users_ended, done.devices_ended) == (0, 0)
    assert done.member.role_keys == first.role_keys
    push(first, ledger([1, 2]))
    assert len(done.member.shelf.sync(done.member).clients) == 2


def test_the_same_kit_serves_again_and_also_when_the_answer_was_lost(firms: Firms, way: Ways) -> None:
    lost, kit, email = firm_with_kit(firms, way)
    push(lost, ledger([1]))
    network, transport = way()

    def cut(request: httpx.Request, status: int, _body: bytes) -> bytes | None:
        if (
            request.url.path == "/api/recoveries"
            and status == 201
            and transport.count("POST /api/recoveries") == 1
        ):
            raise httpx.ReadError("the connection broke")
        return None

    transport.change = cut
    done = come_back(network, lost.firm_id, kit, Person(email, NEW), firms.place())
    assert len(done.member.book.clients) == 1
    again = back(firms, way, lost.firm_id, kit, email)
    assert len(again.member.book.clients) == 1


def test_a_run_that_ends_before_the_book_is_sealed_again_loses_nothing(firms: Firms, way: Ways) -> None:
    lost, kit, email = firm_with_kit(firms, way)
    push(lost, ledger([1]))
    network, transport = way()

    def crash(request: httpx.Request) -> None:
        if request.method == "PUT" and request.url.path == "/api/book":
            raise KeyboardInterrupt

    transport.before = crash
    home = firms.place()
    with pytest.raises(KeyboardInterrupt):
        come_back(network, lost.firm_id, kit, Person(email, NEW), home)
    # The home that was made opens the book with the earlier keys, and finishes.
    recover(home, kit, None)
    made = Member.load(home, network=way()[0])
    assert len(made.shelf.sync(made).clients) == 1
    assert finish_roll(made)
    assert not finish_roll(made)
    # And from the kit alone too, whatever became of that home.
    transport.before = None
    done = back(firms, way, lost.firm_id, kit, email)
    assert len(done.member.book.clients) == 1


def test_another_kit_or_another_firm_opens_nothing(firms: Firms, way: Ways) -> None:
    member, kit, email = firm_with_kit(firms, way)
    for firm, tried in ((member.firm_id, bytes(32)), (uuid.uuid4(), kit)):
        with pytest.raises(InputRefused) as refused:
            back(firms, way, firm, tried, email)
        assert refused.value.code == "kit-other"
    with pytest.raises(HomeRefused) as taken:
        come_back(way()[0], member.firm_id, kit, Person(email, NEW), member.home.path)
    assert taken.value.code == "home-taken"
    with pytest.raises(InputRefused) as short:
        come_back(way()[0], member.firm_id, kit, Person(email, "short"))
    assert short.value.code == "password-short"


def test_an_operator_that_shortens_the_answer_is_a_wrong_kit(firms: Firms, way: Ways) -> None:
    member, kit, email = firm_with_kit(firms, way)
    network, transport = way()
    transport.change = rewriting("POST /api/recoveries/blob", lambda body: body.update(padded="AQAA"))
    with pytest.raises(InputRefused) as refused:
        come_back(network, member.firm_id, kit, Person(email, NEW))
    assert refused.value.code == "kit-other"


def test_finding_where_the_sealed_bytes_end_is_quick(firms: Firms, way: Ways) -> None:
    started = time.process_time()
    with pytest.raises(InputRefused):
        open_padded(bytes(32), uuid.uuid4(), b"\x01" + bytes(4095))
    assert time.process_time() - started < 5


def test_rolled_keys_remember_all_earlier_ones() -> None:
    first = fresh_role_keys()
    twice = rolled(rolled(first))
    assert twice.earlier[1] == first
    assert all(one.earlier == () for one in twice.earlier)
    assert (twice.conversations, twice.notes) == (first.conversations, first.notes)
    assert len({twice.names, *(one.names for one in twice.earlier)}) == 3
    assert msgspec.json.decode(msgspec.json.encode(twice), type=type(twice)) == twice


def test_at_the_keyboard_the_printed_kit_is_all_it_takes(own_firms: Firms, tmp_path: Path) -> None:
    # A server of its own: the module's has been asked for kits as often as it lets one address.
    url, kit = own_firms.server.url, tmp_path / "kit.txt"
    lost = Keyboard(tmp_path / "lost")
    invitation = own_firms.server.admit("Firm (fictional)", 10)
    done = lost.type("enrol", url, invitation, "--email", "kit.alone@firm.test", "--kit", kit)
    assert done.exit_code == 0, done.output
    assert lost.type("push", ledger_file(tmp_path, [1, 2])).exit_code == 0
    printed = kit.read_text(encoding="utf-8")
    typed = re.search(r"VR1[-A-Z2-7]+", printed)
    named = re.search(r"([0-9a-f]{8}-[0-9a-f-]{27}) · (\S+)", printed)
    assert typed
    assert named
    found = Keyboard(tmp_path / "found", VIGIE_RECOVERY_KIT=typed[0])
    words = ["recover", named[2], "--firm", named[1], "--email", "kit.alone@firm.test"]
    assert found.type(*words[:-2]).exit_code == 2
    assert found.type("recover", url, "--firm", "12", "--email", "a@firm.test").exit_code == 3
    back = found.type(*words, VIGIE_PASSWORD=NEW)
    assert back.exit_code == 0, back.output
    assert "Firm (fictional) is back. 1 users and 1 devices ended" in back.stdout
    assert re.search(r"VK1(-[A-Z2-7]{1,5}){6}$", back.stdout, re.MULTILINE)
    assert "2 clients" in found.type("book", "list").stdout
    assert lost.type("status").exit_code == 4
    # The home that was made says nothing of a roll to finish; the kit opens it too.
    again = found.type("recover", "--lang", "fr")
    assert (again.exit_code, "de nouveau ouvert" in again.stdout) == (0, True)
