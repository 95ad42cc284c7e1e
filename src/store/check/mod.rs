//! Examining a database without changing it.
//!
//! A server may use it meanwhile. So what depends on several rows is read by one statement, or in one short transaction
//! for some users at a time: a long read would keep SQLite's write-ahead log from starting again. No more than the rows
//! of such a part are in memory.

mod derived;
pub(super) mod file;
mod index;
mod references;
mod schema;
mod texts;
mod tokens;

use std::fmt::{self, Display};

use sea_orm::{
    ColumnTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{
    DatabaseUrl, SetupError,
    connection::{Connection, FromRow, ReadLimit},
    entities::{group, instance, token, user},
    progress::Progress,
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

    /// Good, unless there are wrong objects.
    fn of(wrong: &Wrong, good: &str, bad: &str) -> Self {
        if wrong.number == 0 { Self::good(good) } else { Self::Bad(format!("{bad}: {wrong}")) }
    }
}

/// Objects that something is wrong with.
#[derive(Debug, Default)]
struct Wrong {
    number: usize,
    /// The first of them.
    first: Vec<String>,
}

impl Wrong {
    fn add(&mut self, object: impl Display) {
        self.number += 1;
        if self.first.len() < MAX_DETAILS {
            self.first.push(object.to_string());
        }
    }
}

impl Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.first.join(", "))?;
        match self.number - self.first.len() {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

impl<T: Display> FromIterator<T> for Wrong {
    fn from_iter<I: IntoIterator<Item = T>>(objects: I) -> Self {
        let mut wrong = Self::default();
        objects.into_iter().for_each(|object| wrong.add(object));
        wrong
    }
}

/// Examines the database at `url`: whether it can be reached, was set up with this secret and by which version of the
/// program, is intact, has a superuser, and whether what is derived from other data agrees with it. Changes nothing.
/// Takes as long as reading all of the database several times does.
pub async fn examine(url: &DatabaseUrl, secret: Option<&InstanceSecret>, progress: &dyn Progress) -> Vec<Finding> {
    if let Some(path) = url.missing_file() {
        let missing = format!("{}: there is no database yet; `rollcall serve` creates it", path.display());
        return vec![Finding::Bad(missing)];
    }
    let mut findings = Vec::new();
    let examined = async {
        let mut connection = url.open_to_examine().await?;
        connection.wait_for_answers();
        let mut database = Examined { connection, progress, users: 0, tokens: 0 };
        let examined = database.examine(secret, &mut findings).await;
        database.connection.close().await?;
        examined
    };
    if let Err(error) = examined.await {
        findings.push(Finding::bad(error));
    }
    findings
}

/// A connection that only reads.
struct Examined<'p> {
    connection: Connection,
    progress: &'p dyn Progress,
    /// The number of users and tokens when they were counted.
    users: u64,
    tokens: u64,
}

impl Examined<'_> {
    async fn examine(&mut self, secret: Option<&InstanceSecret>, findings: &mut Vec<Finding>) -> Result<(), DbErr> {
        findings.push(Finding::good("the database can be reached"));
        let backend = self.backend();
        let read = async |statement| self.connection.rows(statement, ReadLimit::NONE).await;
        if let Err(error) = check_version(backend, read).await {
            findings.push(Finding::bad(error));
            return Ok(());
        }
        findings.push(Finding::good("it is of this version of Rollcall"));
        let mut is_of_secret = false;
        if let Some(secret) = secret {
            let finding = self.check_secret(secret).await?;
            is_of_secret = matches!(finding, Finding::Good(_));
            findings.push(finding);
        }
        findings.push(self.count_objects().await?);
        findings.push(self.find_superusers().await?);
        if self.is_sqlite() {
            // What is wrong with the file may keep all others from being examined.
            add(findings, self.check_file());
            add(findings, self.check_search_index());
            add(findings, self.check_attribute_index());
        } else {
            add(findings, self.find_search_index().await);
            add(findings, self.check_constraints().await);
        }
        add(findings, self.check_references().await);
        add(findings, self.check_schema().await);
        add(findings, self.check_counters().await);
        add(findings, self.check_search_texts().await);
        add(findings, self.check_parents().await);
        add(findings, self.check_circles().await);
        add(findings, self.check_inheritance().await);
        if let Some(secret) = secret.filter(|_| is_of_secret) {
            add(findings, self.check_tokens(secret).await);
        }
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
        (self.users, self.tokens) = (users.unsigned_abs(), tokens.unsigned_abs());
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

    fn check_file(&self) -> Result<Finding, DbErr> {
        self.progress.begin("reading the file", None);
        Ok(match file::damages(self.connection.as_sqlite()?)? {
            None => Finding::good("the file is intact"),
            Some(damages) => Finding::Bad(format!("the file is damaged: {damages}")),
        })
    }

    async fn find_search_index(&mut self) -> Result<Finding, DbErr> {
        let found = self.texts("SELECT indexname::text FROM pg_indexes WHERE indexname = 'users_search_text'").await?;
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

    /// Executes a query for one column of text.
    async fn texts(&mut self, sql: &str) -> Result<Vec<String>, DbErr> {
        self.rows(sql).await
    }

    async fn rows<T: FromRow>(&mut self, sql: &str) -> Result<Vec<T>, DbErr> {
        self.connection.rows(Statement::from_string(self.backend(), sql), ReadLimit::NONE).await
    }

    async fn selected<T: FromRow>(&mut self, select: &impl QueryTrait) -> Result<Vec<T>, DbErr> {
        let statement = select.build(self.backend());
        self.connection.rows(statement, ReadLimit::NONE).await
    }

    fn is_sqlite(&self) -> bool {
        self.connection.as_sqlite().is_ok()
    }

    fn backend(&self) -> DbBackend {
        if self.is_sqlite() { DbBackend::Sqlite } else { DbBackend::Postgres }
    }
}

/// Adds a finding, or why it couldn't be made. If the database fails, most others have the same reason.
fn add(findings: &mut Vec<Finding>, finding: Result<Finding, DbErr>) {
    let finding = finding.unwrap_or_else(Finding::bad);
    if findings.last() != Some(&finding) {
        findings.push(finding);
    }
}
