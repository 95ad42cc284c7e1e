//! Examining a database without changing it.

use std::fmt::Display;

use sea_orm::{
    ColumnTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{
    DatabaseUrl, SetupError,
    connection::{Connection, FromRow, ReadLimit},
    entities::{group, instance, token, user},
    setup::check_version,
    superusers,
};
use crate::domain::secret::InstanceSecret;

/// The most problems of one kind that are told.
const MAX_DETAILS: usize = 5;

/// One thing that was examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Good(String),
    Bad(String),
}

impl Finding {
    fn good(text: impl Display) -> Self {
        Self::Good(text.to_string())
    }

    fn bad(text: impl Display) -> Self {
        Self::Bad(text.to_string())
    }
}

/// Examines the database at `url`: whether it can be reached, was set up with this secret and by which version of the
/// program, is intact, and has a superuser. Changes nothing. Takes as long as reading all of a SQLite database does.
pub async fn examine(url: &DatabaseUrl, secret: Option<&InstanceSecret>) -> Vec<Finding> {
    if let Some(path) = url.missing_file() {
        let missing = format!("{}: there is no database yet; `rollcall serve` creates it", path.display());
        return vec![Finding::Bad(missing)];
    }
    let mut findings = Vec::new();
    let examined = async {
        let mut database = Examined(url.open_to_examine().await?);
        let examined = database.examine(secret, &mut findings).await;
        database.0.close().await?;
        examined
    };
    if let Err(error) = examined.await {
        findings.push(Finding::bad(error));
    }
    findings
}

/// A connection that only reads.
struct Examined(Connection);

impl Examined {
    async fn examine(&mut self, secret: Option<&InstanceSecret>, findings: &mut Vec<Finding>) -> Result<(), DbErr> {
        findings.push(Finding::good("the database can be reached"));
        let backend = self.backend();
        let read = async |statement| self.0.rows(statement, ReadLimit::NONE).await;
        if let Err(error) = check_version(backend, read).await {
            findings.push(Finding::bad(error));
            return Ok(());
        }
        findings.push(Finding::good("it is of this version of Rollcall"));
        if let Some(secret) = secret {
            findings.push(self.check_secret(secret).await?);
        }
        findings.push(self.count_objects().await?);
        findings.push(self.find_superusers().await?);
        findings.extend(match self.0.as_sqlite().is_ok() {
            true => vec![self.check_file().await?, self.check_references().await?],
            false => vec![self.find_search_index().await?],
        });
        Ok(())
    }

    async fn check_secret(&mut self, secret: &InstanceSecret) -> Result<Finding, DbErr> {
        let marks = instance::Entity::find().select_only().column(instance::Column::SecretMark);
        let marks: Vec<Vec<u8>> = self.selected(&marks).await?;
        Ok(match marks.first() {
            Some(mark) if secret.matches(mark) => Finding::good("the secret key is the one of this database"),
            Some(_) => Finding::bad(SetupError::WrongSecret),
            None => Finding::bad(SetupError::Empty),
        })
    }

    async fn count_objects(&mut self) -> Result<Finding, DbErr> {
        let users = self.count(user::Entity, Expr::val(true)).await?;
        let groups = self.count(group::Entity, Expr::val(true)).await?;
        let tokens = self.count(token::Entity, Expr::val(true)).await?;
        Ok(Finding::Good(format!("it has {users} users, {groups} groups and {tokens} tokens")))
    }

    async fn find_superusers(&mut self) -> Result<Finding, DbErr> {
        let is_superuser = superusers::is_superuser(Expr::col((user::Entity, user::Column::Id))).eq(1);
        let number = self.count(user::Entity, user::Column::IsActive.eq(true).and(is_superuser)).await?;
        Ok(match number {
            0 => Finding::bad("there is no active superuser, so nothing can be administered"),
            number => Finding::Good(format!("active superusers: {number}")),
        })
    }

    async fn check_file(&mut self) -> Result<Finding, DbErr> {
        let damages = self.rows(&format!("PRAGMA integrity_check({MAX_DETAILS})")).await?;
        Ok(match damages.as_slice() {
            [fine] if fine == "ok" => Finding::good("the file is intact"),
            damages => Finding::Bad(format!("the file is damaged: {}", damages.join("; "))),
        })
    }

    async fn check_references(&mut self) -> Result<Finding, DbErr> {
        let mut tables = self.rows("PRAGMA foreign_key_check").await?;
        tables.truncate(MAX_DETAILS);
        Ok(match tables.is_empty() {
            true => Finding::good("all foreign keys are valid"),
            false => Finding::Bad(format!("rows with dangling foreign keys, in these tables: {}", tables.join(", "))),
        })
    }

    async fn find_search_index(&mut self) -> Result<Finding, DbErr> {
        let found = self.rows("SELECT indexname::text FROM pg_indexes WHERE indexname = 'users_search_text'").await?;
        Ok(match found.is_empty() {
            false => Finding::good("searches of users have an index"),
            true => Finding::bad(
                "searches of users are slow without the extension pg_trgm; docs/settings.md says how to add it",
            ),
        })
    }

    async fn count<E: EntityTrait>(&mut self, entity: E, condition: SimpleExpr) -> Result<i64, DbErr> {
        let count = Expr::cust("CAST(count(*) AS bigint)");
        let select = E::find().select_only().expr_as(count, "number").filter(condition);
        let numbers: Vec<i64> = self.selected(&select).await?;
        numbers.first().copied().ok_or_else(|| DbErr::RecordNotFound(entity.table_name().to_owned()))
    }

    async fn rows(&mut self, sql: &str) -> Result<Vec<String>, DbErr> {
        self.0.rows(Statement::from_string(self.backend(), sql), ReadLimit::NONE).await
    }

    async fn selected<T: FromRow>(&mut self, select: &impl QueryTrait) -> Result<Vec<T>, DbErr> {
        let statement = select.build(self.backend());
        self.0.rows(statement, ReadLimit::NONE).await
    }

    fn backend(&self) -> DbBackend {
        if self.0.as_sqlite().is_ok() { DbBackend::Sqlite } else { DbBackend::Postgres }
    }
}
