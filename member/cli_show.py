"""What the commands about files print: problems with their place, and what a file says and would send."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from member.cli_ceilings import show_over
from member.cli_frame import money
from member.cli_texts import told

if TYPE_CHECKING:
    from benchmark.problems import Problem
    from member.preview import Preview

PROBLEMS_SHOWN: Final = 50
LEFT_OUT_SHOWN: Final = 10


def show_problems(problems: list[Problem], lang: str) -> None:
    """On standard error, each with its place."""
    from benchmark.problems import tell

    for problem in problems[:PROBLEMS_SHOWN]:
        print(f"{'·' if problem.notice else '✗'} {tell(problem, lang)}", file=sys.stderr)
    if len(problems) > PROBLEMS_SHOWN:
        print(f"… + {len(problems) - PROBLEMS_SHOWN}", file=sys.stderr)


def show_preview(found: Preview, lang: str) -> None:
    """What is in the file, then what would leave."""
    from benchmark.upload import FIELDS

    show_problems(found.imported.problems, lang)
    _show_file(found, lang)
    if not found.ok:
        _say(lang, "nothing-sent")
        return
    for change in found.months or []:
        _say(lang, "sent-month", **month_values(change))
    if found.months is not None and not found.months:
        _say(lang, "nothing-new")
    _say(lang, "preview-leaves", fields=len(FIELDS))
    if found.new_identifiers:
        _say(lang, "preview-asks", count=found.new_identifiers)
    if found.months is None:
        _say(lang, "preview-alone")


def _say(lang: str, key: str, **values: object) -> None:
    print(told(key, lang, **values))


def _show_file(found: Preview, lang: str) -> None:
    """What the file says, and who of it is left out."""
    facts = found.as_json(lang)
    _say(lang, "preview", source=found.source)
    outstanding = money(facts["outstanding_cents"], lang)
    if facts["kind"] == "ledger" and facts["invoices"] is not None:
        _show_ledger(found, facts, outstanding, lang)
    elif facts["invoices"] is None or facts["outstanding_cents"] is None:
        _say(lang, "preview-figures", clients=facts["clients"], outstanding=outstanding)
    else:
        counts = {name: facts[name] for name in ("clients", "invoices", "open", "disputed")}
        _say(lang, "preview-file", **counts, outstanding=outstanding)
    _show_columns(found, lang)
    show_over(found.imported.summary.get("terms_over_ceiling", []), lang)
    if found.confidential:
        _say(lang, "preview-confidential", count=found.confidential)
    for one in facts["left_out"][:LEFT_OUT_SHOWN]:
        reason = told(f"reason-{one['reason']}", lang)
        _say(lang, "preview-left-out", account=one["account"], name=one["name"], reason=reason)
    if len(facts["left_out"]) > LEFT_OUT_SHOWN:
        _say(lang, "and-more", count=len(facts["left_out"]) - LEFT_OUT_SHOWN)


def _show_columns(found: Preview, lang: str) -> None:
    """Which column was taken for what: to be confirmed before anything is sent."""
    from benchmark.problem_texts import FIELD_NAMES
    from member.mapping import Mapping

    used = found.imported.summary.get("mapping")
    if not isinstance(used, Mapping):
        return
    language = "fr" if lang == "fr" else "en"
    told = (
        f"{' + '.join([heading, *used.added.get(name, [])])} = {FIELD_NAMES[name][language]}"
        for name, heading in used.columns.items()
    )
    _say(lang, "preview-columns", columns="; ".join(told))


def _show_ledger(found: Preview, facts: dict[str, Any], outstanding: str, lang: str) -> None:
    """What a ledger says: its span, its invoices, its letterings."""
    summary = found.imported.summary
    counts = {name: facts[name] for name in ("clients", "invoices", "open")}
    span = {"from_day": summary["from"], "to_day": summary["to"]}
    print(told("preview-ledger", lang, **counts, **span, outstanding=outstanding))
    if facts["letterings"] and facts["weighted_days_to_pay"] is not None:
        days = f"{facts['weighted_days_to_pay']:.1f}"
        if lang == "fr":
            days = days.replace(".", ",")
        counted = {"balanced": facts["balanced_letterings"], "letterings": facts["letterings"]}
        print(told("preview-letterings", lang, **counted, days=days))


def month_values(change: Any) -> dict[str, object]:
    """A month's change as the texts name its parts."""
    from benchmark.upload import month_text

    return {
        "month": month_text(change.month),
        "rows": change.rows,
        "added": change.added,
        "changed": change.changed,
        "removed": change.removed,
    }
