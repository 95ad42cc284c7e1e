"""What the generators share: a directory of its own for each, and commands that fail with their output."""

import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
from collections.abc import Callable

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
TARGET = ROOT / "target" / "generators"


class Failed(Exception):
    """A command failed, with the end of its output."""


class Impossible(Exception):
    """A step cannot be taken on any machine with Debian's packages and those of PyPI and npm, for the reason given."""


@dataclasses.dataclass
class Work:
    """One generator at work."""

    name: str
    url: str
    token: str
    documents: dict[str, pathlib.Path]

    @property
    def directory(self) -> pathlib.Path:
        return TARGET / self.name.replace(" ", "-")

    def clear(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)

    def run(self, *command: object, cwd: pathlib.Path | None = None, timeout: int = 300, **environment: str) -> str:
        """Runs a command in the generator's directory. Returns its standard output."""
        words = [str(word) for word in command]
        environment = os.environ | {"ROLLCALL_URL": self.url, "ROLLCALL_TOKEN": self.token} | environment
        try:
            process = subprocess.Popen(
                words, cwd=cwd or self.directory, env=environment, text=True, start_new_session=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            raise Failed(f"{words[0]} is not installed") from error
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            # With the programs that it started.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Failed(f"{words[0]}: no end after {timeout} s") from error
        if process.returncode:
            raise Failed(f"{' '.join(words)[:200]}\n{(output + errors)[-3000:]}")
        return output

    def copy(self, *parts: str) -> None:
        """Copies a directory of programs beside this file into the generator's directory."""
        shutil.copytree(HERE.joinpath(*parts), self.directory, dirs_exist_ok=True)


@dataclasses.dataclass
class Generator:
    """The steps of a generator. A step raises `Failed`, or `Impossible` if it cannot be taken."""

    name: str
    document: str
    generate: Callable[[Work], None]
    compile: Callable[[Work], None]
    create: Callable[[Work], None]
    is_fast: bool = False


def impossible(reason: str):
    """A step that cannot be taken."""

    def step(_work: Work) -> None:
        raise Impossible(reason)

    return step


def install(*command: object, cwd: pathlib.Path | None = None) -> None:
    """Runs a command that installs packages."""
    try:
        subprocess.run(command, cwd=cwd, timeout=600, check=True, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.CalledProcessError as error:
        raise Failed(f"{command[0]}: {error.stdout[-3000:]}") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{command[0]}: no end after {error.timeout} s") from error


def venv(name: str, requirements: pathlib.Path) -> pathlib.Path:
    """The `bin` of a virtual environment with these requirements, installed once."""
    directory = TARGET / "venvs" / name
    stamp = directory / "requirements.txt"
    if not stamp.is_file() or stamp.read_bytes() != requirements.read_bytes():
        install("python3", "-m", "venv", directory)
        install(directory / "bin" / "pip", "install", "--quiet", "--requirement", requirements)
        shutil.copy(requirements, stamp)
    return directory / "bin"
