"""The same balance of 31 October 2025 as accounting programs age it.

The firms are made up: nothing here is anybody's.
"""

# ruff: noqa: E501

EXPORTS = {
    "ab_quickbooks": (
        "utf-8",
        """\
A/R Ageing Summary,,,,,,
Fictional Firm,,,,,,
"As of October 31, 2025",,,,,,
,,,,,,
,Current,1 - 30,31 - 60,61 - 90,91 and over,Total
Moulin fictif,300.00,,,,,300.00
Forge fictive,,700.50,,,,700.50
Scierie fictive,,,500.00,400.00,100.00,"1,000.00"
TOTAL,300.00,700.50,500.00,400.00,100.00,"2,000.50"
""",
    ),
    "ab_xero": (
        "utf-8",
        """\
Aged Receivables Summary,,,,,,
Fictional Firm,,,,,,
As at 31 October 2025,,,,,,
Ageing by due date,,,,,,
,,,,,,
Contact,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total
Moulin fictif,300.00,0.00,0.00,0.00,0.00,0.00,300.00
Forge fictive,0.00,700.50,0.00,0.00,0.00,0.00,700.50
Scierie fictive,0.00,0.00,500.00,400.00,60.00,40.00,1000.00
Total,300.00,700.50,500.00,400.00,60.00,40.00,2000.50
""",
    ),
    "ab_odoo": (
        "utf-8",
        """\
,Not Due On: 2025-10-31,1 - 30,31 - 60,61 - 90,91 - 120,Older,Total
Moulin fictif,300.0,0.0,0.0,0.0,0.0,0.0,300.0
Forge fictive,0.0,700.5,0.0,0.0,0.0,0.0,700.5
Scierie fictive,0.0,0.0,500.0,400.0,60.0,40.0,1000.0
""",
    ),
    "ab_odoo_at_date": (
        "utf-8",
        """\
Balance âgée client,At Date,1-30,31-60,61-90,91-120,Older,Total
31/10/2025,,,,,,,
Moulin fictif,300.0,0.0,0.0,0.0,0.0,0.0,300.0
Forge fictive,0.0,700.5,0.0,0.0,0.0,0.0,700.5
Scierie fictive,0.0,0.0,500.0,400.0,60.0,40.0,1000.0
""",
    ),
    "ab_sage100": (
        "cp1252",
        """\
Balance âgée des tiers - arrêtée au 31/10/2025;;;;;;;
N° compte tiers;Intitulé;Solde;Non échu;Moins de 30 jours;De 31 à 60 jours;De 61 à 90 jours;Plus de 90 jours
C001;Moulin fictif;300,00;300,00;;;;
C002;Forge fictive;700,50;;700,50;;;
C003;Scierie fictive;1 000,00;;;500,00;400,00;100,00
Total;;2 000,50;300,00;700,50;500,00;400,00;100,00
""",
    ),
    "ab_sage50uk": (
        "utf-8",
        """\
A/C,Name,Credit Limit,Turnover YTD,Balance,Future,Current,Period 1,Period 2,Period 3,Older
C001,Moulin fictif,1000.00,5000.00,300.00,0.00,300.00,0.00,0.00,0.00,0.00
C002,Forge fictive,2000.00,5000.00,700.50,0.00,0.00,700.50,0.00,0.00,0.00
C003,Scierie fictive,9000.00,5000.00,1000.00,0.00,0.00,0.00,500.00,400.00,100.00
""",
    ),
    "ab_cegid": (
        "utf-8",
        """\
Auxiliaire;Raison sociale;Total dû;A échoir;Echu 0-30 j;Echu 31-60 j;Echu 61-90 j;Echu > 90 j
C001;Moulin fictif;300,00;300,00;0,00;0,00;0,00;0,00
C002;Forge fictive;700,50;0,00;700,50;0,00;0,00;0,00
C003;Scierie fictive;1000,00;0,00;0,00;500,00;400,00;100,00
""",
    ),
    "ab_german": (
        "utf-8",
        """\
OP-Liste Debitoren per 31.10.2025;;;;;;
Debitor;Name;Gesamt;Nicht fällig;1-30 Tage;31-60 Tage;61-90 Tage;über 90 Tage
10001;Moulin fictif;300,00;300,00;0,00;0,00;0,00;0,00
10002;Forge fictive;700,50;0,00;700,50;0,00;0,00;0,00
10003;Scierie fictive;1.000,00;0,00;0,00;500,00;400,00;100,00
""",
    ),
    "ab_spanish": (
        "utf-8",
        """\
Saldos por antigüedad al 31/10/2025;;;;;;
Código;Cliente;Saldo total;No vencido;1 a 30 días;31 a 60 días;61 a 90 días;Más de 90 días
430001;Moulin fictif;300,00;300,00;0,00;0,00;0,00;0,00
430002;Forge fictive;700,50;0,00;700,50;0,00;0,00;0,00
430003;Scierie fictive;1.000,00;0,00;0,00;500,00;400,00;100,00
""",
    ),
    "ab_italian": (
        "utf-8",
        """\
Scadenzario clienti al 31/10/2025;;;;;;
Cliente;Totale;A scadere;Scaduto 1-30;Scaduto 31-60;Scaduto 61-90;Oltre 90 giorni
Moulin fictif;300,00;300,00;0,00;0,00;0,00;0,00
Forge fictive;700,50;0,00;700,50;0,00;0,00;0,00
Scierie fictive;1.000,00;0,00;0,00;500,00;400,00;100,00
""",
    ),
    "ab_dutch": (
        "utf-8",
        """\
Ouderdomsanalyse debiteuren 31-10-2025;;;;;;
Debiteur;Naam;Totaal;Niet vervallen;1-30 dagen;31-60 dagen;61-90 dagen;> 90 dagen
1001;Moulin fictif;300,00;300,00;0,00;0,00;0,00;0,00
1002;Forge fictive;700,50;0,00;700,50;0,00;0,00;0,00
1003;Scierie fictive;1.000,00;0,00;0,00;500,00;400,00;100,00
""",
    ),
    "ab_months_fr": (
        "utf-8",
        """\
Balance âgée au 31/10/2025
Client;Total;Non échu;< 1 mois;1 à 2 mois;2 à 3 mois;> 3 mois
Moulin fictif;300,00;300,00;;;;
Forge fictive;700,50;;700,50;;;
Scierie fictive;1000,00;;;500,00;400,00;100,00
""",
    ),
    "ab_en_past_due": (
        "utf-8",
        """\
Customer ID,Customer Name,Total Outstanding,Not Past Due,1-30 Days Past Due,31-60 Days Past Due,61-90 Days Past Due,Over 90 Days Past Due
C001,Moulin fictif,300.00,300.00,0.00,0.00,0.00,0.00
C002,Forge fictive,700.50,0.00,700.50,0.00,0.00,0.00
C003,Scierie fictive,1000.00,0.00,0.00,500.00,400.00,100.00
""",
    ),
}
