"""Requests come through or say why not: patiently, to the right address, in the user's language."""

import httpx
import pytest

from member.network import ANSWER_BYTES_MAX, Network, Patience, check_url
from member.refusals import InputRefused, NetworkRefused, Unreachable

URL = "http://127.0.0.1:9"


def network(answer, **options) -> tuple[Network, list[httpx.Request], list[float]]:
    asked, waited = [], []

    def handle(request):
        asked.append(request)
        return answer(request, len(asked))

    made = Network(
        URL, httpx.MockTransport(handle), patience=Patience(tries=4), sleep=waited.append, **options
    )
    return made, asked, waited


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://vigie.example/", "https://vigie.example"),
        (" https://vigie.example/reseau/ ", "https://vigie.example/reseau"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_taken_as_people_write_it(given, used):
    assert check_url(given) == used


@pytest.mark.parametrize(
    "given",
    ["http://vigie.example", "vigie.example", "ftp://localhost", "", "https://a@b.example", "https://"],
)
def test_an_address_that_would_send_secrets_in_the_clear_is_refused(given):
    with pytest.raises(InputRefused):
        check_url(given)


def test_a_connection_that_breaks_is_tried_again_with_growing_patience():
    def answer(request, times):
        if times < 3:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, content=b"at last")

    made, asked, waited = network(answer)
    assert made.send("GET", "/x") == b"at last"
    assert len(asked) == 3
    assert waited == [0.2, 0.4]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_is_tried_again(status):
    made, asked, _ = network(
        lambda _request, times: httpx.Response(status if times < 2 else 200, content=b"ok")
    )
    assert made.send("PUT", "/x") == b"ok"
    assert len(asked) == 2


def test_patience_ends_and_says_how_often_it_tried():
    def answer(request, _times):
        raise httpx.ReadTimeout("no answer", request=request)

    made, asked, _ = network(answer)
    with pytest.raises(Unreachable, match=r"ReadTimeout.*4 times") as refused:
        made.send("GET", "/x")
    assert len(asked) == 4
    assert "4 essais" in refused.value.tell("fr")


def test_a_refusal_is_not_tried_again_and_names_its_place():
    problem = {
        "type": "urn:vigie:problem:upload-refused",
        "title": "The upload is refused",
        "status": 422,
        "detail": "The upload is refused",
        "errors": [{"row": 3, "field": "outstanding", "found": "12", "expected": "13"}],
    }
    made, asked, _ = network(lambda _request, _times: httpx.Response(422, json=problem))
    with pytest.raises(NetworkRefused) as refused:
        made.send("POST", "/x", json={})
    assert len(asked) == 1
    assert refused.value.code == "upload-refused"
    assert refused.value.tell("en") == "The upload is refused\n  row 3, outstanding: found 12, expected 13"
    assert "ligne 3, outstanding : trouvé 12, attendu 13" in refused.value.tell("fr")


def test_something_that_is_no_vigie_network_is_said_to_be_none():
    made, _, _ = network(lambda _request, _times: httpx.Response(200, content=b"<html>Welcome</html>"))
    with pytest.raises(Unreachable) as refused:
        made.facts()
    assert refused.value.code == "garbled"
    made, _, _ = network(lambda _request, _times: httpx.Response(404, content=b"<html>No</html>"))
    with pytest.raises(NetworkRefused, match="HTTP 404"):
        made.facts()


def test_an_answer_without_end_is_cut(monkeypatch):
    monkeypatch.setattr("member.network.ANSWER_BYTES_MAX", 1000)
    assert ANSWER_BYTES_MAX > 1000
    made, _, _ = network(lambda _request, _times: httpx.Response(200, content=bytes(1001)))
    with pytest.raises(Unreachable):
        made.send("GET", "/x")


def test_a_sessions_token_goes_to_its_network_alone():
    made, asked, _ = network(lambda _request, _times: httpx.Response(200))
    made.send("GET", "/api/me", token="secret")
    made.send("GET", "https://holder.example/api/holder/evaluations", token="secret")
    assert asked[0].headers["Authorization"] == "Bearer secret"
    assert "Authorization" not in asked[1].headers


def test_a_holder_without_a_secure_address_is_not_asked():
    made, asked, _ = network(lambda _request, _times: httpx.Response(200))
    with pytest.raises(InputRefused):
        made.evaluate("http://holder.example", {})
    assert not asked


def test_the_network_is_asked_in_the_users_language():
    made, asked, _ = network(lambda _request, _times: httpx.Response(200), lang="fr")
    made.send("GET", "/x")
    assert asked[0].headers["Accept-Language"] == "fr"
