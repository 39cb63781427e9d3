"""Every way in which a client's identifier or name could be written down, as bytes to search for.

A number is written raw, spaced, dotted, as the head of a SIRET, inside a VAT number; a name in capitals,
without accents, decomposed. Each text is then encoded: UTF-8, UTF-16, Latin-1, hexadecimal, base64 at
every alignment, base32, percent-encoding, JSON and HTML escapes. Digests without a secret count too: whoever
holds the register's list can undo SHA-256 of a SIREN. Binary integers are left out: four bytes are anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SHORTEST = 8


def of_identifier(siren: str) -> dict[bytes, str]:
    """Spellings of a SIREN, each with what it is."""
    check = (12 + 3 * (int(siren) % 97)) % 97
    threes = (siren[:3], siren[3:6], siren[6:])
    texts = {siren: "raw", f"fr.siren:{siren}": "canonical", f"FR{check:02d}{siren}": "VAT"}
    for name, gap in (("space", " "), ("no-break space", "\u00a0"), ("narrow space", "\u202f")):
        texts[gap.join(threes)] = f"spaced ({name})"
    texts["-".join(threes)] = "hyphenated"
    texts[".".join(threes)] = "dotted"
    texts[siren[::-1]] = "backwards"
    return dict(_encoded(texts) | _digests((siren, f"fr.siren:{siren}", f"FR{check:02d}{siren}")))


def of_name(name: str) -> dict[bytes, str]:
    """Spellings of a name, each with what it is."""
    decomposed = unicodedata.normalize("NFD", name)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    texts = {name: "as it is", decomposed: "decomposed", bare: "without accents"}
    texts |= {text.upper(): f"{what}, upper case" for text, what in list(texts.items())}
    texts |= {text.lower(): f"{what}, lower case" for text, what in list(texts.items()) if "case" not in what}
    texts |= {"-".join(text.lower().split()): "as a slug" for text in (name, bare)}
    texts |= {"_".join(text.lower().split()): "as a slug" for text in (name, bare)}
    return dict(_encoded(texts) | _digests((name, name.lower(), name.upper())))


def _encoded(texts: dict[str, str]) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for text, what in texts.items():
        for pattern, how in _encodings(text):
            if len(pattern) >= SHORTEST:
                found.setdefault(pattern, f"{what}, {how}")
    return found


def _encodings(text: str) -> Iterator[tuple[bytes, str]]:
    plain = text.encode()
    yield plain, "UTF-8"
    yield text.encode("utf-16-le"), "UTF-16 LE"
    yield text.encode("utf-16-be"), "UTF-16 BE"
    yield text.encode("cp1252", "replace"), "Windows-1252"
    yield json.dumps(text)[1:-1].encode(), "JSON"
    yield html.escape(text).encode(), "HTML"
    for raw, of in ((plain, "UTF-8"), (text.encode("utf-16-le"), "UTF-16")):
        yield raw.hex().encode(), f"hexadecimal of {of}"
        yield raw.hex().upper().encode(), f"hexadecimal of {of}"
        yield from _aligned(raw, of, 3, base64.b64encode, "base64")
        yield from _aligned(raw, of, 3, base64.urlsafe_b64encode, "base64url")
    yield from _aligned(plain, "UTF-8", 5, base64.b32encode, "base32")
    for escaped in (quote(text, safe=""), quote_plus(text), quote(text)):
        yield escaped.encode(), "percent-encoded"
        yield escaped.lower().encode(), "percent-encoded"


def _aligned(raw: bytes, of: str, group: int, encode, name: str) -> Iterator[tuple[bytes, str]]:
    """The digits that are the same whatever stands before and after, for every offset in a group."""
    bits = {3: 6, 5: 5}[group]
    for before in range(group):
        digits = encode(bytes(before) + raw + bytes(-(before + len(raw)) % group))
        first = -(-before * 8 // bits)
        last = (before + len(raw)) * 8 // bits
        yield digits[first:last], f"{name} of {of}, offset {before}"


def _digests(texts: tuple[str, ...]) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for text in texts:
        for algorithm in ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256"):
            digest = hashlib.new(algorithm, text.encode(), usedforsecurity=False).digest()
            found[digest[:16]] = f"{algorithm} of {text!r}"
            found[digest.hex()[:24].encode()] = f"{algorithm} of {text!r} in hexadecimal"
            found[base64.b64encode(digest)[:16]] = f"{algorithm} of {text!r} in base64"
    return found
