"""A public notice's clocks in words: until when, what is left, and the working day before a holiday.

Knows: notices as they are kept, words in French and English. Must not know: the client's name, the terminal.
"""

from __future__ import annotations

from datetime import date

from member.cli_texts import told
from member.credit import Clock, PublicNotice


def running(notice: PublicNotice) -> list[tuple[Clock, str, str]]:
    """(clock, last working day, the law's day) of those that a notice starts."""
    found: list[tuple[Clock, str, str]] = []
    if notice.claim_safe and notice.claim_by:
        found.append(("claim", notice.claim_safe, notice.claim_by))
    if notice.retention_safe and notice.retention_by:
        found.append(("retention", notice.retention_safe, notice.retention_by))
    return found


def in_force(notice: PublicNotice, today: date) -> bool:
    """Whether a judgment is as urgent as an incident: one of its clocks still runs, met or not."""
    return any(date.fromisoformat(law) >= today for _, _, law in running(notice))


def clock_lines(notice: PublicNotice, today: date, lang: str) -> list[str]:
    """Each clock of a notice in a line, with what is left of it."""
    lines = []
    for clock, safe, law in running(notice):
        left = (date.fromisoformat(safe) - today).days
        after = told("clock-done", lang) if clock in notice.done else ""
        if not after:
            after = told("clock-left", lang, count=left) if left >= 0 else told("clock-over", lang)
            if safe != law:
                after += told("clock-working", lang, day=day_words(law, lang))
        day = day_words(safe, lang)
        lines.append(told("clock-line", lang, what=told(f"clock-{clock}", lang), day=day, left=after))
    return lines


def day_words(day: str, lang: str) -> str:
    """2026-11-26 as the language writes it."""
    return "/".join(reversed(day.split("-"))) if lang == "fr" else day
