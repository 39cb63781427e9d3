"""100,000 identifiers through the agent and two key holders, beside bare libsodium.

The reference is what no implementation of the protocol can do without, as plain calls of the same library on
as many threads as the machine gives both sides here: per identifier one hash to the group, ten
multiplications (blind; two holders evaluate and weigh their composite; the member weighs two composites for
each holder's proof; unblind) and seven additions (those six composites; the two evaluations). Ours is the
real agent against two `vigied keyholder` processes of three, the third one down: requests, signatures,
budgets, logs and proofs included, with the progress bar.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import rbcl

from demo.holding import Admission, HolderStage
from demo.stage import Stage
from member.cli_frame import Patience
from member.enrol import enrol
from member.network import Network
from member.pseudonyms import pseudonyms_of
from perf.measure import Line

IDENTIFIERS = 100_000
PARTS = 5  # ours and the reference in turn: what else the machine does falls on both
THREADS = 2
MULTIPLICATIONS = 10
ADDITIONS = 7
BAR = 1.3
"""Of the agent with its holders, over the bare operations."""


def bare(count: int) -> float:
    """Seconds of the operations alone."""
    share = count // THREADS

    def one(_: int) -> None:
        scalar = rbcl.crypto_core_ristretto255_scalar_random()
        hashed, other = secrets.token_bytes(64), rbcl.crypto_core_ristretto255_random()
        for _number in range(share):
            element = rbcl.crypto_core_ristretto255_from_hash(hashed)
            for _multiplication in range(MULTIPLICATIONS):
                element = rbcl.crypto_scalarmult_ristretto255(scalar, element)
            for _addition in range(ADDITIONS):
                element = rbcl.crypto_core_ristretto255_add(element, other)

    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(THREADS)))
    return time.perf_counter() - begun


def lines(identifiers: int = IDENTIFIERS) -> list[Line]:
    """Both, part by part."""
    ours = reference = 0.0
    with tempfile.TemporaryDirectory(prefix="vigie-perf-") as folder:
        holders = HolderStage(Path(folder) / "holders")
        stage = Stage(Path(folder), "demo", "Perf (fictional)", holders=holders)
        stage.create(date(2026, 11, 1))
        try:
            network = Network(stage.start())
            invitation = stage.admit("Perf (fictional)", identifiers)
            member = enrol(network, invitation, "perf@perf.test", "p" * 16)
            holders.admit([Admission(member.firm_id, member.root_public, identifiers, "Perf (fictional)")])
            holders.stop_one(3)
            names = [f"fr.siren:{place:09d}" for place in range(identifiers + 1000)]  # bytes, to the protocol
            pseudonyms_of(member, names[identifiers:])
            share = identifiers // PARTS
            for part in range(PARTS):
                begun = time.perf_counter()
                with Patience("en", "pseudonyms") as bar:
                    found = pseudonyms_of(member, names[part * share : (part + 1) * share], bar)
                ours += time.perf_counter() - begun
                assert len(found) == share
                reference += bare(share)
        finally:
            stage.stop()
    return [Line(f"{identifiers:,} identifiers, two holders / bare libsodium", ours, reference, "s", BAR)]
