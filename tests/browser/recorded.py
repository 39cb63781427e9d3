"""What a page and the network said to each other, decoded, is searched for what people said in it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.leaks.recording import RecordingProxy
from tests.leaks.said import of_said
from tests.leaks.search import Found, Search

ASSETS: Final = Path(__file__).resolve().parents[2] / "web" / "dist"
PLANTED: Final = {
    "plain": "Gypaète barbu numéro un, en clair.",
    "base64": "Axolotl pourpre numéro deux, base64.",
    "hexadecimal": "Okapi rayé numéro trois, en chiffres.",
    "zlib": "Narval discret numéro quatre.",
    "UTF-16": "Tamanoir lent numéro cinq.",
    "JSON": "Echidna epineux, le numéro six.",
}
PLACES: Final = {"head sent", "body sent", "frame sent", "body answered", "frame answered"}
_PLANT: Final = """async ([texts, whole, conversation]) => {
  const states = async () => {
    const all = await (await fetch('/api/conversation-states')).json()
    return all.find((one) => one.conversation === conversation)
  }
  const put = (replaces, sealed) => fetch(`/api/conversations/${conversation}/state`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'X-Vigie': '1' },
    body: JSON.stringify({ replaces, sealed }),
  })
  await fetch(`/api/network?note=${encodeURIComponent(whole)}`)
  const before = await states()
  await put(before?.version ?? 0, whole)
  const planted = await states()
  if (before) await put(planted.version, before.sealed)
  const line = new WebSocket(`${location.origin.replace('http', 'ws')}/api/live`)
  await new Promise((resolve) => (line.onopen = resolve))
  for (const ref of texts) line.send(JSON.stringify({ type: 'ping', ref }))
  let left = texts.length
  await new Promise((resolve) => {
    line.onmessage = ({ data }) => JSON.parse(data).type === 'pong' && !--left && resolve()
  })
  line.close()
}"""
"""What a page that forgets to seal would do; the state that was there is put back."""


@contextmanager
def recorded(network: Any) -> Iterator[tuple[Any, RecordingProxy]]:
    """The network at an address where everything that passes is kept."""
    proxy = RecordingProxy("127.0.0.1", urlsplit(network.url).port or 0)
    try:
        yield replace(network, url=proxy.url), proxy
    finally:
        proxy.close()


def found(proxy: RecordingProxy, texts: Mapping[str, str]) -> dict[str, list[Found]]:
    """Hits by what they were in; the page's own files, which hold words of everybody's, are left out."""
    own = {path.read_bytes() for path in ASSETS.rglob("*") if path.is_file()}
    search = Search(of_said(texts))
    said: dict[str, list[bytes]] = {}
    for where, content in proxy.messages():
        place = where.partition(", ")[2]
        if not place.startswith("raw") and content not in own:
            said.setdefault(place, []).append(content)
    assert set(said) >= PLACES, "both ways, over HTTP and on the line"
    return {place: search.look(b"\0\0".join(parts), place) for place, parts in said.items()}


def plant(page: Any, conversation: Any) -> None:
    """Have the page send, and read, what it should have sealed."""
    hidden = {
        "plain": PLANTED["plain"].encode(),
        "base64": base64.b64encode(PLANTED["base64"].encode()),
        "hexadecimal": PLANTED["hexadecimal"].encode().hex().encode(),
        "zlib": zlib.compress(PLANTED["zlib"].encode()),
        "UTF-16": PLANTED["UTF-16"].encode("utf-16-le"),
        "JSON": json.dumps({"text": PLANTED["JSON"]}).encode(),
    }
    whole = base64.b64encode(b"\0".join(hidden.values())).decode()
    # On the line a page hears back what it calls a frame: at most 64 letters.
    shown = {"zlib", "UTF-16"}
    texts = [(base64.b64encode(one) if name in shown else one).decode()[:60] for name, one in hidden.items()]
    page.evaluate(_PLANT, [texts, whole, str(conversation)])
