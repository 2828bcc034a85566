"""No network of any kind, on loopback either; a refused connection is an exception at once, not a wait."""

from __future__ import annotations

import socket

import pytest

from tests.sandbox.attack import hostile, needs, within

SOCKETS = hostile("""
    import socket as s
    KINDS = {
        "tcp": lambda port: s.create_connection(("127.0.0.1", port), 2),
        "listen": lambda port: s.create_server(("127.0.0.1", 0)),
        "udp": lambda port: s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)),
        "unix": lambda port: s.socket(s.AF_UNIX),
        "pair": lambda port: s.socketpair(),
        "netlink": lambda port: s.socket(s.AF_NETLINK, s.SOCK_RAW),
        "vsock": lambda port: s.socket(s.AF_VSOCK, s.SOCK_STREAM),
    }
    def f(kind, port): return attempt(lambda: KINDS[kind](port))
    def name(): return attempt(lambda: s.getaddrinfo("example.invalid", 80))
    def url(port):
        import urllib.request
        return attempt(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read())
    """)


@pytest.fixture
def port():
    """A listening port on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("kind", ["tcp", "listen", "udp", "unix", "pair", "netlink", "vsock"])
def test_sockets_are_refused(load, port, kind):
    """seccomp refuses to make a socket of any family."""
    with within(1):
        assert "not permitted" in load(SOCKETS).f(kind, port)


def test_names_are_not_looked_up_and_pages_not_fetched(load, port):
    """What honest code would do by mistake (a data set to download) fails at once."""
    with within(1):
        assert not load(SOCKETS).name().startswith("GOT")
        assert not load(SOCKETS).url(port).startswith("GOT")


@needs("seccomp", "landlock", landlock=4)
def test_what_refuses_sockets_layer_by_layer(load, port):
    """Positive control. Without seccomp, Landlock still refuses TCP and nothing else; without both TCP connects."""
    student = load(SOCKETS, skip={"seccomp"})
    assert not student.f("tcp", port).startswith("GOT")
    assert [student.f(kind, port)[:3] for kind in ("udp", "unix", "pair", "netlink")] == ["GOT"] * 4
    assert load(SOCKETS, skip={"seccomp", "landlock"}).f("tcp", port).startswith("GOT")
