"""Tests reach this machine and nothing else."""

import socket

import pytest

ELSEWHERE = ("192.0.2.1", 80)  # an address that documentation may use and nobody has (RFC 5737)


def test_no_test_can_connect_beyond_loopback() -> None:
    with pytest.raises(Warning, match=r"192\.0\.2\.1"):  # it warns first, and warnings are errors
        socket.create_connection(ELSEWHERE, timeout=1)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
