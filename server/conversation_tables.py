"""The rows of calls and conversations: sealed or signed bytes, and who may have them. Times are unix seconds.

A record column holds what a side signed, byte for byte; a secret column what a firm sealed under its own
*conversations* key. Nothing here can be read by the server, and nothing names a client but its pseudonym.
"""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Date, Integer, SmallInt
from piccolo.table import Table


class Call(Table, tablename="call"):
    """A firm's wish to talk about a client. `distributed`: the clerk has found who receives it."""

    id = UUID(primary_key=True, default=None)
    firm = UUID(default=None)
    pseudonym = Bytea()
    record = Bytea()
    secret = Bytea()
    raised_at = BigInt()
    closes_on = Date(default=None)
    closed = Boolean(default=False)
    closed_on = Date(null=True, default=None)  # null: not before `closes_on`
    distributed = Boolean(default=False)
    listed_until = BigInt(null=True, default=None)  # closed, and its receivers still see it (milliseconds)


class CallDelivery(Table, tablename="call_delivery"):
    """One firm that receives a call, from `deliver_after` on. `delivered_on`: the day it did."""

    call = UUID(default=None)
    firm = UUID(default=None)
    deliver_after = BigInt()  # milliseconds: the jitter is finer than a second
    delivered_on = Date(null=True, default=None)
    declined = Boolean(default=False)


class Conversation(Table, tablename="conversation"):
    """One answer to one call. Epoch and its digest are moved by compare-and-swap alone.

    Where its chain stands is what its last message says: nothing here changes with a message, so that storing
    one writes one row, and not this one again.
    """

    id = UUID(primary_key=True, default=None)
    call = UUID(default=None)
    caller_firm = UUID(index=True, default=None)
    answerer_firm = UUID(index=True, default=None)
    answer = Bytea()
    opening = Bytea(null=True, default=None)  # null until the caller has opened it
    caller_secret = Bytea(null=True, default=None)
    answerer_secret = Bytea()
    shown_at = BigInt(null=True, default=None)  # opened, and the answerer sees it from then on (milliseconds)
    late = Boolean(default=False)  # the call was closed already: the caller never hears of it
    started_on = Date(default=None)
    genesis = Bytea(null=True, default=None)  # what the first message follows
    epoch = Integer(default=0)
    epoch_digest = Bytea(null=True, default=None)
    caller_keeps_months = SmallInt(default=12)
    answerer_keeps_months = SmallInt(default=12)
    caller_held_on = Date(null=True, default=None)  # the caller's firm keeps everything since
    answerer_held_on = Date(null=True, default=None)
    caller_silenced = Boolean(default=False)  # the caller's side may write no more
    answerer_silenced = Boolean(default=False)
    turned = Boolean(default=False)  # new keys are in force, and no epoch is sealed to them yet
    turn_at = BigInt(null=True, default=None)  # from when on new keys that are kept come into force


class ConversationEpoch(Table, tablename="conversation_epoch"):
    """An epoch key, sealed to both sides."""

    conversation = UUID(default=None)
    number = Integer()
    record = Bytea()
    made_on = Date(default=None)


class ConversationSuccession(Table, tablename="conversation_succession"):
    """One side's new keys. `after`: how many epochs came before them; null: kept until `due_at`."""

    id = UUID(primary_key=True, default=None)
    conversation = UUID(index=True, default=None)
    side = SmallInt()
    record = Bytea()
    due_at = BigInt()
    after = Integer(null=True, default=None)
    place = Integer(null=True, default=None)  # 1, 2, 3 ... as they came into force


class Message(Table, tablename="message"):
    """One envelope. Its unique index is the last guard of the chain: a counter is taken once."""

    conversation = UUID(default=None)
    counter = BigInt()
    record = Bytea()
    received_at = BigInt()
    erased = Boolean(default=False)  # its ciphertext is gone, or stays for a firm that holds it


class ConversationFile(Table, tablename="conversation_file"):
    """A file beside a conversation, in sealed chunks."""

    id = UUID(primary_key=True, default=None)
    conversation = UUID(index=True, default=None)
    side = SmallInt()
    chunks = SmallInt()
    begun_at = BigInt()


class FileChunk(Table, tablename="file_chunk"):
    """One sealed chunk of a file."""

    file = UUID(default=None)
    number = SmallInt()
    sealed = Bytea()


class FirmSilence(Table, tablename="firm_silence"):
    """Calls of `silenced` do not reach `firm`."""

    firm = UUID(default=None)
    silenced = UUID(default=None)


class ConversationReport(Table, tablename="conversation_report"):
    """A transcript that one side has disclosed to the operator, and that matched the rows when it came."""

    id = UUID(primary_key=True, default=None)
    conversation = UUID(default=None)
    firm = UUID(default=None)
    reported = UUID(default=None)
    reported_at = BigInt()
    messages = Integer()  # how many it has, from the first on: all of them the ones stored here
    of_messages = Integer()  # how many there were here when it came
    transcript = Bytea()


CONVERSATION_TABLES: Final[list[type[Table]]] = [
    Call,
    CallDelivery,
    Conversation,
    ConversationEpoch,
    ConversationSuccession,
    Message,
    ConversationFile,
    FileChunk,
    FirmSilence,
    ConversationReport,
]

# (name, table, columns, unique, condition), as in `server.tables`.
CONVERSATION_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("call_open", "call", "firm, pseudonym", True, "NOT closed"),
    ("call_undistributed", "call", "id", False, "NOT distributed"),
    ("call_listed", "call", "listed_until", False, "listed_until IS NOT NULL"),
    ("call_delivery_once", "call_delivery", "call, firm", True, ""),
    ("call_delivery_firm", "call_delivery", "firm, deliver_after", False, ""),
    ("call_delivery_due", "call_delivery", "deliver_after", False, "delivered_on IS NULL"),
    ("conversation_once", "conversation", "call, answerer_firm", True, ""),
    ("conversation_shown", "conversation", "shown_at", False, "shown_at IS NOT NULL"),
    ("conversation_epoch_once", "conversation_epoch", "conversation, number", True, ""),
    ("message_once", "message", "conversation, counter", True, ""),
    ("message_erased", "message", "conversation", False, "erased"),
    ("file_chunk_once", "file_chunk", "file, number", True, ""),
    ("firm_silence_once", "firm_silence", "firm, silenced", True, ""),
    ("conversation_report_once", "conversation_report", "conversation, firm", True, ""),
]

CONVERSATION_INCOMPRESSIBLE: Final[list[tuple[str, str]]] = [
    ("message", "record"),
    ("file_chunk", "sealed"),
    ("conversation_report", "transcript"),
]
