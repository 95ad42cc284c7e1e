#!/usr/bin/env python3
"""Uses a server through nginx and Caddy, with their configurations as they are published.

Needs nginx, Caddy, openssl, and the debug build of the server, or another one at $ROLLCALL_BIN.
"""

import html.parser
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

PACKAGING = pathlib.Path(__file__).resolve().parents[1]
NAME = "directory.example.com"
# Another address of this machine than the proxies', as which the clients below come.
CLIENT = "127.0.0.2"
OTHER = "203.0.113.9"
TOKEN = "the-token-of-the-test"


class Server:
    """A server that trusts the proxies, and logs each request."""

    def __init__(self, directory):
        self.log = directory / "log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")} | {
            "ROLLCALL_LISTEN": "127.0.0.1:0",
            "ROLLCALL_DATA_DIR": str(directory / "data"),
            "ROLLCALL_BOOTSTRAP_TOKEN": TOKEN,
            "ROLLCALL_TRUSTED_PROXIES": "127.0.0.1",
            "ROLLCALL_LOG": "info,rollcall::http=debug",
        }
        binary = os.environ.get("ROLLCALL_BIN", PACKAGING.parent / "target/debug/rollcall")
        output = {"stdout": subprocess.PIPE, "stderr": self.log.open("w"), "text": True}
        self.process = subprocess.Popen([binary, "serve"], env=environment, **output)
        lines = (re.search(r"Listening on http://(\S+)/", line) for line in self.process.stdout)
        self.address = next(found[1] for found in lines if found)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        stop(self.process)


class Proxy:
    """A running proxy, and requests through it."""

    def __init__(self, command, port, authority, environment):
        self.port, self.authority = port, authority
        self.process = subprocess.Popen(command, env=os.environ | environment)

    def __enter__(self):
        deadline = time.monotonic() + 10
        while True:
            try:
                return self if self.request("GET", "/idm/").status == 200 else self.fail("no page")
            except (OSError, http.client.HTTPException) as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.fail(error)
                time.sleep(0.05)

    def __exit__(self, *_):
        stop(self.process)

    def fail(self, why):
        self.process.kill()
        raise SystemExit(f"the proxy doesn't start: {why}")

    def request(self, method, path, headers=None, body=None):
        """Sends a request over a TLS connection of its own, from CLIENT."""
        context = ssl.create_default_context(cafile=self.authority)
        stream = socket.create_connection(("127.0.0.1", self.port), 10, (CLIENT, 0))
        connection = http.client.HTTPConnection(NAME)
        connection.sock = context.wrap_socket(stream, server_hostname=NAME)
        connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}"} | (headers or {}))
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response


def stop(process):
    process.terminate()
    process.wait(40)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def replaced(text, old, new):
    """Replaces what must be in a published file."""
    if old not in text:
        sys.exit(f"`{old}` is not in the configuration")
    return text.replace(old, new)


def nginx(directory, server):
    """nginx with nginx/rollcall.conf, where only addresses and files differ."""
    certificate, key, port = directory / "certificate.pem", directory / "key.pem", free_port()
    options = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command = ["openssl", "req", *options.split(), "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
    text = (PACKAGING / "nginx/rollcall.conf").read_text()
    text = replaced(text, "server 127.0.0.1:8000;", f"server {server.address};")
    text = replaced(text, "listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    text = replaced(text, f"/etc/ssl/private/{NAME}.pem", str(certificate))
    text = replaced(text, f"/etc/ssl/private/{NAME}.key", str(key))
    (directory / "rollcall.conf").write_text(text)
    paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    paths = " ".join(f"{name}_temp_path {directory}/{name};" for name in paths)
    main = directory / "nginx.conf"
    include = f"access_log off; {paths} include {directory}/rollcall.conf;"
    # Its directory is only for this user.
    user = "user root; " if os.geteuid() == 0 else ""
    main.write_text(
        f"{user}daemon off; pid {directory}/pid; error_log {directory}/log; events {{}}\nhttp {{ {include} }}\n"
    )
    return Proxy(["nginx", "-e", f"{directory}/log", "-c", main], port, certificate, {})


def caddy(directory, server):
    """Caddy with caddy/Caddyfile, where only addresses differ, and certificates of its own authority."""
    port = free_port()
    text = replaced(
        (PACKAGING / "caddy/Caddyfile").read_text(), "reverse_proxy 127.0.0.1:8000", f"reverse_proxy {server.address}"
    )
    options = f"admin off\nauto_https disable_redirects\nhttps_port {port}\nlocal_certs\nskip_install_trust"
    options += f"\nstorage file_system {directory}/caddy\nlog {{\nlevel ERROR\n}}"
    (directory / "Caddyfile").write_text(f"{{\n{options}\n}}\n{text}")
    command = ["caddy", "run", "--config", directory / "Caddyfile", "--adapter", "caddyfile"]
    # It makes the authority when it starts.
    authority = directory / "caddy/pki/authorities/local/root.crt"
    return Proxy(command, port, authority, {"XDG_CONFIG_HOME": str(directory), "HOME": str(directory)})


class Links(html.parser.HTMLParser):
    """The addresses that a page loads or links to."""

    def __init__(self, page):
        super().__init__()
        self.found = set()
        self.feed(page)

    def handle_starttag(self, _, attributes):
        self.found.update(value for name, value in attributes if name in ("href", "src") and value)


def expect(actual, expected, what):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r}, got {actual!r}")


def a_user_is_created_below_the_prefix(proxy, _):
    json_type = {"Content-Type": "application/json"}
    body = json.dumps({"username": f"user-{proxy.port}", "name": "Somebody"})
    response = proxy.request("POST", "/idm/api/v3/core/users/", json_type, body)
    expect(response.status, 201, "creating a user")
    user = json.loads(response.content)
    path = f"/idm/api/v3/core/users/{user['pk']}/"
    expect(json.loads(proxy.request("GET", path).content)["username"], f"user-{proxy.port}", "the user")
    expect(proxy.request("DELETE", path).status, 204, "deleting the user")
    response = proxy.request("POST", "/idm/api/v3/core/users/", json_type, " " * 1_100_000)
    expect((response.status, b"detail" in response.content), (413, True), "a body that is too large, as JSON")
    expect(proxy.request("GET", f"/idm/api/v3/core/users/?unknown={'x' * 20_000}").status, 200, "a long URL")


def all_links_of_the_pages_work(proxy, _):
    response = proxy.request("GET", "/idm")
    expect((response.status, response.getheader("Location")[-5:]), (308, "/idm/"), "the prefix without a slash")
    waiting, seen = ["/idm/"], set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        response = proxy.request("GET", path)
        expect(response.status, 200, path)
        if "text/html" in response.getheader("Content-Type"):
            for link in Links(response.content.decode()).found:
                address = urllib.parse.urlsplit(urllib.parse.urljoin(f"https://{NAME}{path}", link))
                target = address.path + (f"?{address.query}" if address.query else "")
                if address.netloc == NAME and target not in seen:
                    waiting.append(target)
    outside = [path for path in seen if not path.startswith("/idm/")]
    expect((outside, len(seen) > 10), ([], True), "links that leave the prefix, and whether there are enough")


def only_the_proxy_tells_the_clients_address(proxy, server):
    for number, headers in enumerate(
        [{}, {"X-Forwarded-For": OTHER}, {"Forwarded": f"for={OTHER}"}, {"X-Forwarded-For": f"{OTHER}, 127.0.0.1"}]
    ):
        identifier = f"{proxy.port}-{number}"
        proxy.request("GET", "/idm/api/v3/root/config/", headers | {"X-Request-Id": identifier})
        lines = [line for line in server.log.read_text().splitlines() if identifier in line and "responded" in line]
        clients = [re.search(r"client=(\S+)", re.sub(r"\x1b\[[0-9;]*m", "", line))[1] for line in lines]
        expect(clients, [CLIENT], f"the address in the log with {headers}")


def health_and_metrics_stay_inside(proxy, _):
    for path in [
        "/-/metrics/",
        "/-/health/ready/",
        "/%2D/metrics/",
        "//-/metrics/",
        "/docs/../-/metrics/",
        "/./-/metrics",
    ]:
        response = proxy.request("GET", f"/idm{path}")
        # Rollcall's own answers have an id.
        answered = response.getheader("X-Request-Id") is not None
        expect((response.status, answered), (404, False), path)


CHECKS = [
    a_user_is_created_below_the_prefix,
    all_links_of_the_pages_work,
    only_the_proxy_tells_the_clients_address,
    health_and_metrics_stay_inside,
]


def main():
    for start in (nginx, caddy):
        with tempfile.TemporaryDirectory(prefix="rollcall-proxy-") as directory:
            directory = pathlib.Path(directory)
            with Server(directory) as server, start(directory, server) as proxy:
                for check in CHECKS:
                    check(proxy, server)
        print(f"{start.__name__} works")


if __name__ == "__main__":
    main()
