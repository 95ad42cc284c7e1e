//! The disk is full: writes get a 503, reads go on, nothing that was acknowledged is lost, and once there is room again
//! the server writes again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    client::{Answer, Client},
    contents::{check_database, check_round},
    installation::{Installation, check_file},
    ledger::{Ledger, User},
    postgres::Postgres,
    small_files::SmallFiles,
};

/// The path of the users.
const PATH: &str = "r0";

/// How soon there have to be writes again.
const SOON: Duration = Duration::from_secs(5);

/// Users of different sizes.
#[derive(Default)]
struct Filler {
    ledger: Ledger,
    created: Vec<(String, Value)>,
    next: usize,
}

impl Filler {
    /// Creates so many users at once, with so many bytes of attributes. Returns how many succeeded.
    async fn create(&mut self, client: &Client, users: usize, bytes: usize) -> usize {
        // PostgreSQL would compress a text that repeats itself.
        let filler: String = std::iter::repeat_with(fastrand::alphanumeric).take(bytes).collect();
        let attributes = json!({"filler": filler});
        let mut bodies = Vec::new();
        for _ in 0..users {
            let name = format!("{PATH}-{}", self.next);
            self.next += 1;
            let user = User { name: name.clone(), groups: [].into(), attributes: attributes.clone(), has_token: false };
            self.ledger.users.note_sent(&name, Some(user));
            bodies
                .push((name.clone(), json!({"username": name, "name": name, "attributes": attributes, "path": PATH})));
        }
        let answers = bodies.iter().map(|(_, body)| client.send(Method::POST, "/core/users/", Some(body)));
        let mut done = 0;
        for ((name, _), answer) in bodies.iter().zip(join_all(answers).await) {
            match answer {
                Answer::Done(user) => {
                    self.ledger.users.note_acknowledged(name);
                    self.ledger.acknowledged += 1;
                    self.created.push((name.clone(), user["pk"].clone()));
                    done += 1;
                }
                Answer::Refused => {}
                Answer::Gone => panic!("{name}: no response"),
            }
        }
        done
    }

    /// Creates users, first large, then small ones, until there is no room for any.
    async fn fill(&mut self, client: &Client) {
        for (users, bytes) in [(4, 100_000), (16, 10_000), (32, 100)] {
            let mut refused = 0;
            for _ in 0..500 {
                refused = if self.create(client, users, bytes).await == 0 { refused + 1 } else { 0 };
                if refused == 3 {
                    break;
                }
            }
            assert_eq!(refused, 3, "there is always room for {bytes} bytes");
        }
    }

    /// Renames or deletes a user that nothing was done to since it was created. Returns whether that succeeded.
    async fn change(&mut self, client: &Client, is_delete: bool) -> bool {
        let (name, pk) = self.created.pop().unwrap();
        let mut user = self.ledger.users.get(&name).unwrap().clone();
        user.name = "Changed".into();
        let body = json!({"name": user.name});
        self.ledger.users.note_sent(&name, (!is_delete).then_some(user));
        let path = format!("/core/users/{pk}/");
        let answer = match is_delete {
            true => client.send(Method::DELETE, &path, None).await,
            false => client.send(Method::PATCH, &path, Some(&body)).await,
        };
        let is_done = matches!(answer, Answer::Done(_));
        if is_done {
            self.ledger.users.note_acknowledged(&name);
            self.ledger.acknowledged += 1;
        }
        is_done
    }

    /// Writes in many ways at once while there is no room.
    async fn write_in_vain(&mut self, client: &Client) {
        for number in 0..5 {
            self.create(client, 16, 50_000).await;
            self.create(client, 16, 10).await;
            self.change(client, number % 2 == 0).await;
        }
    }

    /// Waits until a user can be created.
    async fn wait_for_room(&mut self, client: &Client) -> Duration {
        let start = Instant::now();
        while self.create(client, 1, 1_000).await == 0 {
            assert!(start.elapsed() < SOON, "there are no writes though there is room");
            sleep(Duration::from_millis(5)).await;
        }
        start.elapsed()
    }

    fn summary(&self, stored: usize) -> String {
        let Ledger { acknowledged, .. } = self.ledger;
        let unanswered = self.ledger.unanswered();
        format!("{acknowledged} changes acknowledged, {unanswered} refused, {stored} of those stored, lost: 0, half: 0")
    }

    /// Asserts that everything can be written.
    async fn write_on(&mut self, client: &Client) {
        assert_eq!(self.create(client, 16, 1_000).await, 16);
        assert!(self.change(client, false).await);
        assert!(self.change(client, true).await);
    }
}

async fn assert_reads(client: &Client, created: &[(String, Value)]) {
    let (name, pk) = &created[0];
    assert_eq!(client.get(&format!("/core/users/{pk}/")).await["username"], **name);
    let found = client.get(&format!("/core/users/?search={name}&page_size=5")).await;
    assert_eq!(found["results"][0]["username"], **name);
    assert!(client.count("/core/users/?page_size=1").await > 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_sqlite_reads_and_when_there_is_room_it_writes() {
    if std::env::var_os("ROLLCALL_TEST_DATABASE_URL").is_some() {
        return;
    }
    // The smaller one is filled by the write-ahead log, the larger one when the log is copied to the database.
    for (kilobytes, ballast) in [(6_000, 2_000), (78_000, 38_000)] {
        let Some(files) = SmallFiles::mount(kilobytes, ballast) else { return };
        let installation = Installation::in_small(&files);
        let mut server = installation.start();
        let client = Client::new(&server.url);
        let mut filler = Filler::default();
        filler.fill(&client).await;
        filler.write_in_vain(&client).await;
        assert_reads(&client, &filler.created).await;
        check_round(&client, PATH, &filler.ledger).await;

        // It also starts there.
        server.signal("KILL");
        server.child.wait().unwrap();
        let server = installation.start();
        let client = Client::new(&server.url);
        filler.write_in_vain(&client).await;
        assert_reads(&client, &filler.created).await;

        files.remove_ballast();
        let outage = filler.wait_for_room(&client).await;
        filler.write_on(&client).await;
        check_round(&client, PATH, &filler.ledger).await;
        server.stop();

        let server = installation.start();
        let stored = check_round(&Client::new(&server.url), PATH, &filler.ledger).await;
        server.stop();
        let copy = tempfile::tempdir().unwrap();
        files.copy(&installation.data, copy.path());
        check_file(&copy.path().join("rollcall.sqlite3"));
        println!("full disk of {kilobytes} kB: first write after {outage:.0?}, {}", filler.summary(stored));
        installation.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_full_disk_of_postgresql_everything_acknowledged_is_there() {
    if std::env::var_os("ROLLCALL_TEST_DATABASE_URL").is_none() {
        return;
    }
    // The ballast has room for more than one part of the write-ahead log.
    let Some(files) = SmallFiles::mount(100_000, 36_000) else { return };
    if !files.has_all_users() {
        println!("skipped: PostgreSQL needs a user of its own in the file system");
        return;
    }
    let postgres = Arc::new(Postgres::start_inside(files.inside(), files.directory()).unwrap());
    let installation = Installation::on(&postgres.url);
    let server = installation.start();
    let client = Client::new(&server.url);
    let mut filler = Filler::default();
    filler.fill(&client).await;
    filler.write_in_vain(&client).await;

    files.remove_ballast();
    let restarted = postgres.clone();
    spawn_blocking(move || restarted.restart("immediate")).await.unwrap();
    let outage = filler.wait_for_room(&client).await;
    filler.write_on(&client).await;
    let stored = check_round(&client, PATH, &filler.ledger).await;
    check_database(&client, &installation).await;
    println!("full disk of PostgreSQL: first write after {outage:.0?}, {}", filler.summary(stored));
    server.stop();
    installation.remove().await;
}
