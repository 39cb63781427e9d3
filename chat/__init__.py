"""Carries sealed bytes between two firms: envelopes, keys, sessions, the relay's rules.

Knows: conversations, epochs, counters, signatures. `session` alone opens messages; only members
import it.
Must not know: sockets, rows, money, the release policy.
"""
