"""The expected effect of each operation's sample.

An effect is a generator. Up to its `yield` it prepares the server and records its state; the `yield` returns the
sample's output, and the rest checks the server's state. Expectations are derived from the body in the document and
from the server, so that the examples may change.
"""

# Fields that the server generates, and fields that it derives from others or from the time.
MADE_UP = {"pk", "num_pk", "uid", "uuid", "expires", "date_joined", "password_change_date"}
DERIVED = {"avatar", "is_superuser", "groups_obj", "users_obj", "user_obj", "parent_name", "last_updated"}


def check(what, found, expected):
    assert found == expected, f"{what}:\n    found    {found!r}\n    expected {expected!r}"


def check_printed(output, *expected):
    """Languages print objects differently, but all of them print names and plain values."""
    for value in expected:
        assert str(value) in output, f"does not print {str(value)!r}"


def without(answer, names):
    return {name: value for name, value in answer.items() if name not in names}


def lists(kind, name):
    def effect(run):
        output = yield
        check_printed(output, "pagination", "count", "results", run.world[kind][name])
    return effect


def reads(*shown):
    """The sample prints all fields of an object, and the values of some."""
    def effect(run):
        output = yield
        answer = run.server.call("GET", run.path)
        check_printed(output, *answer, *(answer[name] for name in shown))
    return effect


def names_users(run):
    """The sample prints the objects that reference one, if there are any."""
    output = yield
    check_printed(output, *(user["name"] for user in run.server.call("GET", run.path)))


def creates(kind, name):
    def effect(run):
        # Create an object from the same body for comparison.
        run.server.free(kind, run.body[name])
        like = run.server.make(kind, run.body)
        run.server.remove(kind, like)
        output = yield
        made = run.server.find(kind, run.body[name])
        assert made, f"{run.body[name]!r} was not created"
        check("what was created", without(made, MADE_UP | DERIVED), without(like, MADE_UP | DERIVED))
        check_printed(output, *made, made["pk"], made[name])
    return effect


def changes(kind, name):
    def effect(run):
        if name in run.body:
            run.server.free(kind, run.body[name])
        # Make the same change for comparison, and revert it.
        before = run.server.read(kind, run.world[kind])
        like = run.server.call(run.method, run.path, run.body)
        changed = [field for field in before if before[field] != like[field] and field not in MADE_UP | DERIVED]
        assert changed, "the body of the example would change nothing"
        run.server.change(kind, like, {field: before[field] for field in changed})
        check("what was changed back", without(run.server.read(kind, before), DERIVED), without(before, DERIVED))
        output = yield
        # A token's identifier may have changed.
        after = run.server.read(kind, like)
        check("what was changed", without(after, DERIVED), without(like, DERIVED))
        check_printed(output, *after, after["pk"], after[name])
    return effect


def destroys(kind):
    def effect(run):
        assert not run.server.is_gone(kind, run.world[kind]), "there is nothing to delete"
        yield
        assert run.server.is_gone(kind, run.world[kind]), "was not deleted"
    return effect


def members(run):
    return run.server.read("groups", run.world["groups"])["users"]


def adds_member(run):
    before = members(run)
    yield
    check("the members", sorted(members(run)), sorted([*before, run.body["pk"]]))


def removes_member(run):
    before = members(run)
    run.server.change("groups", run.world["groups"], {"users": [*before, run.body["pk"]]})
    yield
    check("the members", members(run), before)


def sets_key(run):
    view = run.path.replace("set_key", "view_key")
    assert run.server.call("GET", view) != run.body, "the token has the key already"
    yield
    check("the key", run.server.call("GET", view), run.body)


def sets_password(run):
    def changed():
        return run.server.read("users", run.world["users"])["password_change_date"]
    before = changed()
    yield
    assert changed() != before, "the password was not changed"


def creates_service_account(run):
    run.server.free("users", run.body["name"])
    run.server.free("groups", run.body["name"])
    output = yield
    made = run.server.find("users", run.body["name"])
    assert made, f"{run.body['name']!r} was not created"
    check("its type", made["type"], "service_account")
    group = run.server.find("groups", run.body["name"])
    check("whether it has a group", group is not None, run.body.get("create_group", False))
    check_printed(output, "username", made["username"], "token", "user_uid", made["uid"], "user_pk", made["pk"])


def prints_document(run):
    output = yield
    document = run.server.ask("GET", "/api/v3" + run.path)[1]
    check("what was printed", output.split(), document.split())


EFFECTS = {
    "core_users_list": lists("users", "username"),
    "core_users_create": creates("users", "username"),
    "core_users_me_retrieve": reads(),
    "core_users_retrieve": reads("pk", "username", "uuid"),
    "core_users_update": changes("users", "username"),
    "core_users_partial_update": changes("users", "username"),
    "core_users_destroy": destroys("users"),
    "core_users_set_password_create": sets_password,
    "core_users_set_password_hash_create": sets_password,
    "core_users_used_by_list": names_users,
    "core_users_service_account_create": creates_service_account,
    "core_users_paths_retrieve": reads(),
    "core_groups_list": lists("groups", "name"),
    "core_groups_create": creates("groups", "name"),
    "core_groups_retrieve": reads("pk", "name"),
    "core_groups_update": changes("groups", "name"),
    "core_groups_partial_update": changes("groups", "name"),
    "core_groups_destroy": destroys("groups"),
    "core_groups_add_user_create": adds_member,
    "core_groups_remove_user_create": removes_member,
    "core_groups_used_by_list": names_users,
    "core_tokens_list": lists("tokens", "identifier"),
    "core_tokens_create": creates("tokens", "identifier"),
    "core_tokens_retrieve": reads("pk", "identifier"),
    "core_tokens_update": changes("tokens", "identifier"),
    "core_tokens_partial_update": changes("tokens", "identifier"),
    "core_tokens_destroy": destroys("tokens"),
    "core_tokens_set_key_create": sets_key,
    "core_tokens_used_by_list": names_users,
    "core_tokens_view_key_retrieve": reads("key"),
    "root_config_retrieve": reads(),
    "admin_version_retrieve": reads("version_current", "version_latest"),
    "schema_retrieve": prints_document,
}
