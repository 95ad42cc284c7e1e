"""Runs published command lines against the stand-in, unmodified, with the fixtures of examples/pytest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "examples/pytest"))

import rollcall_stand_in  # noqa: E402
from rollcall_stand_in import authentik, stand_in  # noqa: E402, F401

rollcall_stand_in.SEED = Path(__file__).with_name("seed.yaml")


@pytest.fixture
def run(authentik, tmp_path):  # noqa: F811
    """Runs a program of a virtual environment under target/, in an empty home directory."""

    def run(program, *arguments, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "200"} | variables
        command = [ROOT / "target" / program, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def writes(authentik):  # noqa: F811
    """Returns what was written since the reset: for each request its method, path and body."""

    def writes():
        return [(request["method"], request["path"].removeprefix("/api/v3/"), request["body"])
                for request in authentik.requests() if request["method"] != "GET"]

    return writes


@pytest.fixture
def only(authentik):  # noqa: F811
    """Returns the only result of a list, as in `only("core/users/?username=ada")`."""

    def only(path):
        [result] = authentik.get(path)["results"]
        return result

    return only
