//! `rollcall check` finds each kind of damage in what a database holds.

use serde_json::json;

use crate::support::{Server, program_on};

/// Damage, and the problem that is told.
struct Case {
    sql: &'static [&'static str],
    problem: &'static str,
}

const fn case(problem: &'static str, sql: &'static [&'static str]) -> Case {
    Case { sql, problem }
}

const BOTH: [Case; 9] = [
    case("there are 4 users, but the counters say", &["UPDATE user_counts SET users = users + 1"]),
    case("there are 4 users, but the counters say", &["DELETE FROM user_counts"]),
    case(
        "the texts of these users for searches don't match their other fields: pk 2",
        &["UPDATE users SET search_text = 'else' WHERE id = 2"],
    ),
    case("the order of these groups' parents has gaps: \"below\"", &["UPDATE group_parents SET position = 7"]),
    case(
        "these groups are their own ancestors, or below such: id 2, id 3",
        &["INSERT INTO group_parents (group_id, parent_id, position) VALUES (2, 3, 0)"],
    ),
    case(
        "what these groups say about superusers doesn't follow from their parents: \"above\"",
        &["UPDATE groups SET makes_superuser = TRUE WHERE id = 2"],
    ),
    case(
        "the keys of these tokens are damaged: \"second\"",
        &["UPDATE tokens SET key_digest = key_sealed WHERE identifier = 'second'"],
    ),
    case(
        "the keys of these tokens are damaged: \"second\"",
        &["UPDATE tokens SET key_sealed = key_digest WHERE identifier = 'second'"],
    ),
    case("these indexes and triggers are missing or disabled: users_email", &["DROP INDEX users_email"]),
];

const SQLITE: [Case; 10] = [
    case(
        "the search index doesn't match these users, which searches may not find: pk 2",
        &["DELETE FROM users_search WHERE rowid = 2"],
    ),
    case(
        "the search index doesn't match these users, which searches may not find: pk 2",
        &["DELETE FROM users_search WHERE rowid = 2", "INSERT INTO users_search (rowid, text) VALUES (2, 'else')"],
    ),
    case(
        "the search index doesn't match these users, which searches may not find: pk 99",
        &["INSERT INTO users_search (rowid, text) VALUES (99, 'else')"],
    ),
    case(
        "the index of attributes doesn't match these users, which filters may not find: pk 2",
        &["DELETE FROM user_attributes WHERE user_id = 2 AND key = 'n'"],
    ),
    case(
        "the index of attributes doesn't match these users, which filters may not find: pk 3",
        &["UPDATE user_attributes SET value = 'else' WHERE user_id = 3 AND key = 'n'"],
    ),
    case(
        "the index of attributes doesn't match these users, which filters may not find: pk 99",
        &["INSERT INTO user_attributes VALUES ('n', 1, 99)"],
    ),
    case(
        "rows with dangling foreign keys, in these tables: user_groups",
        &["PRAGMA foreign_keys = OFF", "INSERT INTO user_groups VALUES (99, 1)"],
    ),
    case("these indexes and triggers are missing or disabled: users_changed", &["DROP TRIGGER users_changed"]),
    case(
        "these indexes and triggers are missing or disabled: users_count_deleted",
        &["DROP TRIGGER users_count_deleted"],
    ),
    case(
        "the file is damaged: ",
        &[
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = 'CREATE INDEX users_email ON users (name)' WHERE name = 'users_email'",
        ],
    ),
];

const POSTGRES: [Case; 6] = [
    case("searches of users are slow", &["DROP INDEX users_search_text"]),
    case("these indexes and triggers are missing or disabled: users_attributes", &["DROP INDEX users_attributes"]),
    case(
        "these indexes and triggers are missing or disabled: users_path",
        &["UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'users_path'::regclass"],
    ),
    case(
        "these indexes and triggers are missing or disabled: users_renamed",
        &["ALTER TABLE users DISABLE TRIGGER users_renamed"],
    ),
    case(
        "rows with dangling foreign keys, in these columns: user_groups.user_id",
        &["SET session_replication_role = replica; INSERT INTO user_groups VALUES (99, 1)"],
    ),
    case(
        "PostgreSQL doesn't enforce these foreign keys: tokens.user_id",
        &["ALTER TABLE tokens DROP CONSTRAINT tokens_user_id_fkey"],
    ),
];

/// A server with some of everything, whose index is up to date.
async fn server() -> Server {
    let server = Server::start().await;
    for name in ["ada", "grace"] {
        server.user(name, json!({"attributes": {"n": 1, "of": {"name": name}}})).await;
    }
    let above = server.group(json!({"name": "above"})).await;
    server.group(json!({"name": "below", "parent": above, "users": [2]})).await;
    server.token("ada", "second", "the-second-token").await;
    server.app.store.index_users().await.unwrap();
    // Not indexed yet, and changed since.
    server.user("late", json!({})).await;
    server
}

fn check(server: &Server) -> (Option<i32>, String) {
    let mut command = program_on(server.database());
    let output = command.env("ROLLCALL_SECRET_KEY", "a secret for tests").arg("check").output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn users_that_are_not_indexed_yet_or_again_are_no_problem() {
    let server = server().await;
    server.execute("UPDATE users SET attributes = '{\"new\": 2}' WHERE id = 2").await;
    server.execute("DELETE FROM users WHERE id = 3").await;
    let (code, text) = check(&server);
    assert_eq!(code, Some(0), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn each_kind_of_damage_is_found() {
    let is_postgres = {
        let server = server().await;
        let is_postgres = server.is_postgres();
        server.stop().await;
        is_postgres
    };
    let own: &[Case] = if is_postgres { &POSTGRES } else { &SQLITE };
    for Case { sql, problem } in BOTH.iter().chain(own) {
        let server = server().await;
        let (code, text) = check(&server);
        assert_eq!(code, Some(0), "{text}");
        server.execute(&sql.join("; ")).await;
        let (code, text) = check(&server);
        assert_eq!(code, Some(1), "{sql:?}: {text}");
        assert!(text.contains(&format!("problem  {problem}")), "{sql:?}: {problem}: {text}");
        server.stop().await;
    }
}

#[tokio::test]
async fn a_tampered_secret_is_found() {
    let server = server().await;
    server.execute("UPDATE instance SET secret_mark = (SELECT key_digest FROM tokens LIMIT 1)").await;
    let (_, text) = check(&server);
    assert!(text.contains("problem  the secret key is not the one"), "{text}");
    assert!(!text.contains("these tokens"), "they can't be read with another key: {text}");
    server.stop().await;
}
