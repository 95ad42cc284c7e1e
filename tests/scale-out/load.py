"""Clients that create, change, read and list users, and remember what was acknowledged."""

import http.client
import json
import threading
import time
from collections import Counter

from rollcall import TOKEN

USERS = "/api/v3/core/users/"

# How long a client waits after a failure. Less than `Retry-After` says, so that the end of an outage is measured.
PAUSE = 0.05


class Client:
    """A client with one connection."""

    def __init__(self, port, timeout=30, token=TOKEN):
        self.port, self.timeout, self.token = port, timeout, token
        self.connection = None

    def send(self, method, path, body=None):
        """Returns status, headers and body; status 0 if there was no response."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            self.connection.request(method, path, body and json.dumps(body), headers)
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return 0, {}, repr(error)
        if response.will_close:
            self.close()
        try:
            return response.status, response.headers, json.loads(content or "null")
        except ValueError:
            # A page of a proxy.
            return response.status, response.headers, content.decode(errors="replace")

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def expect(self, status, method, path, body=None):
        """Returns the body of a response, which has to have this status."""
        got, _, content = self.send(method, path, body)
        if got != status:
            raise AssertionError(f"{method} {path}: {got} {content}, expected {status}")
        return content


class Load:
    """Clients on some ports, until it is stopped. Each port has as many."""

    def __init__(self, ports, clients=12, lists=True):
        self.ports, self.lists = ports, lists
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        # The id and the last acknowledged name of each user by username; and how many requests got which status.
        self.users, self.statuses = {}, Counter()
        # What must not happen.
        self.broken = []
        # When a write and a list succeeded, after the start of the process.
        self.writes, self.reads = [], []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(clients)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def work(self, number):
        clients = [Client(port) for port in self.ports]
        count = 0
        while not self.stopping.is_set():
            # One client of several instances, whose requests don't stay with one of them.
            self.create(clients, number, count)
            count += 1
        for client in clients:
            client.close()

    def create(self, clients, number, count):
        writer, reader = clients[count % len(clients)], clients[(count + 1) % len(clients)]
        name = f"u{number}-{count}"
        user = self.send(writer, 201, "POST", USERS, {"username": name, "name": "new", "attributes": {"n": count}})
        if not user:
            return
        self.users[name] = (user["pk"], {"new"})
        self.writes.append(time.monotonic())
        path = f"{USERS}{user['pk']}/"
        # One that isn't acknowledged may have happened.
        changed = f"changed {count}"
        self.users[name] = (user["pk"], {"new", changed})
        if self.send(writer, 200, "PATCH", path, {"name": changed}):
            self.users[name] = (user["pk"], {changed})
            self.writes.append(time.monotonic())
        names = self.users[name][1]
        found = self.send(reader, 200, "GET", path)
        if found and found["name"] not in names:
            self.report(f"{name} has the name {found['name']}, expected {names}")
        if self.lists:
            self.list(reader, name, names)

    def list(self, reader, name, names):
        """Lists a user that was just written, maybe by another instance."""
        listed = self.send(reader, 200, "GET", f"{USERS}?username={name}")
        if listed:
            self.reads.append(time.monotonic())
            if [user["name"] in names for user in listed["results"]] != [True]:
                self.report(f"a list didn't show {name} as it was acknowledged: {listed['results']}")

    def send(self, client, expected, method, path, body=None):
        """Returns the body of a response with the expected status. Otherwise waits a little."""
        status, headers, content = client.send(method, path, body)
        with self.lock:
            self.statuses[status] += 1
        if status == expected:
            return content
        if status == 503 and headers.get("Retry-After") is None:
            self.report(f"{method} {path}: 503 without Retry-After")
        if status not in self.allowed:
            self.report(f"{method} {path}: {status} {content}")
        self.stopping.wait(PAUSE)
        return None

    # What clients may get besides success.
    allowed = frozenset({503})

    def report(self, what):
        with self.lock:
            self.broken.append(what)

    @property
    def failed(self):
        return sum(number for status, number in self.statuses.items() if status not in {200, 201})

    def outage(self, times, since):
        """The longest time without success from `since` on, in seconds."""
        times = [since, *sorted(moment for moment in times if moment >= since)]
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=float("inf"))

    def lost(self, port):
        """How many users, or changes of them, were acknowledged and are not there."""
        client, stored = Client(port), {}
        page = 1
        while page:
            listed = client.expect(200, "GET", f"{USERS}?page_size=500&page={page}&ordering=pk")
            stored |= {user["username"]: (user["pk"], user["name"]) for user in listed["results"]}
            page = listed["pagination"]["next"]
        client.close()
        is_lost = lambda name, pk, names: name not in stored or stored[name][0] != pk or stored[name][1] not in names
        return sum(is_lost(name, pk, names) for name, (pk, names) in self.users.items())
