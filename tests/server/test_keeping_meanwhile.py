"""What is erased while something else is under way: nothing stays behind, and nothing goes that is held."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from chat.contents import Withdraw
from chat.files import SEALED_CHUNK_BYTES
from tests.conftest import Launcher
from tests.server.crossings import nothing, while_held
from tests.server.parties import BATCH, Scene, scene_on
from tests.server.planting import ask
from tests.server.sweeping import sweep_after

ENVELOPE_BYTES = 222  # of a message whose content is gone


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request, launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    server = launch_for_module(request.param, environment=BATCH)
    with scene_on(server, tmp_path_factory.mktemp("pins")) as scene:
        yield scene


def begun(scene: Scene) -> str:
    file = str(uuid4())
    scene.caller.desk.api.ask("POST", scene.path("/files"), {"id": file, "chunks": 1})
    return file


def test_a_chunk_that_is_on_its_way_while_its_file_is_erased_stays_nowhere(scene: Scene) -> None:
    file, member = begun(scene), scene.caller.member
    place = urlsplit(scene.server.url)
    with socket.create_connection((place.hostname, place.port), timeout=60) as line:  # type: ignore[arg-type]
        line.sendall(
            f"PUT {scene.path(f'/files/{file}/0')} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Authorization: Bearer {member.token}\r\nExpect: 100-continue\r\n"
            f"Content-Length: {SEALED_CHUNK_BYTES}\r\n\r\n".encode()
        )
        assert line.recv(4096).startswith(b"HTTP/1.1 100 ")  # it has been let in, and is waited for
        assert member.client().delete(scene.path(f"/files/{file}")).status_code == 204
        line.sendall(os.urandom(SEALED_CHUNK_BYTES))
        assert line.recv(4096).startswith(b"HTTP/1.1 404 ")
    assert ask(scene.server, "SELECT COUNT(*) FROM file_chunk WHERE file = {}", UUID(file)) == [(0,)]


def length(scene: Scene, at: int) -> int:
    ((found,),) = ask(
        scene.server,
        "SELECT length(record) FROM message WHERE conversation = {} AND counter = {}",
        scene.conversation,
        at,
    )
    return int(found)


def held_before(scene: Scene, erasing: Callable[[], object]) -> None:
    """The other side holds the conversation; the erasing comes while that is being written."""
    taking = "UPDATE conversation SET answerer_held_on = $1 WHERE id = $2"
    while_held(
        scene.server, lambda ours: ours.execute(taking, scene.today, scene.conversation), erasing, nothing
    )


@pytest.fixture
def postgres_scene(scene: Scene) -> Iterator[Scene]:
    if scene.server.database_url.startswith("sqlite"):
        pytest.skip("SQLite writes one after the other")
    yield scene
    scene.answerer.desk.api.ask("PUT", scene.path("/hold"), {"held": False})


def test_what_is_withdrawn_while_the_other_side_takes_hold_stays(postgres_scene: Scene) -> None:
    scene = postgres_scene
    at = scene.say(scene.caller, "regretted")
    scene.put(scene.caller, Withdraw(at))
    path = scene.path(f"/messages/{at}/erasure")
    held_before(scene, lambda: scene.caller.desk.api.ask("POST", path))
    assert length(scene, at) > ENVELOPE_BYTES
    scene.answerer.desk.api.ask("PUT", scene.path("/hold"), {"held": False})
    assert length(scene, at) == ENVELOPE_BYTES


def test_a_file_that_is_erased_while_the_other_side_takes_hold_stays(postgres_scene: Scene) -> None:
    scene, file = postgres_scene, begun(postgres_scene)
    path = scene.path(f"/files/{file}")
    held_before(scene, lambda: scene.caller.desk.api.ask("DELETE", path))
    assert scene.answerer.desk.api.ask("GET", path)["chunks"] == 1


def test_what_the_sweep_comes_to_while_a_firm_takes_hold_stays(postgres_scene: Scene) -> None:
    scene, file = postgres_scene, begun(postgres_scene)
    at = scene.say(scene.caller, "grows old")
    held_before(scene, lambda: sweep_after(scene.server, days=400))
    assert length(scene, at) > ENVELOPE_BYTES
    assert scene.answerer.desk.api.ask("GET", scene.path(f"/files/{file}"))["chunks"] == 1
