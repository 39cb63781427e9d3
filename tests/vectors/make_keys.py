"""Writes keys.json: the two secrets, seals, bundles, the account key, the recovery kit and the book's head.

Read by Python and TypeScript. Every secret here is a test's.
Run from the repository: python tests/vectors/make_keys.py
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.book import head_bytes
from member.keys import (
    Bundle,
    RoleKeys,
    account_key_text,
    book_name,
    bundle_name,
    derive,
    recovery_key,
    recovery_kit_text,
    recovery_name,
    seal,
    seal_bundle,
)

PATH = Path(__file__).parent / "keys.json"
FIRM = "00010203-0405-4607-8809-0a0b0c0d0e0f"
DEVICE = "10111213-1415-4617-9819-1a1b1c1d1e1f"


def b64(data):
    return base64.b64encode(data).decode()


def filled(text, size=32):
    return hashlib.sha256(text.encode()).digest()[:size]


def two_secrets():
    cases = []
    # The second password is one text in two spellings (NFKC makes them one); the third has no letter at all.
    passwords = ("correct horse battery staple", "Ａｌｌée №5 ﬁn", "Allée No5 fin", "12345678")
    for password, user in zip(passwords, ("first", "allée", "allée", "digits"), strict=True):
        salt, account = filled("salt " + user, 16), filled("account " + user, 16)
        found = derive(password, account, salt)
        cases.append(
            {
                "password": password,
                "account_key": b64(account),
                "kdf_salt": b64(salt),
                "auth_key": b64(found.auth_key),
                "wrapping_key": b64(found.wrapping_key),
            }
        )
    return cases


def seals():
    cases = []
    for plain in (b"", b"Verrerie G\xc3\xa2tinais", bytes(5000), filled("noise") * 3):
        key, nonce = filled(f"key {len(plain)}"), filled(f"nonce {len(plain)}", 12)
        aad = book_name(FIRM, "names")
        cases.append(
            {
                "key": b64(key),
                "aad": aad,
                "plain": b64(plain),
                "nonce": b64(nonce),
                "sealed": b64(seal(key, plain, aad, nonce)),
            }
        )
    return cases


def not_opened():
    """Each differs from a good seal in one thing: nothing of it opens."""
    key, aad = filled("key"), book_name(FIRM, "names")
    good = seal(key, b"names", aad, filled("nonce", 12))
    touched = bytearray(good)
    touched[-1] ^= 1
    cut = good[:20]
    return [
        {"why": "another key", "key": b64(filled("other")), "aad": aad, "sealed": b64(good)},
        {"why": "another name", "key": b64(key), "aad": book_name(FIRM, "notes"), "sealed": b64(good)},
        {"why": "a touched byte", "key": b64(key), "aad": aad, "sealed": b64(bytes(touched))},
        {"why": "another version", "key": b64(key), "aad": aad, "sealed": b64(b"\x02" + good[1:])},
        {"why": "cut off", "key": b64(key), "aad": aad, "sealed": b64(cut)},
    ]


def role_keys():
    return RoleKeys(*(filled(name) for name in ("names", "ledger", "conversations", "notes")))


def bundles():
    administrator = Bundle(role_keys(), root_seed=filled("root"))
    sales = Bundle(RoleKeys(names=filled("names")), device_seed=filled("device"), delegation=bytes(129))
    cases = []
    for email, bundle in (("Anne.Martin@Exemple.TEST", administrator), ("sales@exemple.test", sales)):
        key = filled("wrapping " + email)
        cases.append(
            {
                "email": email,
                "wrapping_key": b64(key),
                "name": bundle_name(email),
                "sealed": b64(seal_bundle(key, bundle, bundle_name(email))),
                "role_keys": {
                    name: b64(value)
                    for name in ("names", "ledger", "conversations", "notes")
                    if (value := getattr(bundle.role_keys, name)) is not None
                },
                "root_seed": b64(bundle.root_seed) if bundle.root_seed else None,
                "device_seed": b64(bundle.device_seed) if bundle.device_seed else None,
                "delegation": b64(bundle.delegation) if bundle.delegation else None,
            }
        )
    return cases


def account_keys():
    good = [
        {"account_key": b64(key), "text": account_key_text(key)}
        for key in (bytes(16), bytes(range(16)), filled("an account key", 16))
    ]
    text = account_key_text(filled("an account key", 16))
    return {
        "good": good,
        "also_read": [
            {"text": text.lower(), "account_key": b64(filled("an account key", 16))},
            {"text": " ".join(text.split("-")[1:]), "account_key": b64(filled("an account key", 16))},
        ],
        "refused": ["", "VK1-AAAAA", text + "AAAA", text[:-1] + "7", text.replace("-", "!")],
    }


def recovery():
    kit = filled("a recovery kit")
    text = recovery_kit_text(kit)
    bundle = Bundle(role_keys(), root_seed=filled("root"))
    swapped = text[:9] + ("B" if text[9] != "B" else "C") + text[10:]
    return {
        "kit": b64(kit),
        "text": text,
        "key": b64(recovery_key(kit)),
        "firm": FIRM,
        "sealed": b64(seal_bundle(recovery_key(kit), bundle, recovery_name(FIRM))),
        "root_seed": b64(filled("root")),
        "mistyped": swapped,
    }


def heads():
    device = Ed25519PrivateKey.from_private_bytes(filled("device"))
    first = head_bytes(1, None, {"names": filled("sealed names").hex()}, DEVICE)
    second = head_bytes(
        2,
        first,
        {"names": filled("sealed names 2").hex(), "ledger/2026-11": filled("sealed month").hex()},
        DEVICE,
    )
    return [
        {
            "head": b64(head),
            "seed": b64(filled("device")),
            "public": b64(device.public_key().public_bytes_raw()),
            "signature": b64(device.sign(b"vigie/book/v1\0" + head)),
            "previous": b64(before) if before else None,
        }
        for before, head in ((None, first), (first, second))
    ]


if __name__ == "__main__":
    found = {
        "about": "Written by make_keys.py. Every secret here is a test's. bytes are base64.",
        "two_secrets": two_secrets(),
        "seals": seals(),
        "not_opened": not_opened(),
        "bundles": bundles(),
        "account_keys": account_keys(),
        "recovery": recovery(),
        "book_heads": heads(),
    }
    PATH.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
