"""A client's dossier for the credit insurer, the collector or the factor: what is in it, and its seal.

Knows: the firm's own data on one client, the published cells that it sees, what the firm decided. Pure.
Must not know: how it is drawn (`member.dossier_pdf`). PDF and CSV are made from the same sections.

The seal is the SHA-256 of every manifest whose cells are shown, which the network signed and chained: who is
handed the dossier can have any member compare them. The PDF also bears the SHA-256 of the CSV that was made
with it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from benchmark.comparison import days
from benchmark.ledger import BUCKETS
from benchmark.score_words import chance_words, formula, headline, inputs, nothing_known, notice
from benchmark.upload import decode, known, month_text
from benchmark.verdict import next_step, sentence
from member.alerts_feed import Notice, words
from member.book import Contents
from member.cli_texts import told
from member.dossier_texts import DOSSIER
from member.identify_review import safe
from member.notice_words import clock_lines, day_words
from member.portfolio import Line

if TYPE_CHECKING:
    from member.credit import PublicNotice
    from member.scores import Scored

Lang = Literal["fr", "en"]
Reader = Literal["insurer", "collector", "factor", "file"]
READERS: Final[tuple[Reader, ...]] = ("insurer", "collector", "factor", "file")
BANDS: Final = {1: "5-9", 2: "10-19", 3: "20+"}
MONEY: Final = ("sales", "paid", "outstanding", *BUCKETS, "disputed")


@dataclass(frozen=True, slots=True)
class Section:
    """One part: sentences, then a table. A cell is text, a number or None; `money`: columns in cents."""

    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str | int | None, ...], ...] = ()
    money: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is handed over. `seal`: (month, SHA-256 of its manifest) of the cells shown, oldest first."""

    title: str
    lang: Lang
    made_on: date
    firm: str
    sections: tuple[Section, ...]
    seal: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What a dossier is made from. `manifests`: SHA-256 by month; empty `peers`: own data alone.

    `decisions`: with what the firm decided, why, and who did, which is its own until somebody says so.
    """

    contents: Contents
    month: int
    scored: Scored
    alerts: Sequence[Notice]
    notices: Sequence[PublicNotice]
    manifests: Mapping[str, str]
    peers: bool = True
    decisions: bool = False


def said(key: str, lang: Lang, **values: object) -> str:
    """A text of the dossier."""
    return DOSSIER[key][lang == "fr"].format(**values)


def compose(material: Material, reader: Reader, firm: str, today: date, lang: Lang) -> Dossier:
    """The dossier of one client."""
    line = material.scored.line
    sections = [
        _who(line, reader, firm, today, lang),
        _situation(material, lang),
        _own_months(material, lang),
    ]
    shown: list[tuple[str, str]] = []
    if material.peers:
        peers, shown = _peers(material, lang)
        sections.append(peers)
    if material.alerts:
        sections.append(_alerts(material.alerts, lang))
    if material.notices:
        sections.append(_notices(material.notices, today, lang))
    sections.append(_score(material.scored, lang))
    if material.decisions and material.scored.own.decisions:
        sections.append(_decisions(material.scored, lang))
    title = said("title", lang, client=line.client.name)
    return Dossier(title, lang, today, firm, tuple(sections), tuple(shown))


def _who(line: Line, reader: Reader, firm: str, today: date, lang: Lang) -> Section:
    client = line.client
    rows = [
        (said("client", lang), client.name),
        (said("identifier", lang), client.identifier),
        (said("accounts", lang), ", ".join(client.accounts)),
        (said("terms", lang), "" if client.terms_days is None else str(client.terms_days)),
        (said("supplier", lang), firm),
        (said("made-on", lang), day_words(today.isoformat(), lang)),
    ]
    return Section(
        said("who", lang),
        (said(f"for-{reader}", lang),),
        (said("item", lang), said("value", lang)),
        tuple(rows),
    )


def _situation(material: Material, lang: Lang) -> Section:
    line = material.scored.line
    amounts = [
        (said("outstanding", lang), line.outstanding),
        (said("overdue", lang), line.overdue),
        (said("disputed", lang), line.disputed),
    ]
    lines = [sentence(line.facts, lang), next_step(line.facts, lang)] if material.peers else []
    return Section(
        said("situation", lang),
        tuple(lines),
        (said("item", lang), said("value", lang)),
        tuple(amounts),
        frozenset({1}),
    )


def _own_months(material: Material, lang: Lang) -> Section:
    """Every month that was sent, newest first: amounts, own days late and DSO."""
    line, rows = material.scored.line, []
    last = material.month
    for month in sorted(material.contents.sent, reverse=True):
        sent = decode(material.contents.sent[month]).rows
        mine = sent[sent["pseudonym"] == sent["pseudonym"].dtype.type(line.client.pseudonym)]
        back = last - month
        known_month = line.history[-1 - back] if 0 <= back < len(line.history) else None
        if not len(mine):
            continue
        amounts = [int(mine[name][0]) if known(mine, name)[0] else None for name in MONEY]
        late = None if known_month is None else days(known_month.days_late)
        dso = None if known_month is None else days(known_month.dso)
        rows.append((month_text(month), *amounts, late, dso))
    columns = ("month", *MONEY, "days_late", "dso")
    return Section(
        said("own", lang),
        (said("own-text", lang),),
        tuple(said(name, lang) for name in columns),
        tuple(rows),
        frozenset(range(1, 1 + len(MONEY))),
    )


def _peers(material: Material, lang: Lang) -> tuple[Section, list[tuple[str, str]]]:
    """The client's published cells, newest first, and the digests of the manifests that vouch for them."""
    rows, shown = [], []
    history = material.scored.line.history
    for back, month in enumerate(reversed(history)):
        if month.cell is None:
            continue
        name, cell = month_text(material.month - back), month.cell
        rows.append((name, cell.days_late, cell.spread, cell.dso, BANDS.get(cell.band, "")))
        if name in material.manifests:
            shown.append((name, material.manifests[name]))
    columns = ("month", "days_late", "spread", "dso", "suppliers")
    text = "peers-text" if rows else "peers-none"
    table = tuple(said(name, lang) for name in columns) if rows else ()
    return Section(said("peers", lang), (said(text, lang),), table, tuple(rows)), shown[::-1]


def _alerts(alerts: Sequence[Notice], lang: Lang) -> Section:
    lines = tuple(f"{one.month}: {' '.join(words(one, lang))}" for one in alerts)
    return Section(said("alerts", lang), lines)


def _notices(notices: Sequence[PublicNotice], today: date, lang: Lang) -> Section:
    lines = []
    for one in notices:
        lines.append(f"{day_words(one.published, lang)}: {one.nature}, {one.court} [{one.id}]")
        lines += [text.strip() for text in clock_lines(one, today, lang)]
    return Section(said("notices", lang), tuple(lines))


def _score(one: Scored, lang: Lang) -> Section:
    if one.score is None:
        return Section(said("score", lang), (nothing_known(lang),))
    reminder = notice(one.relation_months, lang, one.parameters)
    lines = [
        headline(one.score, lang),
        chance_words(one.score, lang),
        told("score-limit", lang, formula=formula(one.score.limit, lang)),
        *([reminder] if reminder else []),
    ]
    table = tuple(inputs(one.score.limit, one.parameters, lang))
    return Section(said("score", lang), tuple(lines), (said("item", lang), said("value", lang)), table)


def _decisions(one: Scored, lang: Lang) -> Section:
    rows = tuple(
        (
            decision.at,
            told(f"choice-{decision.choice}", lang),
            decision.limit_cents,
            decision.by,
            decision.reason,
        )
        for decision in one.own.decisions
    )
    columns = tuple(said(name, lang) for name in ("day", "choice", "limit", "by", "reason"))
    return Section(said("decisions", lang), (), columns, rows, frozenset({2}))


# ---- CSV


def as_csv(dossier: Dossier) -> bytes:
    """One figure a line: section, row, figure, value; amounts in euros. UTF-8 with BOM."""
    french = dossier.lang == "fr"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerow([said(name, dossier.lang) for name in ("section", "row", "item", "value")])
    for section in dossier.sections:
        for number, text in enumerate(section.lines, start=1):
            writer.writerow([safe(section.title), number, "", safe(text)])
        for row in section.rows:
            for place, value in enumerate(row[1:], start=1):
                if value is not None and value != "":
                    said_of = plain_value(value, money=place in section.money, french=french)
                    writer.writerow([safe(section.title), safe(str(row[0])), section.columns[place], said_of])
    for month, digest in dossier.seal:
        writer.writerow([said("seal", dossier.lang), month, "SHA-256", digest])
    return out.getvalue().encode("utf-8-sig")


def plain_value(value: str | int, *, money: bool, french: bool) -> str:
    """A figure as a program reads it: cents as euros with two decimals."""
    if isinstance(value, str):
        return safe(value)
    if not money:
        return str(value)
    text = f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    return text.replace(".", ",") if french else text
