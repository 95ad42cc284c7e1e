"""A client for the server under test, independent of the samples."""

import json
import urllib.error
import urllib.parse
import urllib.request

# The name and id fields of each kind of object.
NAMES = {"users": "username", "groups": "name", "tokens": "identifier"}
IDS = {"users": "pk", "groups": "pk", "tokens": "identifier"}


class Server:
    def __init__(self, url, token):
        self.url = url
        self.token = token

    def ask(self, method, path, body=None):
        """Returns the status and the text of the response."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def call(self, method, path, body=None):
        """Returns the response to a request that must succeed."""
        status, text = self.ask(method, "/api/v3" + path, body)
        assert 200 <= status < 300, f"{method} {path}: {status} {text}"
        return json.loads(text) if text else None

    def make(self, kind, body):
        return self.call("POST", f"/core/{kind}/", body)

    def read(self, kind, made):
        return self.call("GET", path(kind, made))

    def change(self, kind, made, body):
        return self.call("PATCH", path(kind, made), body)

    def remove(self, kind, made):
        status, text = self.ask("DELETE", "/api/v3" + path(kind, made))
        assert status in (204, 404), f"{path(kind, made)}: {status} {text}"

    def is_gone(self, kind, made):
        return self.ask("GET", "/api/v3" + path(kind, made))[0] == 404

    def find(self, kind, name):
        """Returns the object with this name, or None."""
        query = urllib.parse.urlencode({NAMES[kind]: name})
        found = self.call("GET", f"/core/{kind}/?{query}")["results"]
        return found[0] if found else None

    def free(self, kind, name):
        """Deletes the object with this name, if there is one."""
        if found := self.find(kind, name):
            self.remove(kind, found)

    def have_users(self, ids):
        """Creates users until these exist. Ids are consecutive, so on a fresh server that takes few others."""
        for wanted in sorted(ids):
            if not self.is_gone("users", {"pk": wanted}):
                continue
            pk = 0
            while pk < wanted:
                pk = self.make("users", {"username": f"member-{wanted}-after-{pk}", "name": ""})["pk"]
            assert pk == wanted, f"this server has had a user {wanted}; the test needs a fresh one"


def path(kind, made):
    return f"/core/{kind}/{made[IDS[kind]]}/"
