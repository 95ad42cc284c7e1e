//! `rollcall health`.

use std::sync::Arc;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::spawn_blocking,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring},
};

use super::Ran;
use crate::support::program::rollcall;

/// Responds with this status, and returns what was asked.
async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin, status: &str) -> String {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
    }
    let response = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nlocation: /\r\n\r\n");
    stream.write_all(response.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    String::from_utf8(request).unwrap()
}

async fn health(settings: Vec<(&'static str, String)>) -> Ran {
    spawn_blocking(|| Ran::new(rollcall("nowhere".as_ref()).arg("health").envs(settings))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_healthy_if_it_says_that_it_is_ready() {
    for (address, statuses) in [
        ("127.0.0.1", &["200 OK", "503 Service Unavailable", "404 Not Found", "302 Found"][..]),
        ("0.0.0.0", &["200 OK"]),
        ("[::]", &["200 OK"]),
    ] {
        let listener = TcpListener::bind(format!("{address}:0")).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for status in statuses {
            let accept = async { respond(listener.accept().await.unwrap().0, status).await };
            let (request, ran) = tokio::join!(accept, health(vec![("ROLLCALL_LISTEN", format!("{address}:{port}"))]));
            assert!(request.starts_with("GET /-/health/ready/ HTTP/1.1\r\n"), "{request}");
            match *status {
                "200 OK" => assert_eq!(ran.text(), "ready\n"),
                _ => ran.assert_fails(3, &format!("http://127.0.0.1:{port}/-/health/ready/: {status}")),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_of_a_server_may_be_for_its_name_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let issued = rcgen::generate_simple_self_signed(["directory.example.com".to_owned()]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![issued.cert.into()], issued.signing_key.into()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let accept = async { respond(acceptor.accept(listener.accept().await.unwrap().0).await.unwrap(), "200 OK").await };
    let settings = vec![
        ("ROLLCALL_LISTEN", listener.local_addr().unwrap().to_string()),
        ("ROLLCALL_TLS_CERTIFICATE", path("certificate.pem")),
        ("ROLLCALL_TLS_KEY", path("key.pem")),
    ];
    let (_, ran) = tokio::join!(accept, health(settings));
    assert_eq!(ran.text(), "ready\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_not_healthy() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let ran = health(vec![("ROLLCALL_LISTEN", address.to_string())]).await;
    ran.assert_fails(3, &format!("http://{address}/-/health/ready/: no answer within 5 s"));
    drop(silent);
    let ran = health(vec![("ROLLCALL_LISTEN", address.to_string())]).await;
    ran.assert_fails(3, &format!("http://{address}/-/health/ready/: Connection refused"));
    let ran = health(vec![]).await;
    ran.assert_fails(2, "--listen: with port 0, nobody knows where the server listens");
}
