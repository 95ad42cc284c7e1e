//! Several parents for a group, and the dates of users' changes.
//!
//! The time of a user's creation is in its UUID (version 7). When existing users were last changed is not known: they count
//! as changed now, so that whoever copies the directory by its changes reads all of them. The time is the default of the
//! column, because writing it to every row would write every index of PostgreSQL too.

use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Times are in microseconds since 1970, which both engines store, compare and read faster than text.
const DATES: [&str; 4] = [
    r#"ALTER TABLE "users" ADD COLUMN "last_updated" bigint NOT NULL DEFAULT {now}"#,
    r#"ALTER TABLE "users" ADD COLUMN "password_changed" bigint"#,
    r#"UPDATE "users" SET "password_changed" = {now} WHERE "password_hash" <> ''"#,
    r#"CREATE INDEX "users_last_updated" ON "users" ("last_updated")"#,
];

const POSTGRES: [&str; 4] = [
    r#"CREATE TABLE "group_parents" (
        "group_id" integer NOT NULL REFERENCES "groups" ("id") ON DELETE CASCADE,
        "parent_id" integer NOT NULL REFERENCES "groups" ("id") ON DELETE CASCADE,
        "position" integer NOT NULL,
        PRIMARY KEY ("group_id", "parent_id"))"#,
    r#"INSERT INTO "group_parents" SELECT "id", "parent_id", 0 FROM "groups" WHERE "parent_id" IS NOT NULL"#,
    r#"ALTER TABLE "groups" DROP COLUMN "parent_id""#,
    r#"CREATE INDEX "group_parents_parent_id" ON "group_parents" ("parent_id")"#,
];

/// SQLite can't drop the column of a foreign key, so the table is made anew, and before it the table that refers to it:
/// dropping `groups` would delete the memberships. The names in foreign keys follow the renamed table.
const SQLITE: [&str; 14] = [
    r#"CREATE TABLE "new_groups" (
        "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "uuid" uuid_text NOT NULL UNIQUE,
        "name" text NOT NULL UNIQUE,
        "is_superuser" boolean NOT NULL,
        "attributes" jsonb_text NOT NULL,
        "makes_superuser" boolean NOT NULL DEFAULT FALSE)"#,
    r#"INSERT INTO "new_groups" SELECT "id", "uuid", "name", "is_superuser", "attributes", "makes_superuser" FROM "groups""#,
    // The ids of deleted groups aren't used again either.
    r#"DELETE FROM "sqlite_sequence" WHERE "name" = 'new_groups'"#,
    r#"INSERT INTO "sqlite_sequence" SELECT 'new_groups', "seq" FROM "sqlite_sequence" WHERE "name" = 'groups'"#,
    r#"CREATE TABLE "group_parents" (
        "group_id" integer NOT NULL REFERENCES "new_groups" ("id") ON DELETE CASCADE,
        "parent_id" integer NOT NULL REFERENCES "new_groups" ("id") ON DELETE CASCADE,
        "position" integer NOT NULL,
        PRIMARY KEY ("group_id", "parent_id")) WITHOUT ROWID"#,
    r#"INSERT INTO "group_parents" SELECT "id", "parent_id", 0 FROM "groups" WHERE "parent_id" IS NOT NULL"#,
    r#"CREATE TABLE "memberships" (
        "user_id" INTEGER NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
        "group_id" INTEGER NOT NULL REFERENCES "new_groups" ("id") ON DELETE CASCADE,
        PRIMARY KEY ("user_id", "group_id")) WITHOUT ROWID"#,
    r#"INSERT INTO "memberships" SELECT "user_id", "group_id" FROM "user_groups""#,
    r#"DROP TABLE "user_groups""#,
    r#"DROP TABLE "groups""#,
    r#"ALTER TABLE "new_groups" RENAME TO "groups""#,
    r#"ALTER TABLE "memberships" RENAME TO "user_groups""#,
    r#"CREATE INDEX "user_groups_group_id" ON "user_groups" ("group_id")"#,
    r#"CREATE INDEX "group_parents_parent_id" ON "group_parents" ("parent_id")"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let now = now().to_string();
        let own: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &POSTGRES,
            _ => &SQLITE,
        };
        for statement in DATES.iter().chain(own) {
            manager.get_connection().execute_unprepared(&statement.replace("{now}", &now)).await?;
        }
        Ok(())
    }
}

/// The time in microseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "migrations don't use the server's domain")]
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros())
}
