"""The same five invoices as accounting and invoicing programs list them, headings and habits as theirs.

The firms are made up: nothing here is anybody's.
"""

# ruff: noqa: E501

EXPORTS = {
    "sage100_fr": (
        "cp1252",
        """\
Sage 100c Gestion Commerciale;;;;;;;;
Échéancier clients au 31/10/2025;;;;;;;;
Type;N° Pièce;Date pièce;N° Client;Intitulé du client;Total TTC;Date d'échéance;Solde dû;Date de règlement
Facture;F1;02/09/2025;C001;Moulin fictif;1 200,00;02/10/2025;0,00;12/10/2025
Facture;F2;15/09/2025;C002;Forge fictive;800,50;15/10/2025;800,50;
Facture;F3;20/10/2025;C001;Moulin fictif;300,00;19/11/2025;300,00;
Avoir;A1;05/10/2025;C002;Forge fictive;-100,00;05/10/2025;-100,00;
Facture;F4;03/09/2025;C003;Scierie fictive;1 234,56;03/10/2025;1 000,00;20/10/2025
""",
    ),
    "ebp": (
        "utf-8",
        """\
Numéro du document;Date du document;Code client;Nom du client;Montant total HT;Montant total TTC;Solde dû;Date d'échéance;État du document;Date de dernier règlement
F1;02/09/2025;C001;Moulin fictif;1000,00 €;1200,00 €;0,00 €;02/10/2025;Réglé;12/10/2025
F2;15/09/2025;C002;Forge fictive;667,08 €;800,50 €;800,50 €;15/10/2025;Non réglé;
F3;20/10/2025;C001;Moulin fictif;250,00 €;300,00 €;300,00 €;19/11/2025;Non réglé;
A1;05/10/2025;C002;Forge fictive;-83,33 €;-100,00 €;-100,00 €;05/10/2025;Non réglé;
F4;03/09/2025;C003;Scierie fictive;1028,80 €;1234,56 €;1000,00 €;03/10/2025;Partiellement réglé;20/10/2025
""",
    ),
    "sap_fbl5n_en": (
        "utf-8",
        """\
Customer\tName 1\tDocumentNo\tType\tDoc. Date\tPstng Date\tNet due dt\tAmount in LC\tLCurr\tClrng doc.\tClearing
100001\tMoulin fictif\t1800000001\tRV\t02.09.2025\t02.09.2025\t02.10.2025\t1.200,00 \tEUR\t1400000009\t12.10.2025
100001\tMoulin fictif\t1400000009\tDZ\t12.10.2025\t12.10.2025\t12.10.2025\t1.200,00-\tEUR\t1400000009\t12.10.2025
100002\tForge fictive\t1800000002\tRV\t15.09.2025\t15.09.2025\t15.10.2025\t800,50 \tEUR\t\t
100001\tMoulin fictif\t1800000003\tRV\t20.10.2025\t20.10.2025\t19.11.2025\t300,00 \tEUR\t\t
100002\tForge fictive\t1600000001\tDG\t05.10.2025\t05.10.2025\t05.10.2025\t100,00-\tEUR\t\t
100003\tScierie fictive\t1800000004\tRV\t03.09.2025\t03.09.2025\t03.10.2025\t1.000,00 \tEUR\t\t
""",
    ),
    "sap_fr": (
        "utf-8",
        """\
Société;Compte;Nom 1;N° pièce;Type pièce;Date pièce;Date comptable;Échéance nette;Montant devise interne;Devise interne;Pièce rapproch.;Rapprochement
1000;100001;Moulin fictif;1800000001;RV;02.09.2025;02.09.2025;02.10.2025;1.200,00;EUR;1400000009;12.10.2025
1000;100002;Forge fictive;1800000002;RV;15.09.2025;15.09.2025;15.10.2025;800,50;EUR;;
1000;100001;Moulin fictif;1800000003;RV;20.10.2025;20.10.2025;19.11.2025;300,00;EUR;;
1000;100002;Forge fictive;1600000001;DG;05.10.2025;05.10.2025;05.10.2025;-100,00;EUR;;
1000;100003;Scierie fictive;1800000004;RV;03.09.2025;03.09.2025;03.10.2025;1.000,00;EUR;;
""",
    ),
    "sap_de": (
        "utf-8",
        """\
Buchungskreis;Debitor;Name;Belegnummer;Belegart;Belegdatum;Nettofälligkeit;Betrag in Hauswährung;Hauswährung;Ausgleichsdatum
1000;100001;Moulin fictif;1800000001;RV;02.09.2025;02.10.2025;1.200,00;EUR;12.10.2025
1000;100002;Forge fictive;1800000002;RV;15.09.2025;15.10.2025;800,50;EUR;
1000;100001;Moulin fictif;1800000003;RV;20.10.2025;19.11.2025;300,00;EUR;
1000;100002;Forge fictive;1600000001;DG;05.10.2025;05.10.2025;-100,00;EUR;
1000;100003;Scierie fictive;1800000004;RV;03.09.2025;03.10.2025;1.000,00;EUR;
""",
    ),
    "odoo_en": (
        "utf-8",
        """\
"Number","Invoice Partner Display Name","Invoice/Bill Date","Due Date","Untaxed Amount Signed","Total Signed","Amount Due Signed","Payment Status","Status"
"INV/2025/0001","Moulin fictif","2025-09-02","2025-10-02","1000.0","1200.0","0.0","Paid","Posted"
"INV/2025/0002","Forge fictive","2025-09-15","2025-10-15","667.08","800.5","800.5","Not Paid","Posted"
"INV/2025/0003","Moulin fictif","2025-10-20","2025-11-19","250.0","300.0","300.0","Not Paid","Posted"
"RINV/2025/0001","Forge fictive","2025-10-05","2025-10-05","-83.33","-100.0","-100.0","Not Paid","Posted"
"INV/2025/0004","Scierie fictive","2025-09-03","2025-10-03","1028.8","1234.56","1000.0","Partially Paid","Posted"
"/","Forge fictive","2025-10-28","2025-11-28","10.0","12.0","12.0","Not Paid","Draft"
""",
    ),
    "odoo_fr": (
        "utf-8",
        """\
Numéro,Nom d'affichage du partenaire de la facture,Date de facturation,Date d'échéance,Montant hors taxes signé,Total signé,Montant dû signé,Statut du paiement,Statut
FAC/2025/0001,Moulin fictif,2025-09-02,2025-10-02,1000.00,1200.00,0.00,Payé,Comptabilisé
FAC/2025/0002,Forge fictive,2025-09-15,2025-10-15,667.08,800.50,800.50,Non payées,Comptabilisé
FAC/2025/0003,Moulin fictif,2025-10-20,2025-11-19,250.00,300.00,300.00,Non payées,Comptabilisé
RFAC/2025/0001,Forge fictive,2025-10-05,2025-10-05,-83.33,-100.00,-100.00,Non payées,Comptabilisé
FAC/2025/0004,Scierie fictive,2025-09-03,2025-10-03,1028.80,1234.56,1000.00,Partiellement réglé,Comptabilisé
""",
    ),
    "odoo_technical": (
        "utf-8",
        """\
name,invoice_partner_display_name,invoice_date,invoice_date_due,amount_untaxed_signed,amount_total_signed,amount_residual_signed,payment_state,state,move_type
FAC/1,Moulin fictif,2025-09-02,2025-10-02,1000.00,1200.00,0.00,paid,posted,out_invoice
FAC/2,Forge fictive,2025-09-15,2025-10-15,667.08,800.50,800.50,not_paid,posted,out_invoice
FAC/3,Moulin fictif,2025-10-20,2025-11-19,250.00,300.00,300.00,not_paid,posted,out_invoice
RFAC/1,Forge fictive,2025-10-05,2025-10-05,-83.33,-100.00,-100.00,not_paid,posted,out_refund
FAC/4,Scierie fictive,2025-09-03,2025-10-03,1028.80,1234.56,1000.00,partial,posted,out_invoice
""",
    ),
    "quickbooks_invoices": (
        "utf-8",
        """\
Fictional Firm,,,,,,,
Invoice List,,,,,,,
"January - October, 2025",,,,,,,
,,,,,,,
Date,Transaction Type,Num,Name,Memo/Description,Due Date,Amount,Open Balance
09/02/2025,Invoice,1001,Moulin fictif,,10/02/2025,"1,200.00",0.00
09/15/2025,Invoice,1002,Forge fictive,,10/15/2025,800.50,800.50
10/20/2025,Invoice,1003,Moulin fictif,,11/19/2025,300.00,300.00
10/05/2025,Credit Memo,1004,Forge fictive,,10/05/2025,-100.00,-100.00
09/03/2025,Invoice,1005,Scierie fictive,,10/03/2025,"1,234.56","1,000.00"
,,,,,,,
"Thursday, Nov 20, 2025 10:01:02 AM GMT+1",,,,,,,
""",
    ),
    "quickbooks_ar_detail": (
        "utf-8",
        """\
A/R Ageing Detail,,,,,,,
Fictional Firm,,,,,,,
"As of October 31, 2025",,,,,,,
,,,,,,,
,Date,Transaction Type,Num,Customer,Due Date,Amount,Open Balance
1 - 30 days past due,,,,,,,
,15/09/2025,Invoice,1002,Forge fictive,15/10/2025,800.50,800.50
,03/09/2025,Invoice,1005,Scierie fictive,03/10/2025,"1,234.56","1,000.00"
Total for 1 - 30 days past due,,,,,,"2,035.06","1,800.50"
Current,,,,,,,
,20/10/2025,Invoice,1003,Moulin fictif,19/11/2025,300.00,300.00
,05/10/2025,Credit Memo,1004,Forge fictive,05/11/2025,-100.00,-100.00
Total for Current,,,,,,200.00,200.00
TOTAL,,,,,,"2,235.06","2,000.50"
""",
    ),
    "xero_invoices": (
        "utf-8",
        """\
ContactName,EmailAddress,POAddressLine1,POCity,POPostalCode,POCountry,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,TaxTotal,InvoiceAmountPaid,InvoiceAmountDue,InventoryItemCode,Description,Quantity,UnitAmount,Discount,LineAmount,AccountCode,TaxType,TaxAmount,Currency,Type,Sent,Status
Moulin fictif,,,,,,INV-1,,02/09/2025,02/10/2025,,1200.00,200.00,1200.00,0.00,,Farine,1,500.00,,500.00,200,20%,100.00,EUR,Sales invoice,Sent,Paid
Moulin fictif,,,,,,INV-1,,02/09/2025,02/10/2025,,1200.00,200.00,1200.00,0.00,,Blé,1,500.00,,500.00,200,20%,100.00,EUR,Sales invoice,Sent,Paid
Forge fictive,,,,,,INV-2,,15/09/2025,15/10/2025,,800.50,133.42,0.00,800.50,,Fer,1,667.08,,667.08,200,20%,133.42,EUR,Sales invoice,Sent,Awaiting Payment
Moulin fictif,,,,,,INV-3,,20/10/2025,19/11/2025,,300.00,50.00,0.00,300.00,,Farine,1,250.00,,250.00,200,20%,50.00,EUR,Sales invoice,Sent,Awaiting Payment
Forge fictive,,,,,,CN-1,,05/10/2025,05/10/2025,,-100.00,-16.67,0.00,-100.00,,Retour,1,-83.33,,-83.33,200,20%,-16.67,EUR,Sales credit note,Sent,Awaiting Payment
Scierie fictive,,,,,,INV-4,,03/09/2025,03/10/2025,,1234.56,205.76,234.56,1000.00,,Planche,1,1028.80,,1028.80,200,20%,205.76,EUR,Sales invoice,Sent,Awaiting Payment
Scierie fictive,,,,,,INV-5,,04/09/2025,04/10/2025,,99.00,0.00,0.00,99.00,,Planche,1,99.00,,99.00,200,20%,0,EUR,Sales invoice,,Voided
""",
    ),
    "pennylane": (
        "utf-8",
        """\
Client,Numéro de facture,Libellé,Date d'émission,Date d'échéance,Devise,Montant HT,TVA,Montant TTC,Restant dû,Statut,Date de paiement
Moulin fictif,F-1,Facture Moulin,02/09/2025,02/10/2025,EUR,"1000,00","200,00","1200,00","0,00",Payée,12/10/2025
Forge fictive,F-2,Facture Forge,15/09/2025,15/10/2025,EUR,"667,08","133,42","800,50","800,50",En retard,
Moulin fictif,F-3,Facture Moulin,20/10/2025,19/11/2025,EUR,"250,00","50,00","300,00","300,00",À payer,
Forge fictive,A-1,Avoir Forge,05/10/2025,05/10/2025,EUR,"-83,33","-16,67","-100,00","-100,00",À payer,
Scierie fictive,F-4,Facture Scierie,03/09/2025,03/10/2025,EUR,"1028,80","205,76","1234,56","1000,00",Partiellement payée,20/10/2025
""",
    ),
    "business_central": (
        "utf-8",
        """\
Posting Date;Document Type;Document No.;Customer No.;Customer Name;Description;Currency Code;Original Amount;Amount;Amount (LCY);Remaining Amount;Due Date;Open;Closed at Date
02/09/2025;Invoice;VF1;C001;Moulin fictif;Facture VF1;;1.200,00;1.200,00;1.200,00;0,00;02/10/2025;No;12/10/2025
12/10/2025;Payment;BQ9;C001;Moulin fictif;Paiement;;-1.200,00;-1.200,00;-1.200,00;0,00;12/10/2025;No;12/10/2025
15/09/2025;Invoice;VF2;C002;Forge fictive;Facture VF2;;800,50;800,50;800,50;800,50;15/10/2025;Yes;
20/10/2025;Invoice;VF3;C001;Moulin fictif;Facture VF3;;300,00;300,00;300,00;300,00;19/11/2025;Yes;
05/10/2025;Credit Memo;VA1;C002;Forge fictive;Avoir;;-100,00;-100,00;-100,00;-100,00;05/10/2025;Yes;
03/09/2025;Invoice;VF4;C003;Scierie fictive;Facture VF4;;1.234,56;1.234,56;1.234,56;1.000,00;03/10/2025;Yes;
20/10/2025;Payment;BQ10;C003;Scierie fictive;Paiement;;-234,56;-234,56;-234,56;0,00;20/10/2025;No;20/10/2025
""",
    ),
    "navision_fr": (
        "utf-8",
        """\
Date comptabilisation;Type document;N° document;N° client;Nom client;Montant initial;Montant ouvert;Date d'échéance;Ouvert;Lettré le
02/09/2025;Facture;VF1;C001;Moulin fictif;1 200,00;0,00;02/10/2025;Non;12/10/2025
12/10/2025;Paiement;BQ9;C001;Moulin fictif;-1 200,00;0,00;12/10/2025;Non;12/10/2025
15/09/2025;Facture;VF2;C002;Forge fictive;800,50;800,50;15/10/2025;Oui;
20/10/2025;Facture;VF3;C001;Moulin fictif;300,00;300,00;19/11/2025;Oui;
05/10/2025;Avoir;VA1;C002;Forge fictive;-100,00;-100,00;05/10/2025;Oui;
03/09/2025;Facture;VF4;C003;Scierie fictive;1 234,56;1 000,00;03/10/2025;Oui;
""",
    ),
    "zoho": (
        "utf-8",
        """\
Invoice Date,Invoice ID,Invoice Number,Invoice Status,Customer ID,Customer Name,Due Date,Currency Code,SubTotal,Total,Balance,Last Payment Date
2025-09-02,4600001,INV-1,Closed,C001,Moulin fictif,2025-10-02,EUR,1000.00,1200.00,0.00,2025-10-12
2025-09-15,4600002,INV-2,Overdue,C002,Forge fictive,2025-10-15,EUR,667.08,800.50,800.50,
2025-10-20,4600003,INV-3,Open,C001,Moulin fictif,2025-11-19,EUR,250.00,300.00,300.00,
2025-10-05,4600004,CN-1,Open,C002,Forge fictive,2025-10-05,EUR,-83.33,-100.00,-100.00,
2025-09-03,4600005,INV-4,Overdue,C003,Scierie fictive,2025-10-03,EUR,1028.80,1234.56,1000.00,2025-10-20
2025-10-22,4600006,INV-5,Void,C003,Scierie fictive,2025-11-03,EUR,28.80,34.56,0.00,
""",
    ),
    "dolibarr": (
        "utf-8",
        """\
"Réf. facture","Date facturation","Date limite règlement","Nom du tiers","Code client","Montant HT","Montant TTC","Facture payée","Reste à payer","Date de paiement"
"FA2509-0001","2025-09-02","2025-10-02","Moulin fictif","CU001","1000.00","1200.00","1","0","2025-10-12"
"FA2509-0002","2025-09-15","2025-10-15","Forge fictive","CU002","667.08","800.50","0","800.50",""
"FA2510-0003","2025-10-20","2025-11-19","Moulin fictif","CU001","250.00","300.00","0","300.00",""
"AV2510-0001","2025-10-05","2025-10-05","Forge fictive","CU002","-83.33","-100.00","0","-100.00",""
"FA2509-0004","2025-09-03","2025-10-03","Scierie fictive","CU003","1028.80","1234.56","0","1000.00","2025-10-20"
""",
    ),
    "netsuite": (
        "utf-8",
        """\
Type,Date,Document Number,Name,Due Date/Receive By,Status,Amount,Amount Remaining,Date Closed,Currency
Invoice,2025-09-02,INV1,C001 Moulin fictif,2025-10-02,Paid In Full,1200.00,0.00,2025-10-12,EUR
Invoice,2025-09-15,INV2,C002 Forge fictive,2025-10-15,Open,800.50,800.50,,EUR
Invoice,2025-10-20,INV3,C001 Moulin fictif,2025-11-19,Open,300.00,300.00,,EUR
Credit Memo,2025-10-05,CM1,C002 Forge fictive,,Open,-100.00,-100.00,,EUR
Invoice,2025-09-03,INV4,C003 Scierie fictive,2025-10-03,Open,1234.56,1000.00,,EUR
""",
    ),
    "freshbooks_stripe": (
        "utf-8",
        """\
id,Customer Name,Number,Created (UTC),Due Date (UTC),Amount Due,Amount Paid,Amount Remaining,Currency,Status,Paid At (UTC)
in_1,Moulin fictif,A-1,2025-09-02 10:00,2025-10-02 10:00,1200.00,1200.00,0.00,eur,paid,2025-10-12 08:30
in_2,Forge fictive,A-2,2025-09-15 10:00,2025-10-15 10:00,800.50,0.00,800.50,eur,open,
in_3,Moulin fictif,A-3,2025-10-20 10:00,2025-11-19 10:00,300.00,0.00,300.00,eur,open,
in_4,Forge fictive,A-4,2025-10-05 10:00,2025-10-05 10:00,-100.00,0.00,-100.00,eur,open,
in_5,Scierie fictive,A-5,2025-09-03 10:00,2025-10-03 10:00,1234.56,234.56,1000.00,eur,open,
in_6,Scierie fictive,A-6,2025-09-04 10:00,2025-10-04 10:00,50.00,0.00,50.00,eur,void,
""",
    ),
    "german_datev": (
        "cp1252",
        """\
Debitorenkonto;Debitorenname;Rechnungsnummer;Rechnungsdatum;Fälligkeitsdatum;Bruttobetrag;Offener Betrag;Zahlungsdatum
10001;Moulin fictif;R1;02.09.2025;02.10.2025;1.200,00;0,00;12.10.2025
10002;Forge fictive;R2;15.09.2025;15.10.2025;800,50;800,50;
10001;Moulin fictif;R3;20.10.2025;19.11.2025;300,00;300,00;
10002;Forge fictive;G1;05.10.2025;05.10.2025;-100,00;-100,00;
10003;Scierie fictive;R4;03.09.2025;03.10.2025;1.234,56;1.000,00;20.10.2025
""",
    ),
    "spanish": (
        "utf-8",
        """\
Código cliente;Cliente;NIF;Nº factura;Fecha factura;Fecha vencimiento;Importe total;Pendiente;Fecha de cobro
430001;Moulin fictif;;F1;02/09/2025;02/10/2025;1.200,00;0,00;12/10/2025
430002;Forge fictive;;F2;15/09/2025;15/10/2025;800,50;800,50;
430001;Moulin fictif;;F3;20/10/2025;19/11/2025;300,00;300,00;
430002;Forge fictive;;A1;05/10/2025;05/10/2025;-100,00;-100,00;
430003;Scierie fictive;;F4;03/09/2025;03/10/2025;1.234,56;1.000,00;20/10/2025
""",
    ),
    "italian": (
        "utf-8",
        """\
Codice cliente;Ragione sociale;Partita IVA;Numero fattura;Data fattura;Data scadenza;Importo totale;Saldo residuo;Data incasso
C1;Moulin fictif;;F1;02/09/2025;02/10/2025;1.200,00;0,00;12/10/2025
C2;Forge fictive;;F2;15/09/2025;15/10/2025;800,50;800,50;
C1;Moulin fictif;;F3;20/10/2025;19/11/2025;300,00;300,00;
C2;Forge fictive;;N1;05/10/2025;05/10/2025;-100,00;-100,00;
C3;Scierie fictive;;F4;03/09/2025;03/10/2025;1.234,56;1.000,00;20/10/2025
""",
    ),
    "dutch": (
        "utf-8",
        """\
Debiteurnummer;Debiteurnaam;Factuurnummer;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand bedrag;Betaaldatum
1001;Moulin fictif;F1;02-09-2025;02-10-2025;1.200,00;0,00;12-10-2025
1002;Forge fictive;F2;15-09-2025;15-10-2025;800,50;800,50;
1001;Moulin fictif;F3;20-10-2025;19-11-2025;300,00;300,00;
1002;Forge fictive;C1;05-10-2025;05-10-2025;-100,00;-100,00;
1003;Scierie fictive;F4;03-09-2025;03-10-2025;1.234,56;1.000,00;20-10-2025
""",
    ),
    "debit_credit_list": (
        "utf-8",
        """\
Compte client;Raison sociale;N° pièce;Date pièce;Date échéance;Débit;Crédit;Date lettrage
C001;Moulin fictif;F1;02/09/2025;02/10/2025;1200,00;;12/10/2025
C002;Forge fictive;F2;15/09/2025;15/10/2025;800,50;;
C001;Moulin fictif;F3;20/10/2025;19/11/2025;300,00;;
C002;Forge fictive;A1;05/10/2025;05/10/2025;;100,00;
C003;Scierie fictive;F4;03/09/2025;03/10/2025;1000,00;;
""",
    ),
    "amount_sense_list": (
        "utf-8",
        """\
Code tiers;Nom du tiers;Pièce;Date facture;Echéance;Montant;Sens;Date règlement
C001;Moulin fictif;F1;02/09/2025;02/10/2025;1200,00;D;12/10/2025
C002;Forge fictive;F2;15/09/2025;15/10/2025;800,50;D;
C001;Moulin fictif;F3;20/10/2025;19/11/2025;300,00;D;
C002;Forge fictive;A1;05/10/2025;05/10/2025;100,00;C;
C003;Scierie fictive;F4;03/09/2025;03/10/2025;1000,00;D;
""",
    ),
    "credit_notes_positive": (
        "utf-8",
        """\
Type de document;N° facture;Client;Date de facture;Date d'échéance;Montant TTC;Date de paiement
Facture;F1;Moulin fictif;02/09/2025;02/10/2025;1200,00;12/10/2025
Facture;F2;Forge fictive;15/09/2025;15/10/2025;800,50;
Facture;F3;Moulin fictif;20/10/2025;19/11/2025;300,00;
Avoir;A1;Forge fictive;05/10/2025;05/10/2025;100,00;
Facture;F4;Scierie fictive;03/09/2025;03/10/2025;1000,00;
""",
    ),
    "excel_text_utf16": (
        "utf-16",
        """\
N° client\tNom\tN° facture\tDate facture\tEchéance\tTTC\tRéglé le
C001\tMoulin fictif\tF1\t02/09/2025\t02/10/2025\t1 200,00\t12/10/2025
C002\tForge fictive\tF2\t15/09/2025\t15/10/2025\t800,50\t
C001\tMoulin fictif\tF3\t20/10/2025\t19/11/2025\t300,00\t
C002\tForge fictive\tA1\t05/10/2025\t05/10/2025\t-100,00\t
C003\tScierie fictive\tF4\t03/09/2025\t03/10/2025\t1 000,00\t
""",
    ),
    "cegid": (
        "utf-8",
        """\
AUXILIAIRE|LIBELLE AUXILIAIRE|REFERENCE|DATE COMPTABLE|DATE ECHEANCE|MONTANT|RESTE DU|MODE PAIEMENT|DATE PAIEMENT
C001|Moulin fictif|F1|02/09/2025|02/10/2025|1200.00|0.00|VIR|12/10/2025
C002|Forge fictive|F2|15/09/2025|15/10/2025|800.50|800.50|VIR|
C001|Moulin fictif|F3|20/10/2025|19/11/2025|300.00|300.00|LCR|
C002|Forge fictive|A1|05/10/2025|05/10/2025|-100.00|-100.00||
C003|Scierie fictive|F4|03/09/2025|03/10/2025|1234.56|1000.00|CHQ|20/10/2025
""",
    ),
}
