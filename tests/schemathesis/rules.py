"""Rules of the API that its OpenAPI document can't express, for Schemathesis.

A reported failure is ignored only if the rules below explain all of it.
"""

import json
import os
import re
import urllib.request
from datetime import datetime, timezone
from urllib.parse import parse_qsl, urlsplit

import schemathesis

URL = os.environ["ROLLCALL_URL"] + "/api/v3/"
TOKEN = os.environ["ROLLCALL_TOKEN"]

UNIQUE = r"This field must be unique\."
UNKNOWN = r'Invalid pk ".*" - object does not exist\.'
UNAVAILABLE = r"Select a valid choice\. .* is not one of the available choices\."

# Errors of requests that are valid by the document: field, message, operation.
REFUSALS = [
    # Names are unique, which depends on what is stored.
    ("username", UNIQUE, "core_users_(create|update|partial_update)"),
    ("name", UNIQUE, "core_groups_(create|update|partial_update)"),
    ("name", UNIQUE, "core_users_service_account_create"),
    ("identifier|managed", UNIQUE, "core_tokens_(create|update|partial_update)"),
    ("key", UNIQUE, "core_tokens_set_key_create"),
    # A key has to fit into the `Authorization` header. Its minimum length is a setting.
    ("key", r"Use only visible ASCII characters, without spaces\.", "core_tokens_set_key_create"),
    ("key", r"Ensure this field has (at least 8|no more than 1024) characters\.", "core_tokens_set_key_create"),
    # Referenced objects must exist. Roles never do.
    ("groups|roles", UNKNOWN, "core_users_(create|update|partial_update)"),
    ("parent|parents|users|roles", UNKNOWN, "core_groups_(create|update|partial_update)"),
    ("user", UNKNOWN, "core_tokens_(create|update|partial_update)"),
    # So must groups, users and roles in filters, as in authentik.
    ("groups_by_name|groups_by_pk|roles_by_name|roles_by_pk", UNAVAILABLE, "core_users_list"),
    ("members_by_username|members_by_pk", UNAVAILABLE, "core_groups_list"),
    # The filter is described as a JSON object, but its type is a string.
    ("attributes", r"filter: (failed to parse JSON|value must be key:value mapping)", "core_(users|groups)_list"),
    # Paths consist of non-empty segments separated by slashes.
    ("path", r"No (leading or trailing slashes|empty segments in user path) allowed\.",
     "core_users_(create|update|partial_update)"),
    # Limits of the engines.
    ("path", r"Ensure this field has no more than 640 characters\.", "core_users_(create|update|partial_update)"),
    ("search", r"Ensure this value has at most .*\.", "core_.*"),
    ("attributes", r"filter: (at most 50 values are allowed|values are limited to 1000 characters)", "core_(users|groups)_list"),
    # Clients can't create these accounts.
    ("type", r"Setting a user to internal service account is not allowed\.",
     "core_users_(create|update|partial_update)"),
    # Only login flows create tokens with these.
    ("intent", r"Invalid intent (verification|recovery)", "core_tokens_(create|update|partial_update)"),
    # Groups are not below themselves.
    ("parent|parents", r"A group cannot be its own ancestor\.|Cannot set group as parent of itself\.",
     "core_groups_(update|partial_update)"),
    ("name", r"Ensure this field has no more than 640 characters\.", "core_groups_(create|update|partial_update)"),
    # The hash is described as one of certain algorithms, but its type is a string.
    ("password", r"This is not a password hash\.|This hash .*\.|Password hashes made with .* are not supported, .*\.",
     "core_users_set_password_hash_create"),
]
# The two names of a group's parent, one of each edition, must not contradict each other.
DISAGREEMENTS = ["This must be the first of the parents.", "The first must be the parent."]
# A hash as Django makes it.
HASH = "pbkdf2_sha256$870000$seasalt123$6PRlvCDTPz7oJrYKoaOiV8iQKJfT2sYxkNbQhzNqoHM="

# What filters understand besides `true` and `false`, in any letter case.
BOOLEANS = ["true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"]

MEMBERSHIPS = ["core_groups_add_user_create", "core_groups_remove_user_create"]
KEYS = ["core_tokens_view_key_retrieve", "core_tokens_set_key_create"]


def ask(path):
    request = urllib.request.Request(URL + path, headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def untouchable():
    """The objects that make the caller a superuser, by path parameter."""
    me = ask("core/users/me/")["user"]
    tokens = ask("core/tokens/?page_size=1000")["results"]
    return {
        "id": {str(me["pk"])},
        "group_uuid": {group["pk"] for group in me["groups"]},
        "identifier": {token["identifier"] for token in tokens},
    }


UNTOUCHABLE = untouchable()

# Replaces protected objects in paths; no object has this id.
NOBODY = "0"

# The ids of the most recently created objects, by path parameter.
KNOWN = {"id": [], "group_uuid": [], "identifier": []}
requests = 0
names = 0

# The former identifiers of changed tokens.
former = set()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Relaxes schemas of responses, and links the creation of objects to operations on them."""
    for name in ["User", "GroupMember", "UserSelf"]:
        properties = raw_schema["components"]["schemas"][name]["properties"]
        # An address may be empty, as its description says, although its format in authentik's document forbids it.
        properties["email"] = {"anyOf": [properties["email"], {"type": "string", "maxLength": 0}]}
        # The pattern is authentik's, which doesn't enforce it either.
        properties["username"].pop("pattern", None)

    paths = raw_schema["paths"]
    for path, item in paths.items():
        collection, brace, rest = path.partition("{")
        created = paths.get(collection, {}).get("post", {}).get("responses", {}).get("201")
        if not brace or created is None:
            continue
        parameter = rest.partition("}")[0]
        field = "identifier" if parameter == "identifier" else "pk"
        for method in {"get", "put", "patch", "post", "delete"} & item.keys():
            name = item[method]["operationId"]
            created.setdefault("links", {})[name] = {
                "operationId": name, "parameters": {parameter: f"$response.body#/{field}"},
            }


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta and case.meta.generation.mode.is_positive:
        phase = case.meta.phase.name.value
        if phase in ("coverage", "fuzzing"):
            make_plausible(case)
        elif phase == "stateful":
            # Schemathesis repeats steps, and ends the phase early if one is rejected because its name is taken.
            make_new(case)
    # Protects the caller: without its rights, only 403 would be tested.
    if case.method != "GET":
        for name, values in UNTOUCHABLE.items():
            if str(case.path_parameters.get(name)).lower() in values:
                change(case, "path_parameters", {name: NOBODY})


def change(case, part, values):
    """Changes part of a request in a copy, because Schemathesis shares it with other requests."""
    setattr(case, part, {**getattr(case, part), **values})


def make_plausible(case):
    """Gives every other valid request new names and existing ids; most would be rejected otherwise."""
    global requests
    requests += 1
    if requests % 2:
        return

    def some(name):
        return KNOWN[name][requests % len(KNOWN[name])]

    new = {name: some(name) for name in KNOWN.keys() & case.path_parameters.keys() if KNOWN[name]}
    change(case, "path_parameters", new)
    # A filter must name what exists.
    new = {"groups_by_pk": KNOWN["group_uuid"], "members_by_pk": KNOWN["id"]}
    change(case, "query", {name: ids[-1:] for name, ids in new.items() if name in case.query})
    others = ["groups_by_name", "members_by_username", "roles_by_name", "roles_by_pk"]
    case.query = {name: value for name, value in case.query.items() if name not in others}
    if not isinstance(case.body, dict):
        return
    new = {"groups": KNOWN["group_uuid"][-1:], "users": KNOWN["id"][-1:], "roles": []}
    for field, name in [("parent", "group_uuid"), ("user", "id"), ("pk", "id")]:
        if KNOWN[name]:
            new[field] = some(name)
    new["parents"] = [new["parent"]] if "parent" in new else []
    if operation_id(case) == "core_users_set_password_hash_create":
        new["password"] = HASH
    change(case, "body", {field: value for field, value in new.items() if field in case.body})
    make_new(case)


def make_new(case):
    """Gives a request unused names."""
    global names
    names += 1
    if isinstance(case.body, dict):
        fields = ["username", "name", "identifier", "managed"]
        # Short enough for all fields.
        new = {field: f"{case.body[field][:140]}{names}" for field in fields if isinstance(case.body.get(field), str)}
        if isinstance(case.body.get("key"), str):
            # Most others would be rejected.
            new["key"] = f"a-new-key-{names}"
        change(case, "body", new)


@schemathesis.hook
def after_call(context, case, response):
    """Records created objects."""
    if response.status_code == 201:
        made = response.json()
        for name, collection in [("id", "users"), ("group_uuid", "groups"), ("identifier", "tokens")]:
            if case.path == f"/core/{collection}/":
                KNOWN[name] = [*KNOWN[name][-9:], made["identifier" if name == "identifier" else "pk"]]
    elif case.method == "DELETE" and response.status_code == 204:
        for name, value in case.path_parameters.items():
            KNOWN[name] = [known for known in KNOWN[name] if str(known) != str(value)]
    elif case.path == "/core/tokens/{identifier}/" and case.method in ("PUT", "PATCH") and response.status_code == 200:
        old, new = case.path_parameters["identifier"], response.json()["identifier"]
        KNOWN["identifier"] = [new if known == old else known for known in KNOWN["identifier"]]
        former.add(old)


@schemathesis.check
def caller_keeps_its_rights(ctx, response, case):
    """Fails if the caller has lost its rights."""
    sent = response.request.headers.get("Authorization")
    assert sent != f"Bearer {TOKEN}" or response.status_code != 403, "the caller may do nothing any more"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether to report a failure."""
    explains = EXPLANATIONS.get(failure.code)
    return explains is None or not explains(failure, case, response)


def explains_unavailable(failure, case, response):
    # Schemathesis mistakes other fields of a user for its id.
    if not str(case.path_parameters.get("id", 0)).isdecimal():
        return True
    # Schemathesis doesn't know these.
    if NOBODY in case.path_parameters.values() or case.path_parameters.get("identifier") in former:
        return True
    # An expired token still exists, but has no key, as the document says.
    if operation_id(case) in KEYS:
        token = ask(f"core/tokens/{case.path_parameters['identifier']}/")
        return token["expiring"] and datetime.fromisoformat(token["expires"]) < datetime.now(timezone.utc)
    # 404 also refers to the user in the body. A missing group is reported by name.
    return operation_id(case) in MEMBERSHIPS and response.json() == {"detail": "Not found."}


def explains_refusal(failure, case, response):
    """Whether every error in the response matches a rule."""
    if response.status_code != 400:
        return False
    errors = response.json()
    return all(
        isinstance(messages, list) and all(explains_message(field, message, case) for message in messages)
        for field, messages in errors.items()
    )


def explains_message(field, message, case):
    operation = operation_id(case)
    sent = sent_value(case, field)
    # PostgreSQL can't store them, and authentik rejects them.
    if message == "Null characters are not allowed.":
        return holds_null(sent)
    if message in DISAGREEMENTS:
        return disagree(case.body)
    # Strings are trimmed before validation.
    if message == "This field may not be blank.":
        return isinstance(sent, str) and sent.strip() == ""
    return any(
        re.fullmatch(fields, field) and re.fullmatch(text, message, re.DOTALL) and re.fullmatch(operations, operation)
        for fields, text, operations in REFUSALS
    )


def disagree(body):
    """Whether the parent of a group isn't the first of the parents."""
    return "parent" in body and "parents" in body and (body["parent"] or None) != next(iter(body["parents"]), None)


def operation_id(case):
    return case.operation.definition.raw["operationId"]


def sent_value(case, field):
    for container in (case.body, case.query):
        if isinstance(container, dict) and field in container:
            return container[field]
    return None


def holds_null(value):
    if isinstance(value, str):
        # An attributes filter is JSON in a string, where the character may be escaped.
        return "\0" in value or "\\u0000" in value
    if isinstance(value, dict):
        return any(holds_null(key) or holds_null(item) for key, item in value.items())
    return isinstance(value, list) and any(map(holds_null, value))


def explains_acceptance(failure, case, response):
    """Whether the API, like authentik, tolerates each invalid part."""
    data = case.meta.phase.data
    if data.mutations:
        wrong = {
            (change.parameter_location.value, (change.path or (change.parameter,))[0]) for change in data.mutations
        }
    elif data.parameter_location and data.parameter_location.value == "body":
        wrong = {("body", (data.location or "").removeprefix("/properties/").partition("/")[0])}
    elif data.parameter_location:
        wrong = {(data.parameter_location.value, data.parameter)}
    else:
        wrong = set()
    sent = dict(parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True))
    return bool(wrong) and all(
        is_lenient_parameter(case, name, sent.get(name)) if place == "query" else is_lenient_field(case, place, name)
        for place, name in wrong
    )


def is_lenient_parameter(case, name, text):
    """Whether the API treats `text`, the last of the values, as omitted or as the default."""
    parameter = case.operation.query.get(name)
    if parameter is None or text is None:
        return False
    schema = parameter.definition["schema"]
    # As in authentik, an invalid boolean is false in `include_users` and the like. Filters understand more words.
    if schema["type"] == "boolean":
        return text not in ("true", "false") and ("default" in schema or text.lower() in BOOLEANS)
    # As in authentik, an invalid page size is ignored.
    if name == "page_size":
        return not re.fullmatch(r"-?\d+", text)
    # As in authentik, an empty filter is ignored.
    return schema["type"] == "string" and text == ""


def is_lenient_field(case, place, name):
    value = sent_value(case, name)
    # As in authentik, the id of a new or former member may be a string.
    if place == "body" and name == "pk" and operation_id(case) in MEMBERSHIPS:
        return isinstance(value, str) and value.strip().isdecimal()
    # As in authentik, an empty string means no parent; HTML forms can't send null.
    return place == "body" and name == "parent" and value == ""


# By the code of the failure.
EXPLANATIONS = {
    "ST201": explains_acceptance,
    "ST202": explains_refusal,
    "ST302": explains_unavailable,
}
