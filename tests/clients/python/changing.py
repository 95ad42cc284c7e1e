"""Changing and deleting users and groups."""

from datetime import datetime, timezone

from authentik_client import (
    GroupRequest, PatchedGroupRequest, PatchedUserRequest, UserAccountRequest, UserRequest, UserTypeEnum,
)

from checks import ATTRIBUTES, TIMEOUT, RUN, UNKNOWN, check, check_fields, check_refused, check_that, fields
from versions import PARENTS, below, group_in_user, member, shown_below

NO_USER = {"detail": "No User matches the given query."}
NO_GROUP = {"detail": "No Group matches the given query."}


def check_changed(what, answer, before, **changed):
    """Compares the whole response; the avatar may show different initials, and the new client sees when it was."""
    if hasattr(answer, "last_updated"):
        check_that(f"{what} is later", answer.last_updated > before.last_updated or not changed)
        changed["last_updated"] = answer.last_updated
    if hasattr(answer, "avatar"):
        changed["avatar"] = answer.avatar
    check_fields(what, answer, fields(before, **changed))
    return answer


def change_user(api, group):
    given = {
        "username": f"changing-{RUN}", "name": "Before", "is_active": True, "email": f"before-{RUN}@example.com",
        "last_login": datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc), "groups": [group.pk], "path": "before",
        "attributes": ATTRIBUTES, "type": UserTypeEnum.INTERNAL,
    }
    made = api.core_users_create(UserRequest(**given), **TIMEOUT)

    def patch(**changes):
        return api.core_users_partial_update(made.pk, PatchedUserRequest(**changes), **TIMEOUT)

    user = check_changed("a patch of nothing", patch(), made)
    user = check_changed("a patch of one field", patch(name="After"), user, name="After")
    user = check_changed("a patch to null", patch(last_login=None), user, last_login=None)
    changes = {"is_active": False, "path": "after/all", "attributes": {"only": "this"}, "type": UserTypeEnum.EXTERNAL}
    user = check_changed("a patch of many fields", patch(**changes), user, **changes)
    user = check_changed("a patch of the groups", patch(groups=[]), user, groups=[], groups_obj=[])
    user = check_changed("a patch back", patch(groups=[group.pk]), user, groups=[group.pk],
                         groups_obj=[group_in_user(group)])
    check("the patched user, read", api.core_users_retrieve(made.pk, **TIMEOUT), user)

    def put(**changes):
        return api.core_users_update(made.pk, UserRequest(**changes), **TIMEOUT)

    short = {"username": f"changed-{RUN}", "name": ""}
    user = check_changed("a replacement that leaves fields out", put(**short), user, **short, groups=[], groups_obj=[])
    user = check_changed("a whole replacement", put(**given), made)
    check("the replaced user, read", api.core_users_retrieve(made.pk, **TIMEOUT), user)

    other = api.core_users_create(UserRequest(username=f"other-{RUN}", name=""), **TIMEOUT)
    taken = {"username": ["This field must be unique."]}
    check_refused("a patch to a taken name", 400, taken, api.core_users_partial_update, other.pk,
                  PatchedUserRequest(username=user.username))
    check_refused("a replacement with a taken name", 400, taken, api.core_users_update, other.pk,
                  UserRequest(username=user.username, name=""))
    check("the other user, read", api.core_users_retrieve(other.pk, **TIMEOUT), other)
    return user, other


def change_group(api, parent):
    given = {"name": f"changing-{RUN}", "is_superuser": False, "attributes": ATTRIBUTES} | below(parent.pk)
    made = api.core_groups_create(GroupRequest(**given), **TIMEOUT)

    def patch(**changes):
        return api.core_groups_partial_update(made.pk, PatchedGroupRequest(**changes), **TIMEOUT)

    group = check_changed("a patch of nothing", patch(), made)
    changes = {"name": f"changed-{RUN}", "is_superuser": True, "attributes": {}}
    group = check_changed("a patch of fields", patch(**changes), group, **changes)
    group = check_changed("a patch to no parent", patch(**below()), group, **shown_below())
    group = check_changed("a patch of the parent", patch(**below(parent.pk)), group, **shown_below(parent))

    def put(**changes):
        return api.core_groups_update(made.pk, GroupRequest(**changes), **TIMEOUT)

    name = f"replaced-{RUN}"
    group = check_changed("a replacement", put(name=name), group, name=name, **shown_below())
    group = check_changed("a whole replacement", put(**given), made)
    check("the replaced group, read", api.core_groups_retrieve(made.pk, **TIMEOUT), group)

    check_refused("a taken name", 400, {"name": ["This field must be unique."]}, api.core_groups_partial_update,
                  group.pk, PatchedGroupRequest(name=parent.name))
    check_refused("a cycle", 400, {PARENTS: ["A group cannot be its own ancestor."]}, api.core_groups_partial_update,
                  parent.pk, PatchedGroupRequest(**below(group.pk)))
    return group


def change_members(api, group, user, other):
    def members(expected):
        found = api.core_groups_retrieve(group.pk, **TIMEOUT)
        check("the ids of the members", found.users, [one.pk for one in expected])
        check("the members", found.users_obj, [member(one) for one in expected])

    def add(one):
        api.core_groups_add_user_create(group.pk, UserAccountRequest(pk=one.pk), **TIMEOUT)

    def remove(one):
        api.core_groups_remove_user_create(group.pk, UserAccountRequest(pk=one.pk), **TIMEOUT)

    for change, one, expected in [
        (add, user, [user]), (add, user, [user]), (add, other, [user, other]), (remove, user, [other]),
        (remove, user, [other]), (remove, other, []),
    ]:
        change(one)
        members(expected)
    patched = PatchedGroupRequest(users=[user.pk, other.pk])
    check("members by a patch", api.core_groups_partial_update(group.pk, patched, **TIMEOUT).users, patched.users)
    members([user, other])
    for call in (api.core_groups_add_user_create, api.core_groups_remove_user_create):
        check_refused("a missing member", 404, {"detail": "Not found."}, call, group.pk,
                      UserAccountRequest(pk=2**31 - 1))
        check_refused("a missing group", 404, NO_GROUP, call, UNKNOWN, UserAccountRequest(pk=user.pk))


def destroy(api, group, user, other):
    def groups(of):
        return api.core_users_retrieve(of.pk, **TIMEOUT).groups

    check("the answer to deleting a user", api.core_users_destroy(user.pk, **TIMEOUT), None)
    check("the members that are left", api.core_groups_retrieve(group.pk, **TIMEOUT).users, [other.pk])
    for what, call in [("read", api.core_users_retrieve), ("delete", api.core_users_destroy)]:
        check_refused(f"to {what} a deleted user", 404, NO_USER, call, user.pk)
    check_refused("to patch a deleted user", 404, NO_USER, api.core_users_partial_update, user.pk, PatchedUserRequest())

    check("the groups of the other", groups(other), [group.pk])
    check("the answer to deleting a group", api.core_groups_destroy(group.pk, **TIMEOUT), None)
    check("the groups of the other without the group", groups(other), [])
    for what, call in [("read", api.core_groups_retrieve), ("delete", api.core_groups_destroy)]:
        check_refused(f"to {what} a deleted group", 404, NO_GROUP, call, group.pk)


def last_superuser(api):
    """Only if there is no other superuser; a second run against the same server finds some."""
    me = api.core_users_me_retrieve(**TIMEOUT).user
    superusers = api.core_users_list(is_superuser=True, is_active=True, **TIMEOUT).results
    if [user.pk for user in superusers] != [me.pk]:
        return
    refusal = {"non_field_errors": ["At least one active superuser must remain."]}
    check_refused("to delete the last superuser", 400, refusal, api.core_users_destroy, me.pk)
    check_refused("to deactivate the last superuser", 400, refusal, api.core_users_partial_update, me.pk,
                  PatchedUserRequest(is_active=False))


def run(api):
    last_superuser(api)
    parent = api.core_groups_create(GroupRequest(name=f"parent-{RUN}"), **TIMEOUT)
    user, other = change_user(api, parent)
    group = change_group(api, parent)
    change_members(api, group, user, other)
    destroy(api, group, user, other)
