"""Second factors: one-time codes of an app (RFC 6238), and ten codes on paper for when the app is lost.

Asked after password and account key have been found right, so that only who holds both of a person's secrets
can make her wait. Rules of order, whose guardian this is:
1. A secret counts once a code of it has come back; then her other sessions, opened without one, end.
2. A code serves once: its half minute is written down in the transaction that lets her in.
3. Wrong codes make the next try wait, twice as long each time, in the row and not in a process's memory.
4. Only another administrator, an operator at the terminal or the recovery kit takes one off without a code.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from server import audit
from server.network import RunningNetwork
from server.passkey_tables import Passkey, PasskeyChallenge
from server.problems import Refused
from server.second_factor_tables import SecondFactor
from server.tables import Person

STEP_SECONDS: Final = 30
DIGITS: Final = 6
STEPS_AROUND: Final = 1  # a telephone's clock may be half a minute off
SECRET_BYTES: Final = 20  # RFC 4226 section 4: 160 bits are recommended
PAPER_CODES: Final = 10
PAPER_BYTES: Final = 10
HASH_BYTES: Final = 32
NONCE_BYTES: Final = 12
FREE_FAILURES: Final = 5
FIRST_WAIT_SECONDS: Final = 30
WAIT_SECONDS_MAX: Final = 3600
PASS_SECONDS: Final = 600


class Proof(msgspec.Struct, frozen=True):
    """The proof of the password, 32 bytes: whoever finds a page open may not change how one logs in."""

    auth_key: bytes


def code_at(secret: bytes, step: int) -> str:
    """The six digits of one half minute: RFC 6238 with SHA-1, which is what apps speak."""
    app = TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - keyed, and RFC 6238 names it
    return app.generate(step * STEP_SECONDS).decode()


def _key(network: RunningNetwork, use: bytes) -> bytes:
    return hmac.digest(network.keys.session, b"second-factor\0" + use, "sha256")


def seal_secret(network: RunningNetwork, person: UUID, secret: bytes) -> bytes:
    """As it lies in the database: under the server's key, bound to the person."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(network, b"secret")).encrypt(nonce, secret, person.bytes)


def _open(network: RunningNetwork, person: UUID, sealed: bytes) -> bytes:
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(_key(network, b"secret")).decrypt(nonce, rest, person.bytes)


def _paper_hash(network: RunningNetwork, person: UUID, code: str) -> bytes:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.digest(_key(network, b"paper"), person.bytes + plain.encode(), "sha256")


def fresh_paper(network: RunningNetwork, person: UUID) -> tuple[list[str], bytes]:
    """Ten codes, and their hashes one behind another, HASH_BYTES each."""
    codes = []
    for _ in range(PAPER_CODES):
        text = base64.b32encode(secrets.token_bytes(PAPER_BYTES)).decode()
        codes.append("-".join(text[at : at + 4] for at in range(0, len(text), 4)))
    return codes, b"".join(_paper_hash(network, person, code) for code in codes)


async def row_of(person: UUID | None) -> dict[str, Any] | None:
    """The person's second factor, confirmed or not."""
    return await SecondFactor.select().where(SecondFactor.person == person).first()


def wait_seconds(failures: int) -> int:
    """How long the next try waits after so many wrong codes in a row."""
    if failures < FREE_FAILURES:
        return 0
    return min(FIRST_WAIT_SECONDS << min(failures - FREE_FAILURES, 16), WAIT_SECONDS_MAX)


# ---- at the log-in


async def pass_second(network: RunningNetwork, person: UUID, code: str) -> str:
    """Let her through with a code, an app's or on paper, or the pass that an earlier one gave; a pass.

    Empty where no second factor is asked. Raise Refused "second-factor" where there is no code,
    "second-factor-wrong", or "too-many-requests". The caller holds no transaction.
    """
    row = await row_of(person)
    if row is None or row["confirmed_at"] is None:
        return ""
    if not code:
        raise Refused("second-factor")
    if _pass_stands(network, row, code):
        return code
    if not await spend(network, person, code):
        raise Refused("second-factor-wrong")
    return _pass_for(network, row, network.clock.unix() + PASS_SECONDS)


async def pass_of(network: RunningNetwork, person: UUID) -> str:
    """What stands from now on for the second factor that she has just shown."""
    row = await row_of(person)
    return _pass_for(network, row, network.clock.unix() + PASS_SECONDS) if row else ""


async def stands(network: RunningNetwork, person: UUID, factor_pass: str) -> bool:
    """Whether a log-in that got this pass still needs nothing more: no other second factor is on now."""
    row = await row_of(person)
    return row is None or row["confirmed_at"] is None or _pass_stands(network, row, factor_pass)


async def is_on(person: UUID) -> bool:
    """Whether a second factor is asked of her."""
    row = await row_of(person)
    return row is not None and row["confirmed_at"] is not None


async def hold(network: RunningNetwork, person: UUID) -> bool:
    """The same; it stays so, and nobody else changes what hangs on it, until the transaction ends."""
    await network.database.run("UPDATE second_factor SET failures = failures WHERE person = {}", person)
    return await is_on(person)


async def spend(network: RunningNetwork, person: UUID, code: str) -> bool:
    """Whether the code is right; a wrong one is counted, a right one serves no more."""
    now = network.clock.unix()
    async with network.database.writing():
        if len("".join(code.split())) != DIGITS:  # one on paper is told in the log, which is held first
            await lock_log(network, person)
        # Two processes that are shown one code at once: the second waits here, and finds it spent.
        await hold(network, person)
        row = await row_of(person)
        if row is None:
            return False
        left = row["failed_at"] + wait_seconds(row["failures"]) - now
        if left > 0:
            raise Refused("too-many-requests", headers={"Retry-After": str(left)})
        step = _step_of(_open(network, person, row["secret"]), code, now, row["last_step"])
        paper = None if step else _without(row["paper"], _paper_hash(network, person, code))
        if step is None and paper is None:
            values: dict[Any, Any] = {
                SecondFactor.failures: row["failures"] + 1,
                SecondFactor.failed_at: now,
            }
        else:
            values = {SecondFactor.failures: 0, SecondFactor.last_step: step or row["last_step"]}
            values[SecondFactor.paper] = row["paper"] if paper is None else paper
        await SecondFactor.update(values).where(SecondFactor.person == person)
        if paper is not None:
            await tell(network, person, f"user:{person}", "second-factor-paper-code")
    return step is not None or paper is not None


def _step_of(secret: bytes, code: str, now: int, last: int) -> int | None:
    """The half minute whose code this is, later than every one that served; None: none."""
    plain = "".join(code.split())
    step = now // STEP_SECONDS
    for one in range(step - STEPS_AROUND, step + STEPS_AROUND + 1):
        if one > last and hmac.compare_digest(code_at(secret, one).encode(), plain.encode()):
            return one
    return None


def _without(paper: bytes, digest: bytes) -> bytes | None:
    """The codes on paper without this one; None where it is not among them."""
    known = [paper[at : at + HASH_BYTES] for at in range(0, len(paper), HASH_BYTES)]
    if not any(hmac.compare_digest(one, digest) for one in known):
        return None
    return b"".join(one for one in known if one != digest)


def _pass_for(network: RunningNetwork, row: dict[str, Any], until: int) -> str:
    """What stands for the code for ten minutes, so that one command that logs in twice asks once.

    It is worth nothing without the two secrets, and nothing for another secret of codes.
    """
    said = row["person"].bytes + row["secret"] + until.to_bytes(8, "little")
    return f"{until}.{hmac.digest(_key(network, b'pass'), said, 'sha256')[:16].hex()}"


def _pass_stands(network: RunningNetwork, row: dict[str, Any], code: str) -> bool:
    until, dot, _ = code.partition(".")
    if not dot or not until.isdecimal() or len(until) > 12 or not code.isascii():
        return False
    stands = network.clock.unix() <= int(until) <= network.clock.unix() + PASS_SECONDS
    return stands and hmac.compare_digest(_pass_for(network, row, int(until)), code)


async def lock_log(network: RunningNetwork, person: UUID) -> UUID:
    """Hold the log of her firm, or of the operator, until the transaction ends; the log's chain."""
    found = await Person.select(Person.firm).where(Person.id == person).first()
    firm: UUID | None = found["firm"] if found else None
    if firm:
        await network.database.lock_firm(firm)
    else:
        await network.database.lock_network(to_change=True)
    return firm or audit.OPERATOR_CHAIN


async def lock_person(network: RunningNetwork, person: UUID) -> None:
    """Hold how she logs in until the transaction ends: a log-in under way begins its session before or after.

    First the log, then the person, then her second factor: in this order everywhere.
    """
    await lock_log(network, person)
    await network.database.lock_person(person)


async def tell(network: RunningNetwork, person: UUID, actor: str, event: str) -> None:
    """Into the log of the firm, or of the operator. The caller holds the transaction."""
    await audit.append(network.clock, await lock_log(network, person), actor, event, user=person)


async def forget(person: UUID) -> None:
    """Take it off without a code, and passkeys with it; the caller writes, and says so in a log."""
    await SecondFactor.delete().where(SecondFactor.person == person)
    await Passkey.delete().where(Passkey.person == person)
    await PasskeyChallenge.delete().where(PasskeyChallenge.person == person)
