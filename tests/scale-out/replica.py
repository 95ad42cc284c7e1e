"""Lists come from a read replica, and show what was acknowledged, whatever happens to the replica."""

import time

from load import USERS, Client, Load
from postgres import Postgres, replicated
from processes import Stage, wait_until
from rollcall import Instance

# What a list reads, among others.
SCANS = "SELECT coalesce(sum(seq_scan + idx_scan), 0) FROM pg_stat_user_tables WHERE relname = 'user_groups'"


def reads(server):
    return int(server.sql(SCANS, "rollcall")[0])


def instances(stage, primary, standby):
    """Two instances, whose role has no rights but those on its database."""
    primary.sql("CREATE ROLE rollcall LOGIN PASSWORD 'secret'")
    primary.sql("ALTER DATABASE rollcall OWNER TO rollcall")
    primary.sql("GRANT ALL ON SCHEMA public TO rollcall", "rollcall")
    url = lambda server: f"postgres://rollcall:secret@{server.host}/rollcall"
    return [Instance(stage, name, url(primary), database_read_url=url(standby)).wait() for name in "ab"]


def lists_from_the_replica():
    """Clients write on one instance and list on the other. Then the replica falls behind, ends, and comes back."""
    with Stage() as stage:
        primary, standby = replicated(stage, synchronous=False)
        both = instances(stage, primary, standby)
        figures = {}
        with Load([instance.port for instance in both]) as load:
            load.allowed = frozenset()
            time.sleep(4)
            figures["lists, replica is there"] = len(load.reads)
            before = time.monotonic()
            # It gets changes, but doesn't apply them.
            standby.sql("SELECT pg_wal_replay_pause()")
            time.sleep(3)
            standby.sql("SELECT pg_wal_replay_resume()")
            time.sleep(2)
            standby.crash()
            time.sleep(3)
            standby.start()
            time.sleep(3)
            figures["no lists for"] = f"{load.outage(load.reads, before):.2f} s while it was behind or gone"
        figures |= {"requests": load.statuses.total(), "failed": load.failed, "lost": load.lost(both[0].port)}
        figures |= shares(load, both, primary, standby)
        warnings = sum(instance.log.count("lists are read from the primary") for instance in both)
        figures["warnings"] = warnings
        if not 1 <= warnings <= 2 * 2:
            load.report(f"it was logged {warnings} times that the replica can't be used")
        return figures, load.broken


def shares(load, both, primary, standby):
    """How lists are shared while nobody writes, and what they cost with and without a replica."""
    time.sleep(2)
    without = Instance(both[0].stage, "without", both[0].environment["ROLLCALL_DATABASE_URL"]).wait()
    times = {}
    for name, instance in {"with": both[0], "without": without}.items():
        client = Client(instance.port)
        client.expect(200, "GET", f"{USERS}?page_size=20&search=u")
        begin = time.monotonic()
        for _ in range(100):
            client.expect(200, "GET", f"{USERS}?page_size=20&search=u")
        times[name] = (time.monotonic() - begin) / 100
        client.close()
    before = counts(primary, standby)
    client = Client(both[0].port)
    for _ in range(100):
        client.expect(200, "GET", f"{USERS}?page_size=20&is_active=true&search=u")
    client.close()
    after = counts(primary, standby)
    on_primary, on_replica = (later - earlier for earlier, later in zip(before, after))
    share = on_replica / (on_primary + on_replica)
    # The rest looks up who calls.
    if share < 0.8:
        load.report(f"of what 100 lists read, only {share:.0%} was on the replica")
    return {
        "one list": f"{times['with'] * 1000:.1f} ms, {times['without'] * 1000:.1f} ms without a replica",
        "read on the replica": f"{share:.0%}",
    }


def counts(primary, standby):
    # Sessions report what they counted once a second.
    time.sleep(1.5)
    return reads(primary), reads(standby)


def failover():
    """The primary is replaced by another standby. Lists come from the primary until the replica follows that."""
    with Stage() as stage:
        primary, standby = replicated(stage)
        replica = Postgres(stage, "replica", source=primary)
        url = lambda *servers: f"postgres://postgres@{','.join(server.host for server in servers)}/rollcall"
        instance = Instance(stage, "a", url(primary, standby), database_read_url=url(replica)).wait()
        with Load([instance.port]) as load:
            time.sleep(2)
            primary.crash()
            standby.promote()
            promoted = time.monotonic()
            time.sleep(2)
            replica.sql(f"ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port={standby.port} user=postgres'")
            replica.sql("SELECT pg_reload_conf()")
            follows = "SELECT 1 FROM pg_stat_wal_receiver WHERE received_tli = 2"
            wait_until(lambda: replica.sql(follows), "the replica to follow the new primary")
            time.sleep(2)
            before = reads(replica)
            time.sleep(3)
            if reads(replica) == before:
                load.report("the replica is not used after the failover")
        figures = {
            "requests": load.statuses.total(),
            "failed": load.failed,
            "no lists for": f"{load.outage(load.reads, promoted):.1f} s after the promotion",
            "lost": load.lost(instance.port),
        }
        return figures, load.broken


SCENARIOS = {"replica: behind and gone": lists_from_the_replica, "replica: failover": failover}
