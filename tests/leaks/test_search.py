"""The search finds what is hidden in it; a search that found nothing anywhere would pass every other test."""

import base64
import gzip
import json
import os
import random
import zlib
from urllib.parse import quote

import pytest

from tests.leaks.search import Search
from tests.leaks.spellings import of_identifier, of_name

SIREN, NAME = "000052787", "Mécanique de Moussecigogne SARL"
SEARCH = Search(of_identifier(SIREN) | of_name(NAME))

HIDINGS = {
    "raw": SIREN.encode(),
    "in a SIRET": f"{SIREN}00017".encode(),
    "in a VAT number": f"FR12{SIREN}".encode(),
    "spaced": b"000 052 787",
    "spaced as French print does": "000\u202f052\u202f787".encode(),
    "UTF-16": SIREN.encode("utf-16-le"),
    "hexadecimal": SIREN.encode().hex().encode(),
    "hexadecimal, upper case": SIREN.encode().hex().upper().encode(),
    "a name": NAME.encode(),
    "a name in capitals": NAME.upper().encode(),
    "a name without accents": b"mecanique de moussecigogne sarl",
    "a name in Windows-1252": NAME.encode("cp1252"),
    "a name in JSON": json.dumps({"name": NAME}).encode(),
    "a name in an address": quote(NAME).encode(),
    "a name in a form": NAME.replace(" ", "+").encode("cp1252", "ignore")
    + b" "
    + quote(NAME, safe="").encode(),
    "zlib": zlib.compress(f"client;{SIREN};{NAME}".encode()),
    "gzip": gzip.compress(f"client;{SIREN};{NAME}".encode()),
    "base64 of zlib": base64.b64encode(zlib.compress(f"client;{SIREN}".encode())),
    "zlib of base64": zlib.compress(base64.b64encode(f"client;{SIREN};".encode())),
    "hexadecimal of gzip": gzip.compress(SIREN.encode()).hex().encode(),
    "base64 of zlib after a letter": b"C" + base64.b64encode(zlib.compress(f"client;{SIREN}".encode())),
    "hexadecimal of gzip after a digit": b"7" + gzip.compress(SIREN.encode()).hex().encode(),
}


@pytest.mark.parametrize("hidden", HIDINGS.values(), ids=HIDINGS.keys())
def test_what_is_hidden_is_found_wherever_it_stands(hidden: bytes) -> None:
    around = random.Random(3)
    for before in (0, 1, 5, 4096, 100_003):
        content = around.randbytes(before) + b"<" + hidden + b">" + around.randbytes(500)
        assert SEARCH.look(content, "here"), before


@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, base64.b32encode])
def test_a_longer_text_in_base64_or_base32_is_found_at_every_alignment(encode, before: int) -> None:
    assert SEARCH.look(encode(b"x" * before + SIREN.encode() + b"; and so on"), "here")


def test_a_digest_without_a_secret_counts() -> None:
    import hashlib

    assert SEARCH.look(hashlib.sha256(f"fr.siren:{SIREN}".encode()).digest(), "here")
    assert SEARCH.look(hashlib.sha1(SIREN.encode(), usedforsecurity=False).hexdigest().encode(), "here")


def test_nothing_is_found_where_nothing_is() -> None:
    assert SEARCH.look(os.urandom(4_000_000), "noise") == []
    assert SEARCH.look(b"000052788 and Moussecigogne " * 1000, "somebody else") == []


def test_a_cut_stream_is_read_as_far_as_it_goes() -> None:
    whole = zlib.compress(os.urandom(300) + f"client;{SIREN};{NAME};".encode() + os.urandom(3_000))
    assert SEARCH.look(whole[:-400], "here")
