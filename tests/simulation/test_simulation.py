"""The simulated network is what it says: deterministic, heavy-tailed, and counted as the kernel counts."""

import numpy as np

from benchmark.tally import tally
from tests.simulation.network import START, Size, make, twin, without
from tests.simulation.sending import Sending, rows, values

SMALL = Size(firms=60, clients=400, months=9)


def test_a_seed_is_a_network() -> None:
    one, same, other = make(3, SMALL), make(3, SMALL), make(4, SMALL)
    assert rows(one, 5, first=True).tobytes() == rows(same, 5, first=True).tobytes()
    assert rows(one, 5, first=True).tobytes() != rows(other, 5, first=True).tobytes()


def test_about_half_of_the_relations_are_in_cells_of_five() -> None:
    network = make(1)
    n = np.bincount(network.client)
    assert 0.5 < n[n >= 5].sum() / n.sum() < 0.65


def test_the_kernel_counts_the_values_that_the_arrays_tell() -> None:
    network = make(2, SMALL)
    alone = network.own_group()[network.firm]
    for month in (0, 4, 8):
        raw = tally(
            [one for one in Sending(network).window(month) if one.first_full_month <= one.month],
            START + month,
        )
        told = {
            (raw.pseudonyms[client].tobytes(), raw.groups[group].tobytes()): raw.values[:, place]
            for place, (client, group) in enumerate(zip(raw.client, raw.group, strict=True))
        }
        expected = values(network, month, network.sent())
        for relation in np.nonzero(alone & ~np.isnan(expected[0]))[0]:
            name = network.names[network.client[relation]].tobytes()
            group = network.group_id[network.firm[relation]].tobytes()
            assert np.allclose(told[name, group], expected[:, relation], atol=1e-9)


def test_a_twin_differs_in_its_targets_alone() -> None:
    network, targets = make(5, SMALL), np.array([0, 7, 30])
    redrawn = twin(network, targets, 1)
    changed = np.nonzero((network.late != redrawn.late).any(axis=1))[0]
    assert changed.tolist() == targets.tolist()
    assert not without(network, targets).sent()[targets].any()
