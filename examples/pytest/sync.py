"""The tool under test: creates the users who are missing in authentik."""

import json
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def sync(people, api, token):
    """Returns the usernames that were created. Fails with urllib's HTTPError or ConnectionError."""
    existing = usernames(api, token)
    missing = [person for person in people if person["username"] not in existing]
    for person in missing:
        try:
            call(api, token, "core/users/", person)
        except ConnectionError:
            # The response was lost, but the user may have been created.
            if person["username"] not in usernames(api, token):
                raise
    return [person["username"] for person in missing]


def usernames(api, token):
    found, page = set(), 1
    while page:
        users = call(api, token, f"core/users/?page_size=100&page={page}")
        found |= {user["username"] for user in users["results"]}
        page = users["pagination"]["next"]  # 0 on the last page
    return found


def call(api, token, path, body=None, attempts=3):
    """Sends a request, again if the server is busy."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(f"{api}/{path}", data=json.dumps(body).encode() if body else None, headers=headers)
    try:
        with urlopen(request, timeout=30) as response:
            return json.load(response)
    except HTTPError as error:
        if error.code not in (429, 503) or attempts == 1:
            raise
        time.sleep(float(error.headers.get("Retry-After", 1)))
        return call(api, token, path, body, attempts - 1)
