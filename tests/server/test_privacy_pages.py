"""The lawyers' pages: their tables are those of the code, and the two languages have the same pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmark.upload import FIELDS
from privacy.profiles import PROFILES
from server import privacy_pages
from server.privacy_pages import FIELD_MEANINGS, LANGUAGES, PAGES, renewed, write

NAMES = sorted(path.name for path in (PAGES / "en").glob("*.md"))
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_a_page_are_current(name: str, language: str) -> None:
    text = (PAGES / language / name).read_text(encoding="utf-8")
    assert renewed(text, language) == text, "run: vigied privacy"


def test_both_languages_have_the_same_pages_with_the_same_parts() -> None:
    assert [path.name for path in sorted((PAGES / "fr").glob("*.md"))] == NAMES
    for name in NAMES:
        shapes = []
        for language in LANGUAGES:
            text = (PAGES / language / name).read_text(encoding="utf-8")
            tables = [line.count("|") for line in text.splitlines() if line.startswith("|")]
            headings = re.findall(r"^#+", text, re.MULTILINE)
            shapes.append(
                (tables, headings, sorted(LINK.findall(text)), re.findall(r"generated: (\w+)", text))
            )
        assert shapes[0] == shapes[1], name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_that_it_is_no_advice_and_its_links_lead_somewhere(name: str, language: str) -> None:
    page = PAGES / language / name
    text = page.read_text(encoding="utf-8")
    assert ("Not legal advice" if language == "en" else "pas un avis juridique") in text
    for target in LINK.findall(text):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("at", [0, 1])
def test_the_tables_have_a_line_for_every_field_and_a_column_for_every_profile(at: int) -> None:
    assert set(FIELD_MEANINGS) == {name for name, _ in FIELDS}
    head = privacy_pages.policy(at).splitlines()[0]
    assert all(f"`{name}`" in head for name in PROFILES)


def test_a_stale_table_is_written_again_and_the_rest_of_the_page_is_left_alone(tmp_path: Path) -> None:
    stale = "before\n\n<!-- generated: policy -->\n| old |\n<!-- end -->\n\nafter\n"
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
        (tmp_path / language / "page.md").write_text(stale, encoding="utf-8")
    assert [path.parent.name for path in write(tmp_path)] == list(LANGUAGES)
    text = (tmp_path / "fr" / "page.md").read_text(encoding="utf-8")
    assert text.startswith("before\n\n<!-- generated: policy -->\n| règle |")
    assert text.endswith("<!-- end -->\n\nafter\n")
    assert "old" not in text
    assert not write(tmp_path)


def test_a_mark_that_names_no_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        renewed("<!-- generated: nothing -->\n<!-- end -->", "en")
