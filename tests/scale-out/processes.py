"""Programs that are started for a scenario, and end with it."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, what, seconds=20):
    """Waits until `condition` returns something true, which is returned."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise TimeoutError(f"waited for {what} for {seconds} seconds")


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Stage:
    """A temporary directory, and the processes of a scenario. When it is left, all of them are ended."""

    def __enter__(self):
        self.ends = ExitStack()
        self.directory = Path(tempfile.mkdtemp(prefix="rollcall-scale-out."))
        self.directory.chmod(0o755)
        self.ends.callback(shutil.rmtree, self.directory, ignore_errors=True)
        return self

    def __exit__(self, *_):
        self.ends.close()

    def start(self, name, *command, **options):
        """Starts a process, which logs to a file of its name."""
        with (self.directory / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, stdout=options.pop("stdout", log), stderr=log, **options)
        self.ends.callback(end, process)
        return process

    def configured(self, example, changes):
        """Copies one of the example configurations, with these texts replaced. All of them have to be there."""
        text = (ROOT / "packaging" / example).read_text()
        for old, new in changes.items():
            if old not in text:
                raise ValueError(f"packaging/{example} has no {old!r}")
            text = text.replace(old, str(new))
        path = self.directory / f"{free_port()}-{Path(example).name}"
        path.write_text(text)
        return path


def end(process):
    """Ends a process, if it still runs."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()
