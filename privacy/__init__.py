"""Hides: who a client is (identifiers, blinding, evaluation) and what one firm reported (the release policy).

Knows: canonical identifiers, RFC 9497, delegations, the profiles and the only road from `Tally` to `Release`.
Must not know: sockets, rows, the time, randomness of its own (both are arguments), money, messages.
"""
