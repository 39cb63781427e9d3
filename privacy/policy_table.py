"""The tables of docs/policy.md, made from the profiles: rule, parameter, value, unit, what it stands against.

Knows: what a profile says of itself (`privacy.profiles.Of`), and the shape of the costs that the attack
harness measures. Must not know: where a page lies, how a cost is measured.

A page marks where a table belongs by `<!-- generated: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_type_hints

from privacy.profiles import PROFILES, Of, Profile

_BLOCK: Final = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)

RULES: Final = {
    1: "one common release",
    2: "who counts",
    3: "frozen panels",
    4: "a bounded centre",
    5: "keyed noise",
    6: "spread",
    7: "counts in bands",
    8: "what is published",
    9: "terms",
    11: "sectors and regions",
    13: "who sees what",
}
"""The design's rules that have numbers (10, 12 and 13's first half have none: see the page)."""


def described() -> dict[str, Of]:
    """What is said of every parameter, in the order of the profile; KeyError where one is not described."""
    hints = get_type_hints(Profile, include_extras=True)
    found = {}
    for name in Profile.__dataclass_fields__:
        if name not in {"name", "fields"}:
            (found[name],) = (one for one in hints[name].__metadata__ if isinstance(one, Of))
    return found


def parameters() -> str:
    """A line for each parameter, by rule, with its value in every profile."""
    lines = [["rule", "parameter", *PROFILES, "unit", "what and why", "stands against"]]
    lines.append(["", "`fields`", *(_fields(profile) for profile in PROFILES.values()), "", "published", ""])
    of = described()
    for name in sorted(of, key=lambda one: of[one].rule):  # stable: the profile's order within a rule
        one = of[name]
        values = [_value(getattr(profile, name)) for profile in PROFILES.values()]
        lines.append([f"{one.rule} {RULES[one.rule]}", f"`{name}`", *values, one.unit, one.why, one.against])
    return _table(lines)


def costs(measured: Sequence[Mapping[str, Any]]) -> str:
    """What each rule costs its readers: coverage and mean error with it and without; "" without figures.

    A row says which `rule` is `off` (the first: none), for which `profile`, and figures by name, as
    `make attacks` writes them.
    """
    if not measured:
        return "(not measured yet: `make attacks` writes the figures)\n"
    names = [name for name in measured[0] if name not in {"rule", "off", "profile"}]
    lines = [["profile", "rule", "switched off", *(name.replace("_", " ") for name in names)]]
    for row in measured:
        rule = f"{row['rule']} {RULES[row['rule']]}" if row["off"] else ""
        figures = [_figure(row, name) for name in names]
        lines.append([str(row["profile"]), rule, str(row["off"] or "nothing"), *figures])
    return _table(lines)


def _figure(row: Mapping[str, Any], name: str) -> str:
    """A dash where the figure is of a field that the profile does not publish."""
    fields = {one.name for profile in PROFILES.values() for one in profile.fields}
    profile = PROFILES.get(row["profile"])
    published = fields if profile is None else {one.name for one in profile.fields}
    return "–" if any(name.endswith(one) for one in fields - published) else _value(row[name])


def renewed(text: str, measured: Sequence[Mapping[str, Any]]) -> str:
    """The page with its tables written again; KeyError: a mark names no table."""
    tables = {"parameters": parameters(), "costs": costs(measured)}
    return _BLOCK.sub(lambda found: f"{found[1]}{tables[found[2]]}{found[3]}", text)


def _fields(profile: Profile) -> str:
    spread = {True: " with spread", False: ""}
    return ", ".join(f"{one.name}{spread[one.spread]}" for one in profile.fields)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(_value(one) for one in value)
    return str(value)


def _table(lines: list[list[str]]) -> str:
    rows = ["| " + " | ".join(line) + " |" for line in lines]
    rows.insert(1, "|" + " --- |" * len(lines[0]))
    return "\n".join(rows) + "\n"
