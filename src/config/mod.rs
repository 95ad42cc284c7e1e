//! Settings: from flags, the environment, an optional TOML file, and defaults, in that order.
//!
//! clap declares every setting once. A key of the file becomes the default of the flag of the same name, so the file is
//! parsed and checked by the same rules.

mod file;
mod server;
mod values;

use std::{
    io,
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use clap::Args;
use secrecy::SecretString;

use self::values::{at_least, number};
pub use self::{file::SettingsFile, server::Server};
use crate::{
    api::Edition,
    data_dir::{self, DataDirError, Lock},
    domain::{avatar::Avatars, limits::ObjectLimits, secret::InstanceSecret},
    http::TlsError,
    log::{self, Log},
    store::{DatabaseUrl, ReadLimits},
};

/// The settings of `rollcall serve`.
#[derive(Debug, Args)]
pub struct Settings {
    #[command(flatten)]
    pub server: Server,
    #[command(flatten)]
    pub storage: Storage,
    #[command(flatten)]
    pub directory: Directory,
    #[command(flatten)]
    pub logging: Logging,
}

/// A default in the unit of the settings.
fn seconds(time: Duration) -> NonZeroU32 {
    u32::try_from(time.as_secs()).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN)
}

fn duration(seconds: NonZeroU32) -> Duration {
    Duration::from_secs(seconds.get().into())
}

/// Where the directory is kept.
#[derive(Debug, Args)]
#[command(next_help_heading = "Storage")]
pub struct Storage {
    /// Directory for the database file and the secret key; created if it doesn't exist. Without a database URL, only
    /// one server at a time can use it
    #[arg(long, env = "ROLLCALL_DATA_DIR", default_value = "./data", value_name = "PATH")]
    pub data_dir: PathBuf,

    /// Database: `postgres://USER:PASSWORD@HOST/NAME` or `sqlite:FILE` [default: a SQLite file in the data directory].
    /// With several hosts, separated by commas, the primary among them is used
    #[arg(long, env = "ROLLCALL_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<DatabaseUrl>,

    /// A read replica of that database, which lists are read from: `postgres://USER:PASSWORD@HOST/NAME` [default: none]
    #[arg(long, env = "ROLLCALL_DATABASE_READ_URL", hide_env_values = true, value_name = "URL")]
    pub database_read_url: Option<DatabaseUrl>,

    /// Most connections to PostgreSQL; all instances together must stay below its `max_connections`
    #[arg(long, env = "ROLLCALL_DATABASE_CONNECTIONS", default_value = "20", value_parser = number::<NonZeroUsize>(1..=10_000), value_name = "NUMBER")]
    pub database_connections: NonZeroUsize,

    /// The longest time that a list may take, in seconds; it is answered with 503 then
    #[arg(long, env = "ROLLCALL_LIST_TIMEOUT", default_value_t = seconds(ReadLimits::DEFAULT.list_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    list_timeout: NonZeroU32,

    /// The most bytes that a response may read from the database at once; a request for more gets 400
    #[arg(long, env = "ROLLCALL_MAX_RESPONSE", default_value_t = ReadLimits::DEFAULT.bytes, value_parser = number::<usize>(at_least(64 * 1_024)), value_name = "BYTES")]
    max_response: usize,

    /// Secret that token keys are encrypted with, at least 16 characters; keep it for the life of the database
    /// [default: created by the first start, in `secret.key` in the data directory]
    #[arg(long, env = "ROLLCALL_SECRET_KEY", hide_env_values = true, value_parser = values::secret_key, value_name = "SECRET")]
    pub secret_key: Option<SecretString>,
}

/// What the program tells about itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "Log")]
pub struct Logging {
    /// What to log: `error`, `warn`, `info`, `debug` or `trace`, for all or by module (`warn,rollcall=debug`);
    /// `info,rollcall::http=debug` adds a line for every request
    #[arg(long, env = "ROLLCALL_LOG", default_value = "info", value_name = "FILTER")]
    pub log: log::Filter,

    /// How to log
    #[arg(long, env = "ROLLCALL_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    log_format: log::Format,

    /// Where to send traces of requests by the OpenTelemetry protocol (OTLP over HTTP), such as `http://127.0.0.1:4318`
    /// [default: nowhere]
    #[arg(long, env = "ROLLCALL_OTLP_ENDPOINT", value_name = "URL")]
    otlp_endpoint: Option<log::Collector>,
}

impl Logging {
    /// Begins to log, and to export traces.
    ///
    /// # Errors
    ///
    /// If traces can't be exported.
    pub fn start(&self) -> Result<Log, log::ExportError> {
        Log::start(&self.log, self.log_format, self.otlp_endpoint.as_ref())
    }
}

/// What the directory does.
#[derive(Debug, Args)]
#[command(next_help_heading = "Directory")]
pub struct Directory {
    /// API token of the administrator that the first start makes [default: a random one, shown once]
    #[arg(long, env = "ROLLCALL_BOOTSTRAP_TOKEN", hide_env_values = true, value_parser = values::token, value_name = "TOKEN")]
    pub bootstrap_token: Option<SecretString>,

    /// The release of authentik, 2024.8 or 2026.8, whose document is served and whose version is told unless a client asks for
    /// another; requests and responses are the same
    #[arg(long, env = "ROLLCALL_EDITION", default_value = "2024.8", value_name = "RELEASE")]
    pub edition: Edition,

    /// The fewest characters of a new password
    #[arg(long, env = "ROLLCALL_PASSWORD_MIN_LENGTH", default_value_t = 1, value_parser = number::<usize>(at_least(1)), value_name = "CHARACTERS")]
    pub password_min_length: usize,

    /// The fewest characters of a token's key that a client sets
    #[arg(long, env = "ROLLCALL_TOKEN_KEY_MIN_LENGTH", default_value_t = ObjectLimits::DEFAULT.token_key, value_parser = number::<usize>(at_least(1)), value_name = "CHARACTERS")]
    pub token_key_min_length: usize,

    /// The largest attributes of a user or group, in bytes of JSON
    #[arg(long, env = "ROLLCALL_MAX_ATTRIBUTES", default_value_t = ObjectLimits::DEFAULT.attributes, value_parser = number::<usize>(at_least(2)), value_name = "BYTES")]
    pub max_attributes: usize,

    /// The most groups that one request may name for a user, or as parents of a group
    #[arg(long, env = "ROLLCALL_MAX_GROUPS", default_value_t = ObjectLimits::DEFAULT.groups, value_parser = number::<usize>(at_least(1)), value_name = "NUMBER")]
    pub max_groups: usize,

    /// Where avatars come from, the first that fits: `initials`, `gravatar`, `attributes.PATH`, `none`, or a URL with
    /// `%(username)s`, `%(mail_hash)s`, `%(upn)s`; several are separated by commas
    #[arg(long, env = "ROLLCALL_AVATARS", default_value = "initials", value_name = "SOURCES")]
    pub avatars: Avatars,
}

impl Directory {
    /// How much a request may store.
    pub fn limits(&self) -> ObjectLimits {
        ObjectLimits { attributes: self.max_attributes, groups: self.max_groups, token_key: self.token_key_min_length }
    }
}

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{}: {cause}", path.display())]
    File { path: PathBuf, cause: io::Error },
    #[error("{}, line {line}: {message}", path.display())]
    InFile { path: PathBuf, line: usize, message: String },
    #[error(
        "{0}: without TLS, others can read tokens and passwords on their way. Set a certificate (ROLLCALL_TLS_CERTIFICATE, \
         ROLLCALL_TLS_KEY); or name the proxies that speak TLS for this server (ROLLCALL_TRUSTED_PROXIES); or allow it \
         (ROLLCALL_ALLOW_PLAINTEXT=true)"
    )]
    Plaintext(SocketAddr),
    #[error("ROLLCALL_TLS_CERTIFICATE (--tls-certificate) and ROLLCALL_TLS_KEY (--tls-key) are used together")]
    HalfTls,
    #[error(
        "ROLLCALL_DATABASE_READ_URL (--database-read-url) is for a PostgreSQL replica of the database at ROLLCALL_DATABASE_URL \
         (--database-url)"
    )]
    NoReplica,
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    DataDir(#[from] DataDirError),
}

impl Storage {
    /// Limits on reads.
    pub fn read_limits(&self) -> ReadLimits {
        ReadLimits { list_time: duration(self.list_timeout), bytes: self.max_response }
    }

    /// The database to use.
    pub fn database(&self) -> DatabaseUrl {
        self.database_url.clone().unwrap_or_else(|| DatabaseUrl::in_directory(&self.data_dir))
    }

    /// The read replica to use, if any.
    ///
    /// # Errors
    ///
    /// If it or the database is not PostgreSQL.
    pub fn replica(&self) -> Result<Option<&DatabaseUrl>, ConfigError> {
        let replica = self.database_read_url.as_ref();
        let can_be_used = |url: &&DatabaseUrl| url.is_postgres() && self.database().is_postgres();
        if replica.is_none_or(|url| can_be_used(&url)) { Ok(replica) } else { Err(ConfigError::NoReplica) }
    }

    /// Creates the data directory, if it is used.
    ///
    /// # Errors
    ///
    /// If it can't be created.
    pub fn create_directory(&self) -> Result<(), DataDirError> {
        if self.database_url.is_none() || self.secret_key.is_none() {
            data_dir::create(&self.data_dir)?;
        }
        Ok(())
    }

    /// Prevents other servers from using the data directory while the result exists. Does nothing if a database URL is
    /// set: several instances may share that database, and the directory with it.
    ///
    /// # Errors
    ///
    /// If another server uses the directory, or it can't be created or locked.
    pub fn lock(&self) -> Result<Option<Lock>, DataDirError> {
        if self.database_url.is_some() {
            return Ok(None);
        }
        self.create_directory()?;
        data_dir::lock(&self.data_dir).map(Some)
    }

    /// The instance's secret: the setting, or the file in the data directory, which the first start creates.
    ///
    /// # Errors
    ///
    /// If the file can't be read or created, or its key is too short.
    pub fn secret(&self) -> Result<InstanceSecret, DataDirError> {
        match &self.secret_key {
            Some(secret) => Ok(InstanceSecret::new(secret)),
            None => data_dir::secret(&self.data_dir).map(|secret| InstanceSecret::new(&secret)),
        }
    }

    /// The instance's secret, if there is one already.
    ///
    /// # Errors
    ///
    /// If there is none, the file can't be read, or its key is too short.
    pub fn existing_secret(&self) -> Result<InstanceSecret, DataDirError> {
        match &self.secret_key {
            Some(secret) => Ok(InstanceSecret::new(secret)),
            None => data_dir::existing_secret(&self.data_dir).map(|secret| InstanceSecret::new(&secret)),
        }
    }
}
