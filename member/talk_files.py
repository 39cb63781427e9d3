"""Files of a conversation: sealed here, chunk by chunk, and opened here when they are whole.

Sending goes on where it was interrupted: chunks that the network has are not sent again.
"""

from __future__ import annotations

from uuid import UUID

from chat.contents import File
from chat.files import announce, chunks_of, open_file, seal_chunk
from chat.refusals import Refusal
from member.talk_lists import Api, TalkRefused


def send(  # noqa: PLR0917 - a file is a name, a kind and bytes
    api: Api, conversation: UUID, content: bytes, name: str, media_type: str, sent_at: int = 0
) -> File:
    """Seal and send; the message that announces it. Raise TalkRefused for a file too large."""
    file = announce(content, name[:200] or "file", media_type[:100], sent_at)
    if isinstance(file, Refusal):
        raise TalkRefused(file)
    return resume(api, conversation, content, file)


def resume(api: Api, conversation: UUID, content: bytes, file: File) -> File:
    """Send what the network has not got yet."""
    identity, count = UUID(bytes=file.id), chunks_of(file.size)
    place = f"/api/conversations/{conversation}/files"
    there = api.ask("POST", place, {"id": str(identity), "chunks": count})["received"]
    for number in set(range(count)) - set(there):
        chunk = seal_chunk(file, conversation.bytes, content, number)
        api.send("PUT", f"{place}/{identity}/{number}", content=chunk)
    return file


def fetch(api: Api, conversation: UUID, file: File) -> bytes:
    """The content; raise TalkRefused where it is not what was announced."""
    place = f"/api/conversations/{conversation}/files/{UUID(bytes=file.id)}"
    chunks = (api.send("GET", f"{place}/{number}") for number in range(chunks_of(file.size)))
    found = open_file(file, conversation.bytes, chunks)
    if isinstance(found, Refusal):
        raise TalkRefused(found)
    return found
