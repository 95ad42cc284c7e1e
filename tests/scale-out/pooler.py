"""PgBouncer in transaction mode between the instances and PostgreSQL."""

import time

from load import USERS, Client, Load
from postgres import Postgres
from processes import Stage
from rollcall import PASSWORD, Instance, pgbouncer

# How many sessions of PostgreSQL all instances share.
SESSIONS = 4

# How long an operation may take more by way of PgBouncer, on average, in seconds. Debug builds are slow.
DEARER = 0.02


def through_pgbouncer():
    """Three instances share a few sessions, of which nothing is left behind in any. Some are ended under load."""
    with Stage() as stage:
        postgres = Postgres(stage, "primary")
        postgres.sql(f"CREATE ROLE rollcall LOGIN PASSWORD '{PASSWORD}'")
        postgres.sql("CREATE DATABASE rollcall OWNER rollcall")
        port = pgbouncer(stage, postgres, {"default_pool_size = 20": f"default_pool_size = {SESSIONS}"})
        url = lambda host: f"postgres://rollcall:{PASSWORD}@{host}/rollcall"
        pooled = f"{url(f'127.0.0.1:{port}')}?pgbouncer=true"
        instances = [Instance(stage, name, pooled).wait() for name in "abc"]
        with Load([instance.port for instance in instances], clients=24) as load:
            time.sleep(4)
            sessions = postgres.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'rollcall'")[0]
            before = load.failed
            postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rollcall'")
            time.sleep(3)
        if before:
            load.report(f"{before} requests failed before the sessions were ended: {dict(load.statuses)}")
        if int(sessions) > SESSIONS:
            load.report(f"{sessions} sessions")
        figures = {
            "requests": load.statuses.total(),
            "failed": load.failed,
            "sessions of 3 instances": sessions,
            "lost": load.lost(instances[0].port),
        }
        direct = Instance(stage, "direct", url(postgres.host)).wait()
        for what, request in OPERATIONS.items():
            times = [measure(instance.port, *request) for instance in (instances[0], direct)]
            figures[what] = f"{times[0] * 1000:.1f} ms, {times[1] * 1000:.1f} ms without PgBouncer"
            if times[0] - times[1] > DEARER:
                load.report(f"{what} takes {times[0] - times[1]:.3f} s more")
        return figures, load.broken


OPERATIONS = {
    "read a user": (200, "GET", f"{USERS}1/", None),
    "list 20 users": (200, "GET", f"{USERS}?page_size=20", None),
    "change a user": (200, "PATCH", f"{USERS}1/", {"name": "Administrator"}),
}


def measure(port, *request):
    """Returns how long a request takes, on average of 100."""
    client = Client(port)
    client.expect(*request)
    begin = time.monotonic()
    for _ in range(100):
        client.expect(*request)
    client.close()
    return (time.monotonic() - begin) / 100


SCENARIOS = {"pooler: PgBouncer in transaction mode": through_pgbouncer}
