"""Creating and reading users and groups."""

import json
from datetime import datetime, timedelta, timezone

import authentik_client
from authentik_client import GroupRequest, UserRequest

from checks import (
    ATTRIBUTES, TIMEOUT, RUN, UNKNOWN, check, check_fields, check_refused, check_that, connect, generated, usual,
)
from versions import (
    PARENTS, below, group_in_user, member, more_of_caller, more_of_group, more_of_session, shown_below,
)

NEW = f"new-{RUN}"


def groups(api):
    """A superuser group and a plain one below it."""
    request = GroupRequest(name=f"top-{RUN}", is_superuser=True)
    top = api.core_groups_create(request, **TIMEOUT)
    nothing = more_of_group() | {"users": [], "users_obj": [], "roles": [], "roles_obj": []}
    check_fields("the top group", top, nothing | shown_below() | {
        "pk": usual(top.pk), "num_pk": top.num_pk, "name": request.name, "is_superuser": True, "attributes": {},
    })
    check_that("num_pk is a positive int32", 0 < top.num_pk < 2**31)

    request = GroupRequest(name=f"below-{RUN}", attributes=ATTRIBUTES, **below(top.pk))
    lower = api.core_groups_create(request, **TIMEOUT)
    check_fields("the group below", lower, nothing | shown_below(top) | {
        "pk": usual(lower.pk), "num_pk": lower.num_pk, "name": request.name, "is_superuser": False,
        "attributes": ATTRIBUTES,
    })
    check_that("the groups have ids of their own", lower.pk != top.pk and lower.num_pk != top.num_pk)
    return top, lower


def minimal_user(api):
    user = api.core_users_create(UserRequest(username=f"ada-{RUN}", name="Ada Lovelace"), **TIMEOUT)
    check_fields("the minimal user", user, generated(user) | {
        "username": f"ada-{RUN}", "name": "Ada Lovelace", "is_active": True, "last_login": None, "is_superuser": False,
        "groups": [], "groups_obj": [], "email": "", "attributes": {}, "path": "users",
        "type": authentik_client.UserTypeEnum.INTERNAL,
    })
    check("the minimal user, read", api.core_users_retrieve(user.pk, **TIMEOUT), user)
    return user


def full_user(api, kind, is_active, group):
    # With an offset, which the server must convert to UTC.
    last_login = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    given = {
        "username": f"{kind}.x@y+z_{RUN}", "name": "Grace Hopper", "is_active": is_active, "last_login": last_login,
        "groups": [group.pk], "email": f"grace-{RUN}@example.com", "attributes": ATTRIBUTES, "path": "staff/navy",
        "type": authentik_client.UserTypeEnum(kind),
    }
    answer = api.core_users_create_with_http_info(UserRequest(**given), **TIMEOUT)
    check("status of creating a user", answer.status_code, 201)
    check("last_login on the wire", json.loads(answer.raw_data)["last_login"], "2024-05-06T01:38:09.123456Z")
    user = answer.data
    check_fields(f"the {kind} user", user, generated(user) | given | {
        "is_superuser": True, "groups_obj": [group_in_user(group)],
    })
    check(f"the {kind} user, read", api.core_users_retrieve(user.pk, **TIMEOUT), user)
    return user


def members(api, group, users):
    found = api.core_groups_retrieve(group.pk, **TIMEOUT)
    expected = {name: getattr(group, name) for name in type(group).model_fields}
    expected["users"] = [user.pk for user in users]
    check_fields("the group with members", found, expected | {"users_obj": [member(user) for user in users]})
    found = api.core_groups_retrieve(group.pk, include_users=False, **TIMEOUT)
    check_fields("the group without its members' data", found, expected | {"users_obj": None})
    request = GroupRequest(name=f"made-with-members-{RUN}", users=expected["users"], roles=[])
    made = api.core_groups_create(request, **TIMEOUT)
    check("users of a group made with members", made.users, expected["users"])
    check("users_obj of a group made with members", made.users_obj, [member(user) for user in users])


def caller(api):
    me = api.core_users_me_retrieve(**TIMEOUT)
    check_fields("the session", me, more_of_session(me.user) | {"user": me.user, "original": None})
    user = api.core_users_retrieve(me.user.pk, **TIMEOUT)
    same = ["pk", "username", "name", "is_active", "is_superuser", "email", "avatar", "uid", "type"]
    check_fields("the caller", me.user, more_of_caller() | {name: getattr(user, name) for name in same} | {
        "groups": [authentik_client.UserSelfGroups(name=group.name, pk=str(group.pk)) for group in user.groups_obj],
        "settings": {}, "system_permissions": [],
    })
    check("is_superuser of the caller", me.user.is_superuser, True)


def refusals(api, user, group):
    def refused(body, make=UserRequest, call=api.core_users_create, **fields):
        # Bypasses the client's own validation.
        check_refused(f"{make.__name__} {fields}", 400, body, call, make.model_construct(**fields))

    unique = ["This field must be unique."]
    unknown = [f'Invalid pk "{UNKNOWN}" - object does not exist.']
    refused({"username": unique}, username=user.username, name="")
    refused({"username": unique, "groups": unknown}, username=user.username, name="", groups=[UNKNOWN])
    refused({"username": ["This field is required."]}, name="")
    refused({"username": ["This field may not be blank."]}, username="", name="")
    refused({"email": ["Enter a valid email address."], "path": ["No leading or trailing slashes allowed."]},
            username=NEW, name="", email="not an address", path="/staff")
    refused({"groups": unknown}, username=NEW, name="", groups=[group.pk, UNKNOWN])
    refused({"type": ["Setting a user to internal service account is not allowed."]}, username=NEW, name="",
            type=authentik_client.UserTypeEnum.INTERNAL_SERVICE_ACCOUNT)
    refused({"name": unique}, GroupRequest, api.core_groups_create, name=group.name)
    refused({PARENTS: unknown}, GroupRequest, api.core_groups_create, name=NEW, **below(UNKNOWN))

    missing = {"detail": "No User matches the given query."}
    check_refused("reading a missing user", 404, missing, api.core_users_retrieve, 2**31 - 1)
    missing = {"detail": "No Group matches the given query."}
    check_refused("reading a missing group", 404, missing, api.core_groups_retrieve, UNKNOWN)
    for token, reason in [
        (None, "Authentication credentials were not provided."),
        ("wrong", "Token invalid/expired"),
    ]:
        stranger = connect(token)
        new = UserRequest(username=NEW, name="")
        check_refused(f"token {token}", 403, {"detail": reason}, stranger.core_users_create, new)
        check_refused(f"token {token}", 403, {"detail": reason}, stranger.core_users_me_retrieve)


def run(api):
    top, lower = groups(api)
    user = minimal_user(api)
    users = [full_user(api, "external", True, lower), full_user(api, "service_account", False, lower)]
    check("every user has ids of its own", len({value for one in [user, *users] for value in (one.uid, one.uuid)}), 6)
    members(api, lower, users)
    caller(api)
    refusals(api, user, top)
