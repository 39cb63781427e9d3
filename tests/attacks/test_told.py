"""What is told beside the cells tells what the cells tell; what shrinkage does to them is undone."""

import numpy as np
import pytest

from privacy.profiles import STANDARD
from tests.attacks import membership, told
from tests.attacks.variants import Shrunk
from tests.simulation.history import live_through
from tests.simulation.network import Size, make

SMALL = Size(firms=60, clients=300, months=8)
SHRUNK = Shrunk(STANDARD, strength=3.0, label="shrunk")


@pytest.fixture(scope="module")
def scene():
    network = make(5, SMALL)
    return network, live_through(network, SHRUNK)


def test_a_client_first_published_is_heard_of_and_nobody_else_is(scene) -> None:
    network, history = scene
    heard = told.heard(history, np.arange(len(network.names)), network.names, STANDARD)
    published = ~np.isnan(history.published["days_late"]).all(axis=1)
    assert published.any()
    assert not (heard[~published, ::3] > 0).any()
    assert (heard[:, ::3].sum(axis=1) > 0).any()


def test_calls_that_nobody_answers_say_nothing_of_anybody(scene) -> None:
    network, history = scene
    cases = membership.at_the_edge(network, 5, history, 1)
    view = np.zeros((len(cases), 2))
    silent = told.answers(network, told.Tellings(view, view), cases, 1, chance=0.0)
    assert np.array_equal(silent.real, silent.twin)
    loud = told.answers(network, told.Tellings(view, view), cases, 1, chance=1.0)
    assert (loud.real >= loud.twin).all()
    assert (loud.real > loud.twin).any()


def test_who_reads_a_shrunk_cell_undoes_it_up_to_rounding(scene) -> None:
    _, history = scene
    drawn = SHRUNK.drawn(history)
    back = SHRUNK.undone(drawn)
    for name in SHRUNK.fields:
        assert np.nanmax(np.abs(back.published[name] - history.published[name])) <= 0.5 * (1 + 3 / 5) + 1e-9
        assert not np.array_equal(drawn.published[name], history.published[name], equal_nan=True)
