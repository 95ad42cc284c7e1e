//! The PostgreSQL servers that a URL names, of which one is the primary.
//!
//! sqlx knows one host per URL. With several, as in libpq's `postgres://USER@a:5432,b:5432/NAME`, the others are standbys:
//! after a failover one of them is the primary, and new connections find it.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, AssertSqlSafe, ConnectOptions, PgConnection, Row, postgres::PgConnectOptions},
};
use tokio::time::timeout;

use super::{STATEMENT_CACHE_SIZE, failed};
use crate::store::{WAIT_TIMEOUT, error};

/// Asks a server whether it is a standby.
const IS_STANDBY: &str = "SELECT pg_is_in_recovery()";

/// The servers of a URL, at least one. Clones share which of them was the primary last.
#[derive(Clone, Debug)]
pub struct Servers {
    all: Vec<PgConnectOptions>,
    /// The index of the one used last, which is tried first.
    last: Arc<AtomicUsize>,
    generation: Arc<AtomicUsize>,
    /// Whether a standby may be used too.
    may_be_standby: bool,
    /// Whether they are behind a pooler that gives each transaction a session.
    behind_pooler: bool,
}

impl FromStr for Servers {
    type Err = sqlx::Error;

    fn from_str(url: &str) -> Result<Self, sqlx::Error> {
        let (before, hosts, after) = split_hosts(url);
        let (after, behind_pooler) = split_pooler(after)?;
        let options = |host| {
            let options = PgConnectOptions::from_str(&format!("{before}{host}{after}"))?;
            Ok(options.application_name("rollcall").statement_cache_capacity(STATEMENT_CACHE_SIZE))
        };
        let hosts: Vec<&str> = hosts.split(',').collect();
        if hosts.len() > 1 && hosts.contains(&"") {
            return Err(sqlx::Error::Configuration("a host is empty".into()));
        }
        let all = hosts.into_iter().map(options).collect::<Result<_, sqlx::Error>>()?;
        Ok(Self { all, last: Arc::default(), generation: Arc::default(), may_be_standby: false, behind_pooler })
    }
}

/// Splits a URL into what is before the hosts, the hosts, and what is after them.
fn split_hosts(url: &str) -> (&str, &str, &str) {
    let start = url.find("://").map_or(0, |place| place + "://".len());
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |length| start + length);
    let start = url[start..end].rfind('@').map_or(start, |place| start + place + 1);
    (&url[..start], &url[start..end], &url[end..])
}

/// Splits what is after the hosts into what sqlx knows, and whether `pgbouncer=true` is among the parameters, which is
/// Prisma's name for the same.
fn split_pooler(after: &str) -> Result<(String, bool), sqlx::Error> {
    let Some((path, query)) = after.split_once('?') else { return Ok((after.to_owned(), false)) };
    let (own, others): (Vec<_>, Vec<_>) = query.split('&').partition(|parameter| parameter.starts_with("pgbouncer="));
    let behind_pooler = match own.last() {
        None | Some(&"pgbouncer=false") => false,
        Some(&"pgbouncer=true") => true,
        Some(_) => return Err(sqlx::Error::Configuration("unknown value of \"pgbouncer\"".into())),
    };
    Ok((format!("{path}?{}", others.join("&")), behind_pooler))
}

impl Servers {
    pub fn are_behind_pooler(&self) -> bool {
        self.behind_pooler
    }

    /// The generation of a connection that is opened now.
    pub fn generation(&self) -> Generation {
        Generation { own: self.generation.load(Ordering::Relaxed), current: self.generation.clone() }
    }

    /// The same servers, of which any may be used.
    pub fn with_standbys(self) -> Self {
        Self { may_be_standby: true, ..self }
    }

    /// The URL for people, without the password.
    pub fn without_password(&self) -> String {
        let first = &self.all[0];
        let hosts: Vec<String> = self.all.iter().map(place).collect();
        let database = first.get_database().unwrap_or_default();
        format!("postgres://{}@{}/{database}", first.get_username(), hosts.join(","))
    }

    /// Connects to the primary, or to any server if standbys may be used, and executes `settings` there.
    ///
    /// # Errors
    ///
    /// If no server is a primary, or the primary refuses the connection.
    pub async fn connect(&self, settings: &str) -> Result<PgConnection, DbErr> {
        let number = self.all.len();
        // So that all of them get their turn before the caller gives up.
        let limit =
            if number == 1 { WAIT_TIMEOUT } else { WAIT_TIMEOUT / u32::try_from(number + 1).unwrap_or(u32::MAX) };
        let last = self.last.load(Ordering::Relaxed);
        let mut reasons = Vec::new();
        for index in (0..number).map(|offset| (last + offset) % number) {
            let server = &self.all[index];
            match self.connect_to(server, settings, limit).await {
                Ok(Ok(connection)) => {
                    if index != last {
                        tracing::info!(server = place(server), "connected to another database server");
                        self.last.store(index, Ordering::Relaxed);
                        self.generation().end();
                    }
                    return Ok(connection);
                }
                // It is the only one, or the primary, which answered.
                Err(error) if number == 1 || !error::is_connection_lost(&error) => return Err(error),
                Ok(Err(reason)) => reasons.push(format!("{} {reason}", place(server))),
                Err(error) => reasons.push(format!("{}: {error}", place(server))),
            }
        }
        Err(DbErr::Conn(RuntimeErr::Internal(format!("no server is a primary: {}", reasons.join("; ")))))
    }

    async fn connect_to(
        &self,
        server: &PgConnectOptions,
        settings: &str,
        limit: Duration,
    ) -> Result<Result<PgConnection, Reason>, DbErr> {
        let connect = async {
            let mut connection = server.connect().await.map_err(failed)?;
            // One round trip.
            let sql = format!("{settings}; {IS_STANDBY}");
            let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await.map_err(failed)?;
            let is_standby: Option<bool> = rows.last().map(|row| row.try_get(0)).transpose().map_err(failed)?;
            let is_usable = self.may_be_standby || is_standby == Some(false);
            Ok(if is_usable { Ok(connection) } else { Err("is a standby") })
        };
        timeout(limit, connect).await.unwrap_or(Ok(Err("did not answer")))
    }
}

/// The connections opened until another server became the primary, or one didn't answer. The older ones are of no use.
#[derive(Clone, Debug)]
pub struct Generation {
    own: usize,
    current: Arc<AtomicUsize>,
}

impl Generation {
    pub fn is_current(&self) -> bool {
        self.own == self.current.load(Ordering::Relaxed)
    }

    /// Begins a new one, unless another connection of this one has done so.
    pub fn end(&self) {
        let _ = self.current.compare_exchange(self.own, self.own + 1, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// Why a server that can be reached is not to be used.
type Reason = &'static str;

/// Host and port.
fn place(server: &PgConnectOptions) -> String {
    format!("{}:{}", server.get_host(), server.get_port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(url: &str) -> Vec<String> {
        url.parse::<Servers>().unwrap().all.iter().map(place).collect()
    }

    #[test]
    fn a_url_may_name_several_servers() {
        assert_eq!(places("postgres://me:secret@a:1,b,[::1]:3/d?sslmode=disable"), ["a:1", "b:5432", "[::1]:3"]);
        assert_eq!(places("postgresql://a,b"), ["a:5432", "b:5432"]);
        assert_eq!(places("postgres://me:one,two@a/d,e"), ["a:5432"], "only hosts are split");
        assert_eq!(places("postgres:///d?host=a"), ["a:5432"]);
        for malformed in ["postgres://a,/d", "postgres://,a/d", "postgres://a,b:port/d", "postgres://a:1,,b/d"] {
            assert!(malformed.parse::<Servers>().is_err(), "{malformed}");
        }
    }

    #[test]
    fn a_url_tells_whether_there_is_a_pooler() {
        let pooler = |url: &str| url.parse::<Servers>().map(|servers| servers.behind_pooler).ok();
        for (url, expected) in [
            ("postgres://a/d", Some(false)),
            ("postgres://a/d?pgbouncer=false", Some(false)),
            ("postgres://a,b/d?pgbouncer=true", Some(true)),
            ("postgres://a/d?sslmode=disable&pgbouncer=true&user=me", Some(true)),
            ("postgres://a/d?pgbouncer=yes", None),
            ("postgres://a/d?pgbouncer=true&sslmode=odd", None),
        ] {
            assert_eq!(pooler(url), expected, "{url}");
        }
        let servers: Servers = "postgres://a/d?pgbouncer=true&user=me".parse().unwrap();
        assert_eq!(servers.without_password(), "postgres://me@a:5432/d");
    }

    #[test]
    fn a_url_is_shown_with_all_its_servers_and_without_its_password() {
        let servers: Servers = "postgres://me:hush@a:1,b/people?password=hush".parse().unwrap();
        assert_eq!(servers.without_password(), "postgres://me@a:1,b:5432/people");
    }
}
