//! The program and PostgreSQL are killed while 32 clients write: whatever was acknowledged is stored, nothing is stored
//! by halves, and the service is back soon.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::sqlx::{Connection, PgConnection};
use serde_json::json;
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    client::Client,
    contents::{check_database, check_round, check_sample},
    installation::Installation,
    ledger::Ledger,
    postgres::Postgres,
    program::Running,
    rounds,
    writers::{Round, write, write_once},
};

/// How soon the service has to be back. It takes a fraction of this, but the machine may be busy.
const SOON: Duration = Duration::from_secs(5);

/// The groups that users are in.
async fn create_groups(client: &Client) -> Vec<String> {
    let mut groups = Vec::new();
    for number in 0..6 {
        let group = client.create("/core/groups/", &json!({"name": format!("shared {number}")})).await;
        groups.push(group.as_str().unwrap().to_owned());
    }
    groups
}

/// What all rounds have written, and how long they were without the service.
#[derive(Default)]
struct Story {
    rounds: Vec<(String, Ledger)>,
    outages: Vec<Duration>,
}

impl Story {
    /// Checks a round, and everything that doesn't belong to one.
    async fn add(&mut self, installation: &Installation, server: &Running, round: String, ledger: Ledger) {
        let client = Client::new(&server.url);
        check_round(&client, &round, &ledger).await;
        check_sample(&client, &server.url, &ledger).await;
        check_database(&client, installation).await;
        self.rounds.push((round, ledger));
    }

    /// Checks all rounds again, and that there is nothing else.
    async fn end(self, installation: &Installation, server: &Running, what: &str) {
        let client = Client::new(&server.url);
        let mut stored = 0;
        for (round, ledger) in &self.rounds {
            stored += check_round(&client, round, ledger).await;
        }
        let others = installation.number("SELECT count(*) AS number FROM users WHERE path NOT LIKE 'r%'").await;
        assert_eq!(others, 1, "akadmin");
        println!("{what}: {self}, {stored} of those stored, lost: 0, half: 0");
    }
}

impl fmt::Display for Story {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut outages = self.outages.clone();
        outages.sort_unstable();
        let (median, most) = (outages[outages.len() / 2], outages[outages.len() - 1]);
        let sum = |number: fn(&Ledger) -> usize| self.rounds.iter().map(|(_, ledger)| number(ledger)).sum::<usize>();
        let (acknowledged, unanswered) = (sum(|ledger| ledger.acknowledged), sum(Ledger::unanswered));
        write!(
            formatter,
            "{} rounds, first write after {median:.0?} (median), {most:.0?} (most), {acknowledged} changes \
             acknowledged, {unanswered} not",
            self.rounds.len()
        )
    }
}

/// Waits until PostgreSQL accepts connections.
async fn wait_for_connections(url: &str) {
    for _ in 0..6_000 {
        if PgConnection::connect(url).await.is_ok() {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("PostgreSQL doesn't start");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_acknowledged_is_there_after_the_program_is_killed() {
    let installation = Installation::create().await;
    let mut server = installation.start();
    let groups = create_groups(&Client::new(&server.url)).await;
    let mut story = Story::default();
    for number in 0..rounds(6) {
        let name = format!("r{number}");
        let round = Round { url: &server.url, name: &name, groups: &groups, survives: false };
        let stop = AtomicBool::new(false);
        let kill = async {
            sleep(Duration::from_millis(fastrand::u64(50..600))).await;
            server.signal("KILL");
        };
        let (mut ledger, ()) = tokio::join!(write(&round, &stop), kill);
        server.child.wait().unwrap();
        let time = installation.time().await;

        let start = Instant::now();
        server = installation.start();
        let round = Round { url: &server.url, name: &name, groups: &groups, survives: true };
        write_once(&round, &mut ledger).await;
        story.outages.push(start.elapsed());
        assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
        installation.wait_for_sessions(time).await;
        story.add(&installation, &server, name, ledger).await;
    }
    story.end(&installation, &server, "the program killed").await;
    server.stop();
    installation.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_acknowledged_is_there_after_postgresql_is_killed() {
    let Some(postgres) = Postgres::start().map(Arc::new) else { return };
    let installation = Installation::on(&postgres.url);
    let server = installation.start();
    let groups = create_groups(&Client::new(&server.url)).await;
    let mut story = Story::default();
    for number in 0..rounds(3) {
        let name = format!("r{number}");
        let round = Round { url: &server.url, name: &name, groups: &groups, survives: true };
        let stop = AtomicBool::new(false);
        let kill = async {
            sleep(Duration::from_millis(fastrand::u64(50..600))).await;
            let (killed, restarted) = (postgres.clone(), postgres.clone());
            spawn_blocking(move || killed.kill()).await.unwrap();
            let mut ledger = Ledger::default();
            let restart = spawn_blocking(move || restarted.restart("immediate"));
            let back = async {
                wait_for_connections(&postgres.url).await;
                let start = Instant::now();
                write_once(&round, &mut ledger).await;
                start.elapsed()
            };
            let (restarted, outage) = tokio::join!(restart, back);
            restarted.unwrap();
            sleep(Duration::from_millis(200)).await;
            stop.store(true, Ordering::Relaxed);
            (outage, ledger)
        };
        let (mut ledger, (outage, once)) = tokio::join!(write(&round, &stop), kill);
        ledger.add(once);
        story.outages.push(outage);
        assert!(outage < SOON, "{outage:?}");
        story.add(&installation, &server, name, ledger).await;
    }
    story.end(&installation, &server, "PostgreSQL killed").await;
    server.stop();
    installation.remove().await;
}
