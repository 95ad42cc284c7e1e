//! What finds users by parts of their texts, by their attributes, and by fields that few of them have.
//!
//! PostgreSQL keeps its indexes with every write. SQLite's trigrams and attributes cost more than the user itself, so
//! there they are written when it is calm: `user_index` says up to which id they are, and triggers keep what is there
//! true.

use sea_orm_migration::{
    prelude::*,
    schema::text,
    sea_orm::{ConnectionTrait, DbBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
    Username,
    Name,
    Email,
    SearchText,
}

/// Users whose texts are folded between two looks at the table.
const STEP: u64 = 1_000;

const BOTH: [&str; 2] = [
    // Most users are active and internal: the rest is what an index finds.
    r#"CREATE INDEX "users_inactive" ON "users" ("username") WHERE "is_active" = FALSE"#,
    r#"CREATE INDEX "users_not_internal" ON "users" ("type", "username") WHERE "type" <> 'internal'"#,
];

const POSTGRES: [&str; 4] = [
    // A name of any length has a hash; a tree holds 2,704 bytes at most.
    r#"CREATE INDEX "users_name" ON "users" USING hash ("name")"#,
    r#"CREATE INDEX "users_attributes" ON "users" USING gin ("attributes" jsonb_path_ops)"#,
    r#"CREATE INDEX "groups_attributes" ON "groups" USING gin ("attributes" jsonb_path_ops)"#,
    // The extension comes with PostgreSQL, but not every installation has it or lets anybody create it. Without it a
    // search reads all users.
    r#"DO $$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX "users_search_text" ON "users" USING gin ("search_text" gin_trgm_ops);
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
        RAISE WARNING 'pg_trgm is not available, so searches will be slow';
    END $$"#,
];

const SQLITE: [&str; 10] = [
    r#"CREATE INDEX "users_name" ON "users" ("name")"#,
    // Only which user has which trigram: what is found is compared with the user itself.
    r#"CREATE VIRTUAL TABLE "users_search" USING fts5(
        text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1')"#,
    // A row for every key in a user's attributes, however deep, with its value if that is no object or array.
    r#"CREATE TABLE "user_attributes" (
        "key" TEXT NOT NULL, "value" ANY NOT NULL, "user_id" INTEGER NOT NULL,
        PRIMARY KEY ("key", "value", "user_id")) STRICT, WITHOUT ROWID"#,
    r#"CREATE VIEW "user_attribute_rows" AS SELECT
        CAST("tree"."key" AS TEXT) AS "key",
        coalesce(CASE "tree"."type" WHEN 'text' THEN substr("tree"."atom", 1, 100) ELSE "tree"."atom" END, '') AS "value",
        "users"."id" AS "user_id"
        FROM "users", json_tree("users"."attributes") AS "tree" WHERE "tree"."key" IS NOT NULL"#,
    r#"CREATE TABLE "user_index" ("indexed_to" INTEGER NOT NULL) STRICT"#,
    r#"INSERT INTO "user_index" VALUES (0)"#,
    r#"CREATE TRIGGER "users_search_text" AFTER UPDATE OF "search_text" ON "users"
        WHEN old."search_text" <> new."search_text" AND old."id" <= (SELECT "indexed_to" FROM "user_index")
    BEGIN
        DELETE FROM "users_search" WHERE rowid = old."id";
        INSERT INTO "users_search" (rowid, text) VALUES (new."id", new."search_text");
    END"#,
    r#"CREATE TRIGGER "users_attributes_before" BEFORE UPDATE OF "attributes" ON "users"
        WHEN old."attributes" <> new."attributes" AND old."id" <= (SELECT "indexed_to" FROM "user_index")
    BEGIN
        DELETE FROM "user_attributes" WHERE ("key", "value", "user_id") IN
            (SELECT "key", "value", "user_id" FROM "user_attribute_rows" WHERE "user_id" = old."id");
    END"#,
    r#"CREATE TRIGGER "users_attributes_after" AFTER UPDATE OF "attributes" ON "users"
        WHEN old."attributes" <> new."attributes" AND old."id" <= (SELECT "indexed_to" FROM "user_index")
    BEGIN
        INSERT OR IGNORE INTO "user_attributes"
            SELECT "key", "value", "user_id" FROM "user_attribute_rows" WHERE "user_id" = new."id";
    END"#,
    r#"CREATE TRIGGER "users_delete" BEFORE DELETE ON "users"
        WHEN old."id" <= (SELECT "indexed_to" FROM "user_index")
    BEGIN
        DELETE FROM "users_search" WHERE rowid = old."id";
        DELETE FROM "user_attributes" WHERE ("key", "value", "user_id") IN
            (SELECT "key", "value", "user_id" FROM "user_attribute_rows" WHERE "user_id" = old."id");
    END"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = text(Users::SearchText).default("").to_owned();
        manager.alter_table(Table::alter().table(Users::Table).add_column(column).to_owned()).await?;
        let connection = manager.get_connection();
        fold_texts(connection).await?;
        let own: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &POSTGRES,
            _ => &SQLITE,
        };
        for statement in BOTH.iter().chain(own) {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// Gives the users that are already there their texts to search in.
async fn fold_texts(connection: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let mut last = 0;
    loop {
        let some = Query::select()
            .columns([Users::Id, Users::Username, Users::Name, Users::Email])
            .from(Users::Table)
            .and_where(Expr::col(Users::Id).gt(last))
            .order_by(Users::Id, Order::Asc)
            .limit(STEP)
            .to_owned();
        let rows = connection.query_all(&some).await?;
        for row in &rows {
            let (id, username, name, email): (i32, String, String, String) = row.try_get_many_by_index()?;
            let texts = folded(&format!("{username}\n{name}\n{email}"));
            let update = Query::update()
                .table(Users::Table)
                .value(Users::SearchText, texts)
                .and_where(Expr::col(Users::Id).eq(id))
                .to_owned();
            connection.execute(&update).await?;
            last = id;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

/// The text without letter case, as the directory folds it.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
