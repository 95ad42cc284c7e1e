"""Uses the server through authentik's published Python client, unmodified: requests and responses that it rejects fail.

Run by `tests/support/with-server python3 -B tests/clients/python/users_and_groups.py`; requirements.txt says what
has to be installed.
"""

import os

import changing
import checks
import creating
import lists
import tokens


def main():
    token = os.environ["ROLLCALL_TOKEN"]
    api = checks.connect(token)
    for part in (changing, creating, lists, tokens):
        part.run(api)
    tokens.configuration(token)
    print(f"{checks.checks} checks passed")


if __name__ == "__main__":
    main()
