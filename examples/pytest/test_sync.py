"""Tests of sync.py against the stand-in."""

from urllib.error import HTTPError

import pytest

import sync as tool

PEOPLE = [{"username": "ada", "name": "Ada Lovelace"}, {"username": "grace", "name": "Grace Hopper"}]


@pytest.fixture
def sync(authentik):
    return lambda people, token=authentik.token: tool.sync(people, authentik.api, token)


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """The seconds that the tool would have waited; the tests don't."""
    waits = []
    monkeypatch.setattr(tool.time, "sleep", waits.append)
    return waits


def test_only_missing_users_are_created(authentik, sync):
    assert sync(PEOPLE) == ["grace"]  # ada is in the seed

    [request] = authentik.requests("core_users_create")
    assert (request["body"], request["status"]) == (PEOPLE[1], 201)
    assert authentik.get("core/users/?username=grace")["results"][0]["name"] == "Grace Hopper"


def test_a_second_run_changes_nothing(authentik, sync):
    sync(PEOPLE)
    authentik.forget_requests()

    assert sync(PEOPLE) == []
    assert [request["method"] for request in authentik.requests()] == ["GET"]


def test_every_page_is_read(authentik, sync):
    crowd = [{"username": f"user-{number}", "name": ""} for number in range(150)]
    assert len(sync(crowd)) == 150
    authentik.forget_requests()

    assert sync(crowd) == []
    assert [request["query"]["page"] for request in authentik.requests("core_users_list")] == [["1"], ["2"]]


def test_it_waits_as_long_as_a_busy_server_says(authentik, sync, waits):
    authentik.fault("core_users_create", status=429, headers={"Retry-After": "7"})
    authentik.fault("core_users_list", status=503, count=2)

    assert sync(PEOPLE) == ["grace"]
    assert waits == [1, 1, 7]
    assert [request["status"] for request in authentik.requests("core_users_create")] == [429, 201]


def test_it_gives_up_on_a_server_that_stays_busy(authentik, sync):
    authentik.fault("core_users_create", status=503, count=None)

    with pytest.raises(HTTPError, match="503"):
        sync(PEOPLE)
    assert len(authentik.requests("core_users_create")) == 3


def test_a_connection_that_is_lost_before_the_write_is_an_error(authentik, sync):
    authentik.fault("core_users_create", drop=True)

    with pytest.raises(ConnectionError):
        sync(PEOPLE)
    assert authentik.get("core/users/?username=grace")["results"] == []


def test_an_expired_token_is_an_error(authentik, sync):
    authentik.set_time("2026-12-30T00:00:00Z")
    assert sync(PEOPLE, "the-key-of-sync") == ["grace"]

    authentik.advance(2 * 24 * 60 * 60)
    with pytest.raises(HTTPError, match="403"):
        sync(PEOPLE, "the-key-of-sync")
