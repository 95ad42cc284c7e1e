"""Two instances on one database, behind nginx."""

import time

from load import USERS, Client, Load
from postgres import Postgres
from processes import Stage, wait_until
from rollcall import Instance, nginx

# How long a token may still work on the other instance after it was revoked, in seconds.
REVOCATION = 1.0

# How many requests a stopped instance may cost that had not got a response yet.
IN_FLIGHT = 12


def database(stage):
    postgres = Postgres(stage, "primary")
    postgres.sql("CREATE DATABASE rollcall")
    return f"postgres://postgres@{postgres.host}/rollcall", postgres


def first_starts():
    """Two instances start at the same time on an empty database."""
    with Stage() as stage:
        url, postgres = database(stage)
        rounds, broken = 5, []
        for number in range(rounds):
            name = f"rollcall{number}"
            postgres.sql(f"CREATE DATABASE {name}")
            instances = [Instance(stage, f"{name}-{letter}", url.replace("/rollcall", f"/{name}")) for letter in "ab"]
            for instance in instances:
                me = Client(instance.wait().port).expect(200, "GET", f"{USERS}me/")["user"]
                if (me["pk"], me["username"]) != (1, "akadmin"):
                    broken.append(f"{instance.name}: {me}")
            users = postgres.sql("SELECT count(*) FROM users", name)
            created = sum("First start" in instance.log for instance in instances)
            if (users, created) != (["1"], 1):
                broken.append(f"{users} users, created by {created} instances")
        return {"starts of two": rounds, "administrators too many": len(broken)}, broken


def both_write():
    """Clients use both instances in turn; what one wrote, the other one lists at once. A token is revoked."""
    with Stage() as stage:
        url, _ = database(stage)
        instances = [Instance(stage, name, url).wait() for name in "ab"]
        first, second = [Client(instance.port) for instance in instances]
        revocations = []
        with Load([instance.port for instance in instances]) as load:
            load.allowed = frozenset()
            for number in range(8):
                revocations.append(revoke(first, second, number))
                first, second = second, first
        if max(revocations) > REVOCATION:
            load.report(f"a revoked token worked for {max(revocations):.2f} s")
        figures = {
            "requests": load.statuses.total(),
            "failed": load.failed,
            "revoked tokens worked for": f"{max(revocations):.2f} s at most, of {len(revocations)}",
            "lost": load.lost(instances[0].port),
        }
        return figures, load.broken


def revoke(first, second, number):
    """Revokes a token on the first instance while it is used on the second. Returns for how long it still worked there."""
    identifier = f"token-{number}"
    first.expect(201, "POST", "/api/v3/core/tokens/", {"identifier": identifier, "intent": "api", "expiring": False})
    key = first.expect(200, "GET", f"/api/v3/core/tokens/{identifier}/view_key/")["key"]
    holder = Client(second.port, token=key)
    for _ in range(20):
        holder.expect(200, "GET", f"{USERS}me/")
        time.sleep(0.02)
    first.expect(204, "DELETE", f"/api/v3/core/tokens/{identifier}/")
    revoked = time.monotonic()
    wait_until(lambda: holder.send("GET", f"{USERS}me/")[0] == 403, "the end of a revoked token")
    holder.close()
    return time.monotonic() - revoked


def rolling_restarts():
    """One instance after the other is stopped with SIGTERM, and started again, while nginx has requests for both."""
    with Stage() as stage:
        url, _ = database(stage)
        instances = [Instance(stage, name, url, trusted_proxies="127.0.0.1").wait() for name in "ab"]
        port = nginx(stage, instances)
        restarts = 0
        with Load([port]) as load:
            load.allowed = frozenset({502})
            for _ in range(2):
                for instance in instances:
                    time.sleep(1)
                    instance.process.terminate()
                    instance.process.wait(20)
                    restarts += 1
                    time.sleep(1)
                    instance.start()
                    instance.wait()
                    # Until nginx tries it again.
                    time.sleep(5)
        if load.failed > restarts * IN_FLIGHT:
            load.report(f"{load.failed} requests failed")
        figures = {
            "requests": load.statuses.total(),
            "restarts": restarts,
            "failed": f"{load.failed} {dict(load.statuses)}",
            "no writes for": f"{load.outage(load.writes, min(load.writes)):.2f} s",
            "lost": load.lost(port),
        }
        return figures, load.broken


SCENARIOS = {
    "instances: first starts": first_starts,
    "instances: both write": both_write,
    "instances: restarts behind nginx": rolling_restarts,
}
