//! Which server the commands act on, and the connection to it.

use std::{fs, net::IpAddr, path::PathBuf, time::Duration};

use clap::Args;
use reqwest::{
    Certificate, Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
    redirect,
};
use rollcall_client::{Client, LastResponse};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;
use tokio_rustls::rustls::crypto::ring;

use super::{
    profile::{self, Profile},
    refusal,
};
use crate::cli::{Exit, Failure, output::Output};

const DEFAULT_URL: &str = "http://127.0.0.1:8000";

/// How long connecting may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a request may take, connecting included.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Which server to act on, and as whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// URL of the server [default: that of the profile, or http://127.0.0.1:8000]
    #[arg(long, env = "ROLLCALL_URL", value_name = "URL", global = true)]
    url: Option<String>,

    /// API token [default: that of the profile]. Other users of this machine can see flags; use the variable or the
    /// profile where there are any
    #[arg(long, env = "ROLLCALL_TOKEN", hide_env_values = true, value_name = "TOKEN", global = true)]
    token: Option<SecretString>,

    /// TOML file with `url`, `token` and `ca_certificate`, which only its owner can read [default:
    /// ~/.config/rollcall/profile.toml, if it exists]
    #[arg(long, env = "ROLLCALL_PROFILE", value_name = "FILE", global = true)]
    profile: Option<PathBuf>,

    /// File with certificates in PEM format of authorities to trust besides those of the system
    #[arg(long, value_name = "FILE", global = true)]
    ca_certificate: Option<PathBuf>,

    /// Send the token without TLS to another machine, although it can be read on its way
    #[arg(long, global = true)]
    allow_plaintext: bool,

    /// Print JSON instead of text
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
}

/// A server, and the token for it if one is known.
#[derive(Debug)]
pub struct Target {
    url: Url,
    token: Option<SecretString>,
    ca_certificate: Option<PathBuf>,
    allow_plaintext: bool,
    json: bool,
}

impl ConnectionArgs {
    /// Adds what the profile says where neither a flag nor a variable says otherwise.
    ///
    /// # Errors
    ///
    /// If the profile or the URL is wrong.
    pub fn target(&self) -> Result<Target, Failure> {
        let profile = Profile::read(self.profile.as_deref())?;
        let parse =
            |url: &str| base(url).map_err(|problem| Failure::new(Exit::Usage, format!("the server's URL {problem}")));
        let own = parse(profile.url.as_deref().unwrap_or(DEFAULT_URL))?;
        let url = self.url.as_deref().map_or_else(|| Ok(own.clone()), parse)?;
        // The token of a profile is for the server of that profile only.
        let token = profile.token.filter(|_| url == own);
        Ok(Target {
            url,
            token: self.token.clone().or(token).filter(|token| !token.expose_secret().is_empty()),
            ca_certificate: self.ca_certificate.clone().or(profile.ca_certificate),
            allow_plaintext: self.allow_plaintext,
            json: self.json,
        })
    }

    /// Connects to the server as the owner of the token.
    ///
    /// # Errors
    ///
    /// If a setting is wrong, or there is no token.
    pub fn connect(&self) -> Result<Connection, Failure> {
        self.target()?.connect()
    }
}

/// Parses the URL of a server, with or without `/api/v3` at its end. What is wrong with it is told without the URL, which
/// may hold a password.
fn base(url: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(url.trim()).map_err(|_| "must look like http://127.0.0.1:8000")?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err("must start with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a user name or password; the token says who you are");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not have a ? or #");
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/api/v3").unwrap_or(path).to_owned();
    url.set_path(&path);
    Ok(url)
}

impl Target {
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Connects to the server.
    ///
    /// # Errors
    ///
    /// If there is no token, it may not be sent, or the certificates can't be read.
    pub fn connect(self) -> Result<Connection, Failure> {
        let usage = |message: String| Failure::new(Exit::Usage, message);
        let url = self.url.as_str().trim_end_matches('/').to_owned();
        let Some(token) = &self.token else {
            let path = profile::default_path();
            let path = path.map_or_else(|| "a profile".to_owned(), |path| path.display().to_string());
            return Err(usage(format!(
                "no API token for {url}. Set ROLLCALL_TOKEN, or write `token = \"...\"` into {path}. The first start of \
                 the server prints one; `rollcall token create --user NAME --data-dir PATH` creates one next to its data"
            )));
        };
        let (is_loopback, is_plain) = (is_loopback(&self.url), self.url.scheme() == "http");
        if is_plain && !is_loopback && !self.allow_plaintext {
            return Err(usage(format!(
                "{url} is on another machine and without TLS: others could read the token on its way. Use https://, or \
                 allow it with --allow-plaintext"
            )));
        }
        let header = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()));
        let mut header = header.map_err(|_| usage("the API token has a character that no token has".to_owned()))?;
        header.set_sensitive(true);
        // Another one that is installed already is fine, too.
        let _ = ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, header)]))
            .user_agent(concat!("rollcall/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            // The token is for this server only, and a POST would become a GET.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never());
        if is_loopback {
            builder = builder.no_proxy();
        }
        builder = match &self.ca_certificate {
            // Without TLS, reading the system's certificates could only fail.
            _ if is_plain => builder.tls_certs_only([]),
            Some(file) => builder.tls_certs_merge(certificates(file).map_err(usage)?),
            None => builder,
        };
        let http = builder.build().map_err(|error| usage(format!("TLS can't be used: {}", refusal::cause(&error))))?;
        let last = LastResponse::default();
        let client = Client::new_with_client(&format!("{url}/api/v3"), http, last.clone());
        Ok(Connection { client, last, url, output: Output { json: self.json } })
    }
}

/// Whether what is sent to this URL stays on this machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

fn certificates(file: &PathBuf) -> Result<Vec<Certificate>, String> {
    let read = || -> Result<Vec<Certificate>, String> {
        let pem = fs::read(file).map_err(|error| error.to_string())?;
        Certificate::from_pem_bundle(&pem).map_err(|error| refusal::cause(&error))
    };
    match read() {
        Ok(found) if found.is_empty() => Err(format!("{}: no certificate in PEM format", file.display())),
        Ok(found) => Ok(found),
        Err(cause) => Err(format!("{}: {cause}", file.display())),
    }
}

/// A connection to a server, for one request at a time.
#[derive(Debug)]
pub struct Connection {
    pub client: Client,
    last: LastResponse,
    /// As messages name the server.
    pub url: String,
    pub output: Output,
}

/// What the server returned: parsed, and as it was sent.
#[derive(Debug)]
pub struct Reply<T> {
    pub value: T,
    json: bytes::Bytes,
}

impl<T> Reply<T> {
    /// A part of the response as it was sent.
    ///
    /// # Errors
    ///
    /// Never for what was parsed already.
    pub fn raw<'r, R: serde::Deserialize<'r>>(&'r self) -> Result<R, Failure> {
        Ok(serde_json::from_slice(&self.json)?)
    }

    /// The object as it was sent.
    ///
    /// # Errors
    ///
    /// Never for what was parsed already.
    pub fn object(&self) -> Result<Box<RawValue>, Failure> {
        self.raw::<&RawValue>().map(ToOwned::to_owned)
    }
}

impl Connection {
    /// Waits for the response to a request.
    ///
    /// # Errors
    ///
    /// If the server can't be reached, refuses the request, or is another one than Rollcall.
    pub async fn call<T, E>(
        &self,
        request: impl Future<Output = Result<rollcall_client::ResponseValue<T>, rollcall_client::Error<E>>>,
    ) -> Result<Reply<T>, Failure> {
        let result = request.await;
        let received = self.last.take();
        match (result, received) {
            (Ok(value), Some(received)) => Ok(Reply { value: value.into_inner(), json: received.body }),
            (Err(rollcall_client::Error::CommunicationError(error)), _) => {
                Err(refusal::of_transport(&self.url, &error))
            }
            (Err(rollcall_client::Error::InvalidRequest(problem)), _) => Err(Failure::new(Exit::Rejected, problem)),
            (_, Some(received)) => Err(refusal::of_response(&self.url, &received)),
            (_, None) => Err(refusal::of_stranger(&self.url)),
        }
    }
}

/// Converts what the user gave to what the API takes.
///
/// # Errors
///
/// If the contract doesn't allow it. Names the field.
pub fn field<T: TryFrom<String, Error: std::fmt::Display>>(name: &str, text: &str) -> Result<T, Failure> {
    let converted = T::try_from(text.to_owned());
    converted.map_err(|problem| Failure::new(Exit::Rejected, format!("{name}: {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_server_is_accepted_with_and_without_the_path_of_the_api() {
        for (given, expected) in [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
            (" https://directory.example/api/v3/ ", "https://directory.example/"),
            ("https://example.com/directory/api/v3", "https://example.com/directory"),
            ("https://example.com/directory/", "https://example.com/directory"),
        ] {
            assert_eq!(base(given).unwrap().as_str(), expected);
        }
        for wrong in ["", "127.0.0.1:8000", "localhost:8000", "ftp://a", "http://", "http://a/?b", "http://me:hush@a"] {
            assert!(!base(wrong).unwrap_err().contains("hush"), "{wrong}");
        }
    }

    #[test]
    fn only_addresses_of_this_machine_count_as_loopback() {
        for (url, expected) in [
            ("http://localhost:1", true),
            ("http://127.9.8.7", true),
            ("http://[::1]:80", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://localhost.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("http://10.0.0.1", false),
            ("http://[::2]", false),
        ] {
            assert_eq!(is_loopback(&base(url).unwrap()), expected, "{url}");
        }
    }
}
