"""Runs the samples of each language."""

import os
import pathlib
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Timeout in seconds of a compiler, which may build the standard library first.
TIMEOUT = 240


class Language:
    """A language whose programs run from source."""

    def __init__(self, label, file, command, version=("--version",), tool=None):
        self.label = label
        self.file = file
        self.command = command
        self.tool = tool or pathlib.Path(command[0]).name
        self.version = [tool or command[0], *version]

    def file_name(self, source):
        return self.file

    def prepare(self, directories):
        """Compiles the programs in these directories, all at once where that is faster. Returns error messages."""
        return ""

    def run(self, directory):
        """Returns the command that runs the program in this directory."""
        return [*self.command, str(directory / self.file)]


class Go(Language):
    def prepare(self, directories):
        parent = directories[0].parent
        (parent / "go.mod").write_text("module samples\n\ngo 1.19\n")
        # Uses only the standard library, which is built once for all runs.
        settings = {"GOCACHE": str(ROOT / "target/samples/go"), "GOPROXY": "off", "GOTOOLCHAIN": "local",
                    "GOFLAGS": "-mod=mod", "CGO_ENABLED": "0"}
        output = parent / "programs"
        output.mkdir()
        return execute(["go", "build", "-o", f"{output}/", "./..."], parent, settings)

    def run(self, directory):
        return [str(directory.parent / "programs" / directory.name)]


class Java(Language):
    def file_name(self, source):
        # `java FILE` accepts any class name, but the compiler requires a public class in a file of the same name.
        return f"{main_class(source)}.java"

    def prepare(self, directories):
        def compile(directory):
            (source,) = directory.glob("*.java")
            return execute(["javac", "-J-XX:TieredStopAtLevel=1", "-encoding", "UTF-8", source.name], directory)
        with ThreadPoolExecutor(2) as pool:
            return "".join(pool.map(compile, directories))

    def run(self, directory):
        (source,) = directory.glob("*.java")
        return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", str(directory), source.stem]


class CSharp(Language):
    def prepare(self, directories):
        def compile(directory):
            return execute(["mcs", "-r:System.Net.Http", "-out:sample.exe", self.file], directory)
        with ThreadPoolExecutor(2) as pool:
            return "".join(pool.map(compile, directories))

    def run(self, directory):
        return ["mono", str(directory / "sample.exe")]


def main_class(source):
    return re.search(r"^(?:public |final )*class (\w+)", source, re.MULTILINE)[1]


def execute(command, directory, settings={}):
    """Runs a compiler. Returns its output if it fails, else nothing."""
    environment = os.environ | settings
    done = subprocess.run(command, cwd=directory, env=environment, timeout=TIMEOUT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout if done.returncode else ""


def all_languages(python):
    """All languages, in the order required in the document."""
    return [
        Language("curl", "sample.sh", ["sh"], tool="curl"),
        Language("Python", "sample.py", [python]),
        Go("Go", "main.go", ["go"], version=("version",)),
        Language("Node.js", "sample.mjs", ["node"]),
        Language("Ruby", "sample.rb", ["ruby"]),
        CSharp("C#", "sample.cs", ["mcs"]),
        Language("PHP", "sample.php", ["php"]),
        Java("Java", "Sample.java", ["java"]),
        Language("PowerShell", "sample.ps1", ["pwsh", "-NoProfile", "-NonInteractive", "-File"]),
    ]


def version(language):
    """Returns the version of the tool, or None if it is missing."""
    try:
        done = subprocess.run(language.version, capture_output=True, text=True, timeout=30)
    except FileNotFoundError:
        return None
    if done.returncode:
        return None
    return (re.search(r"\d+\.\d+[\w.+-]*", done.stdout + done.stderr) or ["?"])[0]
