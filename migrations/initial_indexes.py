"""Indexes over several columns and storage. Written by `vigied migration`."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-01T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "indexes over several columns, storage of what does not compress"

STATEMENTS = [
    "CREATE UNIQUE INDEX upload_current ON upload (firm, month) WHERE superseded_at IS NULL",
    "CREATE UNIQUE INDEX upload_sequence ON upload (firm, sequence)",
    "CREATE INDEX upload_window ON upload (month, received_at)",
    "CREATE UNIQUE INDEX idempotency_key ON idempotency (firm, key)",
    "CREATE UNIQUE INDEX book_segment_name ON book_segment (firm, name)",
    "CREATE UNIQUE INDEX audit_sequence ON audit (chain, sequence)",
    "CREATE UNIQUE INDEX countersignature_key ON countersignature (month, key)",
    "CREATE UNIQUE INDEX call_open ON call (firm, pseudonym) WHERE NOT closed",
    "CREATE INDEX call_undistributed ON call (id) WHERE NOT distributed",
    "CREATE INDEX call_listed ON call (listed_until) WHERE listed_until IS NOT NULL",
    "CREATE UNIQUE INDEX call_delivery_once ON call_delivery (call, firm)",
    "CREATE INDEX call_delivery_firm ON call_delivery (firm, deliver_after)",
    "CREATE INDEX call_delivery_due ON call_delivery (deliver_after) WHERE delivered_on IS NULL",
    "CREATE UNIQUE INDEX conversation_once ON conversation (call, answerer_firm)",
    "CREATE INDEX conversation_shown ON conversation (shown_at) WHERE shown_at IS NOT NULL",
    "CREATE UNIQUE INDEX conversation_epoch_once ON conversation_epoch (conversation, number)",
    "CREATE UNIQUE INDEX message_once ON message (conversation, counter)",
    "CREATE INDEX message_erased ON message (conversation) WHERE erased",
    "CREATE UNIQUE INDEX file_chunk_once ON file_chunk (file, number)",
    "CREATE UNIQUE INDEX firm_silence_once ON firm_silence (firm, silenced)",
    "CREATE UNIQUE INDEX conversation_report_once ON conversation_report (conversation, firm)",
    "CREATE UNIQUE INDEX conversation_state_once ON conversation_state (firm, conversation)",
    "CREATE UNIQUE INDEX alert_life_once ON alert_life (firm, life)",
    "CREATE INDEX alert_life_client ON alert_life (firm, pseudonym, kind)",
    "CREATE INDEX alert_life_waking ON alert_life (snoozed_until) WHERE status = 'snoozed'",
    "CREATE UNIQUE INDEX alert_continued_once ON alert_continued (firm, alert)",
    "CREATE UNIQUE INDEX alert_event_sequence ON alert_event (firm, sequence)",
    "CREATE INDEX alert_comment_life ON alert_comment (firm, life)",
    "CREATE INDEX outbox_event_due ON outbox_event (month) WHERE NOT done",
    "CREATE UNIQUE INDEX notice_once ON notice (person, alert, cause)",
    "CREATE INDEX notice_due ON notice (due_at) WHERE mail IS NULL",
    "CREATE INDEX mail_due ON mail (next_at_ms) WHERE state = 'waiting'",
    "CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at_ms) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX keyring_entry_once ON keyring_entry (firm, sequence)",
    "CREATE INDEX task_done_firm ON task_done (firm, at)",
]
POSTGRES_STATEMENTS = [
    'ALTER TABLE "relations" ALTER COLUMN "packed" SET STORAGE EXTERNAL',
    'ALTER TABLE "release" ALTER COLUMN "cells" SET STORAGE EXTERNAL',
    'ALTER TABLE "book_segment" ALTER COLUMN "sealed" SET STORAGE EXTERNAL',
    'ALTER TABLE "manifest_trees" ALTER COLUMN "cells" SET STORAGE EXTERNAL',
    'ALTER TABLE "manifest_trees" ALTER COLUMN "receipts" SET STORAGE EXTERNAL',
    'ALTER TABLE "message" ALTER COLUMN "record" SET STORAGE EXTERNAL',
    'ALTER TABLE "file_chunk" ALTER COLUMN "sealed" SET STORAGE EXTERNAL',
    'ALTER TABLE "conversation_report" ALTER COLUMN "transcript" SET STORAGE EXTERNAL',
    'ALTER TABLE "upload_part" ALTER COLUMN "bytes" SET STORAGE PLAIN',
]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="vigie", description=DESCRIPTION)

    async def run():
        engine = engine_finder()
        for statement in STATEMENTS + (POSTGRES_STATEMENTS if engine.engine_type == "postgres" else []):
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
