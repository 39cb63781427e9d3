"""One list of invoices in the habits of many hands: dates, signs, brackets, footnotes, sums, words for paid.

The firms are made up: nothing here is anybody's.
"""

# ruff: noqa: E501, W291

LISTS = {
    "negative_in_brackets": (
        "utf-8",
        """\
Facture;Code;Client;Date;Echéance;TTC;Payée le
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;12/10/2025
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;
A1;C002;Forge fictive;05/10/2025;05/10/2025;(100,00);
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;
""",
    ),
    "american": (
        "utf-8",
        """\
Invoice #,Cust ID,Customer,Inv. Date,Due,Amount,Paid Date
F1,C001,Moulin fictif,09/02/2025,10/02/2025,"$1,200.00",10/12/2025
F2,C002,Forge fictive,09/15/2025,10/15/2025,"$800.50",
F3,C001,Moulin fictif,10/20/2025,11/19/2025,"$300.00",
A1,C002,Forge fictive,10/05/2025,10/05/2025,"$-100.00",
F4,C003,Scierie fictive,09/03/2025,10/03/2025,"$1,000.00",
""",
    ),
    "months_in_words": (
        "utf-8",
        """\
N° facture;N° client;Nom;Date;Échéance;Montant;Règlement
F1;C001;Moulin fictif;02 sept. 2025;02 oct. 2025;1200,00;12 octobre 2025
F2;C002;Forge fictive;15 sept. 2025;15 oct. 2025;800,50;
F3;C001;Moulin fictif;20 octobre 2025;19 nov. 2025;300,00;
A1;C002;Forge fictive;05 octobre 2025;05 oct. 2025;-100,00;
F4;C003;Scierie fictive;03 sept. 2025;03 oct. 2025;1000,00;
""",
    ),
    "moments": (
        "utf-8",
        """\
invoice	account	name	date	due	amount	paid
F1	C001	Moulin fictif	2025-09-02T00:00:00Z	2025-10-02T00:00:00Z	1200.00	2025-10-12T09:00:00Z
F2	C002	Forge fictive	2025-09-15T00:00:00Z	2025-10-15T00:00:00Z	800.50	
F3	C001	Moulin fictif	2025-10-20T00:00:00Z	2025-11-19T00:00:00Z	300.00	
A1	C002	Forge fictive	2025-10-05T00:00:00Z	2025-10-05T00:00:00Z	-100.00	
F4	C003	Scierie fictive	2025-09-03T00:00:00Z	2025-10-03T00:00:00Z	1000.00	
""",
    ),
    "footnote": (
        "utf-8",
        """\
Liste des factures clients

N° facture|N° client|Raison sociale|Date facture|Date échéance|Montant TTC|Date règlement
F1|C001|Moulin fictif|02/09/2025|02/10/2025|1200,00|12/10/2025
F2|C002|Forge fictive|15/09/2025|15/10/2025|800,50|
F3|C001|Moulin fictif|20/10/2025|19/11/2025|300,00|
A1|C002|Forge fictive|05/10/2025|05/10/2025|-100,00|
F4|C003|Scierie fictive|03/09/2025|03/10/2025|1000,00|
Édité le 20/11/2025 par compta
""",
    ),
    "total_below": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Montant TTC;Date règlement
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;12/10/2025
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;
A1;C002;Forge fictive;05/10/2025;05/10/2025;-100,00;
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;
;;Total;;;3200,50;
""",
    ),
    "count_below": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Montant TTC;Date règlement
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;12/10/2025
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;
A1;C002;Forge fictive;05/10/2025;05/10/2025;-100,00;
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;
Nombre de factures : 5;;;;;3200,50;
""",
    ),
    "status_alone": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Montant TTC;Statut
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;Payée
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;Impayée
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;Impayée
A1;C002;Forge fictive;05/10/2025;05/10/2025;-100,00;Impayée
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;Impayée
""",
    ),
    "paid_yes_no": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Montant TTC;Payé
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;Oui
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;Non
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;Non
A1;C002;Forge fictive;05/10/2025;05/10/2025;-100,00;Non
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;Non
""",
    ),
    "two_due_dates": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Date échéance initiale;Montant TTC;Date règlement
F1;C001;Moulin fictif;02/09/2025;02/10/2025;02/10/2025;1200,00;12/10/2025
F2;C002;Forge fictive;15/09/2025;15/10/2025;15/10/2025;800,50;
F3;C001;Moulin fictif;20/10/2025;19/11/2025;19/11/2025;300,00;
A1;C002;Forge fictive;05/10/2025;05/10/2025;05/10/2025;-100,00;
F4;C003;Scierie fictive;03/09/2025;03/10/2025;03/10/2025;1000,00;
""",
    ),
    "dashes": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Montant TTC;Date règlement
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;12/10/2025
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;-
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;-
A1;C002;Forge fictive;05/10/2025;05/10/2025;-100,00;-
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;-
""",
    ),
    "amount_in_two_currencies": (
        "utf-8",
        """\
N° facture;N° client;Raison sociale;Date facture;Date échéance;Montant devise;Devise;Montant EUR;Date règlement
F1;C001;Moulin fictif;02/09/2025;02/10/2025;1200,00;EUR;1200,00;12/10/2025
F2;C002;Forge fictive;15/09/2025;15/10/2025;800,50;EUR;800,50;
F3;C001;Moulin fictif;20/10/2025;19/11/2025;300,00;EUR;300,00;
A1;C002;Forge fictive;05/10/2025;05/10/2025;-100,00;EUR;-100,00;
F4;C003;Scierie fictive;03/09/2025;03/10/2025;1000,00;EUR;1000,00;
""",
    ),
}
