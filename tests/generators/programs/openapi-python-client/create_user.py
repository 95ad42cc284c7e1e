"""Creates a user, reads it back, and deletes it."""

import os

from client import AuthenticatedClient
from client.api.core import core_users_create, core_users_destroy, core_users_retrieve
from client.models import User, UserRequest, UserRequestAttributes, ValidationError

name = f"openapi-python-client-{os.getpid()}"
request = UserRequest(username=name, name="openapi-python-client", email=f"{name}@example.com",
                      attributes=UserRequestAttributes.from_dict({"team": "x"}))

client = AuthenticatedClient(base_url=os.environ["ROLLCALL_URL"] + "/api/v3", token=os.environ["ROLLCALL_TOKEN"],
                             raise_on_unexpected_status=True)
with client:
    user = core_users_create.sync(client=client, body=request)
    assert isinstance(user, User), user
    assert user.pk > 0
    assert user.attributes.to_dict() == {"team": "x"}

    assert core_users_retrieve.sync(user.pk, client=client) == user

    request.username = ""
    refused = core_users_create.sync_detailed(client=client, body=request)
    assert refused.status_code == 400
    assert isinstance(refused.parsed, ValidationError), refused
    assert refused.parsed["username"] == ["This field may not be blank."]

    deleted = core_users_destroy.sync_detailed(user.pk, client=client)
    assert deleted.status_code == 204
