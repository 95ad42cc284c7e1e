//! Clients that write without pause, and note in a [`Ledger`] what they know.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Client},
    ledger::{Group, Ledger, User},
};

/// The number of clients, each with a connection of its own.
const CLIENTS: usize = 32;

/// What the clients of a round have in common.
pub struct Round<'r> {
    pub url: &'r str,
    /// The path of its users, and the start of all names.
    pub name: &'r str,
    /// The groups that users are in. No client changes these.
    pub groups: &'r [String],
    /// Whether the server is there all the time, so that each request gets a response.
    pub survives: bool,
}

/// A change was not acknowledged.
#[derive(Debug)]
struct Unanswered {
    /// Whether there was a response, which says so.
    is_refused: bool,
}

/// Writes until `stop`, or until the server is gone.
pub async fn write(round: &Round<'_>, stop: &AtomicBool) -> Ledger {
    let client = |client: usize| async move {
        let mut writer = Writer::new(round);
        for number in 0.. {
            let name = format!("{}-c{client}-{number}", round.name);
            match writer.write_some(&name).await {
                Ok(()) => {}
                Err(Unanswered { is_refused: true }) => tokio::time::sleep(Duration::from_millis(20)).await,
                Err(Unanswered { is_refused: false }) => {
                    assert!(!round.survives, "{name}: no response");
                    break;
                }
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        writer.ledger
    };
    let mut all = Ledger::default();
    for ledger in join_all((0..CLIENTS).map(client)).await {
        all.add(ledger);
    }
    all
}

/// Creates users until one is acknowledged, and notes all of them.
pub async fn write_once(round: &Round<'_>, ledger: &mut Ledger) {
    let mut writer = Writer::new(round);
    for number in 0.. {
        if writer.create_user(&format!("{}-once-{number}", round.name)).await.is_ok() {
            break;
        }
        assert!(number < 2_000, "the server doesn't write again");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    ledger.add(writer.ledger);
}

struct Writer<'r> {
    client: Client,
    round: &'r Round<'r>,
    ledger: Ledger,
}

impl<'r> Writer<'r> {
    fn new(round: &'r Round<'r>) -> Self {
        Self { client: Client::new(round.url), round, ledger: Ledger::default() }
    }

    /// Creates a user and perhaps a group of this name, changes the user at random, and perhaps deletes it.
    async fn write_some(&mut self, name: &str) -> Result<(), Unanswered> {
        if fastrand::u8(..4) == 0 {
            self.create_group(name).await?;
        }
        let (mut user, pk) = self.create_user(name).await?;
        let path = format!("/core/users/{pk}/");
        for change in 0..fastrand::u8(..5) {
            let group = fastrand::choice(self.round.groups).unwrap();
            let member = json!({"pk": pk});
            let (method, path, body) = match fastrand::u8(..3) {
                0 => {
                    user.name = format!("{name}, changed {change}");
                    (Method::PATCH, path.clone(), json!({"name": user.name}))
                }
                1 if !user.has_token => {
                    user.has_token = true;
                    let token =
                        json!({"identifier": name, "user": pk, "intent": "api", "description": self.round.name});
                    (Method::POST, "/core/tokens/".into(), token)
                }
                _ if user.groups.remove(group) => (Method::POST, format!("/core/groups/{group}/remove_user/"), member),
                _ => {
                    user.groups.insert(group.clone());
                    (Method::POST, format!("/core/groups/{group}/add_user/"), member)
                }
            };
            self.change_user(name, Some(user.clone()), method, &path, Some(&body)).await?;
        }
        if fastrand::u8(..4) == 0 {
            self.change_user(name, None, Method::DELETE, &path, None).await?;
        }
        Ok(())
    }

    async fn create_user(&mut self, name: &str) -> Result<(User, Value), Unanswered> {
        let mut groups = self.round.groups.to_vec();
        fastrand::shuffle(&mut groups);
        let user = User {
            name: format!("{name}, new"),
            groups: groups.into_iter().take(2).collect::<BTreeSet<_>>(),
            attributes: json!({"of": name, "list": [{"client": CLIENTS}]}),
            has_token: false,
        };
        let body = json!({
            "username": name, "name": user.name, "groups": user.groups, "attributes": user.attributes,
            "path": self.round.name,
        });
        let created = self.change_user(name, Some(user.clone()), Method::POST, "/core/users/", Some(&body)).await?;
        Ok((user, created["pk"].clone()))
    }

    async fn create_group(&mut self, name: &str) -> Result<(), Unanswered> {
        let parents = self.round.groups[..2].to_vec();
        let body = json!({"name": name, "parents": parents});
        self.ledger.groups.note_sent(name, Some(Group { parents }));
        self.send(Method::POST, "/core/groups/", Some(&body)).await?;
        self.ledger.groups.note_acknowledged(name);
        Ok(())
    }

    async fn change_user(
        &mut self,
        name: &str,
        state: Option<User>,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Unanswered> {
        self.ledger.users.note_sent(name, state);
        let value = self.send(method, path, body).await?;
        self.ledger.users.note_acknowledged(name);
        Ok(value)
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Unanswered> {
        match self.client.send(method, path, body).await {
            Answer::Done(value) => {
                self.ledger.acknowledged += 1;
                Ok(value)
            }
            Answer::Refused => Err(Unanswered { is_refused: true }),
            Answer::Gone => Err(Unanswered { is_refused: false }),
        }
    }
}
