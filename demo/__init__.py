"""The fictional network: plays every firm through the real agent against a running server.

Knows: both sides, as a person at two keyboards would. Every firm, client and figure in it is invented.
Must not know: any shortcut past the API.
"""
