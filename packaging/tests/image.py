#!/usr/bin/env python3
"""Checks the image and the compose file without Docker.

hadolint reads the Dockerfile, and docker-compose the compose file. What the debug build has read tells whether the image's
build gets every file that it needs, and a directory with the few files of the final image stands for it. Needs root,
cargo, Debian's docker-compose, the debug build of the server, and hadolint as its only argument.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "packaging/docker/Dockerfile"
IGNORE = ROOT / "packaging/docker/Dockerfile.dockerignore"
COMPOSE = ROOT / "packaging/compose"
BINARY = ROOT / "target/debug/rollcall"
TOKEN = "the-token-of-the-test"
SECRET = "abc0123456789012"


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def compose(environment):
    command = ["docker-compose", "--file", COMPOSE / "compose.yaml", "--env-file", environment, "config"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def the_compose_file_is_valid_and_needs_every_secret(directory):
    example = (COMPOSE / ".env.example").read_text()
    names = re.findall("^(.+)=$", example, re.MULTILINE)
    assert len(names) == 3, names
    environment = directory / "env"
    for missing in [*names, None]:
        environment.write_text("".join(f"{name}={SECRET}\n" for name in names if name != missing))
        result = compose(environment)
        assert (result.returncode == 0) == (missing is None), (missing, result.stderr)
    assert f"postgres://rollcall:{SECRET}@postgres/rollcall" in result.stdout


def the_build_gets_every_file_that_it_needs(directory):
    context = directory / "context"
    patterns = [line[1:] for line in IGNORE.read_text().splitlines() if line.startswith("!")]
    for file in run("git", "ls-files", *patterns, cwd=ROOT).splitlines():
        (context / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, context / file)
    read = BINARY.with_suffix(".d").read_text().split(": ", 1)[1].split()
    read = [pathlib.Path(file).relative_to(ROOT) for file in read if file.startswith(f"{ROOT}/")]
    assert len(read) > 100, read
    missing = [str(file) for file in read if file.parts[0] != "target" and not (context / file).exists()]
    assert not missing, f".dockerignore leaves out {missing}"
    # Every target of every member has its sources.
    run("cargo", "metadata", "--locked", "--offline", "--no-deps", "--format-version=1", cwd=context)


def instructions():
    """The last value of each instruction of the Dockerfile, and its variables."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    found = dict(re.findall(r"^([A-Z]+) +(.+)$", text, re.MULTILINE))
    return found, dict(word.split("=", 1) for word in found["ENV"].split())


def the_final_image_serves_as_another_user_and_is_healthy(directory):
    found, environment = instructions()
    image = directory / "image"
    shutil.copy(BINARY, image_path(image, "/usr/bin/rollcall"))
    for library in re.findall(r"(/\S+) \(0x", run("ldd", BINARY)):
        shutil.copy(library, image_path(image, library))
    user, group = map(int, found["USER"].split(":"))
    data = image / found["VOLUME"].lstrip("/")
    data.mkdir(mode=0o700)
    os.chown(data, user, group)

    def inside(arguments):
        command = [
            shutil.which("chroot"),
            f"--userspec={found['USER']}",
            image,
            f"/usr/bin/{arguments[0]}",
            *arguments[1:],
        ]
        return {"args": command, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    start = [*json.loads(found["ENTRYPOINT"]), *json.loads(found["CMD"])]
    # Others could read what it sends, unless this is said to be known.
    refused = subprocess.run(**inside(start), check=False)
    assert refused.returncode and "ROLLCALL_ALLOW_PLAINTEXT=true" in refused.stderr, refused
    environment |= {"ROLLCALL_ALLOW_PLAINTEXT": "true", "ROLLCALL_BOOTSTRAP_TOKEN": TOKEN}
    server = subprocess.Popen(**inside(start))
    try:
        assert any("Listening on" in line for line in server.stdout)
        body = json.dumps({"username": "ada", "name": "Ada Lovelace"}).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        address = f"http://127.0.0.1:{found['EXPOSE']}/api/v3/core/users/"
        with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as response:
            assert response.status == 201
        health = json.loads(found["HEALTHCHECK"].split(" CMD ")[1])
        assert subprocess.run(**inside(health), check=False).stdout == "ready\n"
    finally:
        server.terminate()
        assert server.wait(40) == 0
    assert subprocess.run(**inside(health), check=False).returncode == 3
    written = [file for file in image.rglob("*") if file.stat().st_uid == user and not file.is_relative_to(data)]
    assert not written, f"only /data is a volume: {written}"


def image_path(image, path):
    path = image / path.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def main():
    subprocess.run([sys.argv[1], DOCKERFILE], check=True)
    for check in [
        the_compose_file_is_valid_and_needs_every_secret,
        the_build_gets_every_file_that_it_needs,
        the_final_image_serves_as_another_user_and_is_healthy,
    ]:
        with tempfile.TemporaryDirectory(prefix="rollcall-image-") as directory:
            os.chmod(directory, 0o755)
            check(pathlib.Path(directory))
    print("the image and the compose file work, as far as can be told without Docker")


if __name__ == "__main__":
    main()
