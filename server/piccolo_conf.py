"""Piccolo's configuration module (PICCOLO_CONF): the engine that this process serves."""

from __future__ import annotations

from typing import Any

from piccolo.conf.apps import AppRegistry

APP_REGISTRY = AppRegistry(apps=["server.piccolo_app"])
DB: Any = None  # set by server.schema before a migration runs
