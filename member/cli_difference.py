"""What a push would change of months sent before, and every row that leaves, at the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from member.cli_texts import told

if TYPE_CHECKING:
    from member.imported import Imported
    from member.keystore import Member
    from member.preview import Preview

LINES_SHOWN: Final = 40


def show_changed_past(found: Preview, lang: str) -> int:
    """How many clients and months differ from what was sent; the first of them are shown."""
    from member.difference import lines

    changed = found.changed_past
    if changed:
        months = len({one.month for one in changed})
        print(told("changed-past", lang, count=len(changed), months=months))
        for line in lines(changed[:LINES_SHOWN], lang):
            print(line)
        if len(changed) > LINES_SHOWN:
            print(told("changed-past-more", lang, count=len(changed) - LINES_SHOWN))
    return len(changed)


def confirm_changed_past(
    member: Member,
    imported: Imported,
    source: str,
    lang: str,
    *,
    replace: bool,
    yes: bool,
    quiet: bool,
) -> list[dict[str, Any]]:
    """Show what changes of months sent before, and ask at a terminal; end where the answer is no."""
    from member.difference import as_json
    from member.preview import preview

    found = preview(imported, source, member, replace=replace)
    if quiet:
        return as_json(found.changed_past)
    if (
        show_changed_past(found, lang)
        and not yes
        and sys.stdin.isatty()
        and not typer.confirm(told("changed-past-sure", lang))
    ):
        print(told("nothing-sent", lang))
        raise typer.Exit(0)
    return as_json(found.changed_past)


def show_clear(found: Preview, write: Path | None, lang: str) -> None:
    """Every row that would leave; without an enrolled home there is none yet."""
    from member.difference import clear_csv, clear_rows
    from member.difference import shown as value_shown
    from member.home import write_file
    from member.refusals import InputRefused

    rows = clear_rows(found.after, found.months or [])
    if write is not None:
        if write.exists():
            raise InputRefused("file-exists", path=write)
        write_file(write.resolve(), clear_csv(rows))
        print(told("clear-written", lang, count=len(rows), path=write))
        return
    for row in rows:
        values = "; ".join(
            f"{name} {value_shown(name, value, lang)}"
            for name, value in row.items()
            if name not in {"month", "client", "identifier"} and value is not None
        )
        print(f"  {row['month']}  {row['client']} ({row['identifier']}): {values}")
