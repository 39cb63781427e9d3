"""The headings that French and English accounting systems write over their columns, by field.

Knows: words. A heading is split into lower-case words without accents ("InvoiceDate" and "Date de facture"
alike); a field's patterns are tried in order, the first the surest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from member.heading_words import in_english
from member.values import plain

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORDS = re.compile(r"[a-z0-9+]+")

_CLIENT = r"(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)"
_INVOICE = r"(?:invoice|inv|bill|document|doc|facture|fact|piece)"
_NUMBER = r"(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)"

_SCHEME = r"(?:siren|siret|tva|vat|lei|duns)"

CLIENT_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "identifier": (
        rf"{_SCHEME}|identifiant|identifier",
        rf"(?:n |no |num |numero |code )?(?:de )?{_SCHEME}(?: {_CLIENT}| number| no| id| code| intracom.*)*",
        (
            rf"{_SCHEME} .*|(?:company )?(?:company|registration|tax) (?:id|number|no)|"
            rf"{_NUMBER} d identification.*"
        ),
    ),
    "account": (
        r"comp ?aux ?num|compte auxiliaire|auxiliaire|account|compte",
        (
            rf"{_CLIENT} (?:{_NUMBER}|account|acct)|(?:account|acct) {_NUMBER}|"
            rf"{_NUMBER} (?:de |du )?(?:compte|{_CLIENT})"
        ),
        rf"compte (?:de )?{_CLIENT}|{_NUMBER} (?:de |du )?compte .*|compte tiers|a c(?: ref)?|matricule.*",
        rf"{_CLIENT}",
    ),
    "name": (
        rf"raison sociale|comp ?aux ?lib|{_CLIENT}|{_CLIENT} name|company name|name|nom",
        (
            rf"nom (?:du )?{_CLIENT}|"
            rf"(?:libelle|intitule|designation) (?:du |de l )?(?:compte|auxiliaire|{_CLIENT})|"
            r"company|societe|denomination|(?:name|nom) 1|contact(?: name)?|partner|partenaire|"
            rf"raison sociale (?:du )?{_CLIENT}|nom raison sociale|organi[sz]ation|destinataire|intitule|"
            r"account name|nom de (?:l )?(?:entreprise|societe)|bill(?:ed)? to"
        ),
        (
            rf"(?:(?:invoice|display|nom|d|affichage|du|name|de|la|facture|partner|partenaire|{_CLIENT}) )+"
            rf"(?:name|nom|facture|{_CLIENT})"
        ),
    ),
    "vat": (rf"(?:{_NUMBER} (?:de )?)?(?:tva|vat)(?: (?:intra.*|{_CLIENT}|number|no|id))*",),
    "registration": (rf"(?:{_NUMBER} (?:de )?)?(?:siret|siren|rcs|company (?:number|no))(?: {_CLIENT})?",),
    "address": (r"address|adresse|street|rue|adresse 1|address line 1|voie",),
    "postcode": (r"post ?code|postal code|zip(?: code)?|code postal|cp",),
    "city": (r"city|ville|town|commune",),
    "country": (r"country(?: code)?|pays|code pays|ctry(?: code)?",),
    "sector": (r"sector|secteur|nace|naf|ape",),
    "region": (r"region",),
    "confidential": (r"confidential|confidentiel(?:le)?",),
    "regime": (r"regime(?: de delai| legal)?|plafond(?: legal)?|ceiling|terms regime",),
    "factored": (r"factored|affacturee?|factor|affacturage|cede(?:e)?(?: au factor)?",),
}

INVOICE_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "number": (
        rf"{_INVOICE} {_NUMBER}|{_NUMBER} (?:de )?(?:la )?{_INVOICE}",
        rf"piece ref|{_NUMBER} (?:de )?piece|{_INVOICE}|{_NUMBER} (?:du )?document",
        r"num|numero|number|reference|ref",
    ),
    "type": (
        r"(?:document|transaction|doc|move|invoice) type|type (?:de |du )?(?:document|piece|facture)",
        r"type|nature(?: de (?:la )?piece)?",
    ),
    "invoiced": (
        (
            rf"{_INVOICE}(?: {_INVOICE})? date|"
            rf"date (?:de |d |du )?(?:la )?(?:{_INVOICE}|facturation|emission)|invoiced|facturee? le"
        ),
        (
            r"issue date|issued(?: on)?|date issued|billing date|date piece|emise? le|"
            r"date (?:de )?creation|created(?: utc| at| on)*"
        ),
        r"posting date|date comptable|ecriture date|date (?:de )?comptabilisation",
        r"date",
    ),
    "due": (
        r"due date|due|date (?:d )?echeance|echeance|maturity(?: date)?",
        (
            r"payment due(?: date)?|date limite(?: (?:de )?(?:paiement|reglement))?|net due date|echeance le|"
            r"(?:a payer|payable)(?: le| avant le)?|pay by|date de (?:paiement|reglement) prevue?|"
            r"date prevue (?:de |du )?(?:paiement|reglement)|"
            r"(?:invoice )?(?:date due|due date|due on|due)(?: receive by| utc| on)?"
        ),
    ),
    "settled": (
        (
            r"(?:settled|settlement|payment|paid|clearing|cleared|closing) (?:date|on)|date (?:paid|closed)|"
            r"date (?:de |d |du )?(?:dernier )?(?:reglement|paiement|encaissement|lettrage|solde)"
        ),
        (
            r"settled|payee? le|reglee? le|reglement le|encaissee? le|date payee?|date lettrage|lettree? le|"
            r"(?:closed|paid)(?: at| on)?(?: date| utc)*|last payment(?: date)?|last settlement|soldee? le"
        ),
        r"reglement|paiement|payment|date let",
    ),
    "amount": (
        rf"montant ttc|total ttc|amount|montant|{_INVOICE} (?:tot |total )?(?:amount|amt)|(?:total )?ttc",
        (
            rf"montant(?: total)?(?: de)?(?: la)?(?: {_INVOICE})?(?: ttc)?|gross(?: amount)?|total amount|"
            rf"amount (?:eur|gross|total|incl .*|total signed)|total (?:signed|signe|{_INVOICE})|"
            rf"(?:grand total|net (?:a payer|payable)|total incl .*)|"
            rf"original (?:amount|amt)|montant (?:initial|d origine)|(?:{_INVOICE} )?total"
        ),
        r"amount due|total|amt|value|montant .*|.* amount",
    ),
    "remaining": (
        (
            r"rest(?:e|ant) (?:du|a payer|a regler|a encaisser)(?: ttc)?|open (?:amount|balance)|"
            r"remaining(?: amount| amt)?|amount (?:open|remaining)|solde (?:du|a payer|restant)|"
            r"montant (?:ouvert|restant)(?: du)?|unpaid(?: amount)?|solde (?:restant )?du|"
            r"solde (?:de la )?facture"
        ),
        r"(?:invoice )?amount (?:due|residual)(?: signed)?|montant (?:restant )?du(?: signe)?|balance due",
        r"solde|balance|outstanding(?: amount)?|non regle|du|encours",
    ),
    "paid_amount": (
        (
            r"montant (?:deja )?(?:regle|paye|encaisse|verse)|(?:invoice )?amount paid|paid amount|"
            r"deja (?:regle|paye)|total (?:regle|paye|paid|encaisse)|paid to date|amount received"
        ),
    ),
    "closed": (
        (
            r"(?:facture )?(?:payee?|reglee?|soldee|acquittee?|cloturee?|lettree?)|"
            r"(?:is )?(?:paid|closed)|(?:fully )?settled"
        ),
    ),
    "terms": (
        (
            r"terms|payment terms?|terms of payment|conditions?(?: de)?(?: (?:paiement|reglement))|"
            r"delais?(?: de)?(?: (?:paiement|reglement))|zahlungsbedingungen?|condiciones de pago"
        ),
    ),
    "status": (
        rf"(?:status|statut|etat) (?:de )?(?:la )?{_INVOICE}|{_INVOICE} (?:status|state)",
        r"status|statut|etat|state|(?:status|statut|etat) (?:du )?document",
        r"payment (?:status|state)|(?:statut|etat) (?:du |de )?(?:paiement|reglement)",
    ),
    "dispute": (
        r"disputed?|litige|litigieux|en litige|in dispute|contest(?:ee?|ation)|blocage litige",
        (
            rf"disputed? ?{_NUMBER}|{_NUMBER} (?:de )?litige|disputed? (?:flag|reason)|"
            r"(?:motif|code) (?:de |du )?litige"
        ),
    ),
    "quantity": (
        (
            r"quantity|qty|quantite|qte|unit (?:amount|price)|prix unitaire|pu(?: ht)?|line (?:amount|total)|"
            r"montant (?:de la )?ligne|menge|einzelpreis|cantidad|quantita|aantal"
        ),
    ),
    "currency": (r"currency|devise|ccy|monnaie|cur", r"currency code|code devise|.* currency"),
}

_LATE = r"(?:late |echu |retard |overdue )?"
_UNIT = r"(?: (?:days|jours|j|d))?"

FIGURE_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "month": (
        r"month|mois|period|periode",
        r"(?:month|mois|fin de mois|month end|date) .*|closing date|arrete(?: au)?",
    ),
    "sales": (
        r"sales|ventes|chiffre d affaires|ca|ca ttc|turnover|facture",
        r"(?:sales|ventes|ca|revenue) .*|invoiced(?: .*)?",
    ),
    "outstanding": (
        r"outstanding|encours|receivable|balance|solde|total du|total encours",
        r"(?:outstanding|encours|receivables?|solde|balance) .*|total(?: outstanding| due| balance| solde)?",
    ),
    "not_due": (
        r"not due|non echu|current|a echoir|not yet due|not past due|not overdue|at date",
        r"(?:not due|non echu|current) .*",
    ),
    "late_1_30": (rf"{_LATE}(?:0|1|01) (?:a |to )?30{_UNIT}",),
    "late_31_60": (rf"{_LATE}31 (?:a |to )?60{_UNIT}",),
    "late_61_90": (rf"{_LATE}61 (?:a |to )?90{_UNIT}",),
    "late_91_plus": (
        rf"{_LATE}(?:91(?: plus)?|91\+|90\+|\+ ?90|\+ ?de 90|over 90|plus de 90|91 et plus){_UNIT}",
    ),
    "paid": (
        r"paid|encaisse|encaissements?|reglements?|payments?|collected|regle",
        r"(?:paid|encaisse|paiements?) .*",
    ),
    "paid_days_late": (r"paid days late",),
    "paid_days_to_pay": (r"paid days to pay",),
    "open_late_days": (r"open late days",),
    "disputed": (r"disputed|litiges?|en litige|montant en litige|disputed amount|litigieux",),
    "dso": (r"dso", r"dso .*|delai (?:moyen )?de paiement constate"),
    "terms_days": (r"terms|terms days|payment terms|delai|delai de paiement|conditions de paiement|jours",),
    "terms_kind": (r"terms kind|type de delai|kind of terms",),
    "incident": (r"incidents?|incident type|type d incident|impayes?",),
    "currency": INVOICE_PATTERNS["currency"],
}

LEDGER_PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "journal": (r"journal ?code", r"code (?:du )?journal|journal|jnl|jal|source"),
    "journal_name": (r"journal ?lib", r"(?:libelle|intitule|nom) (?:du )?journal|journal name"),
    "entry": (
        r"ecriture ?num",
        rf"{_NUMBER} (?:d )?(?:ecriture|mouvement)|ecriture|mouvement|(?:entry|transaction) {_NUMBER}",
    ),
    "entered": (
        r"ecriture ?date",
        r"date (?:de l |d )?(?:ecriture|comptable)|date comptabilisation|posting date|(?:entry|gl) date",
        r"date",
    ),
    "general": (
        r"compte ?num",
        (
            rf"{_NUMBER} (?:de |du )?compte(?: general)?|compte general|general account|"
            r"g ?l (?:account|acct)(?: (?:no|number|code))?|general ledger account"
        ),
        r"compte|account(?: (?:code|no|number))?",
    ),
    "general_name": (
        r"compte ?lib",
        r"(?:libelle|intitule|nom) (?:du |de )?compte(?: general)?|(?:g ?l )?account name",
    ),
    "auxiliary": (
        r"comp ?aux ?num",
        (
            rf"compte auxiliaire|auxiliaire|(?:compte |code )?tiers|{_CLIENT} {_NUMBER}|"
            rf"{_NUMBER} (?:de )?(?:compte )?(?:tiers|client|auxiliaire)|{_CLIENT}"
        ),
    ),
    "auxiliary_name": (
        r"comp ?aux ?lib",
        rf"(?:libelle|intitule|nom) (?:du |de l )?(?:auxiliaire|tiers|client)|{_CLIENT} name|raison sociale",
        r"partner|partenaire|nom|name",
    ),
    "piece": (r"piece ?ref", rf"{_NUMBER} (?:de )?(?:piece|facture)|piece|reference|document|invoice"),
    "piece_date": (r"piece ?date", r"date (?:de )?(?:la )?(?:piece|facture)|document date|invoice date"),
    "label": (r"ecriture ?lib", r"libelle(?: (?:de l )?(?:ecriture|mouvement))?|description|memo"),
    "debit": (r"debit", r"(?:montant|mouvement)s? (?:au )?debit|debit (?:amount|eur|.*)"),
    "credit": (r"credit", r"(?:montant|mouvement)s? (?:au )?credit|credit (?:amount|eur|.*)"),
    "signed": (r"montant", r"montant (?:signe|eur)|amount"),
    "side": (r"sens", r"sens (?:d c|debit credit)?|d c|dc|debit credit"),
    "letter": (r"ecriture ?let", r"(?:code |lettre |numero de )?lettrage|lettre|let|lettr|matching(?: .*)?"),
    "letter_date": (r"date ?let", r"date (?:de )?lettrage"),
    "payer": (r"id ?client",),
    "due": INVOICE_PATTERNS["due"],
}

BEFORE_TAX: Final = re.compile(
    r"\b(?:ht|hors tax\w*|untaxed|excl\w*|net (?:amount|total)|before tax|tva|vat|tax|taxes|tax total)\b"
)
"""Amounts that are not the debt: tax left out, or tax alone."""
INVOICES: Final = (*INVOICE_PATTERNS, "debit", "credit", "side", *CLIENT_PATTERNS)
FIGURES: Final = (*FIGURE_PATTERNS, *CLIENT_PATTERNS)
LEDGER: Final = tuple(LEDGER_PATTERNS)
_ALL: Final = {
    field: tuple(re.compile(pattern) for pattern in patterns)
    for field, patterns in {
        **INVOICE_PATTERNS,
        **FIGURE_PATTERNS,
        **CLIENT_PATTERNS,
        **LEDGER_PATTERNS,
    }.items()
}
SUREST: Final = 5
WITH_TAX: Final = frozenset({"amount", "remaining"})
HEADING_CHARACTERS_MAX: Final = 80


def words(heading: str) -> str:
    """A heading as lower-case words: "InvoiceDate", "Date_échéance" -> "invoice date", "date echeance"."""
    return " ".join(_WORDS.findall(plain(_CAMEL.sub(" ", heading))))


@lru_cache(maxsize=20_000)
def likeness(field: str, heading: str) -> int:
    """How surely a heading names a field: SUREST by its first pattern, one less by each next, or 0."""
    if len(heading) > HEADING_CHARACTERS_MAX:
        return 0
    text = words(heading)
    if text == field.replace("_", " "):
        return SUREST + 1
    if field in WITH_TAX and BEFORE_TAX.search(text) and "incl" not in text:
        return 0
    english = in_english(text)
    for place, pattern in enumerate(_ALL[field]):
        if pattern.fullmatch(text) or pattern.fullmatch(english):
            return SUREST - place
    return 0
