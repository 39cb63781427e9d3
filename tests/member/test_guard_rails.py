"""Somebody who writes what may not be discussed is reminded, in both languages; facts about the past pass."""

from __future__ import annotations

import json

import pytest

from member.guard_rails import WORDS, Rail, noticed, remind
from tests.conftest import ROOT

TEXTS = json.loads((ROOT / "tests/vectors/guard_rails.json").read_text(encoding="utf-8"))["texts"]


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one["text"][:30])
def test_a_text_calls_for_the_reminders_that_the_vectors_say(one: dict) -> None:
    assert noticed(one["text"]) == one["rails"]


def test_every_reminder_is_called_for_by_a_text_and_has_words_in_both_languages() -> None:
    assert {rail for one in TEXTS for rail in one["rails"]} == set(Rail) == set(WORDS)
    for rail in Rail:
        assert remind(rail, "fr") != remind(rail, "en")
