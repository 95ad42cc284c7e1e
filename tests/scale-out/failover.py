"""The primary database server goes, under load, and its standby is promoted."""

import subprocess
import time

from load import Load
from postgres import query, replicated
from processes import Stage, wait_until
from rollcall import Instance, haproxy

# How soon writes and lists have to succeed again after the promotion, in seconds.
SOON = 5


def with_both_servers(stage, primary, standby):
    return f"postgres://postgres@{primary.host},{standby.host}/rollcall"


def with_haproxy(stage, primary, standby):
    primary.sql("CREATE ROLE rollcall_check LOGIN CONNECTION LIMIT 4")
    port = haproxy(stage, [primary, standby])

    def is_primary():
        try:
            return query(port, "SELECT pg_is_in_recovery()") == ["f"]
        except subprocess.CalledProcessError:
            # Its first checks were too slow, and it has no server for now.
            return False

    # It takes servers in turn, and for working ones before the first checks.
    wait_until(lambda: all(is_primary() for _ in range(4)), "HAProxy to find the primary")
    return f"postgres://postgres@127.0.0.1:{port}/rollcall"


def soonest(times, start):
    """The seconds from `start` to the first of `times` after it; infinite if there is none."""
    return min((moment for moment in times if moment > start), default=float("inf")) - start


def crash(url, take_down):
    """Returns a scenario, in which `take_down` ends the primary."""

    def run():
        with Stage() as stage:
            primary, standby = replicated(stage)
            instance = Instance(stage, "instance", url(stage, primary, standby)).wait()
            with Load([instance.port]) as load:
                time.sleep(3)
                down = time.monotonic()
                take_down(primary)
                standby.promote()
                promoted = time.monotonic()
                time.sleep(SOON + 1)
            after = {what: soonest(times, promoted) for what, times in [("writes", load.writes), ("lists", load.reads)]}
            figures = {
                "requests": load.statuses.total(),
                "failed": load.failed,
                "no writes for": f"{load.outage(load.writes, down):.1f} s",
                "no lists for": f"{load.outage(load.reads, down):.1f} s",
                "after the promotion": f"{after['writes']:.1f} s",
                "lost": load.lost(instance.port),
            }
            for what, back in after.items():
                if back > SOON:
                    load.report(f"{what}: not back {SOON} s after the promotion, but {back:.1f} s")
            return figures, load.broken

    return run


SCENARIOS = {
    "failover: crash, URL with both servers": crash(with_both_servers, lambda primary: primary.crash()),
    "failover: shutdown, URL with both servers": crash(with_both_servers, lambda primary: primary.stop("fast")),
    "failover: no answer, URL with both servers": crash(with_both_servers, lambda primary: primary.signal("STOP")),
    "failover: crash, HAProxy": crash(with_haproxy, lambda primary: primary.crash()),
}
