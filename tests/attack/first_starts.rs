//! First starts that are killed one after the other on the same directory and database.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{
    client::Client,
    installation::{Installation, open},
    rounds,
    target::TOKEN,
};

/// Asserts that only the owner can read the files in the directory.
fn check_files(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let entry = entry.unwrap();
        // SQLite may remove its own meanwhile.
        let Ok(metadata) = entry.metadata() else { continue };
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

/// Whether a start has come to its end. The tables and what is in them appear at once.
async fn is_set_up(installation: &Installation) -> bool {
    let Some(file) = installation.file() else {
        return installation.number("SELECT count(*) AS number FROM pg_class WHERE relname = 'users'").await > 0;
    };
    // It may not be there yet, or only be readable after the next start has undone what was begun.
    file.exists() && open(&file).query_row("SELECT 1 FROM sqlite_master WHERE name = 'users'", [], |_| Ok(())).is_ok()
}

/// Starts the program and leaves it alone. Asserts that it serves, and that the administrator was created once.
async fn check_start(installation: &Installation) {
    let server = installation.start();
    assert_eq!(server.me(TOKEN).await.0, 200);
    let client = Client::new(&server.url);
    for (path, name) in [("users", "akadmin"), ("groups", "authentik Admins"), ("tokens", "authentik-bootstrap-token")]
    {
        let all = client.list(&format!("/core/{path}/?ordering=pk")).await;
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].as_object().unwrap().values().any(|value| value == name), "{all:?}");
    }
    check_files(&installation.data);
    let mut names = fs::read_dir(&installation.data).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!names.any(|name| name.as_encoded_bytes().starts_with(b".secret.key-")), "an unfinished key is left");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn first_starts_killed_one_after_the_other_leave_one_administrator() {
    // How long a start takes until it serves.
    let mut whole = Duration::MAX;
    for _ in 0..3 {
        let installation = Installation::create().await;
        let start = Instant::now();
        drop(installation.start());
        whole = whole.min(start.elapsed());
        installation.remove().await;
    }

    let (mut left, mut unfinished, mut installations) = (rounds(20), 0, 0);
    while left > 0 {
        let installation = Installation::create().await;
        installations += 1;
        while left > 0 && !is_set_up(&installation).await {
            let mut server = installation.serve().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            sleep(whole.mul_f64(fastrand::f64()));
            server.kill().unwrap();
            assert_eq!(std::os::unix::process::ExitStatusExt::signal(&server.wait().unwrap()), Some(9));
            check_files(&installation.data);
            left -= 1;
            unfinished += usize::from(!is_set_up(&installation).await);
        }
        check_start(&installation).await;
        installation.remove().await;
    }
    println!(
        "first starts killed: {} kills within {whole:.0?}, {unfinished} of them before the administrator was stored, on \
         {installations} directories",
        rounds(20)
    );
}
