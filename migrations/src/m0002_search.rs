//! Indexes for substring search, for attributes, and for rare field values.
//!
//! PostgreSQL updates its indexes with every write. On SQLite, trigrams and attributes take longer to write than the
//! user itself, so they are written in the background: `user_index` holds the last indexed id, and triggers update what
//! is indexed already.

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

/// Users migrated per query.
const STEP: u64 = 1_000;

const BOTH: [&str; 2] = [
    // Most users are active and internal, so only the others are worth an index.
    r#"CREATE INDEX "users_inactive" ON "users" ("username") WHERE "is_active" = FALSE"#,
    r#"CREATE INDEX "users_not_internal" ON "users" ("type", "username") WHERE "type" <> 'internal'"#,
];

const POSTGRES: [&str; 4] = [
    // A hash index, because entries of a B-tree are limited to 2,704 bytes.
    r#"CREATE INDEX "users_name" ON "users" USING hash ("name")"#,
    r#"CREATE INDEX "users_attributes" ON "users" USING gin ("attributes" jsonb_path_ops)"#,
    r#"CREATE INDEX "groups_attributes" ON "groups" USING gin ("attributes" jsonb_path_ops)"#,
    // Not every PostgreSQL has the extension or permits creating it. Without it, searches scan all users.
    r#"DO $$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX "users_search_text" ON "users" USING gin ("search_text" gin_trgm_ops);
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
        RAISE WARNING 'pg_trgm is not available, so searches will be slow';
    END $$"#,
];

const SQLITE: [&str; 10] = [
    r#"CREATE INDEX "users_name" ON "users" ("name")"#,
    // Stores only which user has which trigram: matches are checked against the user itself.
    r#"CREATE VIRTUAL TABLE "users_search" USING fts5(
        text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1')"#,
    // One row for every key in a user's attributes, at any depth, with its value unless that is an object or array.
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

/// Sets `search_text` of existing users.
async fn fold_texts(connection: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let mut last = 0_i64;
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
            let id: i64 = row.try_get("", "id")?;
            let [username, name, email] = ["username", "name", "email"].map(|column| row.try_get::<String>("", column));
            let texts = folded(&format!("{}\n{}\n{}", username?, name?, email?));
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

/// Removes letter case. Must equal `fold_case` of the server's domain.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
