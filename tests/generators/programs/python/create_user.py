"""Creates a user, reads it back, and deletes it."""

import json
import os

import openapi_client as client

configuration = client.Configuration(host=os.environ["ROLLCALL_URL"] + "/api/v3", access_token=os.environ["ROLLCALL_TOKEN"])
# The contract has a tag for each resource; the edition has one for all.
api_class = client.UsersApi if hasattr(client, "UsersApi") else client.CoreApi
api = api_class(client.ApiClient(configuration))
user = api.core_users_create(
    client.UserRequest(username="python", name="Python", email="python@example.com", attributes={"team": "clients"})
)
assert user.pk > 1 and user.attributes == {"team": "clients"}, user
assert api.core_users_retrieve(user.pk) == user
try:
    api.core_users_create(client.UserRequest(username="python", name=""))
    raise AssertionError("the username is taken")
except client.exceptions.BadRequestException as error:
    assert json.loads(error.body) == {"username": ["This field must be unique."]}, error.body
api.core_users_destroy(user.pk)
