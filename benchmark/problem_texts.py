"""The catalogue: every problem's sentence and every field's name, in French and in English.

Knows: words only. {found}, {expected} and {field} are filled in by `problems.tell`.
"""

from __future__ import annotations

from typing import Final

from benchmark.source_texts import SOURCE_TEXTS, Text
from benchmark.source_texts import both as _t

FIELD_NAMES: Final[dict[str, Text]] = {
    "account": _t("compte client", "client account"),
    "name": _t("nom du client", "client name"),
    "identifier": _t("identifiant (SIREN, TVA…)", "identifier (SIREN, VAT…)"),
    "city": _t("ville", "city"),
    "month": _t("mois", "month"),
    "number": _t("numéro de facture", "invoice number"),
    "amount": _t("montant TTC", "amount, tax included"),
    "remaining": _t("reste dû", "amount still open"),
    "invoiced": _t("date de facture", "invoice date"),
    "due": _t("date d'échéance", "due date"),
    "settled": _t("date de règlement", "settlement date"),
    "status": _t("statut", "status"),
    "dispute": _t("litige", "dispute"),
    "closed": _t("payée (oui ou non)", "paid (yes or no)"),
    "paid_amount": _t("montant réglé", "amount paid"),
    "terms": _t("délai de paiement", "payment terms"),
    "type": _t("type de document", "type of document"),
    "quantity": _t("ligne d'article", "row of an article"),
    "currency": _t("devise", "currency"),
    "sales": _t("ventes du mois", "sales of the month"),
    "outstanding": _t("encours", "outstanding"),
    "not_due": _t("non échu", "not due"),
    "late_1_30": _t("échu 1-30 jours", "1-30 days late"),
    "late_31_60": _t("échu 31-60 jours", "31-60 days late"),
    "late_61_90": _t("échu 61-90 jours", "61-90 days late"),
    "late_91_plus": _t("échu plus de 90 jours", "over 90 days late"),
    "paid": _t("encaissé", "paid"),
    "paid_days_late": _t("euros-jours de retard payés", "paid amount x days late"),
    "paid_days_to_pay": _t("euros-jours depuis facture", "paid amount x days from invoice"),
    "open_late_days": _t("euros-jours de retard ouverts", "open amount x days late"),
    "disputed": _t("montant en litige", "amount in dispute"),
    "dso": _t("DSO", "DSO"),
    "terms_days": _t("délai de paiement", "payment terms"),
    "regime": _t("régime du plafond légal", "regime of the legal ceiling"),
    "terms_kind": _t("type de délai", "kind of terms"),
    "incident": _t("incident", "incident"),
    "factored": _t("affacturé", "factored"),
    "sector": _t("secteur", "sector"),
    "region": _t("région", "region"),
    "confidential": _t("confidentiel", "confidential"),
    "general": _t("numéro de compte", "account number"),
    "entered": _t("date d'écriture", "date of the entry"),
    "debit": _t("débit", "debit"),
    "credit": _t("crédit", "credit"),
    "signed": _t("montant", "amount"),
    "side": _t("sens (débit ou crédit)", "side (debit or credit)"),
    "auxiliary": _t("compte auxiliaire", "auxiliary account"),
    "letter": _t("lettrage", "matching code"),
    "letter_date": _t("date de lettrage", "date of the matching"),
    "auxiliary_name": _t("nom du compte auxiliaire", "auxiliary account's name"),
    "general_name": _t("nom du compte", "account's name"),
    "journal": _t("journal", "journal"),
    "journal_name": _t("nom du journal", "journal's name"),
    "entry": _t("numéro d'écriture", "number of the entry"),
    "piece": _t("pièce", "document"),
    "piece_date": _t("date de pièce", "date of the document"),
    "label": _t("libellé", "text"),
    "payer": _t("client", "client"),
    "vat": _t("numéro de TVA", "VAT number"),
    "registration": _t("SIREN ou SIRET", "company number"),
    "address": _t("adresse", "address"),
    "postcode": _t("code postal", "postcode"),
    "country": _t("pays", "country"),
}

NOTICES: Final = frozenset(
    {
        "rows-left-out",
        "date-order-assumed",
        "clients-merged",
        "invoice-repeated",
        "no-settlements",
        "part-paid-undated",
        "months-not-complete",
        "terms-over-ceiling",
        "accounts-unidentified",
        "brought-forward",
        "brought-forward-differs",
        "ledger-not-balanced",
        "paid-first-in-first-out",
        "terms-unknown",
        "einvoice-other-seller",
        "einvoice-repeated",
        "einvoice-without-due-date",
        "einvoices-without-payments",
        "pdf-left-out",
        "totals-left-out",
        "not-invoices-left-out",
        "lines-merged",
    }
)

TEXTS: Final[dict[str, Text]] = {
    **SOURCE_TEXTS,
    # the file
    "file-missing": _t("le fichier {found} n'existe pas.", "the file {found} does not exist."),
    "file-too-large": _t(
        "le fichier fait {found} ; la limite est de {expected}.",
        "the file is {found}; the limit is {expected}.",
    ),
    "file-empty": _t(
        "le fichier ne contient aucune donnée ; attendu : au moins une ligne ou un document.",
        "the file holds no data; expected: at least one row or document.",
    ),
    "file-not-supported": _t(
        "ce fichier n'est pas lisible ({found}) ; attendu : {expected}.",
        "this file cannot be read ({found}); expected: {expected}.",
    ),
    "file-old-or-locked": _t(
        "le classeur est un XLS, ou un XLSX protégé par un mot de passe ; enregistrez-le en XLSX, sans lui.",
        "the workbook is an XLS, or an XLSX with a password; save it as XLSX without one.",
    ),
    "file-damaged": _t(
        "le fichier est endommagé ou illisible ({found}) ; enregistrez-le de nouveau en {expected}.",
        "the file is damaged or cannot be read ({found}); save it again as {expected}.",
    ),
    "file-locked": _t(
        "le classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe.",
        "the workbook is protected by a password; save it without one.",
    ),
    "file-with-macros": _t(
        "le classeur contient des macros : il n'est pas ouvert ; enregistrez-le en XLSX sans macros.",
        "the workbook holds macros: it is not opened; save it as XLSX without macros.",
    ),
    "archive-too-large": _t(
        "décompressé, le classeur dépasse {expected} : il n'est pas ouvert.",
        "unpacked, the workbook is larger than {expected}: it is not opened.",
    ),
    "sheet-missing": _t(
        "le classeur n'a pas de feuille {found} ; il a : {expected}.",
        "the workbook has no sheet {found}; it has: {expected}.",
    ),
    "too-many-rows": _t(
        "le fichier a plus de {expected} lignes ; découpez-le.",
        "the file has more than {expected} rows; split it.",
    ),
    "too-many-columns": _t(
        "le fichier a {found} colonnes ; la limite est de {expected}.",
        "the file has {found} columns; the limit is {expected}.",
    ),
    "cell-too-long": _t(
        "une cellule contient {found} caractères ; la limite est de {expected}.",
        "a cell holds {found} characters; the limit is {expected}.",
    ),
    "header-missing": _t(
        "aucune ligne d'en-têtes reconnue ; attendu par exemple : {expected}.",
        "no row of headings was recognised; expected for example: {expected}.",
    ),
    "kind-unknown": _t(
        "ni une liste de factures, ni des figures par client et mois ; colonnes trouvées : {found}.",
        "neither a list of invoices nor figures by client and month; columns found: {found}.",
    ),
    "row-too-long": _t(
        "{found} cellules pour {expected} en-têtes : un séparateur de trop, ou un texte sans guillemets ?",
        "{found} cells under {expected} headings: one separator too many, or a text without quotes?",
    ),
    # columns and mapping
    "column-missing": _t(
        "colonne manquante : {field}. Indiquez laquelle la donne ({expected}).",
        "missing column: {field}. Say which one gives it ({expected}).",
    ),
    "column-unknown": _t(
        "la correspondance nomme « {found} » pour {field}, absente du fichier ; colonnes : {expected}.",
        "the mapping names “{found}” for {field}, which the file does not have; columns: {expected}.",
    ),
    "column-twice": _t(
        "l'en-tête « {found} » apparaît plusieurs fois ; {field} serait ambigu.",
        "the heading “{found}” appears more than once; {field} would be ambiguous.",
    ),
    "mapping-invalid": _t(
        "la correspondance n'est pas valable : {found} ; attendu : {expected}.",
        "the mapping is not valid: {found}; expected: {expected}.",
    ),
    # values
    "date-missing": _t("{field} : vide, une date est attendue.", "{field}: empty, a date is expected."),
    "date-invalid": _t(
        "{field} : trouvé « {found} », attendu une date comme {expected}.",
        "{field}: found “{found}”, expected a date such as {expected}.",
    ),
    "date-in-future": _t(
        "{field} : {found} est dans le futur ; au plus tard {expected}.",
        "{field}: {found} is in the future; {expected} at the latest.",
    ),
    "date-too-far": _t(
        "{field} : {found} n'est pas plausible ; attendu entre {expected}.",
        "{field}: {found} is not plausible; expected between {expected}.",
    ),
    "due-before-invoice": _t(
        "échéance au {found}, avant la date de facture ({expected}).",
        "due on {found}, before the invoice date ({expected}).",
    ),
    "settled-before-invoice": _t(
        "réglée le {found}, avant la date de facture ({expected}).",
        "settled on {found}, before the invoice date ({expected}).",
    ),
    "settled-date-missing": _t(
        "statut « {found} » sans date de règlement ; attendu : {expected}.",
        "status “{found}” without a settlement date; expected: {expected}.",
    ),
    "status-contradicts": _t(
        "statut « {found} » mais réglée le {expected}.",
        "status “{found}” but settled on {expected}.",
    ),
    "amount-missing": _t("{field} : vide, un montant est attendu.", "{field}: empty, an amount is expected."),
    "amount-invalid": _t(
        "{field} : trouvé « {found} », attendu un montant comme {expected}.",
        "{field}: found “{found}”, expected an amount such as {expected}.",
    ),
    "amount-too-large": _t(
        "{field} : {found} dépasse la limite de {expected}.",
        "{field}: {found} is over the limit of {expected}.",
    ),
    "remaining-impossible": _t(
        "reste dû {found} sur une facture de {expected}.",
        "{found} still open on an invoice of {expected}.",
    ),
    "number-invalid": _t(
        "{field} : trouvé « {found} », attendu {expected}.",
        "{field}: found “{found}”, expected {expected}.",
    ),
    "currency-unknown": _t(
        "devise « {found} » inconnue ; attendu un code comme {expected}.",
        "currency “{found}” is unknown; expected a code such as {expected}.",
    ),
    "currency-not-accepted": _t(
        "montant en {found} ; ce réseau n'accepte que {expected}.",
        "an amount in {found}; this network accepts {expected} only.",
    ),
    "month-invalid": _t(
        "mois « {found} » ; attendu par exemple {expected}.",
        "month “{found}”; expected for example {expected}.",
    ),
    "month-in-future": _t(
        "le mois {found} n'est pas terminé ; au plus tard {expected}.",
        "the month {found} is not over; {expected} at the latest.",
    ),
    "terms-invalid": _t(
        "délai de paiement « {found} » illisible ; attendu par exemple {expected}.",
        "terms of payment “{found}” cannot be read; expected such as {expected}.",
    ),
    "regime-unknown": _t(
        "régime de plafond « {found} » inconnu ; attendu un de : {expected}.",
        "regime of ceiling “{found}” is unknown; expected one of: {expected}.",
    ),
    "incident-unknown": _t(
        "incident « {found} » inconnu ; attendu : aucun, impayé, rejet de prélèvement,"
        " effet impayé, contentieux ou procédure collective (publiée).",
        "incident “{found}” is unknown; expected: none, unpaid, debit rejection, unpaid bill,"
        " litigation or published insolvency.",
    ),
    "incident-confidential": _t(
        "« {found} » est confidentiel par la loi et ne se transmet jamais ; laissez la cellule vide.",
        "“{found}” is confidential by law and is never passed on; leave the cell empty.",
    ),
    "flag-invalid": _t(
        "{field} : trouvé « {found} », attendu {expected}.",
        "{field}: found “{found}”, expected {expected}.",
    ),
    # clients
    "account-missing": _t(
        "ni compte, ni nom, ni identifiant de client.",
        "no client account, name or identifier.",
    ),
    "account-ambiguous": _t(
        "les comptes {found} ne diffèrent que par des zéros en tête : sont-ils un seul client ?",
        "the accounts {found} differ by leading zeros alone: are they one client?",
    ),
    "identifier-invalid": _t(
        "identifiant « {found} » refusé : {expected}.",
        "identifier “{found}” is refused: {expected}.",
    ),
    "identifier-contradicts": _t(
        "le compte a deux identifiants : {found}, et plus haut {expected}.",
        "the account has two identifiers: {found}, and above {expected}.",
    ),
    # figures by client and month
    "relation-twice": _t(
        "ce client et ce mois sont déjà donnés à la ligne {expected} ({found}).",
        "this client and month are already given in row {expected} ({found}).",
    ),
    "ageing-does-not-sum": _t(
        "la balance âgée totalise {found}, l'encours est de {expected}.",
        "the ageing adds up to {found}, the outstanding amount is {expected}.",
    ),
    "negative-not-allowed": _t(
        "{field} : {found} est négatif ; attendu zéro ou plus.",
        "{field}: {found} is negative; expected zero or more.",
    ),
    "outside-range": _t(
        "{field} : {found} hors limites ; attendu {expected}.",
        "{field}: {found} is out of range; expected {expected}.",
    ),
    "nothing-to-import": _t(
        "aucune facture ni figure à reprendre jusqu'à {expected}.",
        "no invoice and no figure to import up to {expected}.",
    ),
    "rate-invalid": _t(
        "cours « {found} » non valable ; attendu par exemple {expected}.",
        "the rate “{found}” is not valid; expected for example {expected}.",
    ),
    # notices
    "rows-left-out": _t(
        "{found} lignes sur {expected} ont été laissées de côté.",
        "{found} rows of {expected} were left out.",
    ),
    "date-order-assumed": _t(
        "dates : jour et mois ne se distinguent pas ; lus comme {expected}.",
        "dates: days and months cannot be told apart; read as {expected}.",
    ),
    "clients-merged": _t(
        "{found} comptes portent le même identifiant et ne font qu'un client ({expected}).",
        "{found} accounts carry the same identifier and are one client ({expected}).",
    ),
    "invoice-repeated": _t(
        "{found} lignes répètent un numéro de facture ({expected}) : lues comme des lignes distinctes.",
        "{found} rows repeat an invoice number ({expected}): read as separate lines.",
    ),
    "no-settlements": _t(
        "pas de date de règlement : liste lue comme les pièces ouvertes à fin {expected}, sans ventes ni "
        "encaissements.",
        "no settlement date: read as the items open at the end of {expected}, without sales or payments.",
    ),
    "part-paid-undated": _t(
        "{found} factures payées en partie sans date : la part est datée de l'échéance, ou d'aujourd'hui.",
        "{found} invoices paid in part without a date: the part is dated on the due date, or today.",
    ),
    "months-not-complete": _t(
        "les lignes après {expected} ne sont pas reprises : le mois n'est pas terminé ({found} lignes).",
        "rows after {expected} are not imported: the month is not over ({found} rows).",
    ),
    "not-invoices-left-out": _t(
        "{found} lignes ne sont pas des factures (brouillons, annulées, règlements imputés) : non reprises.",
        "{found} rows are no invoices (drafts, cancelled ones, payments allocated): left out.",
    ),
    "lines-merged": _t(
        "{found} lignes d'articles réunies avec leur facture.",
        "{found} rows of articles are one with their invoice.",
    ),
    "terms-over-ceiling": _t(
        "{found} clients ont chez vous des délais au-dessus du plafond légal "
        "(jours net / fin de mois : {expected}).",
        "{found} clients have terms with you over the legal ceiling (days net / end of month: {expected}).",
    ),
}
