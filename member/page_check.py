"""Whether a network serves the page that is installed here: each file compared by its hash.

Knows: the files of the built page, and what the build compressed beside them, byte by byte as a browser is
sent it; where something between compresses anew with gzip, its content. What this shows holds for what was
served to this check; a page served to one visitor alone it cannot see, which is why `vigie open` exists.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from member.local_page import DIST

TIMEOUT_SECONDS: Final = 30.0
STAMP: Final = "built-from.txt"
ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Files alike, files that differ, files that are not served; `fingerprint` of the installed ones, hex."""

    alike: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    fingerprint: str = ""

    @property
    def same(self) -> bool:
        """Whether every file is the installed one."""
        return not self.different and not self.absent and bool(self.alike)


def files_of(dist: Path = DIST) -> dict[str, bytes]:
    """Path on the network -> content, of everything that the page is made of."""
    packed = tuple(ENCODINGS.values())
    found = sorted(
        path
        for path in dist.rglob("*")
        if path.is_file() and path.name != STAMP and not path.name.endswith(packed)
    )
    return {"/" + path.relative_to(dist).as_posix(): path.read_bytes() for path in found}


def fingerprint(files: dict[str, bytes]) -> str:
    """SHA-256 over the names and hashes of all files, hex."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def compare_page(url: str, dist: Path = DIST) -> Compared:
    """Fetch each file of the page from `url` and compare it. Raises httpx.HTTPError where nobody answers."""
    files = files_of(dist)
    found = Compared(fingerprint=fingerprint(files))
    with httpx.Client(base_url=url.rstrip("/"), timeout=TIMEOUT_SECONDS) as client:
        for name, content in files.items():
            forms = {"identity": content} | _packed(dist / name.lstrip("/"))
            seen = {_look(client, "/" if name == "/index.html" else name, one, forms) for one in forms}
            where = found.absent if None in seen else found.alike if seen == {True} else found.different
            where.append(name)
    return found


def _packed(path: Path) -> dict[str, bytes]:
    """Content coding -> the bytes that the build made for it beside a file."""
    beside = {coding: path.with_name(path.name + ending) for coding, ending in ENCODINGS.items()}
    return {coding: one.read_bytes() for coding, one in beside.items() if one.is_file()}


def _look(client: httpx.Client, name: str, coding: str, forms: dict[str, bytes]) -> bool | None:
    """Whether a file that is asked for in a coding is the installed one; None where it is not served."""
    with client.stream("GET", name, headers={"Accept-Encoding": coding}) as answer:
        raw = b"".join(answer.iter_raw())
        if answer.status_code != httpx.codes.OK:
            return None
        came = answer.headers.get("content-encoding", "identity")
    if raw == forms.get(came):
        return True
    if came != "gzip":
        return False
    try:
        return gzip.decompress(raw) == forms["identity"]
    except (OSError, EOFError, zlib.error):
        return False
