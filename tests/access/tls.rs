//! TLS: with a certificate that is replaced, for clients that speak something else, and where it is needed.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        client::Resumption,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    },
};

use crate::support::program::{Running, rollcall, stderr};

/// An authority that signs certificates for `localhost`.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        // Another name than that of the certificates it signs.
        params.distinguished_name.push(rcgen::DnType::CommonName, "authority of the test");
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Writes a new certificate and its key to the files of [`serve`]. Returns the certificate.
    fn issue(&self, directory: &Path) -> CertificateDer<'static> {
        let key = KeyPair::generate().unwrap();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &self.0).unwrap();
        write(&directory.join("key.pem"), &key.serialize_pem());
        write(&directory.join("certificate.pem"), &certificate.pem());
        fs::write(directory.join("authority.pem"), self.0.pem()).unwrap();
        certificate.der().clone()
    }

    fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        // A session that is resumed goes on with the certificate it had.
        config.resumption = Resumption::disabled();
        Arc::new(config).into()
    }
}

/// Replaces a file at once, as a program that renews certificates does.
fn write(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).unwrap();
    fs::rename(new, path).unwrap();
}

fn command(directory: &Path) -> Command {
    let mut command = rollcall(&directory.join("data"));
    command.env("ROLLCALL_TLS_CERTIFICATE", directory.join("certificate.pem"));
    command.env("ROLLCALL_TLS_KEY", directory.join("key.pem")).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token");
    command
}

fn serve(directory: &Path) -> Running {
    let server = Running::start(&mut command(directory));
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    server
}

fn address(server: &Running) -> &str {
    server.url.trim_start_matches("https://")
}

/// Asks so many times over one new connection. Returns the certificate that the server showed.
async fn ask(connector: &TlsConnector, address: &str, times: usize) -> std::io::Result<CertificateDer<'static>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = connector.connect(name, stream).await?;
    for _ in 0..times {
        let request = "HEAD /api/v3/core/users/me/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer given-token\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut response = Vec::new();
        while !response.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut response).await? == 0 {
                return Err(std::io::Error::other(String::from_utf8_lossy(&response).into_owned()));
            }
        }
        assert!(response.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&response));
    }
    let (_, session) = stream.get_ref();
    Ok(session.peer_certificates().unwrap()[0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_replaced_under_load_and_no_request_fails() {
    let directory = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let first = authority.issue(directory.path());
    let server = serve(directory.path());
    let (address, connector) = (address(&server), authority.connector());
    let (stop, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let load = |_| async {
        while !stop.load(Ordering::Relaxed) {
            ask(&connector, address, 5).await.unwrap();
            asked.fetch_add(5, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let replace = async {
        for signalled in [true, false] {
            let old = ask(&connector, address, 1).await.unwrap();
            let new = authority.issue(directory.path());
            assert_ne!(old, new);
            if signalled {
                server.signal("HUP");
            }
            let replaced = Instant::now();
            while ask(&connector, address, 1).await.unwrap() != new {
                // Without the signal it is noticed after five seconds, and the machine may be busy.
                assert!(replaced.elapsed() < Duration::from_millis(if signalled { 4_500 } else { 15_000 }));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        stop.store(true, Ordering::Relaxed);
    };
    assert_eq!(ask(&connector, address, 1).await.unwrap(), first);
    tokio::join!(join_all((0..16).map(load)), replace);
    println!("{} requests, none failed", asked.load(Ordering::Relaxed));
    assert!(asked.load(Ordering::Relaxed) > 200);
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_used_are_refused_at_the_start_and_ignored_later() {
    let directory = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let good = authority.issue(directory.path());
    let (certificate, key) = (directory.path().join("certificate.pem"), directory.path().join("key.pem"));
    let (good_certificate, good_key) = (fs::read_to_string(&certificate).unwrap(), fs::read_to_string(&key).unwrap());
    let other_key = KeyPair::generate().unwrap().serialize_pem();
    let cases = [
        (&*good_certificate, &*other_key, "key.pem"),
        (&good_certificate, "", "key.pem"),
        ("", &good_key, "certificate.pem"),
        (&good_key, &good_key, "certificate.pem"),
        ("-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----\n", &good_key, "certificate.pem"),
    ];
    for (new_certificate, new_key, named) in cases {
        write(&certificate, new_certificate);
        write(&key, new_key);
        let refused = command(directory.path()).arg("serve").output().unwrap();
        let message = stderr(&refused);
        assert!(!refused.status.success() && message.contains(named), "{message}");
        let secret = new_key.lines().nth(1).unwrap_or("hush");
        assert!(!message.contains(secret), "{message}");
    }
    write(&certificate, &good_certificate);
    write(&key, &good_key);
    let log = directory.path().join("log");
    let mut command = command(directory.path());
    let server = Running::start_with_log(command.arg("serve"), fs::File::create(&log).unwrap());
    let (address, connector) = (address(&server), authority.connector());
    for (new_certificate, new_key, _) in cases {
        write(&certificate, new_certificate);
        write(&key, new_key);
        server.signal("HUP");
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(ask(&connector, address, 1).await.unwrap(), good);
    }
    let text = fs::read_to_string(log).unwrap();
    assert!(text.contains("the new TLS certificate can't be used") && !text.contains("PRIVATE"), "{text}");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_speak_something_else_are_told_or_given_up() {
    let directory = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    authority.issue(directory.path());
    let server = Running::start(command(directory.path()).env("ROLLCALL_HEADER_TIMEOUT", "1"));
    let send = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(address(&server)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut response = Vec::new();
        // The server may reset what it doesn't want to read.
        let _ = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    };
    let start = Instant::now();
    let response = send(b"GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer given-token\r\n\r\n");
    assert!(
        response.starts_with("HTTP/1.1 400 ") && response.ends_with("Use https:// for this address.\r\n"),
        "{response}"
    );
    // Half a handshake, none, and what only looks like one.
    for bytes in [&b"\x16\x03\x01\x02\x00\x01"[..], b"", b"\x16\x16\x16\x16\x16\x16\x16\x16"] {
        send(bytes);
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(ask(&authority.connector(), address(&server), 3).await.is_ok());
    let curl = |arguments: &[&str]| {
        let url = format!("https://localhost:{}/api/v3/root/config/", address(&server).rsplit_once(':').unwrap().1);
        let authority = directory.path().join("authority.pem");
        let mut curl = Command::new("curl");
        curl.args(["-s", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code}"]).args(arguments);
        String::from_utf8(curl.arg("--cacert").arg(authority).arg(url).output().unwrap().stdout).unwrap()
    };
    assert_eq!(curl(&[]), "200");
    assert_eq!(curl(&["--tlsv1.2", "--tls-max", "1.2"]), "200");
    assert_eq!(curl(&["--tls-max", "1.1"]), "000");
    server.stop();
}

#[test]
fn without_tls_only_this_machine_is_served_unless_told() {
    let directory = tempfile::tempdir().unwrap();
    let serve = |listen: &str| {
        let mut command = rollcall(&directory.path().join("data"));
        command.env("ROLLCALL_LISTEN", listen).env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token");
        command
    };
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:0.0.0.0]:0"] {
        let refused = serve(listen).arg("serve").output().unwrap();
        assert!(
            !refused.status.success() && stderr(&refused).contains("without TLS"),
            "{listen}: {}",
            stderr(&refused)
        );
    }
    assert!(!directory.path().join("data").exists(), "nothing was made");
    let log = directory.path().join("log");
    let warned = |setting: &str, value: &str| {
        let mut command = serve("0.0.0.0:0");
        command.env(setting, value);
        Running::start_with_log(command.arg("serve"), fs::File::create(&log).unwrap()).stop();
        fs::read_to_string(&log).unwrap().contains("there is no TLS")
    };
    assert!(warned("ROLLCALL_ALLOW_PLAINTEXT", "true"));
    assert!(warned("ROLLCALL_ALLOW_PLAINTEXT", "1"));
    assert!(!warned("ROLLCALL_TRUSTED_PROXIES", "192.0.2.1"));
    for listen in ["127.0.0.2:0", "[::1]:0"] {
        Running::start(&mut serve(listen)).stop();
    }
    for setting in ["ROLLCALL_TLS_KEY", "ROLLCALL_TLS_CERTIFICATE"] {
        let refused = serve("127.0.0.1:0").env(setting, "/nowhere").arg("serve").output().unwrap();
        assert!(stderr(&refused).contains("are used together"), "{}", stderr(&refused));
    }
}
