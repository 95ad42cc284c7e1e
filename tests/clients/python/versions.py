"""What differs between authentik's Python clients of 2024.8 and 2026.8. The checks themselves are the same."""

import json
import urllib.request
import uuid
from importlib.metadata import version

import authentik_client

RELEASE = version("authentik-client")
IS_NEW = int(RELEASE.split(".")[0]) >= 2026
# The old client leaves ids as strings.
Id = uuid.UUID if IS_NEW else str
# How the request for a group names what is above it.
PARENTS = "parents" if IS_NEW else "parent"
# The fields of a page of a list, beside its results and their numbers.
PAGE = {"autocomplete": {}} if IS_NEW else {}


def below(*parents):
    """The fields of a request that put a group below the groups with these ids; the old client can name only one."""
    if IS_NEW:
        return {"parents": list(parents)}
    [parent] = parents or [None]
    return {"parent": parent}


def shown_below(*parents):
    """The fields of a group below these groups, as answers show them unless asked for more; the old client sees one."""
    if IS_NEW:
        return {"parents": [group.pk for group in parents], "parents_obj": None}
    if not parents:
        return {"parent": None, "parent_name": None}
    return {"parent": parents[0].pk, "parent_name": parents[0].name}


def create_below(api, name, *parents):
    """Creates a group below any number of groups: where the client can't, as another client of the same server does."""
    pks = [group.pk for group in parents]
    if IS_NEW:
        return api.core_groups_create(authentik_client.GroupRequest(name=name, parents=pks), _request_timeout=30.0)
    configuration = api.api_client.configuration
    request = urllib.request.Request(
        f"{configuration.host}/core/groups/", json.dumps({"name": name, "parents": pks}).encode(),
        {"Authorization": f"Bearer {configuration.access_token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return api.core_groups_retrieve(json.load(answer)["pk"], _request_timeout=30.0)


def more_of_group():
    """The fields of a group without children that only the new client knows."""
    return {"children": [], "children_obj": None, "inherited_roles_obj": None} if IS_NEW else {}


def more_of_user(user):
    """The fields of a user that only the new client knows."""
    if not IS_NEW:
        return {}
    dates = {name: getattr(user, name) for name in ("date_joined", "last_updated", "password_change_date")}
    return dates | {"roles": [], "roles_obj": []}


def more_of_caller():
    """The fields of the caller that only the new client knows."""
    return {"roles": [], "is_current": True} if IS_NEW else {}


def more_of_session(caller):
    return {"users": [caller]} if IS_NEW else {}


def more_of_configuration():
    """The fields of the configuration that only the old client knows."""
    return {} if IS_NEW else {"cache_timeout_reputation": 0}


def group_in_user(group):
    """A group as embedded in a user."""
    common = {name: getattr(group, name) for name in ("pk", "num_pk", "name", "is_superuser", "attributes")}
    if IS_NEW:
        return authentik_client.PartialGroup(**common)
    return authentik_client.UserGroup(parent=group.parent, parent_name=group.parent_name, **common)


def member(user):
    """A user as embedded in a group."""
    kind = authentik_client.PartialUser if IS_NEW else authentik_client.GroupMember
    return kind(
        pk=user.pk, username=user.username, name=user.name, is_active=user.is_active, last_login=user.last_login,
        email=user.email, attributes=user.attributes, uid=user.uid,
    )
