//! HTTPS, with the certificate of a private authority.

use std::{fs, os::unix::fs::PermissionsExt};

use super::Ran;
use crate::support::program::{Running, rollcall};

#[test]
fn a_private_authority_is_trusted_if_it_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(path("certificate.pem"), issued.cert.pem()).unwrap();
    fs::write(path("key.pem"), issued.signing_key.serialize_pem()).unwrap();
    fs::write(path("empty.pem"), "").unwrap();
    let mut command = rollcall(&path("data"));
    command.env("ROLLCALL_TLS_CERTIFICATE", path("certificate.pem")).env("ROLLCALL_TLS_KEY", path("key.pem"));
    let server = Running::start(command.env("ROLLCALL_BOOTSTRAP_TOKEN", "given-token"));
    let url = server.url.replace("127.0.0.1", "localhost");
    let list = |url: &str, flags: &[&str]| {
        let mut command = rollcall("nowhere".as_ref());
        command.env("ROLLCALL_URL", url).env("ROLLCALL_TOKEN", "given-token").args(["user", "list"]).args(flags);
        Ran::new(&mut command)
    };
    let file = path("certificate.pem");
    let trusted = ["--ca-certificate", file.to_str().unwrap()];
    assert!(list(&url, &trusted).text().contains("akadmin"));
    list(&url, &[]).assert_fails_with(3, &format!("can't connect to {url}: invalid peer certificate: "));
    list(&server.url, &trusted).assert_fails_with(3, "the certificate is not valid for this URL");
    let plain = url.replace("https://", "http://");
    list(&plain, &[]).assert_fails_with(1, ": 400 Bad Request: ");
    for name in ["empty.pem", "missing.pem"] {
        let wrong = list(&url, &["--ca-certificate", path(name).to_str().unwrap()]);
        wrong.assert_fails_with(2, &format!("{}: ", path(name).display()));
    }
    // Relative to the profile.
    fs::write(path("profile.toml"), format!("url = \"{url}\"\nca_certificate = \"certificate.pem\"\n")).unwrap();
    fs::set_permissions(path("profile.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = rollcall("nowhere".as_ref());
    command.env("ROLLCALL_TOKEN", "given-token").env("ROLLCALL_PROFILE", path("profile.toml")).args(["user", "list"]);
    assert!(Ran::new(&mut command).text().contains("akadmin"));
    server.stop();
}
