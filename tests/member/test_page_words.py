"""The page's importer knows the headings and the sentences that the agent knows."""

from member import page_words


def test_the_page_knows_the_agents_headings_and_sentences() -> None:
    how = "run `python -m member.page_words` and commit what it writes"
    assert (page_words.FOLDER / "headings_known.ts").read_text("utf-8") == page_words.headings(), how
    assert (page_words.FOLDER / "list_words.ts").read_text("utf-8") == page_words.list_words(), how
    assert (page_words.FOLDER / "problem_texts.ts").read_text("utf-8") == page_words.problems(), how
