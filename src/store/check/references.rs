//! Foreign keys.

use sea_orm::DbErr;

use super::{Examined, Finding, Wrong, file};

/// Each foreign key: the table, its column, and the table that it refers to by `id`.
const KEYS: [(&str, &str, &str); 5] = [
    ("user_groups", "user_id", "users"),
    ("user_groups", "group_id", "groups"),
    ("group_parents", "group_id", "groups"),
    ("group_parents", "parent_id", "groups"),
    ("tokens", "user_id", "users"),
];

impl Examined<'_> {
    /// Checks that all rows exist that others refer to. PostgreSQL ensures it, except while its triggers are disabled, as
    /// they may be while a backup is restored.
    pub(super) async fn check_references(&mut self) -> Result<Finding, DbErr> {
        self.progress.begin("checking foreign keys", None);
        let good = "all foreign keys are valid";
        if let Ok(connection) = self.connection.as_sqlite() {
            return Ok(file::dangling(connection)?.map_or(Finding::good(good), Finding::Bad));
        }
        let mut wrong = Wrong::default();
        for (table, column, other) in KEYS {
            let exists = format!("SELECT 1 FROM {other} WHERE {other}.id = {table}.{column}");
            let sql = format!("SELECT '{table}.{column}' FROM {table} WHERE NOT EXISTS ({exists}) LIMIT 1");
            self.texts(&sql).await?.into_iter().for_each(|key| wrong.add(key));
        }
        Ok(Finding::of(&wrong, good, "rows with dangling foreign keys, in these columns"))
    }

    /// Checks that PostgreSQL has all foreign keys, and has checked the rows that were there before them.
    pub(super) async fn check_constraints(&mut self) -> Result<Finding, DbErr> {
        let sql = "SELECT conrelid::regclass || '.' || attname FROM pg_constraint
            JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND convalidated AND connamespace = (SELECT relnamespace FROM pg_class
                WHERE oid = 'users'::regclass)";
        let found = self.texts(sql).await?;
        let keys = KEYS.iter().map(|(table, column, _)| format!("{table}.{column}"));
        let missing: Wrong = keys.filter(|key| !found.contains(key)).collect();
        Ok(Finding::of(
            &missing,
            "PostgreSQL enforces all foreign keys",
            "PostgreSQL doesn't enforce these foreign keys",
        ))
    }
}
