"""What the generators share: a directory of its own for each, and commands that fail with their output."""

import dataclasses
import os
import pathlib
import shutil
import subprocess
from collections.abc import Callable

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
TARGET = ROOT / "target" / "generators"


class Failed(Exception):
    """A command failed, with the end of its output."""


@dataclasses.dataclass
class Work:
    """One generator at work."""

    name: str
    url: str
    token: str
    document: pathlib.Path

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
            done = subprocess.run(
                words, cwd=cwd or self.directory, env=environment, timeout=timeout, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            )
        except FileNotFoundError as error:
            raise Failed(f"{words[0]} is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{words[0]}: no end after {timeout} s") from error
        if done.returncode:
            raise Failed(f"{' '.join(words)[:200]}\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def copy(self, *parts: str) -> None:
        """Copies a directory of programs beside this file into the generator's directory."""
        shutil.copytree(HERE.joinpath(*parts), self.directory, dirs_exist_ok=True)


@dataclasses.dataclass
class Generator:
    """The steps of a generator. A step raises `Failed`."""

    name: str
    document: str
    generate: Callable[[Work], None]
    compile: Callable[[Work], None]
    create: Callable[[Work], None]
    is_fast: bool = False


def install(*command: object, cwd: pathlib.Path | None = None) -> None:
    """Runs a command that installs packages."""
    try:
        subprocess.run(command, cwd=cwd, timeout=600, check=True, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except FileNotFoundError as error:
        raise Failed(f"{command[0]} is not installed") from error
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
