//! Counts how often the list of all users changed: a user was created, deleted or renamed. While the count stays the
//! same, so do the positions of the users in the list.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMN: &str = r#"ALTER TABLE "user_counts" ADD COLUMN "changes" bigint NOT NULL DEFAULT 0"#;

const SQLITE: [&str; 5] = [
    r#"DROP TRIGGER "users_count_inserted""#,
    r#"DROP TRIGGER "users_count_deleted""#,
    r#"CREATE TRIGGER "users_count_inserted" AFTER INSERT ON "users"
        BEGIN UPDATE "user_counts" SET "users" = "users" + 1, "changes" = "changes" + 1; END"#,
    r#"CREATE TRIGGER "users_count_deleted" AFTER DELETE ON "users"
        BEGIN UPDATE "user_counts" SET "users" = "users" - 1, "changes" = "changes" + 1; END"#,
    r#"CREATE TRIGGER "users_renamed" AFTER UPDATE OF "username" ON "users" WHEN old."username" <> new."username"
        BEGIN UPDATE "user_counts" SET "changes" = "changes" + 1; END"#,
];

const POSTGRES: [&str; 3] = [
    r#"CREATE OR REPLACE FUNCTION "count_users"() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE "changed" bigint;
    BEGIN
        SELECT CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END INTO "changed" FROM "rows";
        IF "changed" <> 0 THEN
            UPDATE "user_counts" SET "users" = "users" + "changed", "changes" = "changes" + 1
                WHERE "slot" = pg_backend_pid() % 64;
        END IF;
        RETURN NULL;
    END $$"#,
    r#"CREATE FUNCTION "note_renamed_user"() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE "user_counts" SET "changes" = "changes" + 1 WHERE "slot" = pg_backend_pid() % 64;
        RETURN NULL;
    END $$"#,
    r#"CREATE TRIGGER "users_renamed" AFTER UPDATE OF "username" ON "users"
        FOR EACH ROW WHEN (OLD."username" <> NEW."username") EXECUTE FUNCTION "note_renamed_user"()"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let own: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &POSTGRES,
            _ => &SQLITE,
        };
        for statement in [COLUMN].iter().chain(own) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
