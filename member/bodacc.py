"""A downloaded file of the BODACC's commercial notices: which judgments concern the firm's own clients.

Knows: the open-data export "annonces-commerciales" (https://bodacc-datadila.opendatasoft.com) in its forms:
JSON (a list of records, or the answer of its API with "results"), JSON lines, CSV with semicolons; its
columns id, dateparution, typeavis, familleavis, tribunal, registre, jugement (JSON within: famille, nature,
date, complementJugement), parutionavisprecedent, url_complete. It is matched by SIREN against the client
book, here: the file is everybody's, and whom a firm looks for leaves nothing.

Clocks start with a judgment that opens a procedure (safeguard, receivership, liquidation) or extends one to
this client; a later conversion, plan or closure starts none. A notice that corrects an earlier one keeps the
earlier one's day, which is the safer; one that cancels it stops the clocks.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from member.credit import PublicNotice
from member.deadlines import clocks
from member.refusals import InputRefused
from member.values import plain

FILE_BYTES_MAX: Final = 1 << 30
FIELD_CHARACTERS_MAX: Final = 16 * 1024 * 1024
TEXT_CHARACTERS_MAX: Final = 1_500
COLLECTIVE: Final = "collective"
NEEDED: Final = ("id", "dateparution", "familleavis", "registre", "jugement")
OPENING: Final = re.compile(r"(autre )?jugement d'? ?ouverture|jugement d'? ?extension|extension d")
CANCELS: Final = "annulation"
CORRECTS: Final = "rectificatif"
_SIREN: Final = re.compile(r"(?<!\d)(\d{3}) ?(\d{3}) ?(\d{3})(?!\d)")
_MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
    "novembre", "decembre",
)  # fmt: skip

Record = Mapping[str, Any]


def read(path: Path, sirens: Iterable[str], *, abroad: bool = False) -> list[PublicNotice]:
    """Judgments of collective procedures on these SIRENs, oldest first. Raise InputRefused.

    `abroad`: the firm is domiciled outside metropolitan France, which gives it longer to declare.
    """
    wanted = {siren: f"fr.siren:{siren}" for siren in sirens}
    found: dict[str, PublicNotice] = {}
    cancelled: set[str] = set()
    for row, record in enumerate(_records(path), start=1):
        if COLLECTIVE not in plain(str(record.get("familleavis") or record.get("familleavis_lib") or "")):
            continue
        mine = next((one for one in sirens_of(record) if one in wanted), None)
        if mine is None:
            continue
        kind = plain(str(record.get("typeavis") or ""))
        if kind.startswith(CANCELS):
            cancelled |= {str(record.get("id") or ""), _previous(record).get("id", "")}
        notice = _notice(path, row, record, wanted[mine], abroad=abroad, corrects=kind.startswith(CORRECTS))
        found[notice.id] = notice
    ordered = sorted(found.values(), key=lambda one: (one.published, one.id))
    return [_cancel(one) if one.id in cancelled else one for one in ordered]


def _cancel(notice: PublicNotice) -> PublicNotice:
    import msgspec

    none: dict[str, Any] = dict.fromkeys(("claim_by", "claim_safe", "retention_by", "retention_safe"))
    return msgspec.structs.replace(notice, cancelled=True, **none)


def sirens_of(record: Record) -> list[str]:
    """The SIRENs that a notice bears, in its order, none twice."""
    said = record.get("registre") or ""
    text = " , ".join(map(str, said)) if isinstance(said, list) else str(said)
    return list(dict.fromkeys("".join(match.groups()) for match in _SIREN.finditer(text)))


def opens(nature: str, family: str = "") -> bool:
    """Whether a judgment starts the clocks, by its nature or else its family."""
    nature = plain(nature).replace("’", "'")
    if nature:
        return OPENING.match(nature) is not None
    return plain(family).replace("’", "'").startswith("jugement d'ouverture")


def _notice(
    path: Path, row: int, record: Record, identifier: str, *, abroad: bool, corrects: bool
) -> PublicNotice:
    published = _day(record.get("dateparution"))
    if published is None:
        raise InputRefused(
            "notice-row", path=path, row=row, field="dateparution",
            found=record.get("dateparution"), expected="2026-11-26",
        )  # fmt: skip
    judgment = _inside(record.get("jugement"))
    nature = str(judgment.get("nature") or judgment.get("famille") or "")
    starts = opens(str(judgment.get("nature") or ""), str(judgment.get("famille") or ""))
    counted = (_day(_previous(record).get("dateParution")) if corrects else None) or published
    judged = _day(judgment.get("date"))
    days = clocks(counted, abroad=abroad) if starts else {}
    return PublicNotice(
        id=str(record.get("id") or f"{published.isoformat()} {row}"),
        identifier=identifier,
        published=published.isoformat(),
        nature=nature,
        court=str(record.get("tribunal") or ""),
        judged=None if judged is None else judged.isoformat(),
        text=str(judgment.get("complementJugement") or "")[:TEXT_CHARACTERS_MAX],
        url=str(record.get("url_complete") or ""),
        claim_by=days.get("claim_by"),
        claim_safe=days.get("claim_safe"),
        retention_by=days.get("retention_by"),
        retention_safe=days.get("retention_safe"),
    )


def _previous(record: Record) -> dict[str, Any]:
    """The notice that this one is about, with its `id` as the export makes it: edition, issue, number."""
    said = _inside(record.get("parutionavisprecedent"))
    edition = str(said.get("nomPublication") or "").strip()[-1:]
    issue, number = str(said.get("numeroParution") or ""), str(said.get("numeroAnnonce") or "")
    return {**said, "id": f"{edition}{issue}{number}"}


def _inside(value: object) -> dict[str, Any]:
    """An object, or the JSON text of one; empty where it is neither."""
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return {}
    return value if isinstance(value, dict) else {}


def _day(value: object) -> date | None:
    """2026-11-26, 26/11/2026 or "26 novembre 2026"."""
    text = plain(str(value or "")).strip()
    try:
        if match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
            return date(*map(int, match.groups()))
        if match := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            day, month, year = map(int, match.groups())
            return date(year, month, day)
        match = re.match(r"(\d{1,2})(?:er)? ([a-z]+) (\d{4})", text)
        if match and match[2] in _MONTHS:
            return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        pass
    return None


def _records(path: Path) -> Iterator[Record]:
    """The file's records, whichever of its forms it has."""
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise InputRefused("notices-large", path=path, found=size, expected=FILE_BYTES_MAX)
        with path.open(encoding="utf-8-sig", newline="") as file:
            begins = file.read(1)
            file.seek(0)
            if begins in {"[", "{"}:
                yield from _from_json(path, file)
            else:
                yield from _from_csv(path, file)
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefused("notices-file", path=path, found=type(error).__name__) from None


def _from_json(path: Path, file: io.TextIOBase) -> Iterator[Record]:
    first = file.readline()
    file.seek(0)
    lines = first.lstrip("\ufeff").startswith("{") and first.rstrip().endswith("}")
    try:
        if lines:
            said: object = [json.loads(line) for line in file if line.strip()]
        else:
            said = json.load(file)
    except json.JSONDecodeError as error:
        raise InputRefused("notices-file", path=path, found=f"JSON, line {error.lineno}") from None
    if isinstance(said, list) and len(said) == 1 and isinstance(said[0], dict):
        said = said[0] if {"results", "records"} & set(said[0]) else said  # the whole answer on one line
    if isinstance(said, dict):
        said = said.get("results", said.get("records"))
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise InputRefused("notices-columns", path=path, found="JSON", expected=", ".join(NEEDED))
    records = [one.get("fields", one) for one in said]  # the API's first version wraps each
    _check(path, records[0] if records else dict.fromkeys(NEEDED))
    yield from records


def _from_csv(path: Path, file: io.TextIOBase) -> Iterator[Record]:
    heading = file.readline()
    file.seek(0)
    usual = csv.field_size_limit(FIELD_CHARACTERS_MAX)  # the whole process's: given back below
    try:
        table = csv.DictReader(file, delimiter=";" if heading.count(";") >= heading.count(",") else ",")
        table.fieldnames = [name.lstrip("\ufeff").strip() for name in table.fieldnames or ()]
        _check(path, dict.fromkeys(table.fieldnames))
        yield from table
    finally:
        csv.field_size_limit(usual)


def _check(path: Path, columns: Record) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        found = ", ".join(list(columns)[:12])
        raise InputRefused("notices-columns", path=path, found=found, expected=", ".join(NEEDED))
