"""A content in one line, for a transcript that is read outside a conversation."""

from __future__ import annotations

from chat.contents import Commit, Content, Decline, Edit, File, Offer, Open, Read, Text, Unknown, Withdraw
from chat.refusals import Refusal
from member.talk_texts import tell_refusal, told


def words(content: Content | Unknown | Refusal | None, lang: str) -> str:  # noqa: PLR0911 - a line a kind
    """What a person reads; the text is the writer's and not yet harmless."""
    match content:
        case Text():
            return content.text
        case Edit():
            return told("edited", lang, n=content.of, text=content.text)
        case Withdraw():
            return told("withdrawn", lang, n=content.of)
        case File():
            return told("file", lang, name=content.name, n=-(-content.size // 1024))
        case Read():
            return told("read", lang, n=content.through)
        case Offer() | Decline() | Commit() | Open():
            return told(f"reveal_{type(content).__name__.lower()}", lang)
        case None:
            return told("erased", lang)
        case Unknown():
            return told("later_version", lang)
        case Refusal():
            return told("cannot_open", lang, why=tell_refusal(content.code, lang))
