"""What Schemathesis has to know of the API beyond its OpenAPI document.

The document can't express every rule. A complaint is dropped only if one of the rules below explains all of it;
everything else fails the run.
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

# Good requests that are refused: the field, what is said about it, where.
REFUSALS = [
    # Names are unique, which depends on what is stored.
    ("username", UNIQUE, "core_users_(create|update|partial_update)"),
    ("name", UNIQUE, "core_groups_(create|update|partial_update)"),
    ("name", UNIQUE, "core_users_service_account_create"),
    ("identifier|managed", UNIQUE, "core_tokens_(create|update|partial_update)"),
    ("key", UNIQUE, "core_tokens_set_key_create"),
    # What is named by its id has to exist. Roles never do.
    ("groups", UNKNOWN, "core_users_(create|update|partial_update)"),
    ("parent|users|roles", UNKNOWN, "core_groups_(create|update|partial_update)"),
    ("user", UNKNOWN, "core_tokens_(create|update|partial_update)"),
    # So have groups and users that lists are filtered by, as in the original.
    ("groups_by_name|groups_by_pk", UNAVAILABLE, "core_users_list"),
    ("members_by_username|members_by_pk", UNAVAILABLE, "core_groups_list"),
    # The filter is described as a JSON object, but its type is a string.
    ("attributes", r"filter: (failed to parse JSON|value must be key:value mapping)", "core_(users|groups)_list"),
    # Paths are segments between slashes, none of them empty.
    ("path", r"No (leading or trailing slashes|empty segments in user path) allowed\.",
     "core_users_(create|update|partial_update)"),
    # What an index of PostgreSQL holds, and what an engine can compare at once.
    ("path", r"Ensure this field has no more than 640 characters\.", "core_users_(create|update|partial_update)"),
    ("search", r"Ensure this has no more than .*\.", "core_.*"),
    ("attributes", r"filter: no (more than 50 values|value of more than 1000 characters)", "core_(users|groups)_list"),
    # Only the directory itself makes these accounts.
    ("type", r"Setting a user to internal service account is not allowed\.",
     "core_users_(create|update|partial_update)"),
    # Only login flows make tokens for these.
    ("intent", r"Invalid intent (verification|recovery)", "core_tokens_(create|update|partial_update)"),
    # The tree of groups has no cycles.
    ("parent", r"A group can't stand below itself\.", "core_groups_(update|partial_update)"),
    ("name", r"Ensure this field has no more than 640 characters\.", "core_groups_(create|update|partial_update)"),
]

MEMBERSHIPS = ["core_groups_add_user_create", "core_groups_remove_user_create"]
KEYS = ["core_tokens_view_key_retrieve", "core_tokens_set_key_create"]


def ask(path):
    request = urllib.request.Request(URL + path, headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def untouchable():
    """What makes the caller a superuser, by the name of the path parameter and as it stands in the path."""
    me = ask("core/users/me/")["user"]
    tokens = ask("core/tokens/?page_size=1000")["results"]
    return {
        "id": {str(me["pk"])},
        "group_uuid": {group["pk"] for group in me["groups"]},
        "identifier": {token["identifier"] for token in tokens},
    }


UNTOUCHABLE = untouchable()

# Stands in a path for what is spared; no object has this id.
NOBODY = "0"

# The ids of the last objects that were made, by the name of the path parameter.
KNOWN = {"id": [], "group_uuid": [], "identifier": []}
requests = 0
names = 0

# The identifiers that tokens had before they were changed.
former = set()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Corrects what the document can't say of answers, and links what is made to where it is used."""
    for name in ["User", "GroupMember", "UserSelf"]:
        properties = raw_schema["components"]["schemas"][name]["properties"]
        # An address may be empty, which its description says; the format in the original's document does not.
        properties["email"] = {"anyOf": [properties["email"], {"type": "string", "maxLength": 0}]}
        # The pattern is the original's, which stores other names too, and so does this server.
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
            # The tool repeats steps, and ends the phase early if one is refused then for a name that it took before.
            make_new(case)
    # Spares the caller: without its rights nothing but 403 would be tested.
    if case.method != "GET":
        for name, values in UNTOUCHABLE.items():
            if str(case.path_parameters.get(name)).lower() in values:
                change(case, "path_parameters", {name: NOBODY})


def change(case, part, values):
    """Changes part of a request, but not the object that stood there: the tool uses it for other requests too."""
    setattr(case, part, {**getattr(case, part), **values})


def make_plausible(case):
    """Gives every other good request names that are new and ids that exist; most would be refused otherwise."""
    global requests
    requests += 1
    if requests % 2:
        return

    def some(name):
        return KNOWN[name][requests % len(KNOWN[name])]

    new = {name: some(name) for name in KNOWN.keys() & case.path_parameters.keys() if KNOWN[name]}
    change(case, "path_parameters", new)
    if not isinstance(case.body, dict):
        return
    new = {"groups": KNOWN["group_uuid"][-1:], "users": KNOWN["id"][-1:], "roles": []}
    for field, name in [("parent", "group_uuid"), ("user", "id"), ("pk", "id")]:
        if KNOWN[name]:
            new[field] = some(name)
    change(case, "body", {field: value for field, value in new.items() if field in case.body})
    make_new(case)


def make_new(case):
    """Gives a request names that nothing has yet."""
    global names
    names += 1
    if isinstance(case.body, dict):
        fields = ["username", "name", "identifier", "managed", "key"]
        # Short enough for all of them.
        new = {field: f"{case.body[field][:140]}{names}" for field in fields if isinstance(case.body.get(field), str)}
        change(case, "body", new)


@schemathesis.hook
def after_call(context, case, response):
    """Remembers what there is."""
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
    """Notices if the caller lost its rights nevertheless."""
    sent = response.request.headers.get("Authorization")
    assert sent != f"Bearer {TOKEN}" or response.status_code != 403, "the caller may do nothing any more"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a complaint stands."""
    explains = EXPLANATIONS.get(failure.code)
    return explains is None or not explains(failure, case, response)


def explains_unavailable(failure, case, response):
    # The tool takes other fields of a user for its id.
    if not str(case.path_parameters.get("id", 0)).isdecimal():
        return True
    # The tool does not know of these.
    if NOBODY in case.path_parameters.values() or case.path_parameters.get("identifier") in former:
        return True
    # The key of a token that has expired is gone, which the document says; the token itself is not.
    if operation_id(case) in KEYS:
        token = ask(f"core/tokens/{case.path_parameters['identifier']}/")
        return token["expiring"] and datetime.fromisoformat(token["expires"]) < datetime.now(timezone.utc)
    # 404 is also for the user in the body. A group that is missing would be named.
    return operation_id(case) in MEMBERSHIPS and response.json() == {"detail": "Not found."}


def explains_refusal(failure, case, response):
    """Whether every single error of the answer has its rule."""
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
    # PostgreSQL can't store them, and the original refuses them.
    if message == "Null characters are not allowed.":
        return holds_null(sent)
    # Text is trimmed before it is checked.
    if message == "This field may not be blank.":
        return isinstance(sent, str) and sent.strip() == ""
    return any(
        re.fullmatch(fields, field) and re.fullmatch(text, message, re.DOTALL) and re.fullmatch(operations, operation)
        for fields, text, operations in REFUSALS
    )


def operation_id(case):
    return case.operation.definition.raw["operationId"]


def sent_value(case, field):
    for container in (case.body, case.query):
        if isinstance(container, dict) and field in container:
            return container[field]
    return None


def holds_null(value):
    if isinstance(value, str):
        # An attributes filter is JSON inside a text, where the character may be escaped.
        return "\0" in value or "\\u0000" in value
    if isinstance(value, dict):
        return any(holds_null(key) or holds_null(item) for key, item in value.items())
    return isinstance(value, list) and any(map(holds_null, value))


def explains_acceptance(failure, case, response):
    """Whether each part that the tool made wrong is one that the API, like the original, is lenient with."""
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
    """Whether `text`, the value that counts if there are several, is taken for none or for the default."""
    parameter = case.operation.query.get(name)
    if parameter is None or text is None:
        return False
    schema = parameter.definition["schema"]
    # As in the original, what is neither true nor false does not filter. Of `include_users` and the like, it means
    # false.
    if schema["type"] == "boolean":
        return text not in ("true", "false")
    # As in the original, a page size that is no number is ignored.
    if name == "page_size":
        return not re.fullmatch(r"-?\d+", text)
    # As in the original, an empty filter is none, be it `uuid=`, `expires=` or another text.
    return schema["type"] == "string" and text == ""


def is_lenient_field(case, place, name):
    # As in the original, the empty text stands for no parent; HTML forms can't send null.
    return place == "body" and name == "parent" and sent_value(case, name) == ""


# By the code that the tool shows with a complaint.
EXPLANATIONS = {
    "ST201": explains_acceptance,
    "ST202": explains_refusal,
    "ST302": explains_unavailable,
}
