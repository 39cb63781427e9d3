"""One electronic document to what it says: an invoice or credit note (UBL, CII), or its statuses (CDAR).

Knows: EN 16931's business terms (BT-n below) in both syntaxes, by local names, so that a version's namespace
does not matter. The parser resolves no entity, loads nothing and refuses a document type altogether.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from benchmark.problems import Problem
from member.values import AMOUNT_CENTS_MAX, read_dates

XML_BYTES_MAX: Final = 20_000_000
ELEMENTS_MAX: Final = 500_000
TEXT_MAX: Final = 200
ENCODINGS: Final = frozenset(
    {"", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16"}
)
CREDIT_NOTES: Final = frozenset({"381", "396", "261", "262", "532", "81", "83", "308", "503"})
"""UNTDID 1001 codes of documents that lower what is owed."""

IN_DISPUTE, CASHED, FACTORED = "207", "212", "225"
NOT_OWED: Final = frozenset({"210", "213", "220"})
"""Refused, rejected, cancelled: AFNOR XP Z12-012's codes, like the three above."""

_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


@dataclass(frozen=True, slots=True)
class Party:
    """A seller or buyer as the document names it; `known_as` is the number that the seller gave the buyer."""

    name: str = ""
    known_as: str = ""
    vat: str = ""
    registration: str = ""
    others: tuple[str, ...] = ()
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """What may identify it, the surest first."""
        return tuple(one for one in (self.registration, self.vat, *self.others) if one)


@dataclass(frozen=True, slots=True)
class EInvoice:
    """cents: total with tax (BT-112), negative for a credit note; open_cents: what was left to pay (BT-115).

    Days are ordinal days since 1970; due None where the document bears no due date (BT-9).
    """

    number: str
    invoiced: int
    due: int | None
    cents: int
    open_cents: int
    currency: str
    seller: Party
    buyer: Party
    replaces: tuple[str, ...] = ()
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """One event of an invoice's life: a code of AFNOR XP Z12-012, the day, the amount cashed where told."""

    number: str
    code: str
    day: int | None
    cents: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What one file says."""

    invoices: list[EInvoice] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)


def read_document(data: bytes) -> Document | Problem:
    """An invoice or statuses; the problem where it is neither, or not safe to read."""
    root = parse_xml(data)
    if isinstance(root, Problem):
        return root
    name = _local(root)
    if name == "CrossIndustryInvoice":
        return _one(_read_cii(root))
    if name in {"Invoice", "CreditNote"}:
        return _one(_read_ubl(root, credit=name == "CreditNote"))
    if name in {"CrossDomainAcknowledgementAndResponse", "CrossDomainApplicationResponse"}:
        return Document(statuses=_read_cdar(root))
    if name == "ApplicationResponse":
        return Document(statuses=_read_response(root))
    return Problem("einvoice-unknown", found=name, expected="Invoice, CreditNote, CrossIndustryInvoice")


def _one(invoice: EInvoice | Problem) -> Document | Problem:
    return invoice if isinstance(invoice, Problem) else Document([invoice])


def parse_xml(data: bytes) -> etree._Element | Problem:
    """The root of a document that declares no type and no entity; nothing is fetched."""
    if len(data) > XML_BYTES_MAX:
        size, limit = (f"{count / 1_000_000:.1f} MB" for count in (len(data), XML_BYTES_MAX))
        return Problem("file-too-large", found=size, expected=limit)
    bare = data.replace(b"\0", b"")
    if b"<!DOCTYPE" in bare or b"<!ENTITY" in bare:
        return Problem("xml-not-safe", found="DOCTYPE")
    declared = _DECLARED.search(bare[:400])
    encoding = declared[1].decode("ascii").lower() if declared else ""
    if encoding not in ENCODINGS:
        return Problem("file-damaged", found=encoding, expected="XML, UTF-8")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:  # what the reader says is English
        line, column = getattr(error, "position", None) or (1, 0)
        return Problem("file-damaged", found=f"XML {line}:{column}", expected="XML")
    if sum(1 for _ in root.iter()) > ELEMENTS_MAX:
        return Problem("file-too-large", found="XML", expected=f"{ELEMENTS_MAX:,}")
    return root


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along local names."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if _local(child) == name), None)
    return element


def _children(element: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if element is None else [child for child in element if _local(child) == name]


def _text(element: etree._Element | None, *path: str) -> str:
    found = _child(element, *path)
    text = "" if found is None else " ".join("".join(found.itertext()).split())
    return text[:TEXT_MAX]


def _day(text: str) -> int | None:
    """A day from 20250131, 2025-01-31 or a moment that begins with one of them."""
    digits = text[:10] if "-" in text[:10] else text[:8]
    read = read_dates([digits or None])
    return None if read.wrong or str(read.values[0]) == "NaT" else int(read.values[0].astype("int64"))


def _cents(text: str) -> int | None:
    """An amount of XML (a point, no thousands) in cents, halves away from zero."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) * 100 > AMOUNT_CENTS_MAX:
        return None
    return int((number * 100).to_integral_value("ROUND_HALF_UP"))


def _checked(
    number: str, dates: tuple[str, str], totals: tuple[str, str], found: dict[str, object]
) -> EInvoice | Problem:
    """An invoice of its parts, or which of them is missing or unreadable."""
    issued, due = dates
    invoiced = _day(issued)
    total, left = (_cents(text) if text else None for text in totals)
    if not number:
        return Problem("einvoice-lacks", None, "number", "BT-1")
    if invoiced is None:
        return Problem("date-invalid" if issued else "date-missing", None, "invoiced", issued, "2025-12-31")
    if total is None:
        given = totals[0] or totals[1]
        return Problem("amount-invalid" if given else "amount-missing", None, "amount", given, "1234.56")
    if due and _day(due) is None:
        return Problem("date-invalid", None, "due", due, "2025-12-31")
    credit = bool(found.pop("credit"))
    left = total if left is None or abs(left) > abs(total) else left
    sign = -1 if credit and total > 0 else 1
    return EInvoice(
        number=number,
        invoiced=invoiced,
        due=_day(due) if due else None,
        cents=sign * total,
        open_cents=sign * left,
        **found,  # type: ignore[arg-type]
    )


def _read_cii(root: etree._Element) -> EInvoice | Problem:
    document = _child(root, "ExchangedDocument")
    trade = _child(root, "SupplyChainTradeTransaction")
    agreement = _child(trade, "ApplicableHeaderTradeAgreement")
    settlement = _child(trade, "ApplicableHeaderTradeSettlement")
    sums = _child(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    terms = _children(settlement, "SpecifiedTradePaymentTerms")
    due = [_text(one, "DueDateDateTime", "DateTimeString") for one in terms]
    total = _text(sums, "GrandTotalAmount") or _text(sums, "DuePayableAmount")
    return _checked(
        _text(document, "ID"),
        (_text(document, "IssueDateTime", "DateTimeString"), max(due, default="")),
        (total, _text(sums, "DuePayableAmount")),
        {
            "credit": _text(document, "TypeCode") in CREDIT_NOTES,
            "currency": _text(settlement, "InvoiceCurrencyCode"),
            "seller": _cii_party(_child(agreement, "SellerTradeParty")),
            "buyer": _cii_party(_child(agreement, "BuyerTradeParty")),
            "replaces": tuple(
                _text(one, "IssuerAssignedID") for one in _children(settlement, "InvoiceReferencedDocument")
            ),
            "terms": next((text for one in terms if (text := _text(one, "Description"))), ""),
        },
    )


def _cii_party(party: etree._Element | None) -> Party:
    address = _child(party, "PostalTradeAddress")
    taxes = _children(party, "SpecifiedTaxRegistration")
    vat = [_text(one, "ID") for one in taxes if (one[0].get("schemeID") if len(one) else "") == "VA"]
    lines = (_text(address, name) for name in ("LineOne", "LineTwo", "LineThree"))
    return Party(
        name=_text(party, "Name") or _text(party, "SpecifiedLegalOrganization", "TradingBusinessName"),
        known_as=_text(party, "ID"),
        vat=next(iter(vat), ""),
        registration=_text(party, "SpecifiedLegalOrganization", "ID"),
        others=tuple(_text(one) for one in _children(party, "GlobalID")),
        address=", ".join(line for line in lines if line),
        postcode=_text(address, "PostcodeCode"),
        city=_text(address, "CityName"),
        country=_text(address, "CountryID"),
    )


def _read_ubl(root: etree._Element, *, credit: bool) -> EInvoice | Problem:
    sums = _child(root, "LegalMonetaryTotal")
    code = _text(root, "InvoiceTypeCode") or _text(root, "CreditNoteTypeCode")
    due = _text(root, "DueDate") or _text(root, "PaymentMeans", "PaymentDueDate")
    return _checked(
        _text(root, "ID"),
        (_text(root, "IssueDate"), due),
        (_text(sums, "TaxInclusiveAmount") or _text(sums, "PayableAmount"), _text(sums, "PayableAmount")),
        {
            "credit": credit or code in CREDIT_NOTES,
            "currency": _text(root, "DocumentCurrencyCode"),
            "seller": _ubl_party(_child(root, "AccountingSupplierParty")),
            "buyer": _ubl_party(_child(root, "AccountingCustomerParty")),
            "replaces": tuple(
                _text(one, "InvoiceDocumentReference", "ID") for one in _children(root, "BillingReference")
            ),
            "terms": _text(root, "PaymentTerms", "Note"),
        },
    )


def _ubl_party(role: etree._Element | None) -> Party:
    party = _child(role, "Party")
    address = _child(party, "PostalAddress")
    taxes = _children(party, "PartyTaxScheme")
    vat = [_text(one, "CompanyID") for one in taxes if _text(one, "TaxScheme", "ID") in {"VAT", ""}]
    numbers = [_child(one, "ID") for one in _children(party, "PartyIdentification")]
    schemed = [one for one in numbers if one is not None and one.get("schemeID")]
    plain = [one for one in numbers if one is not None and not one.get("schemeID")]
    lines = (_text(address, name) for name in ("StreetName", "AdditionalStreetName"))
    return Party(
        name=_text(party, "PartyLegalEntity", "RegistrationName") or _text(party, "PartyName", "Name"),
        known_as=_text(next(iter(plain), None)) or _text(role, "SupplierAssignedAccountID"),
        vat=next(iter(vat), ""),
        registration=_text(party, "PartyLegalEntity", "CompanyID"),
        others=tuple(_text(one) for one in schemed),
        address=", ".join(line for line in lines if line),
        postcode=_text(address, "PostalZone"),
        city=_text(address, "CityName"),
        country=_text(address, "Country", "IdentificationCode"),
    )


def _read_cdar(root: etree._Element) -> list[Status]:
    """Statuses of UN/CEFACT's CDAR message: each referenced document with its code, day and amount cashed."""
    sent = _text(root, "ExchangedDocument", "IssueDateTime", "DateTimeString")
    found = []
    for document in root.iter("{*}ReferenceReferencedDocument"):
        number = _text(document, "IssuerAssignedID")
        own = _text(document, "ProcessConditionCode")
        inner = _children(document, "SpecifiedDocumentStatus")
        coded = [one for one in inner if _text(one, "ProcessConditionCode")]
        for status in coded or [document]:
            parts = [status] if coded else inner
            cashed = [
                one
                for part in parts
                for one in _children(part, "SpecifiedDocumentCharacteristic")
                if _text(one, "TypeCode") == "MEN"
            ]
            amounts = [_cents(_text(one, "ValueAmount")) for one in cashed]
            days = [_text(one, "ValueDateTime", "DateTimeString") for one in cashed]
            day = next((day for day in days if day), "") or _text(
                status, "ReferenceDateTime", "DateTimeString"
            )
            currency = next((_child(one, "ValueAmount") for one in cashed), None)
            known = [amount for amount in amounts if amount is not None]
            found.append(
                Status(
                    number,
                    _text(status, "ProcessConditionCode") or own,
                    _day(day or sent),
                    sum(known) if known else None,
                    "" if currency is None else currency.get("currencyID") or "",
                )
            )
    return found


def _read_response(root: etree._Element) -> list[Status]:
    """Statuses of a UBL ApplicationResponse, whose codes may bear a prefix."""
    sent = _text(root, "IssueDate")
    return [
        Status(
            number=_text(response, "DocumentReference", "ID"),
            code=_text(response, "Response", "ResponseCode").rpartition(":")[2],
            day=_day(_text(response, "Response", "EffectiveDate") or sent),
        )
        for response in _children(root, "DocumentResponse")
    ]
