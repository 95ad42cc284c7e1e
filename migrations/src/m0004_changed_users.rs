//! Users whose texts or attributes changed since they were indexed, on SQLite. Indexing a name again takes several times
//! as long as changing it, so that too happens in the background now.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// `users_attributes_before` stays: only the old attributes tell which rows of `user_attributes` were theirs. The rows of
/// `users_search` are deleted in the background, and until then they belong to no user, because ids are never reused.
const SQLITE: [&str; 6] = [
    r#"CREATE TABLE "changed_users" ("user_id" INTEGER PRIMARY KEY) STRICT"#,
    r#"DROP TRIGGER "users_search_text""#,
    r#"DROP TRIGGER "users_attributes_after""#,
    r#"DROP TRIGGER "users_delete""#,
    r#"CREATE TRIGGER "users_changed" AFTER UPDATE OF "search_text", "attributes" ON "users"
        WHEN old."id" <= (SELECT "indexed_to" FROM "user_index")
            AND (old."search_text" <> new."search_text" OR old."attributes" <> new."attributes")
    BEGIN
        INSERT OR IGNORE INTO "changed_users" VALUES (new."id");
    END"#,
    r#"CREATE TRIGGER "users_delete" BEFORE DELETE ON "users"
        WHEN old."id" <= (SELECT "indexed_to" FROM "user_index")
    BEGIN
        INSERT OR IGNORE INTO "changed_users" VALUES (old."id");
        DELETE FROM "user_attributes" WHERE ("key", "value", "user_id") IN
            (SELECT "key", "value", "user_id" FROM "user_attribute_rows" WHERE "user_id" = old."id");
    END"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            for statement in SQLITE {
                manager.get_connection().execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }
}
