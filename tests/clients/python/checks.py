"""Shared by all checks."""

import base64
import json
import os
import re
import uuid
from datetime import datetime, timedelta, timezone

import authentik_client

from versions import Id, more_of_user

URL = os.environ["ROLLCALL_URL"] + "/api/v3"
UNKNOWN = Id("5f0c5f5e-0000-4000-8000-00000000dead")
# Allows several runs against the same server.
RUN = uuid.uuid4().hex[:8]
# Timeout of a request in seconds.
TIMEOUT = {"_request_timeout": 30.0}

# Integers that a double can't represent, and other values that JSON libraries tend to change.
ATTRIBUTES = {
    "department": "Compilers",
    "badge": 9007199254740993,
    "limits": [2**63 - 1, -(2**63), 0, -0.5, 1e100],
    "nested": {"a": {"b": [{"c": True}, [], {}, "", "Zürich 世界 \U0001f600 \" \\ \n"]}},
}

checks = 0


def check(what, found, expected):
    global checks
    assert found == expected, f"{what}:\n  found    {found!r}\n  expected {expected!r}"
    checks += 1


def check_that(what, holds):
    check(what, bool(holds), True)


def connect(token, kind=authentik_client.CoreApi):
    return kind(authentik_client.ApiClient(authentik_client.Configuration(host=URL, access_token=token)))


def check_fields(what, answer, expected):
    """Compares the whole typed response, so that a field without an expectation is noticed."""
    found = {name: getattr(answer, name) for name in type(answer).model_fields}
    check(f"the fields of {what}", sorted(found), sorted(expected))
    for name, value in expected.items():
        check(f"{name} of {what}", found[name], value)


def fields(answer, **changed):
    """The fields of a response, some of them changed."""
    return {name: getattr(answer, name) for name in type(answer).model_fields} | changed


def check_refused(what, status, body, call, *arguments, **more):
    try:
        call(*arguments, **more, **TIMEOUT)
    except authentik_client.ApiException as refusal:
        check(f"status of {what}", refusal.status, status)
        check(f"body of {what}", json.loads(refusal.body), body)
        if refusal.data is not None:  # None if authentik's document specifies no type
            check(f"typed body of {what}", refusal.data.to_dict(), body)
    else:
        raise AssertionError(f"{what} was not refused")


def usual(identifier):
    """A UUID in its usual form, of the type that the client gives."""
    return Id(str(uuid.UUID(str(identifier))))


def is_near(moment, lifetime=timedelta(0)):
    """Whether a moment, which has to be in UTC, is that far from now."""
    is_utc = moment.utcoffset() == timedelta(0)
    return is_utc and abs(moment - datetime.now(timezone.utc) - lifetime) < timedelta(minutes=5)


def generated(user):
    """The generated fields of a user, after checking their format."""
    check_that("pk is a positive int32", 0 < user.pk < 2**31)
    check_that("uid is 64 hexadecimal digits", re.fullmatch("[0-9a-f]{64}", user.uid))
    check("uuid is in its usual form", usual(user.uuid), user.uuid)
    picture = user.avatar.removeprefix("data:image/svg+xml;base64,")
    check_that("avatar is an SVG image in a data URI", base64.b64decode(picture, validate=True).startswith(b"<svg "))
    dates = [value for value in more_of_user(user).values() if isinstance(value, datetime)]
    # The time of creation is told to the millisecond.
    check_that("a new user's dates are one", not dates or max(dates) - min(dates) < timedelta(milliseconds=100))
    check_that("a new user's dates are now, in UTC", all(is_near(date) for date in dates))
    return more_of_user(user) | {"pk": user.pk, "uid": user.uid, "uuid": user.uuid, "avatar": user.avatar}
