//! An empty database for a test: a SQLite file, or a database on the PostgreSQL server at `ROLLCALL_TEST_DATABASE_URL`.
//! Servers use it through PgBouncer, if `ROLLCALL_TEST_PGBOUNCER` has its address.

use std::any::Any;

use sea_orm::{ConnectionTrait, Database as Connection, DbBackend, Statement, TransactionTrait};

pub struct Database {
    /// For servers.
    pub url: String,
    /// For tests.
    direct: String,
    directory: tempfile::TempDir,
    on_server: Option<(String, String)>,
}

impl Database {
    pub async fn create() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let Ok(server) = std::env::var("ROLLCALL_TEST_DATABASE_URL") else {
            let url = format!("sqlite:{}", directory.path().join("test.sqlite3").display());
            return Self { direct: url.clone(), url, directory, on_server: None };
        };
        let name = format!("rollcall_test_{}", uuid::Uuid::from_bytes(rollcall::domain::random::bytes()).simple());
        let connection = Connection::connect(&server).await.unwrap();
        connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        connection.close().await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let direct = format!("{base}/{name}");
        let url = match std::env::var("ROLLCALL_TEST_PGBOUNCER") {
            Ok(pooler) => format!("postgres://postgres@{pooler}/{name}?pgbouncer=true"),
            Err(_) => direct.clone(),
        };
        Self { url, direct, directory, on_server: Some((server, name)) }
    }

    pub fn directory(&self) -> &std::path::Path {
        self.directory.path()
    }

    pub fn is_postgres(&self) -> bool {
        self.on_server.is_some()
    }

    /// Whether servers use it through PgBouncer, which has connections and sessions of its own.
    pub fn is_behind_pooler(&self) -> bool {
        self.url != self.direct
    }

    pub async fn execute(&self, sql: &str) {
        if !self.is_postgres() {
            return self.open().execute_batch(sql).unwrap();
        }
        let connection = Connection::connect(&self.direct).await.unwrap();
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Returns the number that a query on PostgreSQL selects as `number`.
    pub async fn number(&self, sql: &str) -> i64 {
        number(&self.direct, sql).await
    }

    /// Blocks writes of users until the result is dropped.
    pub async fn hold(&self) -> Box<dyn Any> {
        if !self.is_postgres() {
            let connection = self.open();
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            return Box::new(connection);
        }
        hold(&self.direct).await
    }

    fn open(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.direct.strip_prefix("sqlite:").unwrap()).unwrap()
    }

    pub async fn remove(self) {
        if let Some((server, name)) = self.on_server {
            let connection = Connection::connect(&server).await.unwrap();
            connection.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

/// Blocks writes of users in the PostgreSQL database at this URL until the result is dropped.
pub async fn hold(url: &str) -> Box<dyn Any> {
    let transaction = Connection::connect(url).await.unwrap().begin().await.unwrap();
    transaction.execute_unprepared("LOCK TABLE users IN SHARE MODE").await.unwrap();
    Box::new(transaction)
}

/// Returns the number that a query on the PostgreSQL database at this URL selects as `number`.
pub async fn number(url: &str, sql: &str) -> i64 {
    let connection = Connection::connect(url).await.unwrap();
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    connection.close().await.unwrap();
    row.try_get("", "number").unwrap()
}
