"""A webhook may go to public addresses alone, however a private one is dressed."""

from __future__ import annotations

import ipaddress

import pytest

from server.webhooks_addresses import URL_CHARACTERS_MAX, AddressRefused, check_url, find, public

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:1::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_on_the_public_network_is_private(address: str) -> None:
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])
def test_an_address_on_the_public_network_is_public(address: str) -> None:
    assert public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "example.org",
        "https://",
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https://example.org/#fragment",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: x",
        "https://example.org:port/",
        "https://example.org/" + "a" * URL_CHARACTERS_MAX,
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_an_address_of_a_wrong_shape_is_refused_when_it_is_given(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"^url: "):
        check_url(url, private=False)


@pytest.mark.parametrize(
    "url", ["https://localhost/", "https://127.1/", "https://2130706433/", "https://0x7f.1/"]
)
async def test_a_name_that_stands_for_a_private_address_is_refused_when_it_is_called(url: str) -> None:
    with pytest.raises(AddressRefused, match="private address"):
        await find(url, private=False)


async def test_the_judged_address_is_the_one_that_is_called_under_the_name_that_was_given() -> None:
    target = await find("http://localhost:8080/a?b=c", private=True)
    assert target.url in {"http://127.0.0.1:8080/a?b=c", "http://[::1]:8080/a?b=c"}
    assert (target.host, target.host_header) == ("localhost", "localhost:8080")
    assert (await find("https://8.8.8.8/x", private=False)).host_header == "8.8.8.8"
