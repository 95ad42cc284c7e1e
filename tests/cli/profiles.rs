//! Where the URL and the token come from.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::Ran;
use crate::support::{ADMIN, Server, program::rollcall};

/// Writes a file that only its owner can read.
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_come_before_variables_and_variables_before_the_profile() {
    let server = Server::start().await;
    let directory = tempfile::tempdir().unwrap();
    let profile = directory.path().join("profile.toml");
    let (url, dead) = (server.url.as_str(), "http://127.0.0.1:1");
    let list = |variables: &[(&str, &str)], flags: &[&str]| {
        let mut command = rollcall("nowhere".as_ref());
        command.env("ROLLCALL_PROFILE", &profile).envs(variables.iter().copied());
        Ran::new(command.args(["user", "list"]).args(flags)).code.unwrap()
    };
    write(&profile, &format!("url = \"{url}\"\ntoken = \"{ADMIN}\"\n"));
    assert_eq!(list(&[], &[]), 0);
    assert_eq!(list(&[("ROLLCALL_URL", ""), ("ROLLCALL_TOKEN", "")], &[]), 0, "an empty variable counts as unset");
    assert_eq!(list(&[("ROLLCALL_URL", dead)], &[]), 2, "its token is for its own server only");
    assert_eq!(list(&[("ROLLCALL_URL", &format!("{url}/api/v3"))], &[]), 0);
    assert_eq!(list(&[("ROLLCALL_URL", dead), ("ROLLCALL_TOKEN", ADMIN)], &[]), 3);
    assert_eq!(list(&[("ROLLCALL_TOKEN", "wrong")], &[]), 4);
    assert_eq!(list(&[("ROLLCALL_URL", dead), ("ROLLCALL_TOKEN", "wrong")], &["--url", url, "--token", ADMIN]), 0);
    write(&profile, &format!("url = \"{dead}\"\ntoken = \"wrong\"\n"));
    assert_eq!(list(&[("ROLLCALL_URL", url), ("ROLLCALL_TOKEN", ADMIN)], &[]), 0);
    let other = directory.path().join("other.toml");
    write(&other, &format!("url = \"{url}/api/v3/\"\ntoken = \"{ADMIN}\"\n"));
    assert_eq!(list(&[], &["--profile", other.to_str().unwrap()]), 0);

    // The default places.
    let configuration = directory.path().join("configuration");
    fs::create_dir_all(configuration.join("rollcall")).unwrap();
    write(&configuration.join("rollcall/profile.toml"), &fs::read_to_string(&other).unwrap());
    fs::create_dir(directory.path().join("home")).unwrap();
    std::os::unix::fs::symlink(&configuration, directory.path().join("home/.config")).unwrap();
    let mut command = rollcall("nowhere".as_ref());
    Ran::new(command.env("XDG_CONFIG_HOME", &configuration).args(["user", "list"])).text();
    let mut command = rollcall("nowhere".as_ref());
    command.env_remove("XDG_CONFIG_HOME").env("HOME", directory.path().join("home"));
    Ran::new(command.args(["user", "list"])).text();
    server.stop().await;
}

#[test]
fn a_profile_that_others_can_read_or_that_is_wrong_is_refused_without_its_values() {
    let directory = tempfile::tempdir().unwrap();
    let profile = directory.path().join("profile.toml");
    let list = || Ran::new(rollcall("nowhere".as_ref()).args(["user", "list", "--profile"]).arg(&profile));
    let shown = profile.display();
    list().assert_fails_with(2, &format!("{shown}: No such file"));
    for mode in [0o640, 0o604, 0o660, 0o601] {
        fs::write(&profile, "token = \"hush\"").unwrap();
        fs::set_permissions(&profile, fs::Permissions::from_mode(mode)).unwrap();
        list().assert_fails(2, &format!("{shown}: others may read or change it. Run: chmod 600 {shown}"));
    }
    for (text, problem) in [
        ("tokne = \"hush\"", "unknown key `tokne`: a profile has only `url`, `token` and `ca_certificate`"),
        ("token = 4711", "`token` must be a string"),
        ("url = \"http://127.0.0.1:1\"\ntoken = \"hush\n", "line 2: "),
        ("token = \"hush hush\\n\"", "the API token has a character that no token has"),
    ] {
        write(&profile, text);
        let ran = list();
        ran.assert_fails_with(2, problem);
        assert!(!ran.stderr.contains("hush") && !ran.stderr.contains("4711"), "{ran:?}");
    }
}
