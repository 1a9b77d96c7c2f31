"""What strangers and broken lines put on a running node's ports, byte by byte: refused, and nothing kept."""

from __future__ import annotations

import socket
import ssl

import pytest

pytestmark = pytest.mark.xdist_group("running nodes")

BODY = b"x" * 3


def head(length="", *more):
    lines = [b"POST /exchange/as4 HTTP/1.1", b"Host: 127.0.0.1", b"Content-Type: multipart/related", *more]
    if length:
        lines.append(b"Content-Length: " + length.encode())
    return b"\r\n".join(lines) + b"\r\n\r\n"


def talk(nodes, sent, *, certificate="DE", finish=True):
    """Speak to Ukraine's exchange port with a certificate of a node; return what it answered."""
    root = nodes["UA"].root
    context = ssl.create_default_context(cafile=str(root / "keys" / "ca.pem"))
    if certificate:
        keys = nodes[certificate].root / "keys"
        context.load_cert_chain(keys / "exchange.pem", keys / "exchange.key")
    port = int(
        next(line for line in (root / "node.toml").read_text().splitlines() if "exchange_port" in line).split()[-1]
    )
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as line,
    ):
        line.sendall(sent)
        if finish:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while block := line.recv(65536):
            answer += block
            if b"\r\n\r\n" in answer and not finish:
                break
    return answer


def heard(nodes, sent, **how):
    """Return what a node answered; nothing where it closed the line."""
    try:
        return talk(nodes, sent, **how)
    except OSError:
        return b""


def refused(nodes):
    """Return how many inputs Ukraine's node refused, by its own audit."""
    import json
    import subprocess
    import sys

    code = (
        "import django; django.setup()\n"
        "from comity.node.audit import queries; from comity.node.post import queries as post\n"
        "import json; print(json.dumps([len(queries.entries(limit=10000, event='input.refused')), len(post.arrivals())]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"COMITY_DIR": str(nodes["UA"].root), "DJANGO_SETTINGS_MODULE": "comity.node.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def settled(nodes, before):
    """Return the same once it has changed; the node notes a refusal after it has answered."""
    for _ in range(20):
        if (found := refused(nodes)) != before:
            return found
    return found


def test_a_cut_body_is_refused_and_nothing_of_it_is_kept(nodes):
    before = refused(nodes)
    answer = heard(nodes, head("1000") + BODY)
    assert b" 200 " not in answer.split(b"\r\n", 1)[0]
    assert settled(nodes, before) == [before[0] + 1, before[1]]


def test_a_chunked_body_is_answered_with_411(nodes):
    before = refused(nodes)
    answer = talk(nodes, head("", b"Transfer-Encoding: chunked") + b"3\r\nxxx\r\n0\r\n\r\n", finish=False)
    assert b" 411 " in answer.split(b"\r\n", 1)[0]
    assert settled(nodes, before) == [before[0] + 1, before[1]]


def test_a_client_without_a_certificate_of_a_partner_is_not_heard(nodes):
    before = refused(nodes)
    answer = heard(nodes, head("3") + BODY, certificate="", finish=False)
    assert answer == b"", answer[:300]
    assert refused(nodes) == before


def test_the_exchange_port_serves_nothing_else(nodes):
    for path in (b"/", b"/api/v1/status", b"/healthz", b"/accounts/login/"):
        answer = talk(nodes, b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", finish=False)
        assert b" 404 " in answer.split(b"\r\n", 1)[0]
