"""One-click log-in links: the secrets of a demo account in the link's fragment, which no browser sends.

Knows: how the page reads them (`#demo=` and base64url of a JSON object). Only a demo's or a replay's accounts
are ever put in a link.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody a visitor can log in as; `account_key` as people type it."""

    who: str
    email: str
    password: str
    account_key: str


def link(url: str, account: Account) -> str:
    """The page's address with the account's secrets behind the #."""
    secrets = {key: value for key, value in asdict(account).items() if key != "who"}
    packed = base64.urlsafe_b64encode(json.dumps(secrets, separators=(",", ":")).encode()).decode()
    return f"{url}/#demo={packed.rstrip('=')}"
