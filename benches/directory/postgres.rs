//! Databases on the PostgreSQL server that the environment names.

use std::fmt::Display;

use rollcall::domain::random;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement};
use tokio::runtime::Runtime;

use crate::{Failed, failures::Failures};

/// A server where databases may be created.
pub struct Postgres<'b> {
    pub url: &'b str,
    pub runtime: &'b Runtime,
    pub failures: &'b Failures,
}

/// A database that is dropped with this.
pub struct Database<'b> {
    server: Postgres<'b>,
    name: String,
}

impl<'b> Postgres<'b> {
    /// Makes an empty database.
    pub fn database(self) -> Result<Database<'b>, Failed> {
        let name = format!("rollcall_bench_{:016x}", u64::from_be_bytes(random::bytes()));
        run(self.runtime, self.url, &[&format!("CREATE DATABASE {name}")])?;
        Ok(Database { server: self, name })
    }
}

impl Database<'_> {
    /// The same URL with the other database; the part after the question mark stays.
    pub fn url(&self) -> String {
        let (address, options) = self.server.url.split_at(self.server.url.find('?').unwrap_or(self.server.url.len()));
        let base = address.rsplit_once('/').map_or(address, |(base, _)| base);
        format!("{base}/{}{options}", self.name)
    }

    /// Runs statements one after the other, each in a transaction of its own.
    pub fn run(&self, statements: &[&str]) -> Result<(), Failed> {
        run(self.server.runtime, &self.url(), statements)
    }

    pub fn query(&self, sql: &str) -> Result<Vec<QueryResult>, Failed> {
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

fn run(runtime: &Runtime, url: &str, statements: &[&str]) -> Result<(), Failed> {
    let result = runtime.block_on(async {
        let connection = connect(url).await?;
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        connection.close().await
    });
    result.map_err(|error| said_by_server(&error))
}

fn said_by_server(error: &impl Display) -> Failed {
    format!("PostgreSQL: {error}").into()
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await
}
