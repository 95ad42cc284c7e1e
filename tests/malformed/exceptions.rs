//! Where the server deliberately deviates from the contract's schemas, which are authentik's.

use super::case::{Case, Expected};

/// The end of the operation's id, the place (or several, separated by commas) and the keyword of a case, and the samples:
/// all malformed ones if empty.
struct Exception(&'static str, &'static str, &'static str, &'static [&'static str], Outcome, &'static str);

enum Outcome {
    Accepted,
    /// An error with this status and property.
    Rejected(u16, &'static str),
}

use Outcome::{Accepted, Rejected};

const NO_SUCH_PAGE: &str = "As in authentik, a malformed page is one that does not exist";
const IGNORED: &str = "As in authentik, a malformed value is ignored";
const FALSE: &str = "As in authentik, everything except `true` is false";
const NO_FILTER: &str = "As in authentik, an empty filter is ignored";
const LENIENT_TIME: &str = "As in authentik, the offset and the time of day may be left out; they are zero";
const NO_SUCH_USER: &str = "As in authentik, a missing id is that of an unknown user";
const NULL_IS_DEFAULT: &str = "As in authentik, null is the default";
const NO_ROLES: &str = "Documented: there are no roles";
const ROLE: &str = "01932f6b-c1b2-7d3e-8f4a-5b6c7d8e9f0a";
const LOCAL_TIMES: &[&str] = &["2024-05-06T07:08:09", "2024-05-06"];

/// The filters by time.
const TIMES: &str = "query expires, query date_joined, query date_joined__gt, query date_joined__lt, query last_login, \
    query last_login__gt, query last_login__lt, query last_updated, query last_updated__gt, query last_updated__lt";

const EXCEPTIONS: &[Exception] = &[
    Exception("_list", "query page", "type", &[], Rejected(404, "detail"), NO_SUCH_PAGE),
    Exception("_list", "query page_size", "type", &[], Accepted, IGNORED),
    Exception("", "query include_groups", "type", &[], Accepted, FALSE),
    Exception("", "query include_users", "type", &[], Accepted, FALSE),
    Exception("", "query include_roles", "type", &[], Accepted, FALSE),
    Exception("", "query include_children", "type", &[], Accepted, FALSE),
    Exception("", "query include_inherited_roles", "type", &[], Accepted, FALSE),
    Exception("", "query include_parents", "type", &[], Accepted, FALSE),
    Exception("users_list", "query roles_by_name", "example", &["Auditors"], Rejected(400, "roles_by_name"), NO_ROLES),
    Exception("users_list", "query roles_by_pk", "example", &[ROLE], Rejected(400, "roles_by_pk"), NO_ROLES),
    Exception("users_list", "query uuid", "format", &[""], Accepted, NO_FILTER),
    Exception("_list", TIMES, "format", &[""], Accepted, NO_FILTER),
    Exception("schema_retrieve", "query edition", "enum", &[""], Accepted, NO_FILTER),
    Exception("tokens_list", "query intent", "enum", &[""], Accepted, NO_FILTER),
    Exception("_list", TIMES, "format", LOCAL_TIMES, Accepted, LENIENT_TIME),
    Exception("", "body expires", "format", LOCAL_TIMES, Accepted, LENIENT_TIME),
    Exception("", "body last_login", "format", LOCAL_TIMES, Accepted, LENIENT_TIME),
    Exception("schema_retrieve", "query format", "enum", &[], Rejected(404, "detail"), "Documented"),
    Exception("", "body type", "enum", &["internal_service_account"], Rejected(400, "type"), "Documented"),
    Exception(
        "",
        "body intent",
        "enum",
        &["verification", "recovery"],
        Rejected(400, "intent"),
        "As in authentik, clients cannot create tokens of login flows",
    ),
    Exception("tokens_create", "body expires", "nullable", &["null"], Accepted, NULL_IS_DEFAULT),
    Exception("tokens_update", "body expires", "nullable", &["null"], Accepted, NULL_IS_DEFAULT),
    Exception("tokens_partial_update", "body expires", "nullable", &["null"], Accepted, NULL_IS_DEFAULT),
    Exception(
        "set_password_create",
        "body password",
        "minLength",
        &["a"],
        Rejected(400, "password"),
        "The minimum length is a setting, and higher in tests",
    ),
    Exception(
        "set_password_hash_create",
        "body password",
        "minLength",
        &["a"],
        Rejected(400, "password"),
        "It is a hash, in one of several formats",
    ),
    Exception(
        "set_key_create",
        "body key",
        "minLength",
        &["a"],
        Rejected(400, "key"),
        "The minimum length is a setting, and higher by default",
    ),
    Exception(
        "_user_create",
        "body pk",
        "type",
        &["5"],
        Rejected(404, "detail"),
        "As in authentik, an id may be a string; no user has this one",
    ),
    Exception("_user_create", "body pk", "nullable", &[], Rejected(404, "detail"), NO_SUCH_USER),
    Exception("_user_create", "body pk", "required", &[], Rejected(404, "detail"), NO_SUCH_USER),
    Exception("_user_create", "body", "required", &[], Rejected(404, "detail"), NO_SUCH_USER),
];

/// Replaces what a case expects, if there is an exception for it.
///
/// # Panics
///
/// If an exception applies to no case.
pub fn apply(cases: &mut [Case]) {
    for Exception(operation, place, keyword, samples, outcome, reason) in EXCEPTIONS {
        let applies = |case: &&mut Case| {
            let is_sample = samples.contains(&case.sample.trim_matches('"'));
            let is_any = samples.is_empty() && case.is_rejected();
            let is_place = place.split(", ").any(|place| case.place == place) && case.keyword == *keyword;
            case.operation.id.ends_with(operation) && is_place && (is_sample || is_any)
        };
        let mut count = 0;
        for case in cases.iter_mut().filter(applies) {
            count += 1;
            case.expected = match outcome {
                Accepted => Expected::success(),
                Rejected(status, property) => Expected::rejected(*status, property),
            };
        }
        assert!(count > 0, "no case for this exception: {operation} {place} {keyword}: {reason}");
    }
}
