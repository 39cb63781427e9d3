/** Made by `python -m member.page_words` from the agent's own; a test compares the two. */
export const INVOICE_PATTERNS: Record<string, readonly string[]> = {
 "number": [
  "(?:invoice|inv|bill|document|doc|facture|fact|piece) (?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?(?:la )?(?:invoice|inv|bill|document|doc|facture|fact|piece)",
  "piece ref|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?piece|(?:invoice|inv|bill|document|doc|facture|fact|piece)"
 ],
 "invoiced": [
  "(?:invoice|inv|bill|document|doc|facture|fact|piece) date|date (?:de |d )?(?:la )?(?:(?:invoice|inv|bill|document|doc|facture|fact|piece)|facturation|emission)|invoiced|facture le",
  "issue date|billing date|posting date|date piece|date comptable|ecriture date|emise? le",
  "date"
 ],
 "due": [
  "due date|due|date (?:d )?echeance|echeance|maturity(?: date)?",
  "payment due(?: date)?|date limite(?: de paiement)?|net due date|echeance le|a payer le"
 ],
 "settled": [
  "(?:settled|settlement|payment|paid|clearing|cleared|closing) (?:date|on)|date (?:de |d )?(?:reglement|paiement|encaissement|lettrage|solde)",
  "settled|payee? le|reglee? le|reglement le|encaissee? le|date payee?|date lettrage",
  "reglement|paiement|payment|date let"
 ],
 "amount": [
  "montant ttc|total ttc|amount|montant|(?:invoice|inv|bill|document|doc|facture|fact|piece) (?:tot |total )?(?:amount|amt)|(?:total )?ttc",
  "montant (?:total )?(?:de )?(?:la )?(?:(?:invoice|inv|bill|document|doc|facture|fact|piece))?(?: ttc)?|gross(?: amount)?|total amount|amount (?:eur|due|gross|incl .*)",
  "total|amt|value|montant .*|.* amount"
 ],
 "remaining": [
  "reste (?:du|a payer|a regler|a encaisser)|open (?:amount|balance)|remaining(?: amount)?|amount open|solde du",
  "solde|balance|outstanding(?: amount)?|non regle|du"
 ],
 "status": [
  "status|statut|etat|state",
  "(?:status|statut|etat) (?:de )?(?:la )?(?:invoice|inv|bill|document|doc|facture|fact|piece)|(?:invoice|inv|bill|document|doc|facture|fact|piece) status"
 ],
 "dispute": [
  "disputed?|litige|litigieux|en litige|contestee?",
  "disputed? ?(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?litige|disputed? (?:flag|reason)|(?:motif|code) (?:de |du )?litige"
 ],
 "currency": [
  "currency|devise|ccy|monnaie|cur",
  "currency code|code devise|.* currency"
 ]
}
export const FIGURE_PATTERNS: Record<string, readonly string[]> = {
 "month": [
  "month|mois|period|periode",
  "(?:month|mois|fin de mois|month end|date) .*|closing date|arrete(?: au)?"
 ],
 "sales": [
  "sales|ventes|chiffre d affaires|ca|ca ttc|turnover|facture",
  "(?:sales|ventes|ca|revenue) .*|invoiced(?: .*)?"
 ],
 "outstanding": [
  "outstanding|encours|receivable|balance|solde|total du|total encours",
  "(?:outstanding|encours|receivables?|solde|balance) .*|total"
 ],
 "not_due": [
  "not due|non echu|current|a echoir|not yet due|not_due",
  "(?:not due|non echu|current) .*"
 ],
 "late_1_30": [
  "(?:late |echu |retard |overdue )?(?:0|1|01) (?:a |to )?30(?: (?:days|jours|j|d))?"
 ],
 "late_31_60": [
  "(?:late |echu |retard |overdue )?31 (?:a |to )?60(?: (?:days|jours|j|d))?"
 ],
 "late_61_90": [
  "(?:late |echu |retard |overdue )?61 (?:a |to )?90(?: (?:days|jours|j|d))?"
 ],
 "late_91_plus": [
  "(?:late |echu |retard |overdue )?(?:91(?: plus)?|91\\+|90\\+|\\+ ?90|\\+ ?de 90|over 90|plus de 90|91 et plus)(?: (?:days|jours|j|d))?"
 ],
 "paid": [
  "paid|encaisse|encaissements?|reglements?|payments?|collected|regle",
  "(?:paid|encaisse|paiements?) .*"
 ],
 "paid_days_late": [
  "paid days late"
 ],
 "paid_days_to_pay": [
  "paid days to pay"
 ],
 "open_late_days": [
  "open late days"
 ],
 "disputed": [
  "disputed|litiges?|en litige|montant en litige|disputed amount|litigieux"
 ],
 "dso": [
  "dso",
  "dso .*|delai (?:moyen )?de paiement constate"
 ],
 "terms_days": [
  "terms|terms days|payment terms|delai|delai de paiement|conditions de paiement|jours"
 ],
 "terms_kind": [
  "terms kind|type de delai|kind of terms"
 ],
 "incident": [
  "incidents?|incident type|type d incident|impayes?"
 ],
 "currency": [
  "currency|devise|ccy|monnaie|cur",
  "currency code|code devise|.* currency"
 ]
}
export const CLIENT_PATTERNS: Record<string, readonly string[]> = {
 "identifier": [
  "(?:siren|siret|tva|vat|lei|duns)|identifiant|identifier",
  "(?:n |no |num |numero |code )?(?:de )?(?:siren|siret|tva|vat|lei|duns)(?: (?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)| number| no| id| code| intracom.*)*",
  "(?:siren|siret|tva|vat|lei|duns) .*|(?:company|registration|tax) (?:id|number|no)"
 ],
 "account": [
  "comp ?aux ?num|compte auxiliaire|auxiliaire|account|compte",
  "(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) (?:(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|account|acct)|(?:account|acct) (?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de |du )?(?:compte|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur))",
  "compte (?:de )?(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de |du )?compte .*|compte tiers"
 ],
 "name": [
  "raison sociale|comp ?aux ?lib|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) name|company name|name|nom",
  "nom (?:du )?(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|(?:libelle|intitule|designation) (?:du )?(?:compte|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur))|company|societe|denomination"
 ],
 "vat": [
  "(?:(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?)?(?:tva|vat)(?: (?:intra.*|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|number|no|id))*"
 ],
 "registration": [
  "(?:(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?)?(?:siret|siren|rcs|company (?:number|no))(?: (?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur))?"
 ],
 "address": [
  "address|adresse|street|rue|adresse 1|address line 1|voie"
 ],
 "postcode": [
  "post ?code|postal code|zip(?: code)?|code postal|cp"
 ],
 "city": [
  "city|ville|town|commune"
 ],
 "country": [
  "country(?: code)?|pays|code pays|ctry(?: code)?"
 ],
 "sector": [
  "sector|secteur|nace|naf|ape"
 ],
 "region": [
  "region"
 ],
 "confidential": [
  "confidential|confidentiel(?:le)?"
 ],
 "regime": [
  "regime(?: de delai| legal)?|plafond(?: legal)?|ceiling|terms regime"
 ],
 "factored": [
  "factored|affacturee?|factor|affacturage|cede(?:e)?(?: au factor)?"
 ]
}
export const LEDGER_PATTERNS: Record<string, readonly string[]> = {
 "journal": [
  "journal ?code",
  "code (?:du )?journal|journal|jnl|jal|source"
 ],
 "journal_name": [
  "journal ?lib",
  "(?:libelle|intitule|nom) (?:du )?journal|journal name"
 ],
 "entry": [
  "ecriture ?num",
  "(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:d )?(?:ecriture|mouvement)|ecriture|mouvement|(?:entry|transaction) (?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)"
 ],
 "entered": [
  "ecriture ?date",
  "date (?:de l |d )?(?:ecriture|comptable)|date comptabilisation|posting date|(?:entry|gl) date",
  "date"
 ],
 "general": [
  "compte ?num",
  "(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?compte(?: general)?|compte general|general account|gl account",
  "compte|account(?: (?:code|no|number))?"
 ],
 "general_name": [
  "compte ?lib",
  "(?:libelle|intitule|nom) (?:du )?compte(?: general)?|account name"
 ],
 "auxiliary": [
  "comp ?aux ?num",
  "compte auxiliaire|auxiliaire|(?:compte |code )?tiers|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?(?:tiers|client)|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)"
 ],
 "auxiliary_name": [
  "comp ?aux ?lib",
  "(?:libelle|intitule|nom) (?:du |de l )?(?:auxiliaire|tiers|client)|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) name|raison sociale"
 ],
 "piece": [
  "piece ?ref",
  "(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?(?:piece|facture)|piece|reference|document|invoice"
 ],
 "piece_date": [
  "piece ?date",
  "date (?:de )?(?:la )?(?:piece|facture)|document date|invoice date"
 ],
 "label": [
  "ecriture ?lib",
  "libelle(?: (?:de l )?(?:ecriture|mouvement))?|description|memo"
 ],
 "debit": [
  "debit",
  "(?:montant|mouvement)s? (?:au )?debit|debit (?:amount|eur|.*)"
 ],
 "credit": [
  "credit",
  "(?:montant|mouvement)s? (?:au )?credit|credit (?:amount|eur|.*)"
 ],
 "signed": [
  "montant",
  "montant (?:signe|eur)|amount"
 ],
 "side": [
  "sens",
  "sens (?:d c|debit credit)?|d c|dc|debit credit"
 ],
 "letter": [
  "ecriture ?let",
  "(?:code |lettre |numero de )?lettrage|lettre|let|lettr|matching(?: .*)?"
 ],
 "letter_date": [
  "date ?let",
  "date (?:de )?lettrage"
 ],
 "payer": [
  "id ?client"
 ],
 "due": [
  "due date|due|date (?:d )?echeance|echeance|maturity(?: date)?",
  "payment due(?: date)?|date limite(?: de paiement)?|net due date|echeance le|a payer le"
 ]
}
export const MASTER_PATTERNS: Record<string, string> = {
 "vat": ".*\\b(?:tva|vat)\\b.*",
 "siret": ".*\\bsiret\\b.*",
 "siren": ".*\\b(?:siren|rcs|registration|company (?:number|no|id))\\b.*",
 "postcode": "(?:code )?(?:postal|postale)|cp|zip(?: code)?|post ?code|postal code|.*\\bcode postal\\b.*",
 "city": "ville|city|town|commune|localite|.*\\bville\\b.*",
 "name": "raison sociale|nom|name|societe|company|denomination(?: sociale)?|intitule|libelle|comp ?aux ?lib|(?:nom|name|intitule|libelle|raison sociale) (?:du |de la )?(?:(?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)|company|compte)|(?:(?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)|company) (?:name|nom)",
 "account": "(?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)|account|comp ?aux ?num|compte auxiliaire|(?:n|no|nr|num|number|numero|code|ref|reference|id|cle)|(?:n|no|nr|num|number|numero|code|ref|reference|id|cle) (?:de |du )?(?:compte )?(?:(?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)|account)|(?:(?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)|account) (?:n|no|nr|num|number|numero|code|ref|reference|id|cle)|compte (?:client|clients|customer|cust|tiers|debtor|acheteur|auxiliaire|compte)"
}
export const MONTHS: Record<string, number> = {
 "jan": 1,
 "janv": 1,
 "janvier": 1,
 "january": 1,
 "feb": 2,
 "fev": 2,
 "fevr": 2,
 "fevrier": 2,
 "february": 2,
 "mar": 3,
 "mars": 3,
 "march": 3,
 "apr": 4,
 "avr": 4,
 "avril": 4,
 "april": 4,
 "may": 5,
 "mai": 5,
 "jun": 6,
 "juin": 6,
 "june": 6,
 "jul": 7,
 "juil": 7,
 "juillet": 7,
 "july": 7,
 "aug": 8,
 "aou": 8,
 "aout": 8,
 "august": 8,
 "sep": 9,
 "sept": 9,
 "septembre": 9,
 "september": 9,
 "oct": 10,
 "octobre": 10,
 "october": 10,
 "nov": 11,
 "novembre": 11,
 "november": 11,
 "dec": 12,
 "decembre": 12,
 "december": 12
}
export const LEGAL_FORMS: readonly string[] = [
 "ab",
 "actions",
 "ag",
 "anonyme",
 "aps",
 "asso",
 "association",
 "bv",
 "bvba",
 "civile",
 "co",
 "coop",
 "cooperative",
 "corp",
 "earl",
 "ei",
 "eirl",
 "eurl",
 "gaec",
 "geie",
 "gie",
 "gmbh",
 "inc",
 "kg",
 "kgaa",
 "limited",
 "limitee",
 "llc",
 "llp",
 "ltd",
 "mbh",
 "nv",
 "ohg",
 "oy",
 "plc",
 "responsabilite",
 "s",
 "sa",
 "sar",
 "sarl",
 "sarlu",
 "sas",
 "sasu",
 "sc",
 "sca",
 "scea",
 "sci",
 "scic",
 "scm",
 "sco",
 "scop",
 "scp",
 "scs",
 "se",
 "sel",
 "selafa",
 "selarl",
 "selas",
 "sem",
 "simplifiee",
 "sl",
 "slu",
 "snc",
 "spa",
 "spl",
 "sprl",
 "srl",
 "ug"
]
export const IDLE: readonly string[] = [
 "a",
 "and",
 "d",
 "de",
 "des",
 "du",
 "entr",
 "entreprise",
 "et",
 "etabl",
 "etablissement",
 "etablissements",
 "ets",
 "l",
 "la",
 "le",
 "les",
 "m",
 "madame",
 "mme",
 "monsieur",
 "mr",
 "the"
]
export const LOOSE: readonly string[] = [
 "agence",
 "compagnie",
 "fils",
 "france",
 "freres",
 "groupe",
 "holding",
 "maison",
 "societe",
 "sons"
]
export const SPELLINGS: Record<string, string> = {
 "ste": "societe",
 "soc": "societe",
 "cie": "compagnie",
 "ent": "entreprise",
 "mson": "maison",
 "st": "saint",
 "sts": "saints",
 "sainte": "saint",
 "intl": "international",
 "internat": "international",
 "fr": "france",
 "transp": "transports",
 "transport": "transports",
 "trans": "transports",
 "constr": "construction",
 "constructions": "construction",
 "distrib": "distribution",
 "ind": "industrie",
 "industries": "industrie",
 "indus": "industrie",
 "serv": "services",
 "service": "services",
 "gpe": "groupe",
 "grp": "groupe",
 "mat": "materiaux",
 "bat": "batiment",
 "batiments": "batiment"
}
