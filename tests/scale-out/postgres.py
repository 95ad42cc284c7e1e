"""PostgreSQL servers, which replicate each other."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from processes import free_port, wait_until

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]

# PostgreSQL and PgBouncer refuse to run as root.
AS_OWNER = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


class Postgres:
    """A server in the stage's directory. With `source`, a standby of that one."""

    def __init__(self, stage, name, *options, source=None):
        self.stage, self.name, self.port = stage, name, free_port()
        home = stage.directory / name
        home.mkdir()
        if AS_OWNER:
            home.chmod(0o777)
        self.data = home / "data"
        if source:
            connection = f"host=127.0.0.1 port={source.port} user=postgres application_name={name}"
            self.run("pg_basebackup", "-D", self.data, "-d", connection, "-R", "-X", "stream", "-c", "fast")
        else:
            self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--locale=C.UTF-8")
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300"]
        self.options = " ".join(f"-c {setting}" for setting in [*settings, *options])
        self.start()
        stage.ends.callback(self.stop, "immediate")

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def run(self, program, *arguments):
        command = [*AS_OWNER, PROGRAMS / program, *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-o", self.options, "-l", f"{self.data}.log", "-w", "start")

    def stop(self, mode):
        """Stops the server, if it runs."""
        if self.processes():
            self.signal("CONT")
            self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def crash(self):
        """Kills all processes of the server, as if its machine lost power."""
        processes = self.processes()
        # It starts no other process while it is stopped.
        os.kill(processes[0], signal.SIGSTOP)
        self.signal("KILL")
        wait_until(lambda: not any(map(is_alive, processes)), f"the end of {self.name}")
        (self.data / "postmaster.pid").unlink()

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    def processes(self):
        """The ids of the server's processes, the first one first."""
        try:
            first = (self.data / "postmaster.pid").read_text().split()[0]
        except FileNotFoundError:
            return []
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", first], capture_output=True, text=True).stdout
        return [int(process) for process in [first, *children.split()]]

    def signal(self, name):
        for process in self.processes():
            # Sessions come and go.
            with suppress(ProcessLookupError):
                os.kill(process, getattr(signal, f"SIG{name}"))

    def sql(self, sql, database="postgres"):
        return query(self.port, sql, database)


def query(port, sql, database="postgres"):
    """Returns what a statement selects, a line for each row."""
    command = [PROGRAMS / "psql", "-XAtq", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-d", database, "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def is_alive(process):
    """Whether it is there, and not only waits for its parent to notice its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def replicated(stage, synchronous=True):
    """A primary and a standby."""
    primary = Postgres(stage, "primary")
    standby = Postgres(stage, "standby", source=primary)
    if synchronous:
        # After the copy, because the standby would wait for itself once it is the primary.
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.sql("SELECT pg_reload_conf()")
        is_synchronous = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until(lambda: primary.sql(is_synchronous), "synchronous replication")
    primary.sql("CREATE DATABASE rollcall")
    return primary, standby
