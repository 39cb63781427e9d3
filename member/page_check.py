"""Whether a network serves the page that is installed here: each file compared by its hash.

Knows: the files of the built page. What this shows holds for what was served to this check; a page served to
one visitor alone it cannot see, which is why `vigie open` exists.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from member.local_page import DIST

TIMEOUT_SECONDS: Final = 30.0
STAMP: Final = "built-from.txt"


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
    found = sorted(path for path in dist.rglob("*") if path.is_file() and path.name != STAMP)
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
            answer = client.get("/" if name == "/index.html" else name)
            if answer.status_code != httpx.codes.OK:
                found.absent.append(name)
            elif answer.content == content:
                found.alike.append(name)
            else:
                found.different.append(name)
    return found
