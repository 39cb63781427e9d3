"""A log-in link carries its secrets where no server sees them."""

import base64
import json
from urllib.parse import urlsplit

from demo.links import Account, link

ACCOUNT = Account("A firm", "someone@firm.example", "a password ?/+", "VK1-ABCDE-FGHIJ")


def test_the_secrets_stand_behind_the_hash_and_nowhere_else() -> None:
    parts = urlsplit(link("http://127.0.0.1:8000", ACCOUNT))
    assert (parts.path, parts.query) == ("/", "")
    name, packed = parts.fragment.split("=", 1)
    assert name == "demo"
    assert json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))) == {
        "email": ACCOUNT.email,
        "password": ACCOUNT.password,
        "account_key": ACCOUNT.account_key,
    }
