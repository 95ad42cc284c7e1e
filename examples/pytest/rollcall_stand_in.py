"""Fixtures for pytest: a stand-in for authentik's API, which starts once and is reset before every test.

Copy this file next to your conftest.py, and import the fixtures there. Needs the program `rollcall`, on the PATH or
named by ROLLCALL_BIN, and nothing but Python's standard library and pytest.
"""

import json
import os
import subprocess
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

SEED = Path(__file__).parent / "seed.yaml"


class StandIn:
    """A running `rollcall stand-in`. Its API is at `api`, which ends in /api/v3, for the superuser with `token`."""

    def __init__(self, *options):
        command = [os.environ.get("ROLLCALL_BIN", "rollcall"), "stand-in", "--until-stdin-ends", *options]
        # The program ends with this pipe, however pytest does, even if it is killed.
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"rollcall stand-in did not start: exit status {self.process.wait()}")
        ready = json.loads(line)
        self.url, self.api, self.token = ready["url"], ready["api"], ready["token"]

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        if status := self.process.wait(timeout=30):
            raise RuntimeError(f"rollcall stand-in failed: exit status {status}")

    def reset(self):
        """Goes back to the seed: data, faults, requests and time."""
        self._control("POST", "reset")

    def fault(self, operation=None, **fault):
        """Makes the next request for an operation (by default, for any) fail, as in `fault("core_users_list", status=503)`.

        Others are `drop=True`, which closes the connection, and `delay=0.5` in seconds. `after=True` carries the
        request out first, `count=3` applies to three requests, `count=None` to all, and `skip=1` lets one pass.
        """
        return self._control("POST", "faults", fault | ({"operation": operation} if operation else {}))

    def requests(self, operation=None):
        """Returns the requests since the reset, oldest first: `method`, `path`, `query`, `body`, `status` and more."""
        query = "?" + urlencode({"operation": operation}) if operation else ""
        return self._control("GET", "requests" + query)["requests"]

    def forget_requests(self):
        self._control("DELETE", "requests")

    def set_time(self, time, frozen=True):
        """Sets the time by which tokens expire, such as "2026-01-01T00:00:00Z"."""
        self._control("PUT", "time", {"time": time, "frozen": frozen})

    def advance(self, seconds):
        self._control("PUT", "time", {"advance": seconds})

    def get(self, path):
        """Reads from the API as the superuser, as in `get("core/users/?username=ada")`."""
        return self._send(Request(f"{self.api}/{path}", headers={"Authorization": f"Bearer {self.token}"}))

    def _control(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        return self._send(Request(f"{self.url}/-/stand-in/{path}", data=data, headers=headers, method=method))

    def _send(self, request):
        try:
            with urlopen(request, timeout=30) as response:
                return json.loads(response.read() or "null")
        except HTTPError as error:
            raise RuntimeError(f"{request.get_method()} {request.full_url}: {error} {error.read().decode()}") from None


@pytest.fixture(scope="session")
def stand_in():
    """The program, with the data of seed.yaml. Tests use `authentik` instead."""
    stand_in = StandIn(*(["--seed", str(SEED)] if SEED.exists() else []))
    yield stand_in
    stand_in.stop()


@pytest.fixture
def authentik(stand_in):
    """The stand-in as the seed says: nothing is left of the tests before."""
    stand_in.reset()
    return stand_in
