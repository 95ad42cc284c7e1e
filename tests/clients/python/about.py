"""What the server says about itself."""

import authentik_client
from authentik_client import TokenRequest, UserRequest

from checks import TIMEOUT, RUN, check_fields, check_refused, check_that, connect
from versions import more_of_configuration


def configuration(token):
    for key in (token, None):
        found = connect(key, authentik_client.RootApi).root_config_retrieve(**TIMEOUT)
        off = {"enabled": False, "sentry_dsn": "", "environment": "", "send_pii": False, "traces_sample_rate": 0}
        check_fields("the reporting of errors", found.error_reporting, off)
        check_fields("the configuration", found, more_of_configuration() | {
            "error_reporting": found.error_reporting, "capabilities": [], "cache_timeout": 0,
            "cache_timeout_flows": 0, "cache_timeout_policies": 0,
        })


def version(api, token):
    """Any caller may ask for it, as long as it has a token."""
    user = api.core_users_create(UserRequest(username=f"asks-{RUN}", name=""), **TIMEOUT)
    made = api.core_tokens_create(TokenRequest(identifier=f"asks-{RUN}", user=user.pk), **TIMEOUT)
    for key in (token, api.core_tokens_view_key_retrieve(made.identifier, **TIMEOUT).key):
        found = connect(key, authentik_client.AdminApi).admin_version_retrieve(**TIMEOUT)
        check_that("there is a version", found.version_current)
        check_fields("the version", found, {
            "version_current": found.version_current, "version_latest": found.version_current,
            "version_latest_valid": found.version_latest_valid, "build_hash": found.build_hash, "outdated": False,
            "outpost_outdated": False,
        })
    stranger = connect(None, authentik_client.AdminApi)
    detail = {"detail": "Authentication credentials were not provided."}
    check_refused("the version without a token", 403, detail, stranger.admin_version_retrieve)


def run(api, token):
    configuration(token)
    version(api, token)
