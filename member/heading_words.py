"""Headings in other languages, and in abbreviations, as the English words that the patterns know.

Knows: what German, Spanish, Italian, Dutch and Portuguese systems write over their columns, and the
abbreviations of SAP. Plain words, lower case without accents; the longest phrase is replaced first.
"""

from __future__ import annotations

import re
from typing import Final

_SAID: Final = {
    # German
    "debitorenkonto|debitorennummer|debitoren nr|debitornr": "customer number",
    "kundennummer|kunden nr|kundennr": "customer number",
    "debitorenname|debitorname|kundenname|name des kunden": "customer name",
    "debitoren|debitor|kunde|kunden": "customer",
    "belegnummer|belegnr|beleg nr|rechnungsnummer|rechnungsnr|rechnungs nr|rechnung nr": "invoice number",
    "belegart": "document type",
    "belegdatum|rechnungsdatum": "invoice date",
    "buchungsdatum": "posting date",
    "nettofalligkeit|falligkeitsdatum|falligkeit|fallig am|fallig": "due date",
    "nicht fallig|noch nicht fallig": "not due",
    "bruttobetrag|rechnungsbetrag|gesamtbetrag": "gross amount",
    "offener betrag|offener posten|offen|restbetrag": "open amount",
    "betrag in hauswahrung|betrag in hw|betrag": "amount",
    "hauswahrung|wahrung": "currency",
    "ausgleichsdatum|ausgleich|zahlungsdatum|bezahlt am|zahlungseingang": "payment date",
    "gesamtsaldo|gesamt|summe": "total",
    "tage": "days",
    "uber": "over",
    "alter|aelter": "older",
    "ust id nr|ust idnr|ust id|umsatzsteuer id": "vat number",
    "plz": "postcode",
    "ort": "city",
    "soll": "debit",
    "haben": "credit",
    # Spanish and Portuguese
    "codigo cliente|codigo de cliente|cod cliente|numero de cliente": "customer number",
    "cliente|clientes": "customer",
    "razon social|nombre cliente|nombre del cliente|nome do cliente": "customer name",
    "nif|cif": "vat number",
    "n factura|no factura|numero factura|numero de factura|num factura": "invoice number",
    "n fatura|numero da fatura": "invoice number",
    "fecha factura|fecha de factura|fecha emision|fecha de emision": "invoice date",
    "data da fatura|data de emissao": "invoice date",
    "fecha vencimiento|fecha de vencimiento|vencimiento|data de vencimento|vencimento": "due date",
    "fecha cobro|fecha de cobro|fecha pago|fecha de pago|data de pagamento": "payment date",
    "importe total|importe bruto|total factura|valor total": "gross amount",
    "importe pendiente|saldo pendiente|pendiente|em aberto": "open amount",
    "importe": "amount",
    "saldo total": "total",
    "no vencido|sin vencer|por vencer|a vencer": "not due",
    "dias": "days",
    "mas de|mais de": "over",
    "moneda|divisa|moeda": "currency",
    # Italian
    "codice cliente|cod cliente": "customer number",
    "ragione sociale|nome cliente": "customer name",
    "partita iva|p iva|codice fiscale": "vat number",
    "numero fattura|n fattura|num fattura": "invoice number",
    "data fattura|data documento|data emissione": "invoice date",
    "data scadenza|scadenza": "due date",
    "data incasso|data pagamento": "payment date",
    "importo totale|totale fattura": "gross amount",
    "saldo residuo|residuo|importo residuo|da incassare": "open amount",
    "importo": "amount",
    "totale": "total",
    "a scadere|non scaduto": "not due",
    "scaduto": "overdue",
    "oltre": "over",
    "giorni": "days",
    "valuta": "currency",
    # Dutch
    "debiteurnummer|debiteurnr|klantnummer|klantnr": "customer number",
    "debiteurnaam|klantnaam": "customer name",
    "debiteur|debiteuren|klant": "customer",
    "factuurnummer|factuurnr": "invoice number",
    "factuurdatum": "invoice date",
    "vervaldatum|vervaldag": "due date",
    "betaaldatum|betaald op": "payment date",
    "factuurbedrag|totaalbedrag": "gross amount",
    "openstaand bedrag|openstaand|openstaand saldo": "open amount",
    "bedrag": "amount",
    "totaal": "total",
    "niet vervallen|nog niet vervallen": "not due",
    "vervallen": "overdue",
    "dagen": "days",
    "naam": "name",
    "btw nummer|btw nr": "vat number",
    # French abbreviations
    "mt|mnt|mtt": "montant",
    "ech|date ech|dt ech": "echeance",
    "rglt|reglt|regl": "reglement",
    "dt": "date",
    # SAP, in English and French
    "documentno|document no|doc no|docno": "document number",
    "doc date|doc dt": "document date",
    "pstng date|pstg date": "posting date",
    "net due dt|net due date|net due": "due date",
    "echeance nette": "due date",
    "amount in lc|amt in loc cur|amount in local currency|amount in local cur|amount lcy": "amount",
    "montant en devise interne|montant devise interne|montant en di": "amount",
    "lcurr|local currency|devise interne": "currency",
    "clearing|clearing date|clrng date|date de rapprochement|rapprochement": "clearing date",
    "name 1|nom 1|customer name 1": "customer name",
}
TRANSLATED: Final = tuple(
    sorted(
        ((phrase, english) for phrases, english in _SAID.items() for phrase in phrases.split("|")),
        key=lambda pair: -len(pair[0]),
    )
)
_PHRASES: Final = dict(TRANSLATED)
_ANY: Final = re.compile(r"\b(?:" + "|".join(re.escape(phrase) for phrase, _ in TRANSLATED) + r")\b")


def in_english(text: str) -> str:
    """Words of a heading with what is known of other languages replaced; the same where nothing is."""
    return _ANY.sub(lambda found: _PHRASES[found[0]], text)
