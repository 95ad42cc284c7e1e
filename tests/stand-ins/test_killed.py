"""Whatever happens to the process that runs the tests, its stand-in ends too."""

import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = "from rollcall_stand_in import StandIn; print(StandIn().url, flush=True); import time; time.sleep(60)"
NODE = "import { StandIn } from './stand-in.mjs'; console.log((await StandIn.start()).url); setTimeout(() => {}, 60_000);"


@pytest.mark.parametrize(
    ("directory", "command"),
    [("pytest", [sys.executable, "-B", "-c", PYTHON]), ("node", ["node", "--input-type=module", "--eval", NODE])],
)
def test_a_stand_in_does_not_outlive_who_started_it(directory, command):
    with subprocess.Popen(command, cwd=EXAMPLES / directory, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            urlopen(url + "/-/stand-in/time", timeout=10).close()
        finally:
            process.kill()

    deadline = time.monotonic() + 10
    with pytest.raises(OSError):
        while time.monotonic() < deadline:
            urlopen(url + "/-/stand-in/time", timeout=10).close()
            time.sleep(0.05)
