from sync import sync


def test_a_lost_response_creates_nobody_twice(authentik):
    authentik.fault("core_users_create", drop=True, after=True)

    sync([{"username": "grace", "name": "Grace Hopper"}], authentik.api, authentik.token)

    assert len(authentik.requests("core_users_create")) == 1
    assert authentik.get("core/users/?username=grace")["pagination"]["count"] == 1
