"""Canonical identifiers of firms: one client typed three ways is one client.

Check digits are python-stdnum's (La Poste's exception for SIRET included); UK company numbers and DUNS have
shape checks of our own. A SIRET and a French VAT number name their SIREN. A VAT number that shows that it is
a natural person's is refused: sole traders are personal data. Must not be imported by the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stdnum import lei
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret, tva

# What stands between digits in files and on paper; the last ones have no width at all.
_SPACES: Final = re.compile(r"[\s.\-\u2010-\u2014\u00a0\u2009\u202f\u200b\u2060\ufeff]+")
_EU: Final = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE"]
) | frozenset(["IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"])
# Numbers that are given to natural persons, after the country's two letters. Where nothing of the number
# shows it (France's and Italy's sole traders among others) nothing can be refused here.
_PERSONS: Final = re.compile(
    r"BG\d{10}"  # 9 digits are a legal entity's, 10 a person's
    r"|CZ\d{9,10}"  # birth numbers; a legal entity has 8 digits
    r"|ES[0-9KLMXYZ].*"  # DNI and NIE; a legal entity's begins with another letter
    r"|LV[0-3].*"  # a legal entity's begins with 4 to 9
    r"|PT(?:[123]|45).*"  # a legal entity's begins with 5 and above
    r"|RO\d{13}"  # personal numeric code
    r"|SE\d\d[01].*"  # born in that month; an organisation's third digit is at least 2
)
_UK_COMPANY: Final = re.compile(r"(?:[A-Z]{2}\d{6}|\d{8})\Z")
_DUNS: Final = re.compile(r"\d{9}\Z")
SCHEMES: Final = {
    "fr.siren": "SIREN",
    "fr.siret": "SIRET",
    "fr.vat": "French VAT",
    "eu.vat": "EU VAT",
    "lei": "LEI",
    "gb.crn": "UK company number",
    "duns": "DUNS",
}
_EXPECTED: Final = {
    "fr.siren": ("9 digits, the last a check digit", "9 chiffres, le dernier étant une clé de contrôle"),
    "fr.siret": ("14 digits, the last a check digit", "14 chiffres, le dernier étant une clé de contrôle"),
    "fr.vat": ("FR, 2 characters and a SIREN that fit", "FR, 2 caractères et un SIREN qui concordent"),
    "eu.vat": ("a VAT number of its country", "un numéro de TVA valide dans son pays"),
    "lei": ("20 characters with their check digits", "20 caractères avec leurs clés de contrôle"),
    "gb.crn": ("8 digits, or 2 letters and 6 digits", "8 chiffres, ou 2 lettres et 6 chiffres"),
    "duns": ("9 digits", "9 chiffres"),
    "person": ("a firm's number, not a natural person's", "le numéro d'une société, pas d'une personne"),
    "placeholder": ("a number that was given out, not zeros", "un numéro attribué, pas des zéros"),
    "unknown": (
        "a SIREN, SIRET, VAT number, LEI, gb.crn: or duns: number",
        "un SIREN, un SIRET, un numéro de TVA, un LEI, un numéro gb.crn: ou duns:",
    ),
}


@dataclass(frozen=True, slots=True)
class Identifier:
    """Scheme and value; `str()` is the canonical text, "fr.siren:552100554"."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class IdentifierRefused(ValueError):
    """A text is no identifier: `scheme` by name, what was found, what was expected in both languages.

    `code` is the scheme that the text does not fit, "unknown", "person" (a natural person's), "placeholder".
    The exception's own text leaves out what was found, so that a traceback names nobody.
    """

    def __init__(self, scheme: str, found: str, code: str = "") -> None:
        self.scheme, self.found, self.code = scheme, found, code or scheme
        self.expected_en, self.expected_fr = _EXPECTED[self.code]
        self.name = SCHEMES.get(scheme, "")
        super().__init__(f"{self.name}: {self.expected_en}" if self.name else self.expected_en)

    def tell(self, lang: str) -> str:
        """One sentence in "fr" or "en"."""
        if lang == "fr":
            return f"{self.name or 'identifiant'} : « {self.found} » trouvé, attendu {self.expected_fr}"
        return f"{self.name or 'identifier'}: found {self.found!r}, expected {self.expected_en}"


def canonical(text: str, scheme: str | None = None) -> Identifier:
    """The canonical identifier of a text; raise IdentifierRefused.

    `scheme` (or a prefix such as "duns:") says which number it is; else its shape does: 9 digits are a SIREN
    and never a DUNS, 8 digits alone are nothing, since they could be anything.
    """
    stripped = text.strip()
    head, colon, tail = stripped.partition(":")
    if colon and head.strip().lower() in SCHEMES:
        scheme, stripped = head.strip().lower(), tail
    value = _SPACES.sub("", stripped).upper()
    kind = scheme or _shape(value)
    refused = IdentifierRefused(kind if kind in _EXPECTED else "unknown", text.strip())
    try:
        found = _read(kind, value)
    except ValidationError:
        raise refused from None
    if found is None:
        raise refused
    if not (found.value[2:] if found.scheme == "eu.vat" else found.value).strip("0"):
        raise IdentifierRefused(kind, text.strip(), "placeholder")
    if found.scheme == "eu.vat" and _PERSONS.fullmatch(found.value):
        raise IdentifierRefused("eu.vat", text.strip(), "person")
    return found


def _shape(value: str) -> str:
    if not value.isascii() or not value.isalnum():
        return "unknown"
    if value.isdigit():
        return {9: "fr.siren", 14: "fr.siret"}.get(len(value), "unknown")
    if len(value) == 20 and value[-2:].isdigit():
        return "lei"
    if value[:2] == "FR" and len(value) == 13:
        return "fr.vat"
    return "eu.vat" if value[:2] in _EU and any(map(str.isdigit, value)) else "unknown"


def _read(  # noqa: PLR0911 - a return a scheme
    kind: str, value: str
) -> Identifier | None:
    """The identifier, None where a shape of ours does not fit; stdnum's ValidationError passes."""
    match kind:
        case "fr.siren":
            return Identifier("fr.siren", siren.validate(value)) if value.isdigit() else None
        case "fr.siret":
            return Identifier("fr.siren", siren.validate(siret.validate(value)[:9]))
        case "fr.vat":
            number = tva.validate(value)
            # Monaco's numbers (FR.. 000...) carry no SIREN: they stay VAT numbers.
            if number[2:5] == "000":
                return Identifier("eu.vat", f"FR{number}")
            return Identifier("fr.siren", siren.validate(number[2:]))
        case "eu.vat":
            return _read("fr.vat", value) if value[:2] == "FR" else Identifier("eu.vat", _european(value))
        case "lei":
            return Identifier("lei", lei.validate(value))
        case "gb.crn":
            padded = value.zfill(8) if value.isdigit() else value
            return Identifier("gb.crn", padded) if _UK_COMPANY.match(padded) and padded.strip("0") else None
        case "duns":
            return Identifier("duns", value) if _DUNS.match(value) and value.strip("0") else None
        case _:
            return None


def _european(value: str) -> str:
    number = eu_vat.validate(value)
    # Greece writes EL on invoices and GR elsewhere: one client, one number.
    return f"EL{number[2:]}" if number[:2] == "GR" else str(number)
