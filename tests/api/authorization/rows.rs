//! A valid request to each operation: the path is about the subject, the body is here. One that isn't a `GET` must change
//! something, best of all what nobody should be able to change.

use serde_json::{Value, json};

use super::world::Subject;

/// Makes the body of a request about a subject; null for none.
pub type Body = fn(&Subject) -> Value;

/// Operations without a row. May only shrink.
pub const UNCOVERED: [&str; 0] = [];

pub const ROWS: &[(&str, Body)] = &[
    ("core_users_create", |subject| json!({"username": subject.new_name(), "name": "New"})),
    ("core_users_list", no_body),
    ("core_users_me_retrieve", no_body),
    ("core_users_retrieve", no_body),
    ("core_users_update", |subject| json!({"username": subject.new_name(), "name": "Changed"})),
    ("core_users_partial_update", |_| json!({"is_active": false})),
    ("core_users_destroy", no_body),
    ("core_users_set_password_create", |_| json!({"password": "correct horse battery staple"})),
    ("core_users_set_password_hash_create", |_| json!({"password": PASSWORD_HASH})),
    ("core_users_used_by_list", no_body),
    ("core_users_service_account_create", |subject| json!({"name": subject.new_name(), "create_group": true})),
    ("core_users_paths_retrieve", no_body),
    ("core_groups_create", |subject| json!({"name": subject.new_name(), "users": [subject.plain]})),
    ("core_groups_list", no_body),
    ("core_groups_retrieve", no_body),
    ("core_groups_update", |subject| json!({"name": subject.new_name(), "users": [subject.plain]})),
    ("core_groups_partial_update", |_| json!({"is_superuser": true})),
    ("core_groups_destroy", no_body),
    ("core_groups_add_user_create", |subject| json!({"pk": subject.plain})),
    ("core_groups_remove_user_create", |subject| json!({"pk": subject.user})),
    ("core_groups_used_by_list", no_body),
    ("core_tokens_create", |subject| json!({"identifier": subject.new_name(), "user": subject.user})),
    ("core_tokens_list", no_body),
    ("core_tokens_retrieve", no_body),
    ("core_tokens_update", |subject| json!({"identifier": subject.new_name(), "user": subject.plain})),
    ("core_tokens_partial_update", |subject| json!({"description": "changed", "user": subject.plain})),
    ("core_tokens_destroy", no_body),
    ("core_tokens_set_key_create", |subject| json!({"key": format!("another-{}", subject.name)})),
    ("core_tokens_used_by_list", no_body),
    ("core_tokens_view_key_retrieve", no_body),
    ("root_config_retrieve", no_body),
    ("admin_version_retrieve", no_body),
    ("schema_retrieve", no_body),
];

const PASSWORD_HASH: &str = "pbkdf2_sha256$1000$seasalt123$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=";

fn no_body(_: &Subject) -> Value {
    Value::Null
}
