"""Invented names read like French ones."""

from demo import words


def test_the_towns_are_four_hundred_and_all_different() -> None:
    assert len({words.town(place) for place in range(400)}) == 400


def test_a_name_elides_before_a_vowel() -> None:
    assert words.of("Ambrelynx") == "d'Ambrelynx"
    assert words.of("Étaincourlis") == "d'Étaincourlis"
    assert words.of("Brumeloutre") == "de Brumeloutre"


def test_a_slug_is_plain_ascii() -> None:
    assert words.slug("Énergies Tourbesterne") == "energies-tourbesterne"
    assert words.slug("Papiers de l'Orgeloutre") == "papiers-de-l-orgeloutre"


def test_the_member_firms_differ_in_name_and_the_shares_of_sectors_sum_to_one() -> None:
    assert len({firm.name for firm in words.FIRMS}) == len(words.FIRMS) >= 12
    assert abs(sum(words.SECTOR_SHARES.values()) - 1) < 1e-9
    assert set(words.SECTOR_SHARES) == set(words.TRADES)
