"""Uses the server through authentik's published Python client, unmodified: requests and responses that it rejects fail.

Runs with the client of 2024.8 or of 2026.8, whichever is installed, as one of requirements-*.txt says. Run by
`tests/support/with-server python3 -B tests/clients/python/users_and_groups.py`, and by tests/clients/run for both.
"""

import os

import about
import changing
import checks
import creating
import lists
import newer
import tokens
import two_parents
import versions


def main():
    token = os.environ["ROLLCALL_TOKEN"]
    api = checks.connect(token)
    for part in (changing, creating, lists, tokens, two_parents):
        part.run(api)
    if versions.IS_NEW:
        newer.run(api)
    about.run(api, token)
    print(f"{checks.checks} checks passed with {versions.RELEASE}")


if __name__ == "__main__":
    main()
