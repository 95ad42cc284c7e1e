"""The packages of npm, and how clients in TypeScript are compiled and run."""

import functools
import pathlib
import shutil

from tools import HERE, TARGET, Work, install


def npm_tool(name: str) -> pathlib.Path:
    return npm() / "node_modules" / ".bin" / name


@functools.cache
def npm() -> pathlib.Path:
    """The directory of the npm packages, installed once."""
    directory = TARGET / "npm"
    lock = HERE / "npm" / "package-lock.json"
    installed = directory / "installed.json"
    if not installed.is_file() or installed.read_bytes() != lock.read_bytes():
        shutil.copytree(HERE / "npm", directory, dirs_exist_ok=True)
        install("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=directory)
        shutil.copy(lock, installed)
    return directory


def typescript_compiles(work: Work) -> None:
    work.run(npm_tool("tsc"), "--strict", "--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom,dom.iterable",
             "--skipLibCheck", "--types", "node", "--typeRoots", npm() / "node_modules" / "@types",
             "--outDir", "built", "create_user.ts")


def typescript_creates(work: Work) -> None:
    work.run("node", "built/create_user.js")
