//! Precomputed values that would otherwise take many rows to compute: whether a group makes its members superusers, and
//! the number of users.

use sea_orm_migration::{
    prelude::*,
    schema::boolean,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Groups {
    Table,
    MakesSuperuser,
}

/// A group makes its members superusers if it or one of its ancestors is a superuser group.
const INHERIT: &str = r#"UPDATE "groups" SET "makes_superuser" = TRUE WHERE "id" IN (
    WITH RECURSIVE "below" AS (
        SELECT "id" FROM "groups" WHERE "is_superuser" = TRUE
        UNION SELECT "groups"."id" FROM "groups" JOIN "below" ON "groups"."parent_id" = "below"."id")
    SELECT "id" FROM "below")"#;

const SQLITE: [&str; 9] = [
    // Without a rowid, lookups from both sides are index-only, and there are two B-trees instead of three.
    r#"CREATE TABLE "memberships" (
        "user_id" INTEGER NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
        "group_id" INTEGER NOT NULL REFERENCES "groups" ("id") ON DELETE CASCADE,
        PRIMARY KEY ("user_id", "group_id")) WITHOUT ROWID"#,
    r#"INSERT INTO "memberships" SELECT "user_id", "group_id" FROM "user_groups""#,
    r#"DROP TABLE "user_groups""#,
    r#"ALTER TABLE "memberships" RENAME TO "user_groups""#,
    r#"CREATE INDEX "user_groups_group_id" ON "user_groups" ("group_id")"#,
    r#"CREATE TABLE "user_counts" ("slot" INTEGER PRIMARY KEY, "users" INTEGER NOT NULL)"#,
    r#"INSERT INTO "user_counts" SELECT 0, count(*) FROM "users""#,
    r#"CREATE TRIGGER "users_count_inserted" AFTER INSERT ON "users"
        BEGIN UPDATE "user_counts" SET "users" = "users" + 1; END"#,
    r#"CREATE TRIGGER "users_count_deleted" AFTER DELETE ON "users"
        BEGIN UPDATE "user_counts" SET "users" = "users" - 1; END"#,
];

/// A transaction locks the counter it updates until it ends, so there are 64: concurrent transactions mostly use
/// different ones.
const POSTGRES: [&str; 6] = [
    r#"CREATE TABLE "user_counts" ("slot" integer PRIMARY KEY, "users" bigint NOT NULL) WITH (fillfactor = 20)"#,
    r#"INSERT INTO "user_counts" SELECT "slot", 0 FROM generate_series(1, 63) AS "slot""#,
    r#"INSERT INTO "user_counts" SELECT 0, count(*) FROM "users""#,
    r#"CREATE FUNCTION "count_users"() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE "changed" bigint;
    BEGIN
        SELECT CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END INTO "changed" FROM "rows";
        IF "changed" <> 0 THEN
            UPDATE "user_counts" SET "users" = "users" + "changed" WHERE "slot" = pg_backend_pid() % 64;
        END IF;
        RETURN NULL;
    END $$"#,
    r#"CREATE TRIGGER "users_count_inserted" AFTER INSERT ON "users" REFERENCING NEW TABLE AS "rows"
        FOR EACH STATEMENT EXECUTE FUNCTION "count_users"()"#,
    r#"CREATE TRIGGER "users_count_deleted" AFTER DELETE ON "users" REFERENCING OLD TABLE AS "rows"
        FOR EACH STATEMENT EXECUTE FUNCTION "count_users"()"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = boolean(Groups::MakesSuperuser).default(false).to_owned();
        manager.alter_table(Table::alter().table(Groups::Table).add_column(column).to_owned()).await?;
        let own: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &POSTGRES,
            _ => &SQLITE,
        };
        for statement in own.iter().chain([&INHERIT]) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
