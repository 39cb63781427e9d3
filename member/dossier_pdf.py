"""A dossier as a PDF: A4, an embedded font with the euro sign, a table a section, the seal at the end.

Knows: paper. Must not know: where the figures come from. The same dossier gives the same bytes.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from member.cli_frame import money
from member.dossier import Dossier, Section, said

FONT: Final = "Vera"
BOLD: Final = "VeraBd"
SPELLED: Final = {"→": "=>", "\u202f": " ", "\u00a0": " ", "–": "-", "…": "..."}
BODY_POINTS, SMALL_POINTS, HEAD_POINTS = 9.0, 6.5, 11.0
WIDE_COLUMNS: Final = 7


def as_pdf(dossier: Dossier, csv_digest: str) -> bytes:
    """The document's bytes; `csv_digest`: SHA-256 in hex of the CSV made with it."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=16 * mm, rightMargin=16 * mm, topMargin=16 * mm, bottomMargin=18 * mm,
        title=dossier.title, author=dossier.firm, lang=dossier.lang, invariant=1,
    )  # fmt: skip
    story: list[Any] = [_paragraph(dossier.title, HEAD_POINTS + 3, bold=True)]
    for section in dossier.sections:
        story += _section(section, dossier, document.width)
    story += _seal(dossier, csv_digest)

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont(FONT, SMALL_POINTS)
        canvas.drawString(16 * mm, 10 * mm, drawable(dossier.title))
        number = said("page", dossier.lang, number=page.page)
        canvas.drawRightString(A4[0] - 16 * mm, 10 * mm, drawable(number))

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> frozenset[int]:
    """Register the fonts that the library brings; the code points that both can draw."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(reportlab.__file__).parent / "fonts"
    known: set[int] | None = None
    for name in (FONT, BOLD):
        font = TTFont(name, str(folder / f"{name}.ttf"))
        pdfmetrics.registerFont(font)
        points = set(font.face.charToGlyph)
        known = points if known is None else known & points
    return frozenset(known or ())


def drawable(text: str) -> str:
    """The text in letters that the font has; a question mark for another script's."""
    spelled = "".join(SPELLED.get(letter, letter) for letter in text)
    return "".join(letter if ord(letter) in _fonts() else "?" for letter in spelled)


def _paragraph(text: str, points: float = BODY_POINTS, *, bold: bool = False, right: bool = False) -> Any:
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "said", fontName=BOLD if bold else FONT, fontSize=points, leading=points * 1.35, spaceAfter=3,
        alignment=TA_RIGHT if right else TA_LEFT,
    )  # fmt: skip
    return Paragraph(escape(drawable(text)), style)


def _section(section: Section, dossier: Dossier, width: float) -> list[Any]:
    from reportlab.platypus import Spacer

    parts: list[Any] = [Spacer(1, 8), _paragraph(section.title, HEAD_POINTS, bold=True)]
    parts += [_paragraph(line) for line in section.lines]
    if section.rows:
        parts.append(_table(section, dossier.lang, width))
    return parts


def _table(section: Section, lang: str, width: float) -> Any:
    from reportlab.lib.colors import Color
    from reportlab.platypus import Table

    small = len(section.columns) >= WIDE_COLUMNS
    points = SMALL_POINTS if small else BODY_POINTS
    head = [
        _paragraph(name, points, bold=True, right=small and at > 0) for at, name in enumerate(section.columns)
    ]
    rows = [
        [
            _paragraph(
                _shown(value, lang, is_money=at in section.money), points, right=isinstance(value, int)
            )
            for at, value in enumerate(row)
        ]
        for row in section.rows
    ]
    grey = Color(0.75, 0.75, 0.75)
    return Table(
        [head, *rows],
        colWidths=[width / len(section.columns)] * len(section.columns),
        repeatRows=1,
        style=[("LINEBELOW", (0, 0), (-1, -1), 0.25, grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        + [(f"{side}PADDING", (0, 0), (-1, -1), 2) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")],
    )


def _shown(value: str | int | None, lang: str, *, is_money: bool) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return money(value, lang) if is_money else str(value)
    return value


def _seal(dossier: Dossier, csv_digest: str) -> list[Any]:
    from reportlab.platypus import Spacer

    lang = dossier.lang
    parts: list[Any] = [Spacer(1, 8), _paragraph(said("seal", lang), HEAD_POINTS, bold=True)]
    parts.append(_paragraph(said("seal-text" if dossier.seal else "seal-none", lang)))
    parts += [_paragraph(f"{month}  {digest}", SMALL_POINTS) for month, digest in dossier.seal]
    parts.append(_paragraph(said("csv-digest", lang, digest=csv_digest), SMALL_POINTS))
    return parts
