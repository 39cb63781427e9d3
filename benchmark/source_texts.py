"""Sentences about ledgers and electronic invoices, in French and in English: the catalogue's second half.

Knows: words only, like `problem_texts`, which takes these in.
"""

from __future__ import annotations

from typing import Final

Text = dict[str, str]


def both(fr: str, en: str) -> Text:
    """One sentence in both languages."""
    return {"fr": fr, "en": en}


SOURCE_TEXTS: Final[dict[str, Text]] = {
    # a ledger
    "line-too-short": both(
        "{found} champs seulement : la ligne est coupée, ou son séparateur n'est pas celui des en-têtes.",
        "{found} fields only: the line is cut, or its separator is not that of the headings.",
    ),
    "ledger-cut": both(
        "le fichier s'arrête au milieu d'une écriture (débits {found}, crédits {expected}) : il est tronqué.",
        "the file ends in the middle of an entry (debits {found}, credits {expected}): it is cut.",
    ),
    "ledger-without-clients": both(
        "aucun compte client ; attendu des comptes {expected}.",
        "no client account; expected accounts {expected}.",
    ),
    "ledger-years-apart": both(
        "les fichiers ne se suivent pas : {found} après {expected} ; attendu deux exercices consécutifs.",
        "the files do not follow each other: {found} after {expected}; expected two years in a row.",
    ),
    "previous-not-expected": both(
        "un second fichier n'a de sens que pour l'exercice précédent d'un FEC.",
        "a second file makes sense for the previous year of a FEC alone.",
    ),
    "no-account-identified": both(
        "aucun des {expected} comptes clients n'a d'identifiant ; attendu un SIREN, un numéro de TVA ou un "
        "LEI, dans le fichier ou dans la table des comptes.",
        "none of the {expected} client accounts has an identifier; expected a SIREN, a VAT number or an "
        "LEI, in the file or in the map of accounts.",
    ),
    "accounts-unidentified": both(
        "{found} comptes clients sur {expected} n'ont pas d'identifiant : ils sont laissés de côté.",
        "{found} client accounts of {expected} have no identifier: they are left out.",
    ),
    "brought-forward": both(
        "{found} de reports à nouveau sans leurs dates de facture : leur retard est inconnu. Donnez aussi le "
        "FEC de l'exercice qui précède {expected}, ou la balance âgée.",
        "{found} brought forward without its invoices' dates: how late it is, is unknown. Give the FEC of "
        "the year before {expected} too, or the aged balance.",
    ),
    "brought-forward-differs": both(
        "{found} comptes clients ont un report à nouveau différent du solde de l'exercice précédent.",
        "{found} client accounts bring forward a balance other than that of the previous year.",
    ),
    "ledger-not-balanced": both(
        "les débits ({found}) et les crédits ({expected}) du fichier ne s'équilibrent pas.",
        "the file's debits ({found}) and credits ({expected}) do not balance.",
    ),
    "paid-first-in-first-out": both(
        "{found} % des encaissements ne sont pas lettrés : ils sont imputés aux factures les plus anciennes.",
        "{found} % of what was paid is not matched in the file: it pays the oldest invoices first.",
    ),
    "terms-unknown": both(
        "{found} clients n'ont ni échéance ni délai convenu : leur retard reste inconnu. Donnez le délai "
        "dans la table des comptes, ou par exemple {expected}.",
        "{found} clients have no due date and no agreed terms: how late they are stays unknown. Give their "
        "terms in the map of accounts, or for example {expected}.",
    ),
    "totals-left-out": both(
        "{found} lignes de total sont laissées de côté.",
        "{found} rows of totals are left out.",
    ),
    # electronic invoices
    "einvoice-unknown": both(
        "un document XML « {found} » n'est ni une facture, ni un statut ; attendu {expected}.",
        "an XML document “{found}” is neither an invoice nor a status; expected {expected}.",
    ),
    "einvoice-lacks": both(
        "la facture n'a pas de {field} ({expected}).",
        "the invoice has no {field} ({expected}).",
    ),
    "einvoice-contradicts": both(
        "la facture {found} a déjà été lue avec un total de {expected}.",
        "the invoice {found} was read before with a total of {expected}.",
    ),
    "einvoice-several-sellers": both(
        "les factures viennent de {found} vendeurs ({expected}) ; attendu les factures émises par une seule "
        "entreprise.",
        "the invoices come from {found} sellers ({expected}); expected the invoices that one firm issued.",
    ),
    "xml-not-safe": both(
        "le document XML déclare un type ou une entité ({found}) : il n'est pas lu.",
        "the XML document declares a type or an entity ({found}): it is not read.",
    ),
    "pdf-without-invoice": both(
        "ce PDF ne porte pas de facture électronique (ni Factur-X, ni ZUGFeRD).",
        "this PDF carries no electronic invoice (neither Factur-X nor ZUGFeRD).",
    ),
    # notices
    "pdf-left-out": both(
        "{found} PDF sans facture électronique sont laissés de côté.",
        "{found} PDFs without an electronic invoice are left out.",
    ),
    "einvoice-other-seller": both(
        "{found} factures d'autres vendeurs que {expected} sont laissées de côté : ce sont des achats.",
        "{found} invoices of sellers other than {expected} are left out: they are purchases.",
    ),
    "einvoice-repeated": both(
        "{found} factures sont présentes plusieurs fois et comptées une fois.",
        "{found} invoices are there more than once and counted once.",
    ),
    "einvoice-without-due-date": both(
        "{found} factures n'ont pas de date d'échéance (dont {expected}) : le retard de ces clients est "
        "inconnu sans délai convenu.",
        "{found} invoices bear no due date (one is {expected}): how late these clients are is unknown "
        "without agreed terms.",
    ),
    "einvoices-without-payments": both(
        "aucun statut 212 (encaissée) : seuls les ventes et les délais sont connus, pas l'encours ni le "
        "retard.",
        "no status 212 (cashed): sales and terms alone are known, neither what is owed nor how late it is.",
    ),
}
