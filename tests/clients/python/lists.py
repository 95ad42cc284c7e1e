"""Listing users and groups: filters, orders, pages."""

import json

from authentik_client import GroupRequest, UserRequest, UserTypeEnum

from checks import TIMEOUT, RUN, UNKNOWN, check, check_fields, check_refused
from versions import PAGE, group_in_user, member

PLACE = f"lists-{RUN}"


def people(api):
    """Three groups and four users, identified by their path."""
    admins, staff, empty = (
        api.core_groups_create(GroupRequest(name=f"{name}-{PLACE}", **more), **TIMEOUT)
        for name, more in [
            ("admins", {"is_superuser": True}), ("staff", {"attributes": {"floor": 3}}), ("empty", {"attributes": {}}),
        ]
    )
    users = [
        api.core_users_create(UserRequest(username=f"{username}-{PLACE}", path=f"{PLACE}{path}", **more), **TIMEOUT)
        for username, path, more in [
            ("dora", "", {"name": "Ada Zander", "groups": [staff.pk], "email": f"dora@{PLACE}.example"}),
            ("carl", "/a", {
                "name": "Carl", "groups": [staff.pk, admins.pk], "attributes": {"address": {"city": "Łódź"}},
            }),
            ("bert", "/a", {"name": "Bert", "type": UserTypeEnum.EXTERNAL, "attributes": {"badges": [{"id": 7}]}}),
            ("anna", "/b", {"name": "Zoë Adams", "type": UserTypeEnum.SERVICE_ACCOUNT, "is_active": False}),
        ]
    ]
    return admins, staff, empty, users


def check_page(what, page, results, **expected):
    count = len(results)
    pagination = {
        "next": 0, "previous": 0, "count": count, "current": 1, "total_pages": 1, "start_index": min(count, 1),
        "end_index": count,
    }
    check_fields(f"the pagination of {what}", page.pagination, pagination | expected)
    check_fields(what, page, PAGE | {"pagination": page.pagination, "results": results})


def list_users(api, admins, staff, users):
    dora, carl, bert, anna = users

    def finds(expected, ordering="username", **filters):
        page = api.core_users_list(path_startswith=PLACE, ordering=ordering, **filters, **TIMEOUT)
        check_page(f"users by {filters}, in the order of {ordering}", page, expected)

    finds([anna, bert, carl, dora])
    finds([dora, carl, bert, anna], "-username")
    finds([carl, dora, bert, anna], "-is_active,-type,username")
    finds([dora], username=dora.username)
    finds([anna], name="Zoë Adams")
    finds([anna], search="Zoë")
    finds([dora], email=dora.email)
    finds([bert, carl], path=f"{PLACE}/a")
    finds([anna], is_active=False)
    finds([carl], is_superuser=True)
    finds([bert], uuid=bert.uuid)
    finds([], uuid=UNKNOWN)
    finds([anna, bert], type=["external", "service_account"])
    finds([carl, dora], groups_by_name=[staff.name, admins.name])
    finds([carl], groups_by_pk=[admins.pk], is_active=True)
    finds([carl], attributes=json.dumps({"address__city": "Łódź"}))
    finds([bert], attributes=json.dumps({"badges__0__id__gte": 7}))
    finds([anna], search="ADAMS anna")
    finds([dora], search='"a zander"')
    finds([], search='"zander a"')
    finds([dora.model_copy(update={"groups_obj": None})], username=dora.username, include_groups=False)

    check_refused("an unknown group", 400, {
        "groups_by_name": [f"Select a valid choice. {PLACE} is not one of the available choices."],
    }, api.core_users_list, groups_by_name=[PLACE])
    check_refused("a filter that is no JSON", 400, {"attributes": ["filter: failed to parse JSON"]},
                  api.core_users_list, attributes="{")


def pages(api, users):
    dora, carl, bert, anna = users

    def page(number, **more):
        return api.core_users_list(path_startswith=PLACE, ordering="username", page=number, page_size=3, **more)

    whole = {"count": 4, "total_pages": 2}
    check_page("the first page", page(1, **TIMEOUT), [anna, bert, carl], next=2, end_index=3, **whole)
    check_page("the last page", page(2, **TIMEOUT), [dora], previous=1, current=2, start_index=4, end_index=4, **whole)
    for number in (0, 3):
        check_refused(f"page {number}", 404, {"detail": "Invalid page."}, page, number)


def list_groups(api, admins, staff, empty, users):
    dora, carl, _, _ = users
    # Their current state, with members.
    admins, staff = (api.core_groups_retrieve(group.pk, **TIMEOUT) for group in (admins, staff))
    check("the members of a group", staff.users_obj, [member(dora), member(carl)])

    def finds(expected, ordering="name", **filters):
        page = api.core_groups_list(search=PLACE, ordering=ordering, **filters, **TIMEOUT)
        check_page(f"groups by {filters}, in the order of {ordering}", page, expected)

    finds([admins, empty, staff])
    finds([staff, empty, admins], "-name")
    finds([empty], name=empty.name)
    finds([admins], is_superuser=True)
    finds([admins, staff], members_by_username=[carl.username, dora.username])
    finds([staff], members_by_pk=[dora.pk])
    finds([staff], attributes=json.dumps({"floor": 3}))
    short = [group.model_copy(update={"users_obj": None}) for group in (admins, empty, staff)]
    finds(short, include_users=False)
    described = {group.pk: group_in_user(group) for group in (admins, staff)}
    check("the groups of a user", carl.groups_obj, [described[pk] for pk in carl.groups])


def run(api):
    admins, staff, empty, users = people(api)
    list_users(api, admins, staff, users)
    pages(api, users)
    list_groups(api, admins, staff, empty, users)
    paths = [PLACE, f"{PLACE}/a", f"{PLACE}/b"]
    check("the paths", api.core_users_paths_retrieve(search=PLACE, **TIMEOUT).paths, paths)
