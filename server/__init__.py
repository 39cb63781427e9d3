"""The operator's side: sockets, rows and the time. One file a station.

Knows: firms, sessions, uploads, releases, alerts, sealed conversations, by pseudonym alone.
Must not know: a client's identifier or name, the content of a message (import contracts refuse it).
"""
