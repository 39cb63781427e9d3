/** Made by `python -m member.page_words` from the agent's own; a test compares the two. */
export const TRANSLATED: readonly (readonly [string, string])[] = [
 [
  "montant en devise interne",
  "amount"
 ],
 [
  "amount in local currency",
  "amount"
 ],
 [
  "montant devise interne",
  "amount"
 ],
 [
  "betrag in hauswahrung",
  "amount"
 ],
 [
  "date de rapprochement",
  "clearing date"
 ],
 [
  "fecha de vencimiento",
  "due date"
 ],
 [
  "amount in local cur",
  "amount"
 ],
 [
  "nombre del cliente",
  "customer name"
 ],
 [
  "data de vencimento",
  "due date"
 ],
 [
  "nog niet vervallen",
  "not due"
 ],
 [
  "noch nicht fallig",
  "not due"
 ],
 [
  "codigo de cliente",
  "customer number"
 ],
 [
  "numero de cliente",
  "customer number"
 ],
 [
  "numero de factura",
  "invoice number"
 ],
 [
  "fecha vencimiento",
  "due date"
 ],
 [
  "data de pagamento",
  "payment date"
 ],
 [
  "importe pendiente",
  "open amount"
 ],
 [
  "openstaand bedrag",
  "open amount"
 ],
 [
  "falligkeitsdatum",
  "due date"
 ],
 [
  "numero da fatura",
  "invoice number"
 ],
 [
  "fecha de factura",
  "invoice date"
 ],
 [
  "fecha de emision",
  "invoice date"
 ],
 [
  "openstaand saldo",
  "open amount"
 ],
 [
  "debitorennummer",
  "customer number"
 ],
 [
  "name des kunden",
  "customer name"
 ],
 [
  "rechnungsnummer",
  "invoice number"
 ],
 [
  "nettofalligkeit",
  "due date"
 ],
 [
  "rechnungsbetrag",
  "gross amount"
 ],
 [
  "ausgleichsdatum",
  "payment date"
 ],
 [
  "zahlungseingang",
  "payment date"
 ],
 [
  "umsatzsteuer id",
  "vat number"
 ],
 [
  "nome do cliente",
  "customer name"
 ],
 [
  "data de emissao",
  "invoice date"
 ],
 [
  "saldo pendiente",
  "open amount"
 ],
 [
  "ragione sociale",
  "customer name"
 ],
 [
  "importo residuo",
  "open amount"
 ],
 [
  "customer name 1",
  "customer name"
 ],
 [
  "debitorenkonto",
  "customer number"
 ],
 [
  "rechnungsdatum",
  "invoice date"
 ],
 [
  "offener betrag",
  "open amount"
 ],
 [
  "offener posten",
  "open amount"
 ],
 [
  "codigo cliente",
  "customer number"
 ],
 [
  "nombre cliente",
  "customer name"
 ],
 [
  "numero factura",
  "invoice number"
 ],
 [
  "data da fatura",
  "invoice date"
 ],
 [
  "fecha de cobro",
  "payment date"
 ],
 [
  "codice cliente",
  "customer number"
 ],
 [
  "codice fiscale",
  "vat number"
 ],
 [
  "numero fattura",
  "invoice number"
 ],
 [
  "data documento",
  "invoice date"
 ],
 [
  "data emissione",
  "invoice date"
 ],
 [
  "data pagamento",
  "payment date"
 ],
 [
  "importo totale",
  "gross amount"
 ],
 [
  "totale fattura",
  "gross amount"
 ],
 [
  "debiteurnummer",
  "customer number"
 ],
 [
  "niet vervallen",
  "not due"
 ],
 [
  "echeance nette",
  "due date"
 ],
 [
  "amt in loc cur",
  "amount"
 ],
 [
  "local currency",
  "currency"
 ],
 [
  "devise interne",
  "currency"
 ],
 [
  "debitorenname",
  "customer name"
 ],
 [
  "buchungsdatum",
  "posting date"
 ],
 [
  "zahlungsdatum",
  "payment date"
 ],
 [
  "fecha factura",
  "invoice date"
 ],
 [
  "fecha emision",
  "invoice date"
 ],
 [
  "fecha de pago",
  "payment date"
 ],
 [
  "importe total",
  "gross amount"
 ],
 [
  "importe bruto",
  "gross amount"
 ],
 [
  "total factura",
  "gross amount"
 ],
 [
  "data scadenza",
  "due date"
 ],
 [
  "saldo residuo",
  "open amount"
 ],
 [
  "factuurnummer",
  "invoice number"
 ],
 [
  "factuurbedrag",
  "gross amount"
 ],
 [
  "montant en di",
  "amount"
 ],
 [
  "clearing date",
  "clearing date"
 ],
 [
  "rapprochement",
  "clearing date"
 ],
 [
  "debitoren nr",
  "customer number"
 ],
 [
  "kundennummer",
  "customer number"
 ],
 [
  "rechnungs nr",
  "invoice number"
 ],
 [
  "nicht fallig",
  "not due"
 ],
 [
  "bruttobetrag",
  "gross amount"
 ],
 [
  "gesamtbetrag",
  "gross amount"
 ],
 [
  "betrag in hw",
  "amount"
 ],
 [
  "razon social",
  "customer name"
 ],
 [
  "nome cliente",
  "customer name"
 ],
 [
  "data fattura",
  "invoice date"
 ],
 [
  "data incasso",
  "payment date"
 ],
 [
  "da incassare",
  "open amount"
 ],
 [
  "debiteurnaam",
  "customer name"
 ],
 [
  "factuurdatum",
  "invoice date"
 ],
 [
  "totaalbedrag",
  "gross amount"
 ],
 [
  "net due date",
  "due date"
 ],
 [
  "amount in lc",
  "amount"
 ],
 [
  "debitorname",
  "customer name"
 ],
 [
  "belegnummer",
  "invoice number"
 ],
 [
  "rechnungsnr",
  "invoice number"
 ],
 [
  "rechnung nr",
  "invoice number"
 ],
 [
  "hauswahrung",
  "currency"
 ],
 [
  "gesamtsaldo",
  "total"
 ],
 [
  "cod cliente",
  "customer number"
 ],
 [
  "num factura",
  "invoice number"
 ],
 [
  "vencimiento",
  "due date"
 ],
 [
  "fecha cobro",
  "payment date"
 ],
 [
  "valor total",
  "gross amount"
 ],
 [
  "saldo total",
  "total"
 ],
 [
  "cod cliente",
  "customer number"
 ],
 [
  "partita iva",
  "vat number"
 ],
 [
  "num fattura",
  "invoice number"
 ],
 [
  "non scaduto",
  "not due"
 ],
 [
  "klantnummer",
  "customer number"
 ],
 [
  "vervaldatum",
  "due date"
 ],
 [
  "betaaldatum",
  "payment date"
 ],
 [
  "document no",
  "document number"
 ],
 [
  "kundenname",
  "customer name"
 ],
 [
  "belegdatum",
  "invoice date"
 ],
 [
  "falligkeit",
  "due date"
 ],
 [
  "restbetrag",
  "open amount"
 ],
 [
  "bezahlt am",
  "payment date"
 ],
 [
  "no factura",
  "invoice number"
 ],
 [
  "vencimento",
  "due date"
 ],
 [
  "fecha pago",
  "payment date"
 ],
 [
  "no vencido",
  "not due"
 ],
 [
  "sin vencer",
  "not due"
 ],
 [
  "por vencer",
  "not due"
 ],
 [
  "debiteurnr",
  "customer number"
 ],
 [
  "debiteuren",
  "customer"
 ],
 [
  "betaald op",
  "payment date"
 ],
 [
  "openstaand",
  "open amount"
 ],
 [
  "btw nummer",
  "vat number"
 ],
 [
  "documentno",
  "document number"
 ],
 [
  "pstng date",
  "posting date"
 ],
 [
  "net due dt",
  "due date"
 ],
 [
  "amount lcy",
  "amount"
 ],
 [
  "clrng date",
  "clearing date"
 ],
 [
  "debitornr",
  "customer number"
 ],
 [
  "kunden nr",
  "customer number"
 ],
 [
  "debitoren",
  "customer"
 ],
 [
  "fallig am",
  "due date"
 ],
 [
  "ausgleich",
  "payment date"
 ],
 [
  "ust id nr",
  "vat number"
 ],
 [
  "n factura",
  "invoice number"
 ],
 [
  "pendiente",
  "open amount"
 ],
 [
  "em aberto",
  "open amount"
 ],
 [
  "n fattura",
  "invoice number"
 ],
 [
  "a scadere",
  "not due"
 ],
 [
  "klantnaam",
  "customer name"
 ],
 [
  "factuurnr",
  "invoice number"
 ],
 [
  "vervaldag",
  "due date"
 ],
 [
  "vervallen",
  "overdue"
 ],
 [
  "pstg date",
  "posting date"
 ],
 [
  "kundennr",
  "customer number"
 ],
 [
  "beleg nr",
  "invoice number"
 ],
 [
  "belegart",
  "document type"
 ],
 [
  "ust idnr",
  "vat number"
 ],
 [
  "clientes",
  "customer"
 ],
 [
  "n fatura",
  "invoice number"
 ],
 [
  "a vencer",
  "not due"
 ],
 [
  "scadenza",
  "due date"
 ],
 [
  "debiteur",
  "customer"
 ],
 [
  "date ech",
  "echeance"
 ],
 [
  "doc date",
  "document date"
 ],
 [
  "clearing",
  "clearing date"
 ],
 [
  "debitor",
  "customer"
 ],
 [
  "belegnr",
  "invoice number"
 ],
 [
  "wahrung",
  "currency"
 ],
 [
  "cliente",
  "customer"
 ],
 [
  "importe",
  "amount"
 ],
 [
  "mais de",
  "over"
 ],
 [
  "residuo",
  "open amount"
 ],
 [
  "importo",
  "amount"
 ],
 [
  "scaduto",
  "overdue"
 ],
 [
  "klantnr",
  "customer number"
 ],
 [
  "net due",
  "due date"
 ],
 [
  "kunden",
  "customer"
 ],
 [
  "fallig",
  "due date"
 ],
 [
  "betrag",
  "amount"
 ],
 [
  "gesamt",
  "total"
 ],
 [
  "aelter",
  "older"
 ],
 [
  "ust id",
  "vat number"
 ],
 [
  "mas de",
  "over"
 ],
 [
  "moneda",
  "currency"
 ],
 [
  "divisa",
  "currency"
 ],
 [
  "totale",
  "total"
 ],
 [
  "giorni",
  "days"
 ],
 [
  "valuta",
  "currency"
 ],
 [
  "bedrag",
  "amount"
 ],
 [
  "totaal",
  "total"
 ],
 [
  "btw nr",
  "vat number"
 ],
 [
  "dt ech",
  "echeance"
 ],
 [
  "doc no",
  "document number"
 ],
 [
  "doc dt",
  "document date"
 ],
 [
  "name 1",
  "customer name"
 ],
 [
  "kunde",
  "customer"
 ],
 [
  "offen",
  "open amount"
 ],
 [
  "summe",
  "total"
 ],
 [
  "alter",
  "older"
 ],
 [
  "haben",
  "credit"
 ],
 [
  "moeda",
  "currency"
 ],
 [
  "p iva",
  "vat number"
 ],
 [
  "oltre",
  "over"
 ],
 [
  "klant",
  "customer"
 ],
 [
  "dagen",
  "days"
 ],
 [
  "reglt",
  "reglement"
 ],
 [
  "docno",
  "document number"
 ],
 [
  "lcurr",
  "currency"
 ],
 [
  "nom 1",
  "customer name"
 ],
 [
  "tage",
  "days"
 ],
 [
  "uber",
  "over"
 ],
 [
  "soll",
  "debit"
 ],
 [
  "dias",
  "days"
 ],
 [
  "naam",
  "name"
 ],
 [
  "rglt",
  "reglement"
 ],
 [
  "regl",
  "reglement"
 ],
 [
  "plz",
  "postcode"
 ],
 [
  "ort",
  "city"
 ],
 [
  "nif",
  "vat number"
 ],
 [
  "cif",
  "vat number"
 ],
 [
  "mnt",
  "montant"
 ],
 [
  "mtt",
  "montant"
 ],
 [
  "ech",
  "echeance"
 ],
 [
  "mt",
  "montant"
 ],
 [
  "dt",
  "date"
 ]
]
export const BEFORE_TAX: string = "\\b(?:ht|hors tax\\w*|untaxed|excl\\w*|net (?:amount|total)|before tax|tva|vat|tax|taxes|tax total)\\b"
export const PAYMENTS: readonly string[] = [
 "betaling",
 "cheque",
 "cobro",
 "customer payment",
 "dz",
 "encaissement",
 "incasso",
 "pagamento",
 "pago",
 "paiement",
 "paiement client",
 "payment",
 "payment received",
 "prelevement",
 "receipt",
 "reglement",
 "reglement client",
 "remittance",
 "rglt",
 "rgt",
 "virement",
 "zahlung",
 "zahlungseingang",
 "zp",
 "zv"
]
export const CREDITS: readonly string[] = [
 "abono",
 "av",
 "avoir",
 "avoir client",
 "avoirs",
 "avr",
 "cn",
 "credit",
 "credit invoice",
 "credit memo",
 "credit note",
 "creditnota",
 "customer credit memo",
 "customer credit note",
 "dg",
 "facture avoir",
 "facture d avoir",
 "gutschrift",
 "kg",
 "nota credito",
 "nota de credito",
 "nota di credito",
 "note de credit",
 "out refund",
 "rectificativa",
 "sales credit note"
]
export const NOT_INVOICES: readonly string[] = [
 "abandonne",
 "abandonnee",
 "angebot",
 "annule",
 "annulee",
 "annullata",
 "anulada",
 "anulado",
 "awaiting approval",
 "bon de commande",
 "bon de livraison",
 "borrador",
 "bozza",
 "brouillon",
 "cancel",
 "canceled",
 "cancelled",
 "commande",
 "concept",
 "deleted",
 "delivery note",
 "devis",
 "draft",
 "entwurf",
 "estimate",
 "order",
 "pro forma",
 "proforma",
 "quote",
 "sales order",
 "storniert",
 "supprime",
 "supprimee",
 "void",
 "voided"
]
export const CREDIT_SIDES: readonly string[] = [
 "-",
 "-1",
 "a",
 "avere",
 "c",
 "cr",
 "credit",
 "h",
 "haben"
]
export const AT_ONCE: readonly string[] = [
 "cash",
 "comptant",
 "contado",
 "immediat",
 "receipt",
 "reception",
 "sofort"
]
export const OPEN_WORDS: readonly string[] = [
 "en cours",
 "impaye",
 "impayee",
 "non regle",
 "non reglee",
 "not paid",
 "open",
 "ouvert",
 "ouverte",
 "unpaid"
]
export const PAID_WORDS: readonly string[] = [
 "ausgeglichen",
 "betaald",
 "bezahlt",
 "cleared",
 "closed",
 "cobrado",
 "fully paid",
 "incassata",
 "lettre",
 "pagada",
 "pagado",
 "pagata",
 "pagato",
 "paid",
 "paid in full",
 "paye",
 "payee",
 "regle",
 "reglee",
 "settled",
 "solde",
 "soldee"
]
