"""kctl-ak, a command line for administrators."""

import json

import pytest


@pytest.fixture
def kctl(authentik, run):
    """Runs a command that succeeds; with --json it returns what was printed, as JSON."""

    def kctl(*arguments, succeeds=True):
        result = run("tool-kctl-ak/bin/kctl-ak", *arguments, KCTL_AK_URL=authentik.url, KCTL_AK_TOKEN=authentik.token,
                     KCTL_AK_PROFILE="stand-in", KCTL_NO_UPDATE_CHECK="1")
        assert (result.returncode == 0) == succeeds, result.stdout + result.stderr
        return json.loads(result.stdout) if "--json" in arguments and succeeds else result.stdout + result.stderr

    return kctl


def test_it_lists_users(authentik, kctl):
    users = kctl("--json", "users", "list", "--active", "--page-size", "2")

    assert [user["username"] for user in users] == ["ada", "akadmin"]
    [request] = authentik.requests()
    assert (request["operation"], request["status"]) == ("core_users_list", 200)
    assert request["query"] == {"page": ["1"], "page_size": ["2"], "is_active": ["true"]}
    assert "Ada Lovelace" in kctl("users", "list")


def test_it_creates_a_user_with_password_and_groups(kctl, writes, only):
    created = kctl("--json", "users", "create", "grace@example.com", "--name", "Grace Hopper",
                   "--groups", "Engineering,Staff", "--password", "a-password-of-grace")

    assert created["groups_added"] == ["Engineering", "Staff"]
    grace = only("core/users/?username=grace")
    assert (grace["pk"], grace["email"], grace["is_active"]) == (created["pk"], "grace@example.com", True)
    engineering, staff = (only(f"core/groups/?name={name}")["pk"] for name in ("Engineering", "Staff"))
    assert sorted(grace["groups"]) == sorted([engineering, staff])
    assert [path for method, path, body in writes()] == [
        "core/users/", f"core/users/{grace['pk']}/set_password/", f"core/groups/{engineering}/add_user/",
        f"core/groups/{staff}/add_user/",
    ]


def test_it_creates_a_superuser_by_a_group(kctl, only):
    assert kctl("--json", "users", "create", "root@example.com", "--superuser")["groups_added"] == ["authentik Admins"]
    assert only("core/users/?username=root")["is_superuser"]


def test_it_tells_why_a_user_can_not_be_created(kctl):
    assert 'API error (400): {"username":["This field must be unique."]}' in kctl(
        "users", "create", "ada@example.com", succeeds=False
    )


def test_it_changes_and_deletes_users_by_id_name_and_email(authentik, kctl, only):
    kctl("users", "update", "2", "name", "Countess of Lovelace")
    kctl("users", "deactivate", "ada@example.com")
    kctl("users", "password", "ada", "another-password")
    kctl("users", "delete", "bob", "--force")

    ada = kctl("--json", "users", "get", "ada")
    assert (ada["name"], ada["is_active"]) == ("Countess of Lovelace", False)
    assert "(none)" not in kctl("users", "get", "ada")
    assert authentik.get("core/users/?username=bob")["results"] == []
    assert "User not found: bob" in kctl("users", "get", "bob", succeeds=False)


def test_it_imports_users_of_a_csv_file_and_skips_those_who_exist(kctl, tmp_path, only):
    (tmp_path / "users.csv").write_text("email,name,groups\nada@example.com,,\ngrace@example.com,Grace Hopper,Staff\n")

    assert "1 created, 1 skipped, 0 failed" in kctl("users", "bulk-import", "users.csv")
    assert [group["name"] for group in only("core/users/?username=grace")["groups_obj"]] == ["Staff"]


def test_it_shows_a_recovery_link_from_a_canned_response(kctl):
    assert kctl("--json", "users", "recovery", "ada")["link"] == "https://sso.example.com/recovery/1"


def test_it_creates_groups_below_others_and_changes_members(kctl, only):
    kctl("groups", "create", "Compilers", "--parent", "Engineering")
    kctl("groups", "add-user", "Compilers", "bob")
    kctl("groups", "remove-user", "Engineering", "ada")

    assert only("core/groups/?name=Compilers")["parent_name"] == "Engineering"
    assert [user["username"] for user in kctl("--json", "groups", "members", "Compilers")] == ["bob"]
    assert kctl("--json", "groups", "members", "Engineering") == []
    tree = [line.strip("│├└─ ") for line in kctl("groups", "tree").splitlines()]
    assert tree == ["Group Hierarchy", "Staff (1 members)", "Engineering (0 members)", "Compilers (1 members)",
                    "authentik Admins (1 members, superuser)"]


def test_it_makes_groups_the_same_as_in_a_file(authentik, kctl, tmp_path, only):
    (tmp_path / "groups.yaml").write_text(json.dumps({"groups": [
        {"name": "Staff", "description": "Everyone"}, {"name": "Navy", "parent": "Staff"},
    ]}))
    command = ["groups", "sync", "--file", "groups.yaml", "--no-dry-run"]

    kctl(*command)

    assert only("core/groups/?name=Navy")["parent_name"] == "Staff"
    assert only("core/groups/?name=Staff")["attributes"] == {"description": "Everyone"}
    authentik.forget_requests()
    assert "All groups in sync" in kctl(*command)
    assert [request["method"] for request in authentik.requests()] == ["GET"]


def test_it_creates_shows_and_rotates_tokens(kctl, only):
    created = kctl("tokens", "create", "deploy", "ada", "--description", "For deployments")
    first = kctl("--json", "tokens", "view", "deploy")["key"]
    rotated = kctl("tokens", "rotate", "deploy")
    second = kctl("--json", "tokens", "view", "deploy")["key"]

    assert f"Key: {first}" in created and f"New key: {second}" in rotated and first != second
    token = only("core/tokens/?identifier=deploy")
    assert (token["user_obj"]["username"], token["description"]) == ("ada", "For deployments")
    assert {token["identifier"] for token in kctl("--json", "tokens", "list")} >= {"deploy", "of-ada", "of-bob"}


def test_it_names_a_wrong_token(kctl):
    assert "AuthenticationError: Token invalid/expired" in kctl("--token", "wrong", "users", "list", succeeds=False)


# What the stand-in brings to light about this release.


def test_deleting_all_tokens_of_a_user_deletes_those_of_others(authentik, kctl):
    """It filters by `user`, which the API doesn't know and so ignores, as authentik does."""
    kctl("tokens", "delete-all", "ada", "--force", succeeds=False)

    [request] = authentik.requests("core_tokens_list")
    assert request["query"]["user"] == ["2"]
    deleted = [request["path"].split("/")[-2] for request in authentik.requests("core_tokens_destroy")]
    assert deleted[0] not in ("of-ada", "of-bob"), "the first was its own, so the next request was refused"


def test_a_user_whose_password_could_not_be_set_stays_and_blocks_the_next_try(authentik, kctl):
    authentik.fault("core_users_set_password_create", status=503)
    create = ["users", "create", "grace@example.com"]

    assert "API error (503)" in kctl(*create, succeeds=False)
    assert "This field must be unique." in kctl(*create, succeeds=False)


def test_a_lost_response_shows_a_traceback(authentik, kctl):
    authentik.fault("core_users_create", drop=True, after=True)

    assert "RemoteProtocolError" in kctl("users", "create", "grace@example.com", succeeds=False)
