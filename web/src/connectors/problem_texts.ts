/** Made by `python -m member.page_words` from the agent's own; a test compares the two. */
export const TEXTS: Record<string, { fr: string; en: string }> = {
 "line-too-short": {
  "fr": "{found} champs seulement : la ligne est coupée, ou son séparateur n'est pas celui des en-têtes.",
  "en": "{found} fields only: the line is cut, or its separator is not that of the headings."
 },
 "ledger-cut": {
  "fr": "le fichier s'arrête au milieu d'une écriture (débits {found}, crédits {expected}) : il est tronqué.",
  "en": "the file ends in the middle of an entry (debits {found}, credits {expected}): it is cut."
 },
 "ledger-without-clients": {
  "fr": "aucun compte client ; attendu des comptes {expected}.",
  "en": "no client account; expected accounts {expected}."
 },
 "ledger-years-apart": {
  "fr": "les fichiers ne se suivent pas : {found} après {expected} ; attendu deux exercices consécutifs.",
  "en": "the files do not follow each other: {found} after {expected}; expected two years in a row."
 },
 "previous-not-expected": {
  "fr": "un second fichier n'a de sens que pour l'exercice précédent d'un FEC.",
  "en": "a second file makes sense for the previous year of a FEC alone."
 },
 "no-account-identified": {
  "fr": "aucun des {expected} comptes clients n'a d'identifiant ; attendu un SIREN, un numéro de TVA ou un LEI, dans le fichier ou dans la table des comptes.",
  "en": "none of the {expected} client accounts has an identifier; expected a SIREN, a VAT number or an LEI, in the file or in the map of accounts."
 },
 "accounts-unidentified": {
  "fr": "{found} comptes clients sur {expected} n'ont pas d'identifiant : ils sont laissés de côté.",
  "en": "{found} client accounts of {expected} have no identifier: they are left out."
 },
 "brought-forward": {
  "fr": "{found} de reports à nouveau sans leurs dates de facture : leur retard est inconnu. Donnez aussi le FEC de l'exercice qui précède {expected}, ou la balance âgée.",
  "en": "{found} brought forward without its invoices' dates: how late it is, is unknown. Give the FEC of the year before {expected} too, or the aged balance."
 },
 "brought-forward-differs": {
  "fr": "{found} comptes clients ont un report à nouveau différent du solde de l'exercice précédent.",
  "en": "{found} client accounts bring forward a balance other than that of the previous year."
 },
 "ledger-not-balanced": {
  "fr": "les débits ({found}) et les crédits ({expected}) du fichier ne s'équilibrent pas.",
  "en": "the file's debits ({found}) and credits ({expected}) do not balance."
 },
 "paid-first-in-first-out": {
  "fr": "{found} % des encaissements ne sont pas lettrés : ils sont imputés aux factures les plus anciennes.",
  "en": "{found} % of what was paid is not matched in the file: it pays the oldest invoices first."
 },
 "terms-unknown": {
  "fr": "{found} clients n'ont ni échéance ni délai convenu : leur retard reste inconnu. Donnez le délai dans la table des comptes, ou par exemple {expected}.",
  "en": "{found} clients have no due date and no agreed terms: how late they are stays unknown. Give their terms in the map of accounts, or for example {expected}."
 },
 "totals-left-out": {
  "fr": "{found} lignes de total sont laissées de côté.",
  "en": "{found} rows of totals are left out."
 },
 "einvoice-unknown": {
  "fr": "un document XML « {found} » n'est ni une facture, ni un statut ; attendu {expected}.",
  "en": "an XML document “{found}” is neither an invoice nor a status; expected {expected}."
 },
 "einvoice-lacks": {
  "fr": "la facture n'a pas de {field} ({expected}).",
  "en": "the invoice has no {field} ({expected})."
 },
 "einvoice-contradicts": {
  "fr": "la facture {found} a déjà été lue avec un total de {expected}.",
  "en": "the invoice {found} was read before with a total of {expected}."
 },
 "einvoice-several-sellers": {
  "fr": "les factures viennent de {found} vendeurs ({expected}) ; attendu les factures émises par une seule entreprise.",
  "en": "the invoices come from {found} sellers ({expected}); expected the invoices that one firm issued."
 },
 "xml-not-safe": {
  "fr": "le document XML déclare un type ou une entité ({found}) : il n'est pas lu.",
  "en": "the XML document declares a type or an entity ({found}): it is not read."
 },
 "pdf-without-invoice": {
  "fr": "ce PDF ne porte pas de facture électronique (ni Factur-X, ni ZUGFeRD).",
  "en": "this PDF carries no electronic invoice (neither Factur-X nor ZUGFeRD)."
 },
 "pdf-left-out": {
  "fr": "{found} PDF sans facture électronique sont laissés de côté.",
  "en": "{found} PDFs without an electronic invoice are left out."
 },
 "einvoice-other-seller": {
  "fr": "{found} factures d'autres vendeurs que {expected} sont laissées de côté : ce sont des achats.",
  "en": "{found} invoices of sellers other than {expected} are left out: they are purchases."
 },
 "einvoice-repeated": {
  "fr": "{found} factures sont présentes plusieurs fois et comptées une fois.",
  "en": "{found} invoices are there more than once and counted once."
 },
 "einvoice-without-due-date": {
  "fr": "{found} factures n'ont pas de date d'échéance (dont {expected}) : le retard de ces clients est inconnu sans délai convenu.",
  "en": "{found} invoices bear no due date (one is {expected}): how late these clients are is unknown without agreed terms."
 },
 "einvoices-without-payments": {
  "fr": "aucun statut 212 (encaissée) : seuls les ventes et les délais sont connus, pas l'encours ni le retard.",
  "en": "no status 212 (cashed): sales and terms alone are known, neither what is owed nor how late it is."
 },
 "file-missing": {
  "fr": "le fichier {found} n'existe pas.",
  "en": "the file {found} does not exist."
 },
 "file-too-large": {
  "fr": "le fichier fait {found} ; la limite est de {expected}.",
  "en": "the file is {found}; the limit is {expected}."
 },
 "file-empty": {
  "fr": "le fichier ne contient aucune donnée ; attendu : au moins une ligne ou un document.",
  "en": "the file holds no data; expected: at least one row or document."
 },
 "file-not-supported": {
  "fr": "ce fichier n'est pas lisible ({found}) ; attendu : {expected}.",
  "en": "this file cannot be read ({found}); expected: {expected}."
 },
 "file-old-or-locked": {
  "fr": "le classeur est un XLS, ou un XLSX protégé par un mot de passe ; enregistrez-le en XLSX, sans lui.",
  "en": "the workbook is an XLS, or an XLSX with a password; save it as XLSX without one."
 },
 "file-damaged": {
  "fr": "le fichier est endommagé ou illisible ({found}) ; enregistrez-le de nouveau en {expected}.",
  "en": "the file is damaged or cannot be read ({found}); save it again as {expected}."
 },
 "file-locked": {
  "fr": "le classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe.",
  "en": "the workbook is protected by a password; save it without one."
 },
 "file-with-macros": {
  "fr": "le classeur contient des macros : il n'est pas ouvert ; enregistrez-le en XLSX sans macros.",
  "en": "the workbook holds macros: it is not opened; save it as XLSX without macros."
 },
 "archive-too-large": {
  "fr": "décompressé, le classeur dépasse {expected} : il n'est pas ouvert.",
  "en": "unpacked, the workbook is larger than {expected}: it is not opened."
 },
 "sheet-missing": {
  "fr": "le classeur n'a pas de feuille {found} ; il a : {expected}.",
  "en": "the workbook has no sheet {found}; it has: {expected}."
 },
 "too-many-rows": {
  "fr": "le fichier a plus de {expected} lignes ; découpez-le.",
  "en": "the file has more than {expected} rows; split it."
 },
 "too-many-columns": {
  "fr": "le fichier a {found} colonnes ; la limite est de {expected}.",
  "en": "the file has {found} columns; the limit is {expected}."
 },
 "cell-too-long": {
  "fr": "une cellule contient {found} caractères ; la limite est de {expected}.",
  "en": "a cell holds {found} characters; the limit is {expected}."
 },
 "header-missing": {
  "fr": "aucune ligne d'en-têtes reconnue ; attendu par exemple : {expected}.",
  "en": "no row of headings was recognised; expected for example: {expected}."
 },
 "kind-unknown": {
  "fr": "ni une liste de factures, ni des figures par client et mois ; colonnes trouvées : {found}.",
  "en": "neither a list of invoices nor figures by client and month; columns found: {found}."
 },
 "row-too-long": {
  "fr": "{found} cellules pour {expected} en-têtes : un séparateur de trop, ou un texte sans guillemets ?",
  "en": "{found} cells under {expected} headings: one separator too many, or a text without quotes?"
 },
 "column-missing": {
  "fr": "colonne manquante : {field}. Indiquez laquelle la donne ({expected}).",
  "en": "missing column: {field}. Say which one gives it ({expected})."
 },
 "column-unknown": {
  "fr": "la correspondance nomme « {found} » pour {field}, absente du fichier ; colonnes : {expected}.",
  "en": "the mapping names “{found}” for {field}, which the file does not have; columns: {expected}."
 },
 "column-twice": {
  "fr": "l'en-tête « {found} » apparaît plusieurs fois ; {field} serait ambigu.",
  "en": "the heading “{found}” appears more than once; {field} would be ambiguous."
 },
 "mapping-invalid": {
  "fr": "la correspondance n'est pas valable : {found} ; attendu : {expected}.",
  "en": "the mapping is not valid: {found}; expected: {expected}."
 },
 "date-missing": {
  "fr": "{field} : vide, une date est attendue.",
  "en": "{field}: empty, a date is expected."
 },
 "date-invalid": {
  "fr": "{field} : trouvé « {found} », attendu une date comme {expected}.",
  "en": "{field}: found “{found}”, expected a date such as {expected}."
 },
 "date-in-future": {
  "fr": "{field} : {found} est dans le futur ; au plus tard {expected}.",
  "en": "{field}: {found} is in the future; {expected} at the latest."
 },
 "date-too-far": {
  "fr": "{field} : {found} n'est pas plausible ; attendu entre {expected}.",
  "en": "{field}: {found} is not plausible; expected between {expected}."
 },
 "due-before-invoice": {
  "fr": "échéance au {found}, avant la date de facture ({expected}).",
  "en": "due on {found}, before the invoice date ({expected})."
 },
 "settled-before-invoice": {
  "fr": "réglée le {found}, avant la date de facture ({expected}).",
  "en": "settled on {found}, before the invoice date ({expected})."
 },
 "settled-date-missing": {
  "fr": "statut « {found} » sans date de règlement ; attendu : {expected}.",
  "en": "status “{found}” without a settlement date; expected: {expected}."
 },
 "status-contradicts": {
  "fr": "statut « {found} » mais réglée le {expected}.",
  "en": "status “{found}” but settled on {expected}."
 },
 "amount-missing": {
  "fr": "{field} : vide, un montant est attendu.",
  "en": "{field}: empty, an amount is expected."
 },
 "amount-invalid": {
  "fr": "{field} : trouvé « {found} », attendu un montant comme {expected}.",
  "en": "{field}: found “{found}”, expected an amount such as {expected}."
 },
 "amount-too-large": {
  "fr": "{field} : {found} dépasse la limite de {expected}.",
  "en": "{field}: {found} is over the limit of {expected}."
 },
 "remaining-impossible": {
  "fr": "reste dû {found} sur une facture de {expected}.",
  "en": "{found} still open on an invoice of {expected}."
 },
 "number-invalid": {
  "fr": "{field} : trouvé « {found} », attendu {expected}.",
  "en": "{field}: found “{found}”, expected {expected}."
 },
 "currency-unknown": {
  "fr": "devise « {found} » inconnue ; attendu un code comme {expected}.",
  "en": "currency “{found}” is unknown; expected a code such as {expected}."
 },
 "currency-not-accepted": {
  "fr": "montant en {found} ; ce réseau n'accepte que {expected}.",
  "en": "an amount in {found}; this network accepts {expected} only."
 },
 "month-invalid": {
  "fr": "mois « {found} » ; attendu par exemple {expected}.",
  "en": "month “{found}”; expected for example {expected}."
 },
 "month-in-future": {
  "fr": "le mois {found} n'est pas terminé ; au plus tard {expected}.",
  "en": "the month {found} is not over; {expected} at the latest."
 },
 "terms-invalid": {
  "fr": "délai de paiement « {found} » illisible ; attendu par exemple {expected}.",
  "en": "terms of payment “{found}” cannot be read; expected such as {expected}."
 },
 "regime-unknown": {
  "fr": "régime de plafond « {found} » inconnu ; attendu un de : {expected}.",
  "en": "regime of ceiling “{found}” is unknown; expected one of: {expected}."
 },
 "incident-unknown": {
  "fr": "incident « {found} » inconnu ; attendu : aucun, impayé, rejet de prélèvement, effet impayé, contentieux ou procédure collective (publiée).",
  "en": "incident “{found}” is unknown; expected: none, unpaid, debit rejection, unpaid bill, litigation or published insolvency."
 },
 "incident-confidential": {
  "fr": "« {found} » est confidentiel par la loi et ne se transmet jamais ; laissez la cellule vide.",
  "en": "“{found}” is confidential by law and is never passed on; leave the cell empty."
 },
 "flag-invalid": {
  "fr": "{field} : trouvé « {found} », attendu {expected}.",
  "en": "{field}: found “{found}”, expected {expected}."
 },
 "account-missing": {
  "fr": "ni compte, ni nom, ni identifiant de client.",
  "en": "no client account, name or identifier."
 },
 "account-ambiguous": {
  "fr": "les comptes {found} ne diffèrent que par des zéros en tête : sont-ils un seul client ?",
  "en": "the accounts {found} differ by leading zeros alone: are they one client?"
 },
 "identifier-invalid": {
  "fr": "identifiant « {found} » refusé : {expected}.",
  "en": "identifier “{found}” is refused: {expected}."
 },
 "identifier-contradicts": {
  "fr": "le compte a deux identifiants : {found}, et plus haut {expected}.",
  "en": "the account has two identifiers: {found}, and above {expected}."
 },
 "relation-twice": {
  "fr": "ce client et ce mois sont déjà donnés à la ligne {expected} ({found}).",
  "en": "this client and month are already given in row {expected} ({found})."
 },
 "ageing-does-not-sum": {
  "fr": "la balance âgée totalise {found}, l'encours est de {expected}.",
  "en": "the ageing adds up to {found}, the outstanding amount is {expected}."
 },
 "negative-not-allowed": {
  "fr": "{field} : {found} est négatif ; attendu zéro ou plus.",
  "en": "{field}: {found} is negative; expected zero or more."
 },
 "outside-range": {
  "fr": "{field} : {found} hors limites ; attendu {expected}.",
  "en": "{field}: {found} is out of range; expected {expected}."
 },
 "nothing-to-import": {
  "fr": "aucune facture ni figure à reprendre jusqu'à {expected}.",
  "en": "no invoice and no figure to import up to {expected}."
 },
 "rate-invalid": {
  "fr": "cours « {found} » non valable ; attendu par exemple {expected}.",
  "en": "the rate “{found}” is not valid; expected for example {expected}."
 },
 "rows-left-out": {
  "fr": "{found} lignes sur {expected} ont été laissées de côté.",
  "en": "{found} rows of {expected} were left out."
 },
 "date-order-assumed": {
  "fr": "dates : jour et mois ne se distinguent pas ; lus comme {expected}.",
  "en": "dates: days and months cannot be told apart; read as {expected}."
 },
 "clients-merged": {
  "fr": "{found} comptes portent le même identifiant et ne font qu'un client ({expected}).",
  "en": "{found} accounts carry the same identifier and are one client ({expected})."
 },
 "invoice-repeated": {
  "fr": "{found} lignes répètent un numéro de facture ({expected}) : lues comme des lignes distinctes.",
  "en": "{found} rows repeat an invoice number ({expected}): read as separate lines."
 },
 "no-settlements": {
  "fr": "pas de date de règlement : liste lue comme les pièces ouvertes à fin {expected}, sans ventes ni encaissements.",
  "en": "no settlement date: read as the items open at the end of {expected}, without sales or payments."
 },
 "part-paid-undated": {
  "fr": "{found} factures payées en partie sans date : la part est datée de l'échéance, ou d'aujourd'hui.",
  "en": "{found} invoices paid in part without a date: the part is dated on the due date, or today."
 },
 "months-not-complete": {
  "fr": "les lignes après {expected} ne sont pas reprises : le mois n'est pas terminé ({found} lignes).",
  "en": "rows after {expected} are not imported: the month is not over ({found} rows)."
 },
 "not-invoices-left-out": {
  "fr": "{found} lignes ne sont pas des factures (brouillons, annulées, règlements imputés) : non reprises.",
  "en": "{found} rows are no invoices (drafts, cancelled ones, payments allocated): left out."
 },
 "lines-merged": {
  "fr": "{found} lignes d'articles réunies avec leur facture.",
  "en": "{found} rows of articles are one with their invoice."
 },
 "terms-over-ceiling": {
  "fr": "{found} clients ont chez vous des délais au-dessus du plafond légal (jours net / fin de mois : {expected}).",
  "en": "{found} clients have terms with you over the legal ceiling (days net / end of month: {expected})."
 }
}
export const ONE: Record<string, { fr: string; en: string }> = {
 "line-too-short": {
  "fr": "un champ seulement : la ligne est coupée, ou son séparateur n'est pas celui des en-têtes.",
  "en": "one field only: the line is cut, or its separator is not that of the headings."
 },
 "no-account-identified": {
  "fr": "le compte client n'a pas d'identifiant ; attendu un SIREN, un numéro de TVA ou un LEI, dans le fichier ou dans la table des comptes.",
  "en": "the client account has no identifier; expected a SIREN, a VAT number or an LEI, in the file or in the map of accounts."
 },
 "accounts-unidentified": {
  "fr": "1 compte client sur {expected} n'a pas d'identifiant : il est laissé de côté.",
  "en": "1 client account of {expected} has no identifier: it is left out."
 },
 "brought-forward-differs": {
  "fr": "1 compte client a un report à nouveau différent du solde de l'exercice précédent.",
  "en": "1 client account brings forward a balance other than that of the previous year."
 },
 "terms-unknown": {
  "fr": "1 client n'a ni échéance ni délai convenu : son retard reste inconnu. Donnez le délai dans la table des comptes, ou par exemple {expected}.",
  "en": "1 client has no due date and no agreed terms: how late it is stays unknown. Give its terms in the map of accounts, or for example {expected}."
 },
 "totals-left-out": {
  "fr": "1 ligne de total est laissée de côté.",
  "en": "1 row of totals is left out."
 },
 "pdf-left-out": {
  "fr": "1 PDF sans facture électronique est laissé de côté.",
  "en": "1 PDF without an electronic invoice is left out."
 },
 "einvoice-other-seller": {
  "fr": "1 facture d'un autre vendeur que {expected} est laissée de côté : c'est un achat.",
  "en": "1 invoice of another seller than {expected} is left out: it is a purchase."
 },
 "einvoice-repeated": {
  "fr": "1 facture est présente plusieurs fois et comptée une fois.",
  "en": "1 invoice is there more than once and counted once."
 },
 "einvoice-without-due-date": {
  "fr": "1 facture n'a pas de date d'échéance ({expected}) : le retard de ce client est inconnu sans délai convenu.",
  "en": "1 invoice bears no due date ({expected}): how late this client is is unknown without agreed terms."
 },
 "rows-left-out": {
  "fr": "1 ligne sur {expected} a été laissée de côté.",
  "en": "1 row of {expected} was left out."
 },
 "part-paid-undated": {
  "fr": "1 facture payée en partie sans date : la part est datée de l'échéance, ou d'aujourd'hui.",
  "en": "1 invoice paid in part without a date: the part is dated on the due date, or today."
 },
 "months-not-complete": {
  "fr": "la ligne après {expected} n'est pas reprise : le mois n'est pas terminé.",
  "en": "the row after {expected} is not imported: the month is not over."
 },
 "not-invoices-left-out": {
  "fr": "1 ligne n'est pas une facture (brouillon, annulée, règlement imputé) : non reprise.",
  "en": "1 row is no invoice (a draft, a cancelled one, a payment allocated): left out."
 },
 "lines-merged": {
  "fr": "1 ligne d'article réunie avec sa facture.",
  "en": "1 row of an article is one with its invoice."
 },
 "terms-over-ceiling": {
  "fr": "1 client a chez vous un délai au-dessus du plafond légal (jours net / fin de mois : {expected}).",
  "en": "1 client has terms with you over the legal ceiling (days net / end of month: {expected})."
 }
}
export const VALUES: Record<string, readonly string[]> = {
 "line-too-short": [
  "count",
  ""
 ],
 "ledger-cut": [
  "money",
  "money"
 ],
 "ledger-not-balanced": [
  "money",
  "money"
 ],
 "ledger-years-apart": [
  "date",
  "date"
 ],
 "no-account-identified": [
  "",
  "count"
 ],
 "accounts-unidentified": [
  "count",
  "count"
 ],
 "brought-forward": [
  "money",
  "month"
 ],
 "brought-forward-differs": [
  "count",
  ""
 ],
 "terms-unknown": [
  "count",
  ""
 ],
 "totals-left-out": [
  "count",
  ""
 ],
 "pdf-left-out": [
  "count",
  ""
 ],
 "einvoice-several-sellers": [
  "count",
  ""
 ],
 "einvoice-other-seller": [
  "count",
  ""
 ],
 "einvoice-repeated": [
  "count",
  ""
 ],
 "einvoice-without-due-date": [
  "count",
  ""
 ],
 "too-many-rows": [
  "",
  "count"
 ],
 "too-many-columns": [
  "count",
  "count"
 ],
 "cell-too-long": [
  "count",
  "count"
 ],
 "row-too-long": [
  "count",
  "count"
 ],
 "date-in-future": [
  "date",
  "date"
 ],
 "date-too-far": [
  "date",
  "date"
 ],
 "due-before-invoice": [
  "date",
  "date"
 ],
 "settled-before-invoice": [
  "date",
  "date"
 ],
 "status-contradicts": [
  "",
  "date"
 ],
 "amount-too-large": [
  "",
  "count"
 ],
 "remaining-impossible": [
  "money",
  "money"
 ],
 "month-in-future": [
  "month",
  "month"
 ],
 "relation-twice": [
  "month",
  "count"
 ],
 "ageing-does-not-sum": [
  "money",
  "money"
 ],
 "nothing-to-import": [
  "",
  "month"
 ],
 "rows-left-out": [
  "count",
  "count"
 ],
 "clients-merged": [
  "count",
  ""
 ],
 "invoice-repeated": [
  "count",
  ""
 ],
 "no-settlements": [
  "",
  "month"
 ],
 "part-paid-undated": [
  "count",
  ""
 ],
 "months-not-complete": [
  "count",
  "month"
 ],
 "not-invoices-left-out": [
  "count",
  ""
 ],
 "lines-merged": [
  "count",
  ""
 ],
 "terms-over-ceiling": [
  "count",
  ""
 ]
}
export const FIELD_NAMES: Record<string, { fr: string; en: string }> = {
 "account": {
  "fr": "compte client",
  "en": "client account"
 },
 "name": {
  "fr": "nom du client",
  "en": "client name"
 },
 "identifier": {
  "fr": "identifiant (SIREN, TVA…)",
  "en": "identifier (SIREN, VAT…)"
 },
 "city": {
  "fr": "ville",
  "en": "city"
 },
 "month": {
  "fr": "mois",
  "en": "month"
 },
 "number": {
  "fr": "numéro de facture",
  "en": "invoice number"
 },
 "amount": {
  "fr": "montant TTC",
  "en": "amount, tax included"
 },
 "remaining": {
  "fr": "reste dû",
  "en": "amount still open"
 },
 "invoiced": {
  "fr": "date de facture",
  "en": "invoice date"
 },
 "due": {
  "fr": "date d'échéance",
  "en": "due date"
 },
 "settled": {
  "fr": "date de règlement",
  "en": "settlement date"
 },
 "status": {
  "fr": "statut",
  "en": "status"
 },
 "dispute": {
  "fr": "litige",
  "en": "dispute"
 },
 "closed": {
  "fr": "payée (oui ou non)",
  "en": "paid (yes or no)"
 },
 "paid_amount": {
  "fr": "montant réglé",
  "en": "amount paid"
 },
 "terms": {
  "fr": "délai de paiement",
  "en": "payment terms"
 },
 "type": {
  "fr": "type de document",
  "en": "type of document"
 },
 "quantity": {
  "fr": "ligne d'article",
  "en": "row of an article"
 },
 "currency": {
  "fr": "devise",
  "en": "currency"
 },
 "sales": {
  "fr": "ventes du mois",
  "en": "sales of the month"
 },
 "outstanding": {
  "fr": "encours",
  "en": "outstanding"
 },
 "not_due": {
  "fr": "non échu",
  "en": "not due"
 },
 "late_1_30": {
  "fr": "échu 1-30 jours",
  "en": "1-30 days late"
 },
 "late_31_60": {
  "fr": "échu 31-60 jours",
  "en": "31-60 days late"
 },
 "late_61_90": {
  "fr": "échu 61-90 jours",
  "en": "61-90 days late"
 },
 "late_91_plus": {
  "fr": "échu plus de 90 jours",
  "en": "over 90 days late"
 },
 "paid": {
  "fr": "encaissé",
  "en": "paid"
 },
 "paid_days_late": {
  "fr": "euros-jours de retard payés",
  "en": "paid amount x days late"
 },
 "paid_days_to_pay": {
  "fr": "euros-jours depuis facture",
  "en": "paid amount x days from invoice"
 },
 "open_late_days": {
  "fr": "euros-jours de retard ouverts",
  "en": "open amount x days late"
 },
 "disputed": {
  "fr": "montant en litige",
  "en": "amount in dispute"
 },
 "dso": {
  "fr": "DSO",
  "en": "DSO"
 },
 "terms_days": {
  "fr": "délai de paiement",
  "en": "payment terms"
 },
 "regime": {
  "fr": "régime du plafond légal",
  "en": "regime of the legal ceiling"
 },
 "terms_kind": {
  "fr": "type de délai",
  "en": "kind of terms"
 },
 "incident": {
  "fr": "incident",
  "en": "incident"
 },
 "factored": {
  "fr": "affacturé",
  "en": "factored"
 },
 "sector": {
  "fr": "secteur",
  "en": "sector"
 },
 "region": {
  "fr": "région",
  "en": "region"
 },
 "confidential": {
  "fr": "confidentiel",
  "en": "confidential"
 },
 "general": {
  "fr": "numéro de compte",
  "en": "account number"
 },
 "entered": {
  "fr": "date d'écriture",
  "en": "date of the entry"
 },
 "debit": {
  "fr": "débit",
  "en": "debit"
 },
 "credit": {
  "fr": "crédit",
  "en": "credit"
 },
 "signed": {
  "fr": "montant",
  "en": "amount"
 },
 "side": {
  "fr": "sens (débit ou crédit)",
  "en": "side (debit or credit)"
 },
 "auxiliary": {
  "fr": "compte auxiliaire",
  "en": "auxiliary account"
 },
 "letter": {
  "fr": "lettrage",
  "en": "matching code"
 },
 "letter_date": {
  "fr": "date de lettrage",
  "en": "date of the matching"
 },
 "auxiliary_name": {
  "fr": "nom du compte auxiliaire",
  "en": "auxiliary account's name"
 },
 "general_name": {
  "fr": "nom du compte",
  "en": "account's name"
 },
 "journal": {
  "fr": "journal",
  "en": "journal"
 },
 "journal_name": {
  "fr": "nom du journal",
  "en": "journal's name"
 },
 "entry": {
  "fr": "numéro d'écriture",
  "en": "number of the entry"
 },
 "piece": {
  "fr": "pièce",
  "en": "document"
 },
 "piece_date": {
  "fr": "date de pièce",
  "en": "date of the document"
 },
 "label": {
  "fr": "libellé",
  "en": "text"
 },
 "payer": {
  "fr": "client",
  "en": "client"
 },
 "vat": {
  "fr": "numéro de TVA",
  "en": "VAT number"
 },
 "registration": {
  "fr": "SIREN ou SIRET",
  "en": "company number"
 },
 "address": {
  "fr": "adresse",
  "en": "address"
 },
 "postcode": {
  "fr": "code postal",
  "en": "postcode"
 },
 "country": {
  "fr": "pays",
  "en": "country"
 }
}
export const NOTICES: readonly string[] = [
 "accounts-unidentified",
 "brought-forward",
 "brought-forward-differs",
 "clients-merged",
 "date-order-assumed",
 "einvoice-other-seller",
 "einvoice-repeated",
 "einvoice-without-due-date",
 "einvoices-without-payments",
 "invoice-repeated",
 "ledger-not-balanced",
 "lines-merged",
 "months-not-complete",
 "no-settlements",
 "not-invoices-left-out",
 "paid-first-in-first-out",
 "part-paid-undated",
 "pdf-left-out",
 "rows-left-out",
 "terms-over-ceiling",
 "terms-unknown",
 "totals-left-out"
]
