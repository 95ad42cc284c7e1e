"""auth-user-mgr of authentik-user-manager, which makes memberships the same as in a YAML file, and invites newcomers."""

import json

import pytest

from rollcall_stand_in import StandIn

INVITATIONS = "stages/invitation/invitations/"
ADA = {"name": "Ada Lovelace", "email": "ada@example.com", "groups": ["Engineering", "Mathematics"]}
BOB = {"name": "Bob", "email": "bob@example.com"}
GRACE = {"name": "Grace Hopper", "email": "grace@example.com", "groups": ["Engineering"]}


@pytest.fixture
def sync(authentik, run, tmp_path):
    def sync(users, *options, stand_in=authentik, **settings):
        # Its YAML is JSON, which is YAML too.
        (tmp_path / "config.yaml").write_text(json.dumps({
            "authentik_url": stand_in.url, "authentik_token": stand_in.token, "authentik_title": "Test",
            "invitation_flow_slug": "invitation", "create_missing_groups": True,
        } | settings))
        (tmp_path / "users.yaml").write_text(json.dumps(users))
        arguments = ["sync", "--config", "config.yaml", "--users", "users.yaml", "--no-email", *options]
        result = run("tool-auth-user-mgr/bin/auth-user-mgr", *arguments)
        assert result.returncode == 0, result.stderr
        return result

    return sync


def groups(only, username):
    return sorted(group["name"] for group in only(f"core/users/?username={username}")["groups_obj"])


def test_memberships_become_those_of_the_file(sync, writes, only):
    result = sync([ADA, BOB])

    assert "Changed:   2" in result.stdout
    assert groups(only, "ada") == ["Engineering", "Mathematics"]
    assert groups(only, "bob") == []
    staff, mathematics = (only(f"core/groups/?name={name}") for name in ("Staff", "Mathematics"))
    assert writes() == [
        ("DELETE", INVITATIONS + "5f0c5f5e-0000-4000-8000-000000000002/", None),
        ("POST", "core/groups/", {"name": "Mathematics"}),
        ("POST", f"core/groups/{mathematics['pk']}/add_user/", {"pk": 2}),
        ("POST", f"core/groups/{staff['pk']}/remove_user/", {"pk": 3}),
    ]


def test_a_second_run_changes_nothing(authentik, sync, writes):
    sync([BOB])
    authentik.forget_requests()

    assert "Unchanged: 1" in sync([BOB]).stdout
    assert writes() == []


def test_a_dry_run_changes_nothing(sync, writes):
    assert "Changed:   1" in sync([ADA, GRACE], "--dry").stdout
    assert writes() == []


def test_newcomers_are_invited(sync, writes):
    result = sync([GRACE])

    assert "/if/flow/invitation/?itoken=5f0c5f5e-0000-4000-8000-000000000003" in result.stdout
    [(method, path, body)] = writes()
    assert (method, path) == ("POST", INVITATIONS)
    assert body["fixed_data"] == {
        "name": "Grace Hopper", "email": "grace@example.com", "username": "grace.hopper",
        "groups_to_add": ["Engineering"],
    }


def test_others_are_deleted_but_for_service_accounts_and_the_last_superuser(authentik, sync, only):
    result = sync([ADA], delete_unconfigured_users=True)

    left = [user["username"] for user in authentik.get("core/users/")["results"]]
    assert sorted(left) == ["ada", "akadmin", "backup"]
    assert "At least one active superuser must remain." in result.stderr


def test_it_reads_every_page_of_500_users(sync, tmp_path):
    crowd = [{"username": f"user-{number}", "name": "", "email": f"user-{number}@example.com"} for number in range(600)]
    # The last of them are on the second page of users, and of no group.
    (tmp_path / "seed.json").write_text(json.dumps({"users": crowd, "responses": [
        {"method": "GET", "path": "/api/v3/flows/instances/", "body": {"results": [{"pk": "1"}]}},
        {"method": "GET", "path": "/api/v3/stages/invitation/invitations/", "body": {"results": []}},
    ]}))
    stand_in = StandIn("--seed", str(tmp_path / "seed.json"))

    result = sync([{"name": "", "email": user["email"]} for user in crowd], stand_in=stand_in)

    assert "Unchanged: 600" in result.stdout
    pages = [request["query"] for request in stand_in.requests("core_users_list")]
    assert pages == [{"page_size": ["500"], "page": [page]} for page in ("1", "2")]
    stand_in.stop()


# What the stand-in's faults bring to light: this release goes on after an error, as if there had been none.


def test_a_membership_that_was_refused_is_reported_as_added(authentik, sync, only):
    authentik.fault("core_groups_add_user_create", status=429)

    result = sync([ADA])

    assert "added to group 'Mathematics'" in result.stdout
    assert groups(only, "ada") == ["Engineering"]


def test_users_who_exist_are_invited_again_if_the_list_of_users_fails_for_a_moment(authentik, sync, writes):
    authentik.fault("core_users_list", status=503)

    sync([{**BOB, "name": "Robert"}])

    assert [body["fixed_data"]["username"] for method, path, body in writes() if path == INVITATIONS] == ["robert"]
