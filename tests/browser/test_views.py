"""Every screen, every panel and what is opened on them, in two languages, themes and widths.

The part of `make screens` that is quick enough for every run: a pinned network, a firm with clients and one
that imports. Each view: axe-core, no sideways scroll, no console error, no report of the content policy, no
request to others, nothing that moves where it was asked not to, and its stored picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import hatch_build
from tests.browser.pinned import Played, played, read_everything
from tests.browser.screens import Rounds
from tests.browser.stored import CROSSED, DIFFERENCE_MAX, TWO, Stored, difference, drawn_alike, small
from tests.browser.views import Look

pytestmark = pytest.mark.browser
LIGHT_WIDE, DARK_NARROW = TWO
DARK_WIDE, LIGHT_NARROW = CROSSED


@pytest.fixture(scope="session")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    hatch_build.build()
    network = played(tmp_path_factory.mktemp("pinned") / "network", (*TWO, *CROSSED))
    try:
        yield network
    finally:
        network.stage.stop()


@pytest.fixture(scope="class")
def read(chromium: Any, pinned: Played) -> Played:
    read_everything(chromium, pinned)
    return pinned


UNLIKE = (
    "what was looked at holds, and nothing can be said of its pictures: letters are drawn otherwise here than"
    " in the stored ones (to keep this Chromium's own: make screens ARGS=--write)"
)


class Uncompared(Stored):
    """Where letters are drawn otherwise."""

    def wants(self, state: str, look: Look) -> bool:
        return False


def looked_at(browser: Any, network: Played, look: Look) -> None:
    alike = drawn_alike(browser)
    rounds = Rounds(browser, Stored() if alike else Uncompared(), used=False)
    rounds.member(network, look)
    rounds.doors(network, look)
    assert rounds.views > 40
    assert not rounds.wrong, "\n".join(rounds.wrong)
    if not alike:
        pytest.skip(UNLIKE)


class Others(Stored):
    """Compares a French screen in light colours with the pictures that it is not."""

    def wants(self, state: str, look: Look) -> bool:
        return True

    def compare(self, page: Any, state: str, view: str, look: Look) -> list[str]:
        taken = self.taken(page)
        self.count += 1
        kept = {one: small(self.path(state, view, one).read_bytes()) for one in (LIGHT_WIDE, DARK_WIDE)}
        return [f"passes for {one.name}" for one in kept if difference(taken, kept[one]) <= DIFFERENCE_MAX]


class TestInEnglish:
    """A worker takes the methods of a class; those of the other one perhaps another worker."""

    def test_every_view_in_light_colours_on_a_wide_screen(self, chromium: Any, read: Played) -> None:
        looked_at(chromium, read, LIGHT_WIDE)

    def test_every_view_in_light_colours_on_a_phone(self, chromium: Any, read: Played) -> None:
        looked_at(chromium, read, LIGHT_NARROW)

    def test_another_language_or_theme_is_refused_by_every_picture(self, chromium: Any, read: Played) -> None:
        if not drawn_alike(chromium):
            pytest.skip(UNLIKE)
        look = Look(1280, "light", "fr-FR")
        rounds = Rounds(chromium, Others(), axe=False, used=False)
        rounds.member(read, look)
        rounds.doors(read, look)
        assert rounds.stored.count > 30
        assert not rounds.wrong, "\n".join(rounds.wrong)


class TestInFrench:
    def test_every_view_in_dark_colours_on_a_phone(self, chromium: Any, read: Played) -> None:
        looked_at(chromium, read, DARK_NARROW)

    def test_every_view_in_dark_colours_on_a_wide_screen(self, chromium: Any, read: Played) -> None:
        looked_at(chromium, read, DARK_WIDE)
