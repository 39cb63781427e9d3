"""What Piccolo's own tools read: the tables and where the migrations are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from piccolo.conf.apps import AppConfig

import migrations
from server.tables import TABLES

APP_NAME: Final = "vigie"
MIGRATIONS: Final = Path(migrations.__file__).resolve().parent

APP_CONFIG: Final = AppConfig(
    app_name=APP_NAME,
    migrations_folder_path=str(MIGRATIONS),
    table_classes=list(TABLES),
)
