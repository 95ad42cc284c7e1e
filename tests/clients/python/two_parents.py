"""Groups below two parents: the client of 2024.8 sees the first of them, and must not lose the other."""

from authentik_client import GroupRequest, PatchedGroupRequest, UserRequest

from changing import check_changed
from checks import TIMEOUT, RUN, check, check_fields, fields
from versions import below, create_below, more_of_group, shown_below


def create(api):
    first = api.core_groups_create(GroupRequest(name=f"first-{RUN}"), **TIMEOUT)
    # What it gives must come through the second parent.
    second = api.core_groups_create(GroupRequest(name=f"second-{RUN}", is_superuser=True), **TIMEOUT)
    both = create_below(api, f"both-{RUN}", first, second)
    check_fields("the group below two", both, shown_below(first, second) | more_of_group() | {
        "pk": both.pk, "num_pk": both.num_pk, "name": f"both-{RUN}", "is_superuser": False, "attributes": {},
        "users": [], "users_obj": [], "roles": [], "roles_obj": [],
    })
    check("the group below two, read", api.core_groups_retrieve(both.pk, **TIMEOUT), both)
    [listed] = api.core_groups_list(name=both.name, **TIMEOUT).results
    check("the group below two, listed", listed, both)
    return first, second, both


def change(api, first, second, both):
    def patch(**changes):
        return api.core_groups_partial_update(both.pk, PatchedGroupRequest(**changes), **TIMEOUT)

    user = api.core_users_create(UserRequest(username=f"heir-{RUN}", name="", groups=[both.pk]), **TIMEOUT)
    check("what the second parent gives", user.is_superuser, True)
    both = api.core_groups_retrieve(both.pk, **TIMEOUT)
    name = f"renamed-both-{RUN}"
    both = check_changed("a patch of the name", patch(name=name), both, name=name)
    user = api.core_users_retrieve(user.pk, **TIMEOUT)
    check("what the second parent gives after the patch", user.is_superuser, True)

    both = check_changed("a patch to one parent", patch(**below(first.pk)), both, **shown_below(first))
    check("what the first parent gives", api.core_users_retrieve(user.pk, **TIMEOUT).is_superuser, False)
    check_changed("a patch to the other parent", patch(**below(second.pk)), both, **shown_below(second))
    check("what the other parent gives", api.core_users_retrieve(user.pk, **TIMEOUT).is_superuser, True)
    api.core_users_destroy(user.pk, **TIMEOUT)


def delete(api, first, second):
    """The other parent stays, and becomes the first."""
    both = create_below(api, f"left-{RUN}", first, second)
    api.core_groups_destroy(first.pk, **TIMEOUT)
    left = api.core_groups_retrieve(both.pk, **TIMEOUT)
    check_fields("the group whose first parent is gone", left, fields(both, **shown_below(second)))
    api.core_groups_destroy(second.pk, **TIMEOUT)
    left = api.core_groups_retrieve(both.pk, **TIMEOUT)
    check_fields("the group whose parents are gone", left, fields(both, **shown_below()))


def run(api):
    first, second, both = create(api)
    change(api, first, second, both)
    delete(api, first, second)
