//! Settings of the server: where it listens, who may reach it, and limits on what they send.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use clap::{Args, builder::BoolishValueParser};

use super::{
    ConfigError, duration, seconds,
    values::{at_least, listen_address, number},
};
use crate::{
    api::Limits,
    domain::guesses::Guesses,
    http::{Origins, Proxies, Tls, TlsFiles, Transport, WireLimits},
};

/// Where and how to listen.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server")]
pub struct Server {
    /// Address and port to listen on
    #[arg(long, env = "ROLLCALL_LISTEN", default_value = "127.0.0.1:8000", value_parser = listen_address, value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Address and port of their own for `/-/metrics/`, which needs no token there, and `/-/health/`; without it, metrics are
    /// at the address of the API, for superusers
    #[arg(long, env = "ROLLCALL_METRICS_LISTEN", value_parser = listen_address, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,

    /// The largest request body, in bytes
    #[arg(long, env = "ROLLCALL_MAX_BODY", default_value_t = Limits::DEFAULT.body, value_parser = number::<usize>(at_least(1)), value_name = "BYTES")]
    pub max_body: usize,

    /// The most keys of all objects in a request body
    #[arg(long, env = "ROLLCALL_MAX_JSON_KEYS", default_value_t = Limits::DEFAULT.json_keys, value_parser = number::<usize>(at_least(1)), value_name = "NUMBER")]
    pub max_json_keys: usize,

    /// The most parameters in a query string
    #[arg(long, env = "ROLLCALL_MAX_QUERY_PARAMETERS", default_value_t = Limits::DEFAULT.query_parameters,
        value_parser = number::<usize>(at_least(1)), value_name = "NUMBER")]
    pub max_query_parameters: usize,

    /// How long to go on after SIGTERM or SIGINT, in seconds, while `/-/health/ready/` says that the server stops, so that
    /// those who balance load notice it; a second signal ends the wait
    #[arg(long, env = "ROLLCALL_STOP_DELAY", default_value_t = 0, value_parser = number::<u32>(at_least(0)), value_name = "SECONDS")]
    stop_delay: u32,

    /// How long requests in flight may go on when the server stops, in seconds
    #[arg(long, env = "ROLLCALL_STOP_TIMEOUT", default_value_t = seconds(WireLimits::DEFAULT.stop_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    stop_timeout: NonZeroU32,

    #[command(flatten)]
    pub access: Access,

    #[command(flatten)]
    pub connections: Connections,

    /// Origins whose web pages may call the API from a browser, such as `https://app.example.com`; comma-separated
    /// [default: none]
    #[arg(long, env = "ROLLCALL_CORS_ORIGINS", default_value = "", hide_default_value = true, value_name = "ORIGINS")]
    pub cors_origins: Origins,
}

/// How clients reach the server.
#[derive(Debug, Args)]
#[command(next_help_heading = "Access")]
pub struct Access {
    /// File with the TLS certificate in PEM format, and after it those of its authorities; read again when it changes.
    /// With it, the server speaks HTTPS only [default: none]
    #[arg(long, env = "ROLLCALL_TLS_CERTIFICATE", value_name = "FILE")]
    tls_certificate: Option<PathBuf>,

    /// File with the key of the TLS certificate in PEM format
    #[arg(long, env = "ROLLCALL_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,

    /// Addresses and networks of proxies that tell the client's address in `X-Forwarded-For` or `Forwarded`, such as
    /// `10.0.0.0/8`; comma-separated [default: none]
    #[arg(
        long,
        env = "ROLLCALL_TRUSTED_PROXIES",
        default_value = "",
        hide_default_value = true,
        value_name = "NETWORKS"
    )]
    trusted_proxies: Proxies,

    /// Listen on other addresses than those of this machine's loopback without TLS and without a trusted proxy, although
    /// tokens and passwords can be read on their way
    #[arg(long, env = "ROLLCALL_ALLOW_PLAINTEXT", value_parser = BoolishValueParser::new())]
    allow_plaintext: bool,

    /// How many wrong tokens an address may try before it has to wait, and gets 429; 0 for any number
    #[arg(long, env = "ROLLCALL_MAX_WRONG_TOKENS", default_value_t = Guesses::DEFAULT, value_parser = number::<u32>(at_least(0)), value_name = "NUMBER")]
    pub max_wrong_tokens: u32,
}

/// How much clients may use of what connections need.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connections")]
pub struct Connections {
    /// The most connections at once; further ones get 503
    #[arg(long, env = "ROLLCALL_MAX_CONNECTIONS", default_value_t = WireLimits::DEFAULT.connections,
        value_parser = number::<usize>(at_least(1)), value_name = "NUMBER")]
    max_connections: usize,

    /// The most connections at once from one IPv4 address or one /64 network of IPv6; trusted proxies may have more
    #[arg(long, env = "ROLLCALL_MAX_CONNECTIONS_PER_ADDRESS",
        default_value_t = WireLimits::DEFAULT.connections_per_address, value_parser = number::<usize>(at_least(1)), value_name = "NUMBER")]
    max_connections_per_address: usize,

    /// How long a connection may wait for its next request, in seconds
    #[arg(long, env = "ROLLCALL_IDLE_TIMEOUT", default_value_t = seconds(WireLimits::DEFAULT.idle_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    idle_timeout: NonZeroU32,

    /// How long the head of a request may take to arrive, in seconds
    #[arg(long, env = "ROLLCALL_HEADER_TIMEOUT", default_value_t = seconds(WireLimits::DEFAULT.head_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    header_timeout: NonZeroU32,

    /// How long a body may take to arrive, in seconds; it is answered with 408 then
    #[arg(long, env = "ROLLCALL_BODY_TIMEOUT", default_value_t = seconds(WireLimits::DEFAULT.body_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    body_timeout: NonZeroU32,

    /// How long a client may leave a response unread, in seconds
    #[arg(long, env = "ROLLCALL_WRITE_TIMEOUT", default_value_t = seconds(WireLimits::DEFAULT.write_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    write_timeout: NonZeroU32,

    /// The longest time that a request may take, in seconds; it is answered with 503 then
    #[arg(long, env = "ROLLCALL_REQUEST_TIMEOUT", default_value_t = seconds(WireLimits::DEFAULT.request_time),
        value_parser = number::<NonZeroU32>(at_least(1)), value_name = "SECONDS")]
    request_timeout: NonZeroU32,

    /// The largest head of a request, in bytes; a larger one gets 431
    #[arg(long, env = "ROLLCALL_MAX_HEADER", default_value_t = WireLimits::DEFAULT.head, value_parser = number::<usize>(at_least(1_024)), value_name = "BYTES")]
    max_header: usize,

    /// The most header fields of a request; more get 431
    #[arg(long, env = "ROLLCALL_MAX_HEADER_FIELDS", default_value_t = WireLimits::DEFAULT.header_fields,
        value_parser = number::<usize>(16..=10_000), value_name = "NUMBER")]
    max_header_fields: usize,

    /// The longest path and query, in bytes; longer ones get 414
    #[arg(long, env = "ROLLCALL_MAX_URL", default_value_t = WireLimits::DEFAULT.url, value_parser = number::<usize>(at_least(256)), value_name = "BYTES")]
    max_url: usize,

    /// The most bytes of request bodies and responses held at once; those below 64 KiB don't count, and what doesn't fit
    /// gets 503
    #[arg(long, env = "ROLLCALL_MAX_BUFFERED", default_value_t = WireLimits::DEFAULT.buffered, value_parser = number::<usize>(at_least(1)), value_name = "BYTES")]
    max_buffered: usize,
}

impl Server {
    /// How requests come.
    ///
    /// # Errors
    ///
    /// If others could read what clients send without this being allowed, or the certificate can't be used.
    pub fn transport(&self) -> Result<Transport, ConfigError> {
        let tls = self.access.tls_files()?.map(Tls::new).transpose()?.map(Arc::new);
        let proxies = self.access.trusted_proxies.clone();
        if tls.is_none() && proxies.is_empty() && !is_loopback(self.listen.ip()) {
            if !self.access.allow_plaintext {
                return Err(ConfigError::Plaintext(self.listen));
            }
            tracing::warn!(address = %self.listen, "there is no TLS: tokens and passwords can be read on their way");
        }
        Ok(Transport { limits: self.connections.limits(duration(self.stop_timeout)), proxies, tls })
    }

    /// How long to go on after a signal to stop.
    pub fn stop_delay(&self) -> Duration {
        Duration::from_secs(self.stop_delay.into())
    }

    /// Whether it speaks HTTPS.
    pub fn has_tls(&self) -> bool {
        self.access.tls_certificate.is_some()
    }

    /// Limits on requests.
    pub fn limits(&self) -> Limits {
        Limits { body: self.max_body, json_keys: self.max_json_keys, query_parameters: self.max_query_parameters }
    }
}

impl Access {
    fn tls_files(&self) -> Result<Option<TlsFiles>, ConfigError> {
        match (self.tls_certificate.clone(), self.tls_key.clone()) {
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
            (None, None) => Ok(None),
            _ => Err(ConfigError::HalfTls),
        }
    }
}

/// Whether only this machine can reach an address.
fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

impl Connections {
    /// Limits on connections and what comes over them.
    fn limits(&self, stop_time: Duration) -> WireLimits {
        WireLimits {
            connections: self.max_connections,
            connections_per_address: self.max_connections_per_address,
            idle_time: duration(self.idle_timeout),
            head_time: duration(self.header_timeout),
            body_time: duration(self.body_timeout),
            write_time: duration(self.write_timeout),
            stop_time,
            request_time: duration(self.request_timeout),
            head: self.max_header,
            header_fields: self.max_header_fields,
            url: self.max_url,
            buffered: self.max_buffered,
        }
    }
}
