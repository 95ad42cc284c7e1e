//! Who may call which operation: each of the contract's, called by everyone. Those who may get its response. The others
//! are refused in the same words whatever they send, and change nothing.
//!
//! Who may is the contract's: `x-any-user` makes an operation one of `Callers::Users`. `rows.rs` has a request for each.

mod methods;
mod rows;
mod world;

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder};
use rollcall::api::{Callers, docs, runtime::OperationDoc};
use serde_json::Value;

use self::{
    rows::{ROWS, UNCOVERED},
    world::{CALLERS, Caller, Subject, World},
};

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let operations: BTreeSet<&str> = docs().iter().map(OperationDoc::id).collect();
    let rows: BTreeSet<&str> = ROWS.iter().map(|(id, _)| *id).collect();
    let uncovered = BTreeSet::from(UNCOVERED);
    assert_eq!((rows.len(), uncovered.len()), (ROWS.len(), UNCOVERED.len()), "an operation is listed twice");
    for id in &operations {
        let (is_covered, is_listed) = (rows.contains(id), uncovered.contains(id));
        assert!(is_covered || is_listed, "{id} has no row: add one with a valid body to authorization/rows.rs");
        assert!(!is_covered || !is_listed, "{id} has a row: remove it from UNCOVERED");
    }
    let unknown: Vec<_> = rows.union(&uncovered).filter(|id| !operations.contains(*id)).collect();
    assert!(unknown.is_empty(), "authorization/rows.rs names operations that the contract doesn't have: {unknown:?}");
}

#[test]
fn no_operation_changes_its_callers_unnoticed() {
    let count = |callers| docs().iter().filter(|operation| operation.callers() == callers).count();
    let [open, of_users, of_superusers] = [None, Some(Callers::Users), Some(Callers::Superusers)].map(count);
    // The numbers are the contract's.
    assert_eq!((open, of_users, of_superusers), (2, 11, 20));
}

#[tokio::test]
async fn every_operation_is_called_only_by_those_who_may() {
    let world = World::start().await;
    let (mut operations, mut cells, mut failures) = (0, 0, Vec::new());
    for operation in docs() {
        let Some((_, body)) = ROWS.iter().find(|(id, _)| *id == operation.id()) else { continue };
        operations += 1;
        let row = Row { world: &world, operation, body: *body };
        let (refused, accepted) = (row.refused().await, row.accepted().await);
        cells += refused.len() + accepted.len();
        let found = refused.into_iter().chain(accepted).flatten();
        failures.extend(found.map(|failure| format!("{} as {failure}", row.operation.id())));
    }
    println!("{operations} operations x {} callers = {cells} cells; uncovered: {UNCOVERED:?}", CALLERS.len());
    assert_eq!(cells, operations * CALLERS.len());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    world.stop().await;
}

struct Row<'w> {
    world: &'w World,
    operation: OperationDoc,
    body: rows::Body,
}

/// What is wrong with a response; empty if nothing is.
type Failures = Vec<String>;

impl Row<'_> {
    /// Calls the operation as each of those who may not call it.
    async fn refused(&self) -> Vec<Failures> {
        let subject = self.world.subject().await;
        let before = self.world.state(&subject).await;
        let mut cells = Vec::new();
        for caller in CALLERS {
            let Some(refusal) = self.refusal(caller) else { continue };
            let mut failures = Vec::new();
            for (what, request) in self.attempts(&subject) {
                let response = self.world.server.send(caller.sign(request, &subject)).await.both();
                if response != refusal {
                    failures.push(format!("{} with {what}: {response:?}, not {refusal:?}", caller.name));
                }
            }
            if self.is_write() && self.world.state(&subject).await != before {
                failures.push(format!("{}: was refused, but changed something", caller.name));
            }
            cells.push(failures);
        }
        cells
    }

    /// Calls the operation as each of those who may, about a new subject each time.
    async fn accepted(&self) -> Vec<Failures> {
        let mut cells = Vec::new();
        for caller in CALLERS.iter().filter(|caller| self.refusal(caller).is_none()) {
            let mut failures = Vec::new();
            let subject = self.world.subject().await;
            let before = self.world.state(&subject).await;
            let response = self.world.server.send(caller.sign(self.valid(&subject), &subject)).await;
            if Some(response.status) != self.operation.success() {
                failures.push(format!("{}: {:?}, not {:?}", caller.name, response.both(), self.operation.success()));
            } else if self.is_write() && self.world.state(&subject).await == before {
                failures.push(format!("{}: changed nothing, so refusals prove nothing", caller.name));
            }
            let own = self.world.without_rights(caller, &subject);
            if own.is_some_and(|own| users_in(&response.body).iter().any(|user| *user != own)) {
                failures.push(format!("{}: shows other users: {}", caller.name, response.body));
            }
            cells.push(failures);
        }
        cells
    }

    fn refusal(&self, caller: &Caller) -> Option<(u16, Value)> {
        world::refusal(self.operation.callers(), self.operation.path(), caller.rights)
    }

    fn is_write(&self) -> bool {
        *self.operation.method() != Method::GET
    }

    fn valid(&self, subject: &Subject) -> RequestBuilder {
        let path = subject.path(self.operation.path());
        let request = self.world.server.request(self.operation.method().clone(), &path);
        match (self.body)(subject) {
            Value::Null => request,
            body => request.json(&body),
        }
    }

    /// Requests that are refused alike, because the caller's rights are looked at first.
    fn attempts(&self, subject: &Subject) -> [(&'static str, RequestBuilder); 3] {
        let malformed = |subject: &Subject| {
            let query = "?page=0&uuid=x&is_active=x&attributes=x&groups_by_pk=x";
            let path = format!("{}{query}", subject.path(self.operation.path()));
            let request = self.world.server.request(self.operation.method().clone(), &path);
            request.header("content-type", "application/json").body(if self.is_write() { "{" } else { "" })
        };
        [
            ("a valid request", self.valid(subject)),
            ("a malformed query and body", malformed(subject)),
            ("an unknown object", malformed(&Subject::unknown())),
        ]
    }
}

/// The ids of all users that a response shows.
fn users_in(body: &Value) -> Vec<i64> {
    match body {
        Value::Array(items) => items.iter().flat_map(users_in).collect(),
        Value::Object(members) => {
            let shown = members.get("username").and_then(|_| members.get("pk")?.as_i64());
            shown.into_iter().chain(members.values().flat_map(users_in)).collect()
        }
        _ => Vec::new(),
    }
}
