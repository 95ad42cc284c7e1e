//! The PostgreSQL servers that a URL names, of which one is the primary.
//!
//! sqlx knows one host per URL. With several, as in libpq's `postgres://USER@a:5432,b:5432/NAME`, the others are standbys:
//! after a failover one of them is the primary, and new connections find it. Each promotion begins a new timeline, so an old
//! primary that comes back as one is known by its timeline.

use std::{future::pending, io, str::FromStr, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, AssertSqlSafe, ConnectOptions, PgConnection, Row, postgres::PgConnectOptions},
};
use tokio::{
    sync::{Mutex, watch},
    time::{sleep, timeout},
};

use super::{STATEMENT_CACHE_SIZE, failed};
use crate::store::{WAIT_TIMEOUT, error};

/// How long one of several servers may take to accept a connection. Less than whoever asks for one waits for all of them.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long to wait for the primary to accept a connection before the other servers are tried beside it.
const HEAD_START: Duration = Duration::from_millis(300);

/// How often the other servers are asked for another primary while this one doesn't answer.
const SEARCH_INTERVAL: Duration = Duration::from_secs(1);

/// Selects what a server is: NULL for a standby, otherwise its timeline.
const TIMELINE: &str = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN
    ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint END";

/// The same, if there is no other server, so that what has no timelines can be used too.
const NO_TIMELINE: &str = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0::bigint END";

/// The servers of a URL, at least one. Clones share which of them was the primary last.
#[derive(Clone, Debug)]
pub struct Servers {
    all: Arc<[PgConnectOptions]>,
    /// Which is the primary, as far as is known.
    current: watch::Sender<Generation>,
    /// Held by the only one who looks for another primary.
    search: Arc<Mutex<()>>,
    /// Whether a standby may be used too.
    may_be_standby: bool,
    /// Whether they are behind a pooler that gives each transaction a session.
    behind_pooler: bool,
}

/// The connections to a server that were opened until another one became the primary, or one of them was not answered. The
/// older ones are of no use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Generation {
    /// The index of the server.
    server: usize,
    /// Of that server, or 0 if it doesn't matter.
    timeline: i64,
    number: usize,
}

/// The server that a connection is to, among the others.
#[derive(Debug)]
pub struct Place {
    servers: Servers,
    own: Generation,
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
        let (current, search) = (watch::Sender::default(), Arc::default());
        Ok(Self { all, current, search, may_be_standby: false, behind_pooler })
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
    pub async fn connect(&self, settings: &str) -> Result<(PgConnection, Place), DbErr> {
        let number = self.all.len();
        if self.has_standbys() {
            self.find_first().await;
        }
        let first = self.current.borrow().server;
        let mut next = (0..number).map(|offset| (first + offset) % number);
        let (mut tried, mut reasons) = (FuturesUnordered::new(), Vec::new());
        loop {
            if let Some(index) = next.next() {
                tried.push(async move { (index, self.connect_to(index, settings).await) });
            }
            let answer = match next.len() {
                0 => tried.next().await,
                _ => match timeout(HEAD_START, tried.next()).await {
                    Ok(answer) => answer,
                    Err(_) => continue,
                },
            };
            match answer {
                Some((index, Ok(Ok((connection, timeline))))) => match self.use_from_now_on(index, timeline) {
                    Some(place) => return Ok((connection, place)),
                    None => reasons.push(format!("{} is an old primary", place(&self.all[index]))),
                },
                // It is the only one, or the primary, which answered.
                Some((_, Err(error))) if number == 1 || !error::is_connection_lost(&error) => return Err(error),
                Some((index, Ok(Err(reason)))) => reasons.push(format!("{} {reason}", place(&self.all[index]))),
                Some((index, Err(error))) => reasons.push(format!("{}: {error}", place(&self.all[index]))),
                None => break,
            }
        }
        Err(DbErr::Conn(RuntimeErr::Internal(format!("no server is a primary: {}", reasons.join("; ")))))
    }

    /// Whether another server than the one in use may become the one to use.
    fn has_standbys(&self) -> bool {
        self.all.len() > 1 && !self.may_be_standby
    }

    /// Notes that this server is the primary; `None` if another one was promoted after it.
    fn use_from_now_on(&self, server: usize, timeline: i64) -> Option<Place> {
        let (mut own, mut is_another) = (None, false);
        self.current.send_if_modified(|current| {
            if timeline < current.timeline {
                return false;
            }
            is_another = current.server != server;
            let is_new = is_another || current.timeline != timeline;
            *current = Generation { server, timeline, number: current.number + usize::from(is_new) };
            own = Some(*current);
            is_new
        });
        if is_another {
            tracing::info!(server = place(&self.all[server]), "connected to another database server");
        }
        own.map(|own| Place { servers: self.clone(), own })
    }

    /// Asks all servers which one is the primary, unless one was found before.
    async fn find_first(&self) {
        if self.current.borrow().timeline == 0 {
            let _held = self.search.lock().await;
            if self.current.borrow().timeline == 0 {
                self.ask(0..self.all.len()).await;
            }
        }
    }

    /// Looks for a primary besides this server, unless somebody else does.
    async fn search(&self, besides: usize) {
        if let Ok(_held) = self.search.try_lock() {
            self.ask((0..self.all.len()).filter(|index| *index != besides)).await;
        }
    }

    /// Asks servers whether they are the primary.
    async fn ask(&self, servers: impl Iterator<Item = usize>) {
        let mut answers: FuturesUnordered<_> =
            servers.map(|index| async move { (index, self.connect_to(index, "").await) }).collect();
        while let Some((index, answer)) = answers.next().await {
            if let Ok(Ok((_, timeline))) = answer {
                self.use_from_now_on(index, timeline);
            }
        }
    }

    /// Connects to a server. Returns its timeline too.
    async fn connect_to(&self, index: usize, settings: &str) -> Result<Result<(PgConnection, i64), Reason>, DbErr> {
        let (limit, timeline) = match self.all.len() {
            1 => (WAIT_TIMEOUT, NO_TIMELINE),
            _ => (CONNECT_TIMEOUT, TIMELINE),
        };
        let connect = async {
            let mut connection = self.all[index].connect().await.map_err(failed)?;
            // One round trip.
            let sql = format!("{settings}; {timeline}");
            let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await.map_err(failed)?;
            let timeline: Option<Option<i64>> = rows.last().map(|row| row.try_get(0)).transpose().map_err(failed)?;
            Ok(match timeline.flatten() {
                _ if self.may_be_standby => Ok((connection, 0)),
                Some(timeline) => Ok((connection, timeline)),
                None => Err("is a standby"),
            })
        };
        timeout(limit, connect).await.unwrap_or(Ok(Err("did not answer")))
    }
}

impl Place {
    /// Whether a connection can still be used: no other server has become the primary, and no other connection was left
    /// without an answer.
    pub fn is_current(&self) -> bool {
        *self.servers.current.borrow() == self.own
    }

    /// Notes that a connection was left without an answer, unless another one of the same generation has done so.
    pub fn end_generation(&self) {
        self.servers.current.send_if_modified(|current| {
            let is_own = *current == self.own;
            current.number += usize::from(is_own);
            is_own
        });
    }

    /// Waits until another server is the primary, for as long as it is polled. Then the connection is lost, whether or not
    /// the old server still answers.
    pub async fn lost(&self) -> DbErr {
        let servers = &self.servers;
        if !servers.has_standbys() {
            return pending().await;
        }
        let mut current = servers.current.subscribe();
        let search = async {
            loop {
                servers.search(self.own.server).await;
                sleep(SEARCH_INTERVAL).await;
            }
        };
        tokio::select! {
            _ = current.wait_for(|current| current.server != self.own.server) => {}
            () = search => {}
        }
        let reason = io::Error::new(io::ErrorKind::ConnectionAborted, "another server is the primary");
        failed(reason.into())
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
