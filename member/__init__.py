"""The member's side in Python: connectors, the client book, the agent `vigie`.

Knows: client names and identifiers, the firm's keys, its own ledger.
Must not know: the server's code (it speaks to it by the documented API alone).
"""
