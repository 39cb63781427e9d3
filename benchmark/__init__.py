"""Counts days and money: indicators, contributions, the tally, the comparison, alerts.

Knows: contributions, cells, formulas of credit management and where each comes from.
Must not know: sockets, rows, the time, client names, conversations.
"""
