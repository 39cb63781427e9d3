"""From a file of the member's to an import: read, recognise, check, count; all of it or nothing.

Knows: the order of the steps. Each step is a module of its own: reading (bytes to a table), mapping (which
column is what), invoice_list and figures (a table to invoices or contributions).
"""

from __future__ import annotations

from member.imported import Imported, ImportedClient, from_invoices

__all__ = ["Imported", "ImportedClient", "from_invoices"]
