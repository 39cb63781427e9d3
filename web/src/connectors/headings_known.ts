/** Made by `python -m member.page_words` from the agent's own; a test compares the two. */
export const INVOICE_PATTERNS: Record<string, readonly string[]> = {
 "number": [
  "(?:invoice|inv|bill|document|doc|facture|fact|piece) (?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?(?:la )?(?:invoice|inv|bill|document|doc|facture|fact|piece)",
  "piece ref|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?piece|(?:invoice|inv|bill|document|doc|facture|fact|piece)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:du )?document",
  "num|numero|number|reference|ref"
 ],
 "type": [
  "(?:document|transaction|doc|move|invoice) type|type (?:de |du )?(?:document|piece|facture)",
  "type|nature(?: de (?:la )?piece)?"
 ],
 "invoiced": [
  "(?:invoice|inv|bill|document|doc|facture|fact|piece)(?: (?:invoice|inv|bill|document|doc|facture|fact|piece))? date|date (?:de |d |du )?(?:la )?(?:(?:invoice|inv|bill|document|doc|facture|fact|piece)|facturation|emission)|invoiced|facturee? le",
  "issue date|issued(?: on)?|date issued|billing date|date piece|emise? le|date (?:de )?creation|created(?: utc| at| on)*",
  "posting date|date comptable|ecriture date|date (?:de )?comptabilisation",
  "date"
 ],
 "due": [
  "due date|due|date (?:d )?echeance|echeance|maturity(?: date)?",
  "payment due(?: date)?|date limite(?: (?:de )?(?:paiement|reglement))?|net due date|echeance le|(?:a payer|payable)(?: le| avant le)?|pay by|date de (?:paiement|reglement) prevue?|date prevue (?:de |du )?(?:paiement|reglement)|(?:invoice )?(?:date due|due date|due on|due)(?: receive by| utc| on)?"
 ],
 "settled": [
  "(?:settled|settlement|payment|paid|clearing|cleared|closing) (?:date|on)|date (?:paid|closed)|date (?:de |d |du )?(?:dernier )?(?:reglement|paiement|encaissement|lettrage|solde)",
  "settled|payee? le|reglee? le|reglement le|encaissee? le|date payee?|date lettrage|lettree? le|(?:closed|paid)(?: at| on)?(?: date| utc)*|last payment(?: date)?|last settlement|soldee? le",
  "reglement|paiement|payment|date let"
 ],
 "amount": [
  "montant ttc|total ttc|amount|montant|(?:invoice|inv|bill|document|doc|facture|fact|piece) (?:tot |total )?(?:amount|amt)|(?:total )?ttc",
  "montant(?: total)?(?: de)?(?: la)?(?: (?:invoice|inv|bill|document|doc|facture|fact|piece))?(?: ttc)?|gross(?: amount)?|total amount|amount (?:eur|gross|total|incl .*|total signed)|total (?:signed|signe|(?:invoice|inv|bill|document|doc|facture|fact|piece))|(?:grand total|net (?:a payer|payable)|total incl .*)|original (?:amount|amt)|montant (?:initial|d origine)|(?:(?:invoice|inv|bill|document|doc|facture|fact|piece) )?total",
  "amount due|total|amt|value|montant .*|.* amount"
 ],
 "remaining": [
  "rest(?:e|ant) (?:du|a payer|a regler|a encaisser)(?: ttc)?|open (?:amount|balance)|remaining(?: amount| amt)?|amount (?:open|remaining)|solde (?:du|a payer|restant)|montant (?:ouvert|restant)(?: du)?|unpaid(?: amount)?|solde (?:restant )?du|solde (?:de la )?facture",
  "(?:invoice )?amount (?:due|residual)(?: signed)?|montant (?:restant )?du(?: signe)?|balance due",
  "solde|balance|outstanding(?: amount)?|non regle|du|encours"
 ],
 "paid_amount": [
  "montant (?:deja )?(?:regle|paye|encaisse|verse)|(?:invoice )?amount paid|paid amount|deja (?:regle|paye)|total (?:regle|paye|paid|encaisse)|paid to date|amount received"
 ],
 "closed": [
  "(?:facture )?(?:payee?|reglee?|soldee|acquittee?|cloturee?|lettree?)|(?:is )?(?:paid|closed)|(?:fully )?settled"
 ],
 "terms": [
  "terms|payment terms?|terms of payment|conditions?(?: de)?(?: (?:paiement|reglement))|delais?(?: de)?(?: (?:paiement|reglement))|zahlungsbedingungen?|condiciones de pago"
 ],
 "status": [
  "(?:status|statut|etat) (?:de )?(?:la )?(?:invoice|inv|bill|document|doc|facture|fact|piece)|(?:invoice|inv|bill|document|doc|facture|fact|piece) (?:status|state)",
  "status|statut|etat|state|(?:status|statut|etat) (?:du )?document",
  "payment (?:status|state)|(?:statut|etat) (?:du |de )?(?:paiement|reglement)"
 ],
 "dispute": [
  "disputed?|litige|litigieux|en litige|in dispute|contest(?:ee?|ation)|blocage litige",
  "disputed? ?(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?litige|disputed? (?:flag|reason)|(?:motif|code) (?:de |du )?litige"
 ],
 "quantity": [
  "quantity|qty|quantite|qte|unit (?:amount|price)|prix unitaire|pu(?: ht)?|line (?:amount|total)|montant (?:de la )?ligne|menge|einzelpreis|cantidad|quantita|aantal"
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
  "(?:outstanding|encours|receivables?|solde|balance) .*|total(?: outstanding| due| balance| solde)?"
 ],
 "not_due": [
  "not due|non echu|current|a echoir|not yet due|not past due|not overdue|at date",
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
  "(?:siren|siret|tva|vat|lei|duns) .*|(?:company )?(?:company|registration|tax) (?:id|number|no)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) d identification.*"
 ],
 "account": [
  "comp ?aux ?num|compte auxiliaire|auxiliaire|account|compte",
  "(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) (?:(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|account|acct)|(?:account|acct) (?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de |du )?(?:compte|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur))",
  "compte (?:de )?(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de |du )?compte .*|compte tiers|a c(?: ref)?|matricule.*",
  "(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)"
 ],
 "name": [
  "raison sociale|comp ?aux ?lib|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) name|company name|name|nom",
  "nom (?:du )?(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|(?:libelle|intitule|designation) (?:du |de l )?(?:compte|auxiliaire|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur))|company|societe|denomination|(?:name|nom) 1|contact(?: name)?|partner|partenaire|raison sociale (?:du )?(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)|nom raison sociale|organi[sz]ation|destinataire|intitule|account name|nom de (?:l )?(?:entreprise|societe)|bill(?:ed)? to",
  "(?:(?:invoice|display|nom|d|affichage|du|name|de|la|facture|partner|partenaire|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)) )+(?:name|nom|facture|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur))"
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
  "(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de |du )?compte(?: general)?|compte general|general account|g ?l (?:account|acct)(?: (?:no|number|code))?|general ledger account",
  "compte|account(?: (?:code|no|number))?"
 ],
 "general_name": [
  "compte ?lib",
  "(?:libelle|intitule|nom) (?:du |de )?compte(?: general)?|(?:g ?l )?account name"
 ],
 "auxiliary": [
  "comp ?aux ?num",
  "compte auxiliaire|auxiliaire|(?:compte |code )?tiers|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) (?:n|no|nr|nbr|num|number|numero|ref|reference|id|code)|(?:n|no|nr|nbr|num|number|numero|ref|reference|id|code) (?:de )?(?:compte )?(?:tiers|client|auxiliaire)|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur)"
 ],
 "auxiliary_name": [
  "comp ?aux ?lib",
  "(?:libelle|intitule|nom) (?:du |de l )?(?:auxiliaire|tiers|client)|(?:client|clients|customer|cust|debtor|buyer|tiers|acheteur|debiteur) name|raison sociale",
  "partner|partenaire|nom|name"
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
  "payment due(?: date)?|date limite(?: (?:de )?(?:paiement|reglement))?|net due date|echeance le|(?:a payer|payable)(?: le| avant le)?|pay by|date de (?:paiement|reglement) prevue?|date prevue (?:de |du )?(?:paiement|reglement)|(?:invoice )?(?:date due|due date|due on|due)(?: receive by| utc| on)?"
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
 "januar": 1,
 "enero": 1,
 "ene": 1,
 "gennaio": 1,
 "gen": 1,
 "januari": 1,
 "janeiro": 1,
 "feb": 2,
 "fev": 2,
 "fevr": 2,
 "fevrier": 2,
 "february": 2,
 "februar": 2,
 "febrero": 2,
 "febbraio": 2,
 "februari": 2,
 "fevereiro": 2,
 "mar": 3,
 "mars": 3,
 "march": 3,
 "marz": 3,
 "marzo": 3,
 "maart": 3,
 "mrt": 3,
 "marco": 3,
 "apr": 4,
 "avr": 4,
 "avril": 4,
 "april": 4,
 "abril": 4,
 "abr": 4,
 "aprile": 4,
 "may": 5,
 "mai": 5,
 "mayo": 5,
 "maggio": 5,
 "mag": 5,
 "mei": 5,
 "maio": 5,
 "jun": 6,
 "juin": 6,
 "june": 6,
 "juni": 6,
 "junio": 6,
 "giugno": 6,
 "giu": 6,
 "junho": 6,
 "jul": 7,
 "juil": 7,
 "juillet": 7,
 "july": 7,
 "juli": 7,
 "julio": 7,
 "luglio": 7,
 "lug": 7,
 "julho": 7,
 "aug": 8,
 "aou": 8,
 "aout": 8,
 "august": 8,
 "agosto": 8,
 "ago": 8,
 "augustus": 8,
 "sep": 9,
 "sept": 9,
 "septembre": 9,
 "september": 9,
 "septiembre": 9,
 "settembre": 9,
 "set": 9,
 "setembro": 9,
 "oct": 10,
 "octobre": 10,
 "october": 10,
 "oktober": 10,
 "okt": 10,
 "octubre": 10,
 "ottobre": 10,
 "ott": 10,
 "outubro": 10,
 "nov": 11,
 "novembre": 11,
 "november": 11,
 "noviembre": 11,
 "novembro": 11,
 "dec": 12,
 "decembre": 12,
 "december": 12,
 "dezember": 12,
 "dez": 12,
 "diciembre": 12,
 "dic": 12,
 "dicembre": 12,
 "dezembro": 12
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
