//! A real server on a real database for each test, and a client that checks every response against the contract.

pub mod database;
pub mod postgres;
pub mod program;
pub mod schema;

use std::{num::NonZeroUsize, ops::RangeInclusive, process::Command, sync::Arc, time::Duration};

use reqwest::{Method, RequestBuilder, header::HeaderMap};
use rollcall::{
    api::{Edition, Limits},
    domain::{
        guesses::Guesses,
        limits::ObjectLimits,
        token::{Intent, Lifetimes, NewToken},
    },
    http::{self, Bound, Monitor, Proxies, Transport, WireLimits},
    operations::{App, Passwords},
    store::{ReadLimits, Store},
};
use serde_json::{Value, json};

use self::database::Database;

/// The token of the administrator.
pub const ADMIN: &str = "the-administrators-token";

/// The largest body that the servers of the tests accept.
pub const BODY_LIMIT: usize = Limits::DEFAULT.body;

/// An id that no group has.
pub const NOBODY: &str = "5f0c5f5e-0000-4000-8000-00000000dead";

/// The most connections of a server to PostgreSQL.
const CONNECTIONS: NonZeroUsize = NonZeroUsize::new(20).unwrap();

/// The program with this database.
pub fn program_on(database: &Database) -> Command {
    let mut command = program::rollcall(database.directory());
    command.env("ROLLCALL_DATABASE_URL", &database.url);
    command
}

pub struct Server {
    pub url: String,
    pub app: Arc<App>,
    client: reqwest::Client,
    task: tokio::task::JoinHandle<()>,
    database: Option<Database>,
}

/// What tests set of a server.
struct Options<'o> {
    avatars: &'o str,
    origins: &'o str,
    list_timeout: Duration,
    edition: Edition,
    wire: WireLimits,
    proxies: Proxies,
    replica: Option<&'o str>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        let list_timeout = Duration::from_secs(10);
        let (wire, proxies) = (WireLimits::DEFAULT, Proxies::default());
        let (edition, replica) = (Edition::V2024_8, None);
        Self { avatars: "initials", origins: "", list_timeout, edition, wire, proxies, replica }
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with_avatars(avatars: &str) -> Self {
        Self::with(Options { avatars, ..Options::default() }).await
    }

    /// A server whose lists may take so long.
    pub async fn with_list_timeout(list_timeout: Duration) -> Self {
        Self::with(Options { list_timeout, ..Options::default() }).await
    }

    /// A server that pages of `origins` may call.
    pub async fn with_origins(origins: &str) -> Self {
        Self::with(Options { origins, ..Options::default() }).await
    }

    /// A server that speaks this edition by default.
    pub async fn with_edition(edition: Edition) -> Self {
        Self::with(Options { edition, ..Options::default() }).await
    }

    /// A server with these limits on connections.
    pub async fn with_wire(wire: WireLimits) -> Self {
        Self::with(Options { wire, ..Options::default() }).await
    }

    /// A server behind these proxies.
    pub async fn with_proxies(networks: &str) -> Self {
        let proxies = networks.parse().unwrap();
        Self::with(Options { proxies, ..Options::default() }).await
    }

    async fn with(options: Options<'_>) -> Self {
        let database = Database::create().await;
        let server = Self::on(&database.url, options).await;
        Self { database: Some(database), ..server }
    }

    /// Another server on the same database. It ends with the test; the first one removes the database.
    pub async fn beside(&self) -> Self {
        Self::on(&self.database.as_ref().unwrap().url, Options::default()).await
    }

    /// A server on the database at this URL, which is left as it is.
    pub async fn at(database: &str) -> Self {
        Self::on(database, Options::default()).await
    }

    /// A server on the database at this URL, which reads lists from the replica at another one.
    pub async fn with_replica(database: &str, replica: &str) -> Self {
        Self::on(database, Options { replica: Some(replica), ..Options::default() }).await
    }

    async fn on(database: &str, options: Options<'_>) -> Self {
        let Options { avatars, origins, list_timeout, edition, wire, proxies, replica } = options;
        let secret = rollcall::domain::secret::InstanceSecret::new(&"a secret for tests".into());
        let reads = ReadLimits { list_time: list_timeout, ..ReadLimits::DEFAULT };
        let mut store = Store::open(&database.parse().unwrap(), CONNECTIONS, reads).unwrap();
        if let Some(url) = replica {
            store = store.with_replica(&url.parse().unwrap(), reads).unwrap();
        }
        store.set_up(&secret, &ADMIN.into()).await.unwrap();
        let (avatars, passwords) = (avatars.parse().unwrap(), Passwords::new(8));
        let (limits, lifetimes) = (ObjectLimits::DEFAULT, Lifetimes::DEFAULT);
        let guesses = Guesses::new(Guesses::DEFAULT);
        let app = Arc::new(App { store, secret, avatars, passwords, limits, lifetimes, guesses, edition });
        let bound = Bound::to("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", bound.address().unwrap());
        let monitor = Monitor::of(app.clone());
        let endpoint = http::endpoint(app.clone(), &monitor, Limits::DEFAULT, &wire, &origins.parse().unwrap());
        let task =
            tokio::spawn(bound.serve(endpoint, Transport { limits: wire, proxies, tls: None }, std::future::pending()));
        let client = program::http_client().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { url, app, client, task, database: None }
    }

    /// Ends the server and removes its database.
    pub async fn stop(mut self) {
        self.task.abort();
        let _ = self.task.await;
        let app = Arc::try_unwrap(self.app).map_err(|_| "the server still holds the store");
        if let Ok(app) = app {
            app.store.close().await;
        }
        if let Some(database) = self.database.take() {
            database.remove().await;
        }
    }

    /// A request that nobody has signed. `path` starts after `/api/v3`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v3{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(self.request(Method::GET, path).bearer_auth(ADMIN)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.send(self.request(Method::POST, path).bearer_auth(ADMIN).json(&body)).await
    }

    /// Posts bytes that are declared as JSON.
    pub async fn post_bytes(&self, path: &str, body: impl Into<Vec<u8>>) -> Response {
        let request = self.request(Method::POST, path).bearer_auth(ADMIN);
        self.send(request.header("content-type", "application/json").body(body.into())).await
    }

    pub async fn send(&self, request: RequestBuilder) -> Response {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let response = Response { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), bytes };
        assert_ne!(response.status, 500, "{method} {path}: {}", response.body);
        schema::check(&method, &path, &response);
        response
    }

    /// Creates a group and returns its id.
    pub async fn group(&self, body: Value) -> String {
        let response = self.post("/core/groups/", body).await;
        assert_eq!(response.status, 201, "{}", response.body);
        response.body["pk"].as_str().unwrap().to_owned()
    }

    /// Creates a user with a name and these fields.
    pub async fn user(&self, username: &str, fields: Value) -> Response {
        let mut body = json!({"username": username, "name": "Name"});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.post("/core/users/", body).await
    }

    /// Adds users directly in the database: `a1`, `a2` and so on, with these attributes.
    pub async fn add_users(&self, numbers: RangeInclusive<usize>, attributes: &Value) {
        // Of version 7, one a millisecond.
        let (uuid, object) = if self.is_postgres() {
            let digits = "lpad(to_hex(1700000000000 + n), 12, '0') || '7000a' || substr(md5(random()::text), 1, 15)";
            (format!("({digits})::uuid"), format!("CAST('{attributes}' AS jsonb)"))
        } else {
            let digits = "printf('%012x', 1700000000000 + n) || '7000a' || substr(hex(randomblob(8)), 1, 15)";
            (format!("unhex({digits})"), format!("'{attributes}'"))
        };
        let (first, last) = numbers.into_inner();
        self.execute(&format!(
            "INSERT INTO users (uuid, username, name, email, is_active, path, type, attributes)
                WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
                SELECT {uuid}, 'a' || n, 'Name', '', TRUE, 'users', 'internal', {object} FROM numbers"
        ))
        .await;
    }

    /// Returns a token of a new user without rights.
    pub async fn plain_token(&self) -> String {
        assert_eq!(self.user("plain", json!({})).await.status, 201);
        self.token("plain", "plain-token", "the-plain-token").await;
        "the-plain-token".into()
    }

    /// Creates a token with this key, which never expires.
    pub async fn token(&self, username: &str, identifier: &str, key: &str) {
        let user_id = self.app.store.user_id(username).await.unwrap().unwrap();
        let token = NewToken {
            identifier: identifier.to_owned(),
            intent: Intent::Api,
            description: String::new(),
            expires: None,
            managed: None,
            key: key.into(),
        };
        self.app.store.create_token(&self.app.secret, user_id.into(), token.into()).await.unwrap().unwrap();
    }

    /// Executes SQL directly in the database.
    pub async fn execute(&self, sql: &str) {
        self.database.as_ref().unwrap().execute(sql).await;
    }

    /// The number of deadlocks that PostgreSQL has noticed in the database.
    pub async fn deadlocks(&self) -> i64 {
        self.statistic("SELECT deadlocks AS number FROM pg_stat_database WHERE datname = current_database()").await
    }

    /// The number of users that PostgreSQL has read by scanning the whole table.
    pub async fn scanned_users(&self) -> i64 {
        self.scanned("'users'").await
    }

    /// The number of rows that PostgreSQL has read by scanning these tables.
    pub async fn scanned(&self, tables: &str) -> i64 {
        self.statistic(&format!(
            "SELECT CAST(sum(seq_tup_read) AS bigint) AS number FROM pg_stat_user_tables WHERE relname IN ({tables})"
        ))
        .await
    }

    /// A number from PostgreSQL's statistics.
    async fn statistic(&self, sql: &str) -> i64 {
        // Sessions report what they counted once a second.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        self.number(sql).await
    }

    /// The column `number` that a query to PostgreSQL returns.
    pub async fn number(&self, sql: &str) -> i64 {
        self.database.as_ref().unwrap().number(sql).await
    }

    /// Blocks the server's writes until the result is dropped.
    pub async fn hold_writers(&self) -> Box<dyn std::any::Any> {
        self.database.as_ref().unwrap().hold().await
    }

    /// The database of a server that was started with one of its own.
    pub fn database(&self) -> &Database {
        self.database.as_ref().unwrap()
    }

    /// The URL of the database.
    pub fn database_url(&self) -> &str {
        &self.database.as_ref().unwrap().url
    }

    pub fn is_behind_pooler(&self) -> bool {
        self.database.as_ref().unwrap().is_behind_pooler()
    }

    pub fn is_postgres(&self) -> bool {
        self.database.as_ref().unwrap().is_postgres()
    }

    /// Counts the statements executed for `work`. The caller is looked up beforehand, so that `work` finds it cached.
    pub async fn count_statements<T>(&self, work: impl Future<Output = T>) -> (u64, T) {
        self.app.store.forget_callers();
        self.get("/core/users/me/").await;
        let before = self.app.store.statements();
        let response = work.await;
        (self.app.store.statements() - before, response)
    }
}

pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Response {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns all values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// Returns status and body, to compare both at once.
    pub fn both(&self) -> (u16, Value) {
        (self.status, self.body.clone())
    }
}
