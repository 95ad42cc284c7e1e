"""Instances of Rollcall, and what is in front of them and behind them."""

import os
from pathlib import Path

from postgres import AS_OWNER
from processes import ROOT, accepts, free_port, wait_until

PROGRAM = Path(os.environ.get("ROLLCALL_BIN", ROOT / "target/debug/rollcall"))
TOKEN = "the-administrators-token"

# Of the role in the database, where it has to sign in.
PASSWORD = "a-password-of-the-test"


class Instance:
    """A server on the database at `url`."""

    def __init__(self, stage, name, url, **settings):
        self.stage, self.name, self.port = stage, name, free_port()
        values = {
            "listen": self.host,
            "database_url": url,
            "data_dir": stage.directory / name,
            "secret_key": "a secret key for all instances",
            "bootstrap_token": TOKEN,
            "max_wrong_tokens": "0",
        } | settings
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("ROLLCALL_")}
        self.environment |= {f"ROLLCALL_{key.upper()}": str(value) for key, value in values.items()}
        self.start()

    def start(self):
        self.process = self.stage.start(self.name, PROGRAM, "serve", env=self.environment)

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    @property
    def log(self):
        return (self.stage.directory / f"{self.name}.log").read_text()

    def wait(self):
        """Waits until it serves, and returns it."""

        def is_ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended: {self.log}")
            return accepts(self.port)

        wait_until(is_ready, self.name)
        return self


def nginx(stage, instances):
    """Starts nginx in front of two instances. Returns its port."""
    port = free_port()
    changes = {"listen 80;": f"listen 127.0.0.1:{port};"}
    changes |= {f"10.0.0.1{number}:8000": instance.host for number, instance in enumerate(instances, 1)}
    site = stage.configured("nginx/instances.conf", changes)
    home = stage.directory / "nginx"
    home.mkdir()
    main = home / "nginx.conf"
    temporary = "".join(f"{name}_temp_path {home};" for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    # More connections than the load has, to the clients and to the instances.
    main.write_text(
        f"pid {home}/pid; error_log stderr; worker_processes 2; events {{ worker_connections 1024; }}\n"
        f"http {{ access_log off; {temporary} include {site}; }}\n"
    )
    stage.start("nginx", "nginx", "-c", main, "-p", home, "-g", "daemon off;")
    wait_until(lambda: accepts(port), "nginx")
    return port


def haproxy(stage, servers):
    """Starts HAProxy in front of two PostgreSQL servers. Returns its port."""
    port = free_port()
    changes = {"127.0.0.1:5433": f"127.0.0.1:{port}"}
    changes |= {f"10.0.0.2{number}:5432": server.host for number, server in enumerate(servers, 1)}
    stage.start("haproxy", "haproxy", "-db", "-f", stage.configured("haproxy/haproxy.cfg", changes))
    wait_until(lambda: accepts(port), "HAProxy")
    return port


def pgbouncer(stage, server, changes):
    """Starts PgBouncer in front of a PostgreSQL server, with these changes of the example. Returns its port."""
    port = free_port()
    users = stage.directory / "userlist.txt"
    users.write_text(f'"rollcall" "{PASSWORD}"\n')
    host, server_port = server.host.split(":")
    example = {
        "host=10.0.0.21 port=5432": f"host={host} port={server_port}",
        "listen_port = 6432": f"listen_port = {port}",
        "/etc/pgbouncer/userlist.txt": users,
    }
    configuration = stage.configured("pgbouncer/pgbouncer.ini", example | changes)
    stage.start("pgbouncer", *AS_OWNER, "pgbouncer", configuration)
    wait_until(lambda: accepts(port), "PgBouncer")
    return port
