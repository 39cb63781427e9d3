"""A stored picture refuses what it is not: an empty page, another screen, another theme."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tests.browser.stored import CROSSED, DIFFERENCE_MAX, LEVELS, SHOTS, TWO, difference, encoded, small

PICTURES = {path.name: small(path.read_bytes()) for path in sorted(SHOTS.glob("*.png"))}
BYTES_MAX = 5_000_000
LOOKS = [look.name for look in (*TWO, *CROSSED)]


def of(look: str) -> dict[str, np.ndarray]:
    return {name: picture for name, picture in PICTURES.items() if name.endswith(f"-{look}.png")}


def test_every_look_has_its_pictures_and_all_of_them_stay_small() -> None:
    assert sum(path.stat().st_size for path in SHOTS.iterdir()) < BYTES_MAX
    assert sum(len(of(look)) for look in LOOKS) == len(PICTURES)
    assert all(len(of(look)) > 40 for look in LOOKS)


def test_what_is_kept_of_a_kept_picture_is_the_same_again() -> None:
    for picture in PICTURES.values():
        assert difference(small(encoded(picture)), picture) == 0


def test_an_empty_page_is_refused_by_every_picture() -> None:
    for name, picture in PICTURES.items():
        for level in (0, np.bincount(picture.ravel()).argmax(), LEVELS - 1):
            assert difference(np.full_like(picture, level), picture) > DIFFERENCE_MAX, name


def test_a_screen_without_its_content_is_refused_by_every_picture() -> None:
    """Whatever is empty within the page's frame: its side or its head and foot."""
    for name, picture in PICTURES.items():
        emptied = picture.copy()
        top, bottom, left = (24, 425, 110) if "-1280-" in name else (66, 520, 0)
        middle = emptied[top:bottom, left:]
        middle[:] = np.bincount(middle.ravel()).argmax()
        assert difference(emptied, picture) > DIFFERENCE_MAX, name


@pytest.mark.parametrize("look", LOOKS)
def test_each_view_is_refused_by_the_pictures_of_the_others(look: str) -> None:
    for state in ("played", "door", "nothing", "one", "20000", "no-network"):
        views = {name: one for name, one in of(look).items() if name.startswith(f"{state}-")}
        passed = [
            (one, other)
            for one, other in combinations(views, 2)
            if difference(views[one], views[other]) <= DIFFERENCE_MAX
        ]
        assert not passed


def test_the_other_theme_is_refused_by_every_picture() -> None:
    for name, picture in PICTURES.items():
        assert difference(LEVELS - 1 - picture, picture) > DIFFERENCE_MAX, name
