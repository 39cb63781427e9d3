"""Electronic documents out of what holds them: a file, a PDF, a ZIP or a folder, each within limits.

Knows: containers, not what the documents say. A PDF gives the XML attached to it (Factur-X, ZUGFeRD); its
pages are not read. Nothing inside an archive is opened as an archive again.
"""

from __future__ import annotations

import io
import logging
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from benchmark.problems import Problem
from member.reading import Limits

DOCUMENTS_MAX: Final = 50_000
DOCUMENT_BYTES_MAX: Final = 50_000_000
ATTACHMENTS_MAX: Final = 20
ATTACHED_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")
SUFFIXES: Final = frozenset({".xml", ".pdf"})
PDF_MAGIC: Final = b"%PDF-"
ZIP_MAGIC: Final = b"PK"
CHUNK_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """Documents by name, as XML; problems by name; PDFs that carry no invoice."""

    documents: list[tuple[str, bytes]]
    problems: list[tuple[str, Problem]]
    plain_pdfs: int = 0


def looks_like_documents(data: bytes) -> bool:
    """Whether bytes are a PDF, XML, or an archive of them (a workbook is an archive too, and is none)."""
    if PDF_MAGIC in data[:1024] or _starts_like_xml(data):
        return True
    if not data.startswith(ZIP_MAGIC):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()[:DOCUMENTS_MAX]]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return False
    office = any(name in {"[content_types].xml", "mimetype"} for name in names)
    return not office and any(PurePosixPath(name).suffix in SUFFIXES for name in names)


def _starts_like_xml(data: bytes) -> bool:
    head = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and not head[:15].lower().startswith((b"<html", b"<!doctype html"))


def open_bytes(data: bytes, name: str, limits: Limits) -> Found | Problem:
    """The documents in one file's bytes."""
    if data.startswith(ZIP_MAGIC):
        given = _unzip(data, limits)
        return given if isinstance(given, Problem) else _as_xml(given, alone=False)
    return _as_xml([(name, data)], alone=True)


def open_folder(folder: Path, limits: Limits) -> Found | Problem:
    """The documents of a folder and those below it, in order of name; links are not followed."""
    given: list[tuple[str, bytes]] = []
    total = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or path.is_symlink() or not path.is_file():
            continue
        total += path.stat().st_size
        if len(given) >= DOCUMENTS_MAX or total > limits.unpacked_bytes_max:
            return _too_large(limits)
        given.append((path.relative_to(folder).as_posix(), path.read_bytes()))
    if not given:
        return Problem("file-empty")
    return _as_xml(given, alone=False)


def _too_large(limits: Limits) -> Problem:
    return Problem("archive-too-large", expected=f"{limits.unpacked_bytes_max // 1_000_000} MB")


def _unzip(data: bytes, limits: Limits) -> list[tuple[str, bytes]] | Problem:
    """Every XML and PDF of an archive, measured while it is unpacked, not as the archive declares it."""
    given: list[tuple[str, bytes]] = []
    room = limits.unpacked_bytes_max
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > DOCUMENTS_MAX:
                return _too_large(limits)
            for entry in sorted(entries, key=lambda one: one.filename):
                if entry.is_dir() or PurePosixPath(entry.filename.lower()).suffix not in SUFFIXES:
                    continue
                if entry.flag_bits & 1:
                    return Problem("file-locked")
                content = _measured(archive, entry, min(room, DOCUMENT_BYTES_MAX))
                if content is None:
                    return _too_large(limits)
                room -= len(content)
                given.append((entry.filename, content))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError, IndexError):
        return Problem("file-damaged", found="ZIP", expected="ZIP")
    return given or Problem("file-empty")


def _measured(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes | None:
    parts = []
    with archive.open(entry) as stream:
        while part := stream.read(CHUNK_BYTES):
            room -= len(part)
            if room < 0:
                return None
            parts.append(part)
    return b"".join(parts)


def _as_xml(given: list[tuple[str, bytes]], *, alone: bool) -> Found:
    documents: list[tuple[str, bytes]] = []
    problems: list[tuple[str, Problem]] = []
    plain = 0
    for name, data in given:
        if PDF_MAGIC not in data[:1024]:
            documents.append((name, data))
            continue
        attached = attached_xml(data)
        if isinstance(attached, bytes):
            documents.append((name, attached))
        elif attached.code == "pdf-without-invoice" and not alone:
            plain += 1
        else:
            problems.append((name, attached))
    return Found(documents, problems, plain)


def attached_xml(data: bytes) -> bytes | Problem:
    """The invoice attached to a PDF, or why there is none. Raises nothing, whatever the bytes."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    if len(data) > DOCUMENT_BYTES_MAX:
        size, limit = (f"{count / 1_000_000:.1f} MB" for count in (len(data), DOCUMENT_BYTES_MAX))
        return Problem("file-too-large", found=size, expected=limit)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return Problem("file-locked")
        found: dict[str, bytes] = {}
        for number, attachment in enumerate(reader.attachment_list):
            if number >= ATTACHMENTS_MAX:
                break
            if attachment.name.lower().endswith(".xml"):
                found.setdefault(attachment.name.lower(), attachment.content)
    except Exception as error:  # noqa: BLE001 - a PDF of anybody's making raises anything
        return Problem("file-damaged", found=type(error).__name__, expected="PDF, Factur-X")
    for name in ATTACHED_NAMES:
        if name in found:
            return found[name]
    return next(iter(found.values()), None) or Problem("pdf-without-invoice")
