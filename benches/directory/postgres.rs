//! Databases on the PostgreSQL server.

use std::fmt::Display;

use rollcall::domain::random;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};
use tokio::runtime::Runtime;

use crate::{BoxError, failures::Failures};

/// A server where databases may be created.
pub struct Postgres<'b> {
    pub url: &'b str,
    pub runtime: &'b Runtime,
    pub failures: &'b Failures,
}

/// A temporary database, dropped together with this value.
pub struct Database<'b> {
    server: Postgres<'b>,
    name: String,
}

impl<'b> Postgres<'b> {
    /// Creates an empty database.
    pub fn database(self) -> Result<Database<'b>, BoxError> {
        let name = format!("rollcall_bench_{:016x}", u64::from_be_bytes(random::bytes()));
        run(self.runtime, self.url, &[&format!("CREATE DATABASE {name}")])?;
        Ok(Database { server: self, name })
    }
}

impl Database<'_> {
    /// The server's URL with this database; the query string is kept.
    pub fn url(&self) -> String {
        let (address, options) = self.server.url.split_at(self.server.url.find('?').unwrap_or(self.server.url.len()));
        let base = address.rsplit_once('/').map_or(address, |(base, _)| base);
        format!("{base}/{}{options}", self.name)
    }

    /// Executes statements, each in its own transaction.
    pub fn run(&self, statements: &[&str]) -> Result<(), BoxError> {
        run(self.server.runtime, &self.url(), statements)
    }

    pub fn query(&self, sql: &str) -> Result<Vec<QueryResult>, BoxError> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        Ok(self.server.runtime.block_on(async {
            let connection = connect(&self.url()).await?;
            let rows = connection.query_all_raw(statement).await?;
            connection.close().await?;
            Ok::<_, DbErr>(rows)
        })?)
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let result = run(self.server.runtime, self.server.url, &[&drop]);
        self.server.failures.note(result);
    }
}

fn run(runtime: &Runtime, url: &str, statements: &[&str]) -> Result<(), BoxError> {
    let result = runtime.block_on(async {
        let connection = connect(url).await?;
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        connection.close().await
    });
    result.map_err(|error| server_error(&error))
}

fn server_error(error: &impl Display) -> BoxError {
    format!("PostgreSQL: {error}").into()
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await
}
