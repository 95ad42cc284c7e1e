"""Tokens, passwords, service accounts, and what refers to what."""

from datetime import datetime, timedelta, timezone

from authentik_client import (
    GroupRequest, IntentEnum, PatchedTokenRequest, TokenRequest, TokenSetKeyRequest, UsedBy, UsedByActionEnum,
    UserPasswordSetRequest, UserRequest, UserServiceAccountRequest, UserTypeEnum,
)

from checks import TIMEOUT, RUN, check, check_fields, check_refused, check_that, connect, fields, is_near, usual
from lists import check_page
from versions import Id, below

NO_TOKEN = {"detail": "No Token matches the given query."}
WRONG_TOKEN = {"detail": "Token invalid/expired"}


def view_key(api, identifier):
    return api.core_tokens_view_key_retrieve(identifier, **TIMEOUT).key


def check_works(what, key, user):
    check(f"who calls with {what}", connect(key).core_users_me_retrieve(**TIMEOUT).user.pk, user.pk)


def check_works_not(what, key):
    check_refused(what, 403, WRONG_TOKEN, connect(key).core_users_me_retrieve)


def create(api, user):
    me = api.core_users_retrieve(api.core_users_me_retrieve(**TIMEOUT).user.pk, **TIMEOUT)
    minimal = api.core_tokens_create(TokenRequest(identifier=f"minimal-{RUN}"), **TIMEOUT)
    check_fields("the minimal token", minimal, {
        "pk": usual(minimal.pk), "managed": None, "identifier": f"minimal-{RUN}", "intent": IntentEnum.API,
        "user": me.pk, "user_obj": me, "description": "", "expires": minimal.expires, "expiring": True,
    })
    check_that("the minimal token lives for a day", is_near(minimal.expires, timedelta(days=1)))
    check("the minimal token, read", api.core_tokens_retrieve(minimal.identifier, **TIMEOUT), minimal)
    check_works("the minimal token", view_key(api, minimal.identifier), me)

    given = {
        "identifier": f"full_{RUN}", "intent": IntentEnum.API, "user": user.pk, "description": "Nightly\nbackup",
        "expires": datetime(2999, 12, 31, 23, 59, 59, tzinfo=timezone.utc), "expiring": True, "managed": f"by-{RUN}",
    }
    full = api.core_tokens_create(TokenRequest(**given), **TIMEOUT)
    check_fields("the full token", full, given | {"pk": full.pk, "user_obj": user})
    check_works("the full token", view_key(api, full.identifier), user)

    request = TokenRequest(identifier=f"password-{RUN}", intent=IntentEnum.APP_PASSWORD, user=user.pk, expiring=False)
    password = api.core_tokens_create(request, **TIMEOUT)
    check("expires of a token that does not expire", password.expires, None)
    check_works_not("an app password", view_key(api, password.identifier))
    return minimal, full, password


def list_tokens(api, user, minimal, full, password):
    def finds(expected, ordering="identifier", search=RUN, **filters):
        page = api.core_tokens_list(search=search, ordering=ordering, **filters, **TIMEOUT)
        check_page(f"tokens by {filters}, in the order of {ordering}", page, expected)

    finds([full, minimal, password])
    finds([password, minimal, full], "-identifier")
    finds([minimal], identifier=minimal.identifier)
    finds([password], intent="app_password")
    finds([password], expiring=False)
    finds([full, password], user__username=user.username)
    finds([full], description=full.description)
    finds([full], managed=full.managed)
    finds([full], expires=full.expires)
    finds([], search=f"no-{RUN}")


def change(api, user, minimal, full):
    def patch(**changes):
        return api.core_tokens_partial_update(full.identifier, PatchedTokenRequest(**changes), **TIMEOUT)

    check("a patch of nothing", patch(), full)
    changes = {"description": "", "managed": None, "user": minimal.user, "intent": IntentEnum.APP_PASSWORD}
    check_fields("a patch of many fields", patch(**changes), fields(full, **changes, user_obj=minimal.user_obj))
    changes = {"managed": full.managed, "user": user.pk, "intent": IntentEnum.API, "description": full.description}
    check("a patch back", patch(**changes), full)
    put = api.core_tokens_update(full.identifier, TokenRequest(identifier=f"put-{RUN}"), **TIMEOUT)
    check_fields("a replacement", put, fields(full, identifier=f"put-{RUN}"))
    check_refused("the old identifier", 404, NO_TOKEN, api.core_tokens_retrieve, full.identifier)

    old, new = view_key(api, put.identifier), f"a-key-of-one's-own-{RUN}"
    call = api.core_tokens_set_key_create(put.identifier, TokenSetKeyRequest(key=new), **TIMEOUT)
    check("the answer to setting a key", call, None)
    check("the key that was set", view_key(api, put.identifier), new)
    check_works("the new key", new, user)
    check_works_not("the old key", old)
    check_refused("another's key", 400, {"key": ["This field must be unique."]}, api.core_tokens_set_key_create,
                  minimal.identifier, TokenSetKeyRequest(key=new))

    past = datetime(2000, 1, 1, tzinfo=timezone.utc)
    api.core_tokens_partial_update(put.identifier, PatchedTokenRequest(expires=past), **TIMEOUT)
    check_works_not("a key that has expired", new)
    return put


def refusals(api, minimal):
    def refused(body, **given):
        check_refused(f"token {given}", 400, body, api.core_tokens_create, TokenRequest.model_construct(**given))

    slug = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
    refused({"identifier": [slug]}, identifier="a b")
    refused({"identifier": ["This field is required."]})
    refused({"identifier": ["This field must be unique."]}, identifier=minimal.identifier)
    unknown = {"user": [f'Invalid pk "{2**31 - 1}" - object does not exist.']}
    refused(unknown | {"intent": ["Invalid intent recovery"]}, identifier=f"new-{RUN}", user=2**31 - 1,
            intent=IntentEnum.RECOVERY)


def destroy(api, token):
    key = view_key(api, token.identifier)
    check("the answer to deleting a token", api.core_tokens_destroy(token.identifier, **TIMEOUT), None)
    for what, call in [
        ("read", api.core_tokens_retrieve), ("delete", api.core_tokens_destroy),
        ("view the key of", api.core_tokens_view_key_retrieve), ("ask for what uses", api.core_tokens_used_by_list),
    ]:
        check_refused(f"to {what} a deleted token", 404, NO_TOKEN, call, token.identifier)
    check_works_not("the key of a deleted token", key)


def set_password(api, user):
    call = api.core_users_set_password_create
    good = UserPasswordSetRequest(password="correct horse battery staple")
    check("the answer to setting a password", call(user.pk, good, **TIMEOUT), None)
    check_refused("the password of a missing user", 404, {"detail": "No User matches the given query."}, call,
                  2**31 - 1, good)
    check_refused("an empty password", 400, {"password": ["This field may not be blank."]}, call, user.pk,
                  UserPasswordSetRequest.model_construct(password=""))


def service_account(api):
    name = f"robot-{RUN}"
    request = UserServiceAccountRequest(name=name, create_group=True)
    account = api.core_users_service_account_create(request, **TIMEOUT)
    check_fields("the service account", account, {
        "username": name, "token": account.token, "user_uid": account.user_uid, "user_pk": account.user_pk,
        "group_pk": account.group_pk,
    })
    user = api.core_users_retrieve(account.user_pk, **TIMEOUT)
    check("the user of the service account", (user.username, user.name, user.uid, user.type, user.groups),
          (name, name, account.user_uid, UserTypeEnum.SERVICE_ACCOUNT, [Id(account.group_pk)]))
    group = api.core_groups_retrieve(account.group_pk, **TIMEOUT)
    check("the group of the service account", (group.name, group.users), (name, [user.pk]))
    [token] = api.core_tokens_list(user__username=name, **TIMEOUT).results
    check("the app password", (token.intent, token.expiring, view_key(api, token.identifier)),
          (IntentEnum.APP_PASSWORD, True, account.token))
    check_that("the app password lives for 360 days", is_near(token.expires, timedelta(days=360)))

    short = UserServiceAccountRequest(name=f"{name}-2", expiring=False)
    check("group_pk without a group", api.core_users_service_account_create(short, **TIMEOUT).group_pk, None)
    [lasting] = api.core_tokens_list(user__username=short.name, **TIMEOUT).results
    check("an app password that does not expire", (lasting.expiring, lasting.expires), (False, None))
    check_refused("a taken name", 400, {"name": ["This field must be unique."]},
                  api.core_users_service_account_create, request)
    return user, group, token


def used_by(api, user, group, token):
    def use(model, pk, name, action):
        return UsedBy(app="authentik_core", model_name=model, pk=str(pk), name=name, action=action)

    child = api.core_groups_create(GroupRequest(name=f"child-of-robot-{RUN}", **below(group.pk)), **TIMEOUT)
    many = UsedByActionEnum.CASCADE_MANY
    check("what refers to a user", api.core_users_used_by_list(user.pk, **TIMEOUT), [
        use("token", token.pk, token.identifier, UsedByActionEnum.CASCADE), use("group", group.pk, group.name, many),
    ])
    check("what refers to a group", api.core_groups_used_by_list(group.pk, **TIMEOUT), [
        use("group", child.pk, child.name, UsedByActionEnum.SET_NULL), use("user", user.pk, user.username, many),
    ])
    check("what refers to a token", api.core_tokens_used_by_list(token.identifier, **TIMEOUT), [])
    api.core_users_destroy(user.pk, **TIMEOUT)
    check_refused("a token of a deleted user", 404, NO_TOKEN, api.core_tokens_retrieve, token.identifier)


def run(api):
    user = api.core_users_create(UserRequest(username=f"owner-{RUN}", name="Owner"), **TIMEOUT)
    minimal, full, password = create(api, user)
    list_tokens(api, user, minimal, full, password)
    refusals(api, minimal)
    change(api, user, minimal, full)
    destroy(api, minimal)
    set_password(api, user)
    used_by(api, *service_account(api))
