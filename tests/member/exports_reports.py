"""Printed reports and hand-made lists: grouped by client, terms for due dates, abbreviations, ledgers of clients.

The firms are made up: nothing here is anybody's.
"""

# ruff: noqa: E501

OPEN_LISTS = {
    "grouped_by_client": (
        "cp1252",
        """\
Échéancier par client au 31/10/2025;;;;;
Client;N° facture;Date facture;Échéance;Montant TTC;Solde dû
Moulin fictif;;;;;
;F3;20/10/2025;19/11/2025;300,00;300,00
Total Moulin fictif;;;;300,00;300,00
Forge fictive;;;;;
;F2;15/09/2025;15/10/2025;800,50;800,50
;A1;05/10/2025;05/10/2025;-100,00;-100,00
Total Forge fictive;;;;700,50;700,50
Scierie fictive;;;;;
;F4;03/09/2025;03/10/2025;1 234,56;1 000,00
Total Scierie fictive;;;;1 234,56;1 000,00
Total général;;;;2 235,06;2 000,50
""",
    ),
    "grouped_qb": (
        "utf-8",
        """\
,Date,Transaction Type,Num,Due Date,Amount,Open Balance
Moulin fictif,,,,,,
,20/10/2025,Invoice,F3,19/11/2025,300.00,300.00
Total for Moulin fictif,,,,,300.00,300.00
Forge fictive,,,,,,
,15/09/2025,Invoice,F2,15/10/2025,800.50,800.50
,05/10/2025,Credit Memo,A1,05/10/2025,-100.00,-100.00
Total for Forge fictive,,,,,700.50,700.50
Scierie fictive,,,,,,
,03/09/2025,Invoice,F4,03/10/2025,"1,234.56","1,000.00"
Total for Scierie fictive,,,,,"1,234.56","1,000.00"
TOTAL,,,,,"2,235.06","2,000.50"
""",
    ),
    "terms_column": (
        "utf-8",
        """\
N° client;Client;N° facture;Date facture;Conditions de paiement;Montant TTC;Date de règlement
C001;Moulin fictif;F3;20/10/2025;30 jours net;300,00;
C002;Forge fictive;F2;15/09/2025;30 jours fin de mois;800,50;
C002;Forge fictive;A1;05/10/2025;Comptant;-100,00;
C003;Scierie fictive;F4;03/09/2025;45 jours;1 000,00;
""",
    ),
    "terms_en": (
        "utf-8",
        """\
Invoice No,Customer,Invoice Date,Terms,Amount,Date Paid
F3,Moulin fictif,2025-10-20,Net 30,300.00,
F2,Forge fictive,2025-09-15,Net 30,800.50,
A1,Forge fictive,2025-10-05,Due on receipt,-100.00,
F4,Scierie fictive,2025-09-03,Net 45,1000.00,
""",
    ),
    "two_dates_short": (
        "utf-8",
        """\
Tiers;Réf;Date;Ech.;Mt TTC;Rglt le
Moulin fictif;F3;20/10/25;19/11/25;300,00;
Forge fictive;F2;15/09/25;15/10/25;800,50;
Forge fictive;A1;05/10/25;05/10/25;-100,00;
Scierie fictive;F4;03/09/25;03/10/25;1000,00;
""",
    ),
}
LISTS = {
    "snake_case": (
        "utf-8",
        """\
customer_id,customer_name,invoice_number,invoice_date,due_date,total_amount,amount_paid,balance_due,payment_date,status
C001,Moulin fictif,F1,2025-09-02,2025-10-02,1200.00,1200.00,0.00,2025-10-12,paid
C001,Moulin fictif,F3,2025-10-20,2025-11-19,300.00,0.00,300.00,,open
C002,Forge fictive,F2,2025-09-15,2025-10-15,800.50,0.00,800.50,,overdue
C002,Forge fictive,A1,2025-10-05,2025-10-05,-100.00,0.00,-100.00,,open
C003,Scierie fictive,F4,2025-09-03,2025-10-03,1234.56,234.56,1000.00,,partial
""",
    ),
    "paid_amount_only": (
        "utf-8",
        """\
N° client;Nom;N° facture;Date facture;Échéance;Montant TTC;Montant réglé;Date règlement
C001;Moulin fictif;F1;02/09/2025;02/10/2025;1200,00;1200,00;12/10/2025
C001;Moulin fictif;F3;20/10/2025;19/11/2025;300,00;0,00;
C002;Forge fictive;F2;15/09/2025;15/10/2025;800,50;0,00;
C002;Forge fictive;A1;05/10/2025;05/10/2025;-100,00;0,00;
C003;Scierie fictive;F4;03/09/2025;03/10/2025;1234,56;234,56;20/10/2025
""",
    ),
}
BALANCES = {
    "ab_two_row_heading": (
        "cp1252",
        """\
Balance âgée au 31/10/2025;;;;;;;
;;;Échu;;;;
Code;Client;Non échu;1-30 j;31-60 j;61-90 j;+ de 90 j;Total
C001;Moulin fictif;300,00;;;;;300,00
C002;Forge fictive;;700,50;;;;700,50
C003;Scierie fictive;;;500,00;400,00;100,00;1 000,00
""",
    ),
    "ab_k": (
        "cp1252",
        """\
Date d'arrêté;31/10/2025;;;;;
Tiers;Nom tiers;Solde comptable;Non échu;0 à 30 jours;30 à 60 jours;60 à 90 jours;Au-delà de 90 jours
C001;Moulin fictif;300,00;300,00;;;;
C002;Forge fictive;700,50;;700,50;;;
C003;Scierie fictive;1 000,00;;;500,00;400,00;100,00
""",
    ),
}
CLIENT_LEDGERS = {
    "aux_tiers": (
        "cp1252",
        """\
Compte tiers;Intitulé tiers;Date;Journal;N° pièce;Libellé;Débit;Crédit;Lettrage;Échéance
C001;Moulin fictif;02/09/2025;VE;F1;Facture F1;1 200,00;;A;02/10/2025
C002;Forge fictive;15/09/2025;VE;F2;Facture F2;800,50;;;15/10/2025
C002;Forge fictive;05/10/2025;VE;A1;Avoir A1;;100,00;;
C001;Moulin fictif;12/10/2025;BQ;V1;Virement;;1 200,00;A;
C001;Moulin fictif;20/10/2025;VE;F3;Facture F3;300,00;;;19/11/2025
""",
    ),
    "aux_compte_codes": (
        "cp1252",
        """\
Compte;Nom;Date;Jal;Pièce;Libellé;Débit;Crédit;Let
CMOUL;Moulin fictif;02/09/2025;VTE;F1;Facture F1;1200,00;0,00;AA
CFORG;Forge fictive;15/09/2025;VTE;F2;Facture F2;800,50;0,00;
CFORG;Forge fictive;05/10/2025;VTE;A1;Avoir A1;0,00;100,00;
CMOUL;Moulin fictif;12/10/2025;BNP;V1;Virement;0,00;1200,00;AA
CMOUL;Moulin fictif;20/10/2025;VTE;F3;Facture F3;300,00;0,00;
""",
    ),
    "aux_totals": (
        "cp1252",
        """\
Grand livre auxiliaire clients;;;;;;;;
Compte tiers;Intitulé tiers;Date;Journal;N° pièce;Libellé;Débit;Crédit;Lettrage
C001;Moulin fictif;02/09/2025;VE;F1;Facture F1;1 200,00;;A
C001;Moulin fictif;12/10/2025;BQ;V1;Virement;;1 200,00;A
C001;Moulin fictif;20/10/2025;VE;F3;Facture F3;300,00;;
;;;;;Total compte C001;1 500,00;1 200,00;
C002;Forge fictive;15/09/2025;VE;F2;Facture F2;800,50;;
C002;Forge fictive;05/10/2025;VE;A1;Avoir A1;;100,00;
;;;;;Total compte C002;800,50;100,00;
;;;;;Total général;2 300,50;1 300,00;
""",
    ),
}
