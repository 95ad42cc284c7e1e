"""Runs every code sample of the document, and checks its effect: run.py [OPTION...] [FILE]

    --only LABEL,...     run only these languages
    --without LABEL,...  skip these languages; otherwise a missing tool is an error
    --python PATH        the Python for the Python samples; it needs the packages in requirements.txt
    --keep DIRECTORY     keep the programs in this directory; default: a temporary directory

FILE is the document; default: the one served by the server at $ROLLCALL_URL. The server must be fresh, and
$ROLLCALL_TOKEN an administrator's token. Samples run unchanged, except for the server's address, the token and the ids
of objects.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import languages
from document import operations
from effects import EFFECTS
from server import Server

# Timeout of a program in seconds.
TIMEOUT = 60


class Run:
    """A run of a sample, with the objects it uses and the body it sends."""

    def __init__(self, server, language, operation, parent):
        self.server, self.language, self.operation = server, language, operation
        self.name = f"{language.label}: {operation.id}"
        unique = "".join(letter if letter.isalnum() else "-" for letter in self.name)
        user = server.make("users", {"username": unique, "name": f"User of {unique}"})
        group = server.make("groups", {"name": unique, "users": [user["pk"]]})
        token = server.make("tokens", {"identifier": unique})
        self.world = {"users": user, "groups": group, "tokens": token}
        values = {"id": user["pk"], "group_uuid": group["pk"], "identifier": token["identifier"]}
        self.path = operation.path(values)
        self.method = operation.method.upper()
        self.body = operation.body_with(parent)
        self.directory = None

    def write(self, directory, parent):
        source = self.operation.samples[self.language.label]
        source = source.replace(self.operation.url, f"{self.server.url}/api/v3{self.path}")
        # The group that the body may name; it must differ from the one in the URL.
        source = source.replace(self.operation.group, parent)
        self.directory = directory / self.operation.id
        self.directory.mkdir(parents=True)
        (self.directory / self.language.file_name(source)).write_text(source, encoding="utf-8")

    def execute(self, token):
        environment = {name: value for name, value in os.environ.items()
                       if not name.lower().endswith("_proxy") and name != "ROLLCALL_URL"}
        environment["ROLLCALL_TOKEN"] = token
        return subprocess.run(self.language.run(self.directory), cwd=self.directory, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)

    def check(self):
        if self.operation.needs_token:
            refused = self.execute("not-a-token")
            assert refused.returncode != 0, "succeeds although the server refuses"
        effect = EFFECTS[self.operation.id](self)
        next(effect)
        done = self.execute(self.server.token)
        assert done.returncode == 0, f"exit status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        try:
            effect.send(done.stdout)
        except StopIteration:
            pass
        except AssertionError as wrong:
            raise AssertionError(f"{wrong}\n--- it printed ---\n{done.stdout[:2000]}{done.stderr[:2000]}") from None
        if not self.operation.answers:
            assert not done.stdout.strip(), f"prints what the server did not answer: {done.stdout[:200]!r}"

    def clean_up(self):
        # Dependent objects first.
        for kind in ("tokens", "groups", "users"):
            self.server.remove(kind, self.world[kind])


def prepare(server, language, all_operations, parent, directory):
    """Creates the objects and compiles the programs of a language. Returns its runs and the compiler's errors."""
    runs = [Run(server, language, operation, parent) for operation in all_operations]
    for run in runs:
        run.write(directory, parent)
    return runs, language.prepare([run.directory for run in runs])


def run_all(runs):
    """Returns the number of successful runs."""
    good = 0
    for run in runs:
        try:
            run.check()
            good += 1
        except (AssertionError, FileNotFoundError, subprocess.TimeoutExpired) as wrong:
            print(f"FAILED {run.name}: {wrong}\n", flush=True)
        run.clean_up()
    return good


def choose(options):
    """Returns the languages to run, with the versions of their tools."""
    known = languages.all_languages(options.python)
    labels = [language.label for language in known]
    for label in [*options.only, *options.without]:
        if label not in labels:
            sys.exit(f"run.py: unknown language {label!r}; supported: {', '.join(labels)}")
    wanted = [language for language in known
              if language.label not in options.without and (not options.only or language.label in options.only)]
    chosen = {language: languages.version(language) for language in wanted}
    if missing := [language.label for language, version in chosen.items() if version is None]:
        sys.exit(f"run.py: no tool for {', '.join(missing)}; install it, or say --without")
    return labels, chosen


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for option in ("--only", "--without"):
        parser.add_argument(option, type=lambda text: text.split(","), default=[])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("file", nargs="?")
    options = parser.parse_args()

    labels, chosen = choose(options)
    server = Server(os.environ["ROLLCALL_URL"], os.environ["ROLLCALL_TOKEN"])
    text = pathlib.Path(options.file).read_text() if options.file else server.ask("GET", "/openapi.json")[1]
    all_operations = operations(text, labels, EFFECTS)
    server.have_users({user for operation in all_operations for user in operation.users})
    parent = server.make("groups", {"name": "the group in bodies"})["pk"]

    work = options.keep.resolve() if options.keep else pathlib.Path(tempfile.mkdtemp(prefix="rollcall-samples."))
    rows = []
    try:
        with ThreadPoolExecutor(1) as compiler:
            def start_preparing(place):
                if place < len(chosen):
                    language = list(chosen)[place]
                    return compiler.submit(prepare, server, language, all_operations, parent, work / str(place))

            following = start_preparing(0)
            for place, (language, version) in enumerate(chosen.items()):
                start = time.monotonic()
                runs, complaints = following.result()
                # Compile the next language while one runs. Only one ahead, because all objects must fit on the
                # first page of a list.
                following = start_preparing(place + 1)
                if complaints:
                    print(f"FAILED {language.label}: compilation failed\n{complaints[:2000]}\n", flush=True)
                good = run_all(runs)
                rows.append((language.label, f"{language.tool} {version}", len(runs), good,
                             f"{time.monotonic() - start:.0f} s"))
    finally:
        if not options.keep:
            shutil.rmtree(work)
    for row in [("language", "tool", "samples", "ok", "time"), *rows]:
        print("{:<11} {:<24} {:>7} {:>5} {:>6}".format(*row))
    good = sum(row[3] for row in rows)
    bad = sum(row[2] for row in rows) - good
    print(f"{good} passed, {bad} failed")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
