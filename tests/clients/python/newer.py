"""What only the client of 2026.8 can do."""

import base64
import hashlib
import json
import time
from datetime import datetime, timedelta, timezone

import authentik_client
from authentik_client import GroupRequest, PatchedGroupRequest, PatchedUserRequest, UserAccountRequest, UserRequest

from checks import TIMEOUT, RUN, UNKNOWN, check, check_fields, check_refused, check_that, fields, is_near
from lists import check_page

PLACE = f"newer-{RUN}"
MISSING = [f'Invalid pk "{UNKNOWN}" - object does not exist.']
# Django's hash of "correct horse battery staple", with the parameters that Django has by default.
ARGON2 = "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHRzb21lc2FsdA$nAxJDE+6muBVnEq+Vap8A+vVP4K2jQuCRp982xFMT4c"


def related(group):
    """A group as embedded in another one."""
    return authentik_client.RelatedGroup(
        pk=group.pk, name=group.name, is_superuser=group.is_superuser, attributes=group.attributes, group_uuid=group.pk,
    )


def family(api):
    """Two groups, and two below both of them."""
    def create(name, **more):
        return api.core_groups_create(GroupRequest(name=f"{name}-{PLACE}", **more), **TIMEOUT)

    parents = [create("mother", attributes={"floor": 3}), create("father", is_superuser=True)]
    pks = [parent.pk for parent in parents]
    # Not the order in which they were made.
    children = [create("son", parents=pks), create("daughter", parents=pks[::-1])]
    check("the parents, in the order given", [child.parents for child in children], [pks, pks[::-1]])
    return [api.core_groups_retrieve(parent.pk, **TIMEOUT) for parent in parents], children


def embedded(api, parents, children):
    below = sorted(child.pk for child in children)
    mother, son = parents[0], children[0]
    check("the children, in the order of their ids", [parent.children for parent in parents], [below, below])

    def both(what, group, expected, **include):
        """Reads a group in both ways."""
        read = api.core_groups_retrieve(group.pk, **include, **TIMEOUT)
        check_fields(f"{what}, read", read, fields(group, **expected))
        [listed] = api.core_groups_list(name=group.name, **include, **TIMEOUT).results
        check_fields(f"{what}, listed", listed, fields(group, **expected))

    by_id = {child.pk: related(child) for child in children}
    both("a group with its children", mother, {"children_obj": [by_id[pk] for pk in below]}, include_children=True)
    both("a group without parents", mother, {"parents_obj": []}, include_parents=True)
    both("a group with its parents", son, {"parents_obj": [related(one) for one in parents]}, include_parents=True)
    both("a group without children", son, {"children_obj": []}, include_children=True)
    both("a group with its roles", son, {"inherited_roles_obj": []}, include_inherited_roles=True)
    both("a group without anything", son, {"users_obj": None}, include_users=False, include_parents=False,
         include_children=False, include_inherited_roles=False)


def change_parents(api, parents, children):
    son, daughter = children
    mother, father = (parent.pk for parent in parents)

    def patch(pks, group=son, **more):
        return api.core_groups_partial_update(group.pk, PatchedGroupRequest(parents=pks), **TIMEOUT | more)

    for pks in ([father, mother], [mother], [], [mother, father]):
        check(f"the parents {pks}", patch(pks).parents, pks)
        check(f"the parents {pks}, read", api.core_groups_retrieve(son.pk, **TIMEOUT).parents, pks)
    check_refused("an unknown parent", 400, {"parents": MISSING}, patch, [mother, UNKNOWN])
    circle = {"parents": ["A group cannot be its own ancestor."]}
    check_refused("a circle through the second parent", 400, circle, patch, [father, son.pk], parents[0])
    itself = {"parents": ["Cannot set group as parent of itself."]}
    check_refused("a group above itself", 400, itself, patch, [mother, son.pk])
    check("the parents after refusals", api.core_groups_retrieve(son.pk, **TIMEOUT), son)
    api.core_groups_destroy(daughter.pk, **TIMEOUT)
    check("the children that are left", api.core_groups_retrieve(mother, **TIMEOUT).children, [son.pk])


def list_by_dates(api):
    def finds(what, expected, **filters):
        page = api.core_users_list(path=PLACE, ordering="pk", **filters, **TIMEOUT)
        check_page(f"users by {what}", page, expected)

    login = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    request = UserRequest(username=f"early-{PLACE}", name="", path=PLACE, last_login=login)
    early = api.core_users_create(request, **TIMEOUT)
    # The client sends whole seconds.
    time.sleep(1.1)
    late = api.core_users_create(UserRequest(username=f"late-{PLACE}", name="", path=PLACE), **TIMEOUT)
    moment = late.date_joined.replace(microsecond=0)
    for name in ("date_joined", "last_updated"):
        finds(f"a later {name}", [late], **{f"{name}__gt": moment})
        finds(f"an earlier {name}", [early], **{f"{name}__lt": moment})
        finds(f"{name} in between", [early, late],
              **{f"{name}__gt": moment - timedelta(days=1), f"{name}__lt": moment + timedelta(days=1)})
        finds(f"another {name}", [], **{name: login})
    finds("last_login", [early], last_login=login)
    second = timedelta(seconds=1)
    finds("a later last_login", [early], last_login__gt=login - second)
    finds("no later last_login", [], last_login__gt=login)
    finds("an earlier last_login", [early], last_login__lt=login + second)
    finds("no earlier last_login", [], last_login__lt=login)
    finds("no last_login", [late], last_login__isnull=True)
    finds("any last_login", [early], last_login__isnull=False)

    time.sleep(1.1)
    early = api.core_users_partial_update(early.pk, PatchedUserRequest(name="Changed"), **TIMEOUT)
    moment = early.last_updated.replace(microsecond=0)
    finds("a change", [early], last_updated__gt=moment, date_joined__lt=moment)
    finds("no change", [late], last_updated__lt=moment)
    return late


def roles(api, user):
    [found] = api.core_users_list(username=user.username, include_roles=False, **TIMEOUT).results
    check_fields("a user without its roles' data", found, fields(user, roles_obj=None))
    found = api.core_users_partial_update(user.pk, PatchedUserRequest(roles=[]), **TIMEOUT)
    check_fields("a user with no roles", found, fields(user, last_updated=found.last_updated))
    refusal = {"roles": MISSING}
    check_refused("a new user with a role", 400, refusal, api.core_users_create,
                  UserRequest(username=f"role-{RUN}", name="", roles=[UNKNOWN]))
    check_refused("a patch of the roles", 400, refusal, api.core_users_partial_update, user.pk,
                  PatchedUserRequest(roles=[UNKNOWN]))
    for filter, value in [("roles_by_name", f"role-{RUN}"), ("roles_by_pk", UNKNOWN)]:
        choice = [f"Select a valid choice. {value} is not one of the available choices."]
        check_refused(f"users by {filter}", 400, {filter: choice}, api.core_users_list, **{filter: [value]})


def dates(api, user, group):
    """What changes when."""
    def after(what, change, password=False):
        nonlocal user
        change()
        found = api.core_users_retrieve(user.pk, **TIMEOUT)
        check_that(f"last_updated after {what}", user.last_updated < found.last_updated and is_near(found.last_updated))
        check(f"date_joined after {what}", found.date_joined, user.date_joined)
        check(f"whether {what} changes the password", found.password_change_date > user.password_change_date, password)
        user = found

    def hashed(value):
        request = authentik_client.UserPasswordHashSetRequest(password=value)
        check("the answer to a hash", api.core_users_set_password_hash_create(user.pk, request, **TIMEOUT), None)

    member = UserAccountRequest(pk=user.pk)
    after("joining", lambda: api.core_groups_add_user_create(group.pk, member, **TIMEOUT))
    after("leaving", lambda: api.core_groups_remove_user_create(group.pk, member, **TIMEOUT))
    plain = authentik_client.UserPasswordSetRequest(password="correct horse battery staple")
    after("a password", lambda: api.core_users_set_password_create(user.pk, plain, **TIMEOUT), password=True)
    after("a hash by PBKDF2", lambda: hashed(pbkdf2("correct horse battery staple")), password=True)
    after("a hash by Argon2", lambda: hashed(ARGON2), password=True)


def pbkdf2(password, salt="seasalt", iterations=600_000):
    """A password's hash in Django's form."""
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(key).decode()}"


def refused_hashes(api, user):
    call, make = api.core_users_set_password_hash_create, authentik_client.UserPasswordHashSetRequest
    check_refused("the hash of a missing user", 404, {"detail": "No User matches the given query."}, call, 2**31 - 1,
                  make(password=ARGON2))
    check_refused("an empty hash", 400, {"password": ["This field may not be blank."]}, call, user.pk,
                  make.model_construct(password=""))
    try:
        call(user.pk, make(password="md5$salt$0123456789abcdef0123456789abcdef"), **TIMEOUT)
    except authentik_client.ApiException as refusal:
        check("status of another algorithm", refusal.status, 400)
        [(field, [message])] = json.loads(refusal.body).items()
        check("the field of another algorithm", field, "password")
        check_that("the algorithm is named", "md5" in message)
    else:
        raise AssertionError("another algorithm was not refused")
    check("the user after refusals", api.core_users_retrieve(user.pk, **TIMEOUT), user)


def run(api):
    parents, children = family(api)
    embedded(api, parents, children)
    change_parents(api, parents, children)
    user = list_by_dates(api)
    roles(api, user)
    dates(api, user, parents[0])
    refused_hashes(api, api.core_users_retrieve(user.pk, **TIMEOUT))
