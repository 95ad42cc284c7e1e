//! Indexes and triggers, which a restore may have left out. On PostgreSQL an index can also be invalid, and a trigger
//! disabled.

use sea_orm::DbErr;

use super::{Examined, Finding, Wrong};

/// What both engines have.
const BOTH: [&str; 12] = [
    "group_parents_parent_id",
    "tokens_user_id",
    "user_groups_group_id",
    "users_count_deleted",
    "users_count_inserted",
    "users_email",
    "users_inactive",
    "users_last_updated",
    "users_name",
    "users_not_internal",
    "users_path",
    "users_renamed",
];

const SQLITE: [&str; 3] = ["users_attributes_before", "users_changed", "users_delete"];

/// `users_search_text` is looked for elsewhere, because not every PostgreSQL can have it. On SQLite the keys are parts of the
/// tables.
const POSTGRES: [&str; 16] = [
    "group_parents_pkey",
    "groups_attributes",
    "groups_name_key",
    "groups_pkey",
    "groups_uuid_key",
    "instance_pkey",
    "tokens_identifier_key",
    "tokens_key_digest_key",
    "tokens_managed_key",
    "tokens_pkey",
    "user_counts_pkey",
    "user_groups_pkey",
    "users_attributes",
    "users_pkey",
    "users_username_key",
    "users_uuid_key",
];

impl Examined<'_> {
    /// Checks that all indexes and triggers are there.
    pub(super) async fn check_schema(&mut self) -> Result<Finding, DbErr> {
        let found = self.indexes_and_triggers().await?;
        let own: &[&str] = if self.is_sqlite() { &SQLITE } else { &POSTGRES };
        let missing: Wrong = BOTH.iter().chain(own).filter(|name| !found.iter().any(|found| found == *name)).collect();
        let bad = "these indexes and triggers are missing or disabled";
        Ok(Finding::of(&missing, "all indexes and triggers are there", bad))
    }

    /// The names of those that work.
    async fn indexes_and_triggers(&mut self) -> Result<Vec<String>, DbErr> {
        self.texts(if self.is_sqlite() {
            "SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        } else {
            "SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                WHERE indisvalid AND indisready
                    AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'users'::regclass)
            UNION ALL SELECT tgname::text FROM pg_trigger
                WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgrelid = 'users'::regclass"
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Progress, tests::TestStore};

    struct Silent;

    impl Progress for Silent {
        fn begin(&self, _: &'static str, _: Option<u64>) {}
        fn reached(&self, _: u64) {}
    }

    #[tokio::test]
    async fn all_indexes_and_triggers_of_the_schema_are_looked_for() {
        let test = TestStore::set_up().await;
        let connection = test.url().open_to_examine().await.unwrap();
        let mut examined = Examined { connection, progress: &Silent, users: 0, tokens: 0 };
        let mut found = examined.indexes_and_triggers().await.unwrap();
        found.retain(|name| !["users_search_text", "seaql_migrations_pkey"].contains(&name.as_str()));
        found.sort_unstable();
        let own: &[&str] = if examined.is_sqlite() { &SQLITE } else { &POSTGRES };
        let mut expected: Vec<&str> = BOTH.iter().chain(own).copied().collect();
        expected.sort_unstable();
        assert_eq!(found, expected);
        examined.connection.close().await.unwrap();
        test.remove().await;
    }
}
