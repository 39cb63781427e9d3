"""A first push of 5,000 relations through the real agent and server, beside bare libsodium.

The reference is what no implementation can do without, as plain calls of the same library on as many threads
as the machine gives both sides here: per identifier one hash to the group and six
multiplications (blind, evaluate, the holder's composite, the member's two composites, unblind).
"""

from __future__ import annotations

import secrets
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import rbcl

from benchmark.ledger import Invoices
from benchmark.upload import month_index
from demo.sirens import siren
from demo.stage import Stage
from member.enrol import enrol
from member.imported import Imported, ImportedClient, from_invoices
from member.network import Network
from member.push import push
from perf.measure import Line

RELATIONS = 5_000
ROUNDS = 3
THREADS = 2
BAR = 2.0


def bare(count: int) -> float:
    """Seconds of the operations alone."""
    share = count // THREADS

    def one(_: int) -> None:
        scalar = rbcl.crypto_core_ristretto255_scalar_random()
        hashed = secrets.token_bytes(64)
        for _number in range(share):
            element = rbcl.crypto_core_ristretto255_from_hash(hashed)
            for _multiplication in range(6):
                element = rbcl.crypto_scalarmult_ristretto255(scalar, element)

    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, range(THREADS)))
    return time.perf_counter() - begun


def lines() -> list[Line]:
    """Pushes and bare operations in turn, after one of each that is not counted."""
    ours, reference = [], []
    with tempfile.TemporaryDirectory(prefix="vigie-perf-") as folder:
        stage = Stage(Path(folder), "demo", "Perf (fictional)")
        stage.create(date(2026, 11, 1))
        try:
            url = stage.start()
            for number in range(ROUNDS + 1):
                network = Network(url)
                invitation = stage.admit(f"Perf {number} (fictional)", RELATIONS)
                member = enrol(network, invitation, f"p{number}@perf.test", "p" * 16)
                imported = _portfolio()
                begun = time.perf_counter()
                sent = push(member, imported)
                seconds = time.perf_counter() - begun
                assert sent.receipts, "nothing was sent"
                operations = bare(RELATIONS)
                if number:
                    ours.append(seconds)
                    reference.append(operations)
        finally:
            stage.stop()
    return [
        Line(
            f"push of {RELATIONS:,} relations / bare libsodium",
            statistics.median(ours),
            statistics.median(reference),
            "s",
            BAR,
        )
    ]


def _portfolio() -> Imported:
    clients = [
        ImportedClient(f"C{place}", f"Client {place}", f"fr.siren:{siren(place)}")
        for place in range(RELATIONS)
    ]
    day = np.datetime64("2026-10-05")
    every = np.arange(RELATIONS, dtype=np.int32)
    invoices = Invoices(
        client=every,
        cents=np.full(RELATIONS, 120_000, np.int64),
        invoiced=np.full(RELATIONS, day),
        due=np.full(RELATIONS, day + 30),
        settled=np.full(RELATIONS, np.datetime64("NaT"), "datetime64[D]"),
        disputed=np.zeros(RELATIONS, bool),
    )
    return from_invoices(clients, invoices, month_index(2026, 10))
