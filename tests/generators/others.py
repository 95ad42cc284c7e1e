"""The generators besides openapi-generator: those of npm, PyPI and crates.io."""

import os
import pathlib

from npm_tools import npm, npm_tool, typescript_compiles, typescript_creates
from tools import HERE, ROOT, Failed, Generator, Work, venv


def prepare(work: Work, program: str) -> None:
    """Copies a TypeScript program into the generator's directory, beside the packages that it imports."""
    work.copy("programs", program)
    (work.directory / "node_modules").symlink_to(npm() / "node_modules")


def openapi_typescript_generates(work: Work) -> None:
    prepare(work, "openapi-typescript")
    work.run(npm_tool("openapi-typescript"), work.document, "--output", "client/schema.ts")


def hey_api_generates(work: Work) -> None:
    prepare(work, "hey-api")
    work.run(npm_tool("openapi-ts"), "--input", work.document, "--output", "client",
             "--client", "@hey-api/client-fetch", "--no-log-file")


def orval_generates(work: Work) -> None:
    prepare(work, "orval")
    work.run(npm_tool("orval"), "--config", "orval.config.mjs", "--fail-on-warnings",
             DOCUMENT=str(work.document))


def python_client() -> pathlib.Path:
    return venv("openapi-python-client", HERE / "requirements-openapi-python-client.txt")


def python_client_generates(work: Work) -> None:
    work.copy("programs", "openapi-python-client")
    # It formats the client with ruff, which it looks for in the path.
    path = f"{python_client()}{os.pathsep}{os.environ['PATH']}"
    work.run(python_client() / "openapi-python-client", "generate", "--path", work.document,
             "--meta", "none", "--output-path", "client", "--fail-on-warning", PATH=path)


def python_client_imports(work: Work) -> None:
    every = "import importlib, pkgutil, client as c; " \
            "[importlib.import_module(m.name) for m in pkgutil.walk_packages(c.__path__, 'client.')]"
    work.run(python_client() / "python", "-W", "error", "-c", every)


def python_client_creates(work: Work) -> None:
    work.run(python_client() / "python", "create_user.py")


def progenitor_compiles(work: Work) -> None:
    work.run("cargo", "check", "--quiet", "--package", "rollcall-client", cwd=ROOT, timeout=580)


def progenitor_creates(work: Work) -> None:
    output = work.run("cargo", "test", "--quiet", "--package", "rollcall", "--test", "suite", "client::", cwd=ROOT,
                      timeout=580)
    if " 0 passed" in output:
        raise Failed(f"no test ran\n{output}")


GENERATORS = [
    Generator("openapi-typescript", "2026.8", openapi_typescript_generates, typescript_compiles, typescript_creates,
              is_fast=True),
    Generator("@hey-api/openapi-ts", "2026.8", hey_api_generates, typescript_compiles, typescript_creates),
    Generator("orval", "2026.8", orval_generates, typescript_compiles, typescript_creates),
    Generator("openapi-python-client", "2026.8", python_client_generates, python_client_imports,
              python_client_creates),
    # A macro generates the crate while it compiles; the crate is checked in, and the suite tests it.
    Generator("progenitor", "portable", progenitor_compiles, progenitor_compiles, progenitor_creates),
]
