//! Database migrations, one file each, in order. What a released migration makes of a database never changes.
//!
//! Migrations read rows by the names of columns, and integers as `i64`.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

mod m0001_directory;
mod m0002_search;
mod m0003_counts;
mod m0004_changed_users;
mod m0005_changes;
mod m0006_parents_and_dates;

/// Applies the migrations.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_directory::Migration),
            Box::new(m0002_search::Migration),
            Box::new(m0003_counts::Migration),
            Box::new(m0004_changed_users::Migration),
            Box::new(m0005_changes::Migration),
            Box::new(m0006_parents_and_dates::Migration),
        ]
    }
}
