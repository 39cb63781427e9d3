"""Readers of what firms already have: ledgers (FEC), electronic invoices.

Knows: the shape of each source. Each gives invoices by account for `member.imported`; none knows the network.
"""
