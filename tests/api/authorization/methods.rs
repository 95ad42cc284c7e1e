//! `HEAD`, `OPTIONS` and methods that a path doesn't have, on every path as everyone.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::api::{Callers, docs, runtime::OperationDoc};
use serde_json::{Value, json};

use super::world::{CALLERS, World, refusal};

#[tokio::test]
async fn other_methods_of_a_path_are_answered_only_to_those_who_may_use_it() {
    let world = World::start().await;
    let subject = world.subject().await;
    let before = world.state(&subject).await;
    let mut paths = BTreeMap::<&str, Vec<OperationDoc>>::new();
    for operation in docs() {
        paths.entry(operation.path()).or_default().push(operation);
    }
    let mut failures = Vec::new();
    for (path, operations) in &paths {
        let get = operations.iter().find(|operation| operation.method() == "GET");
        let mut allowed: BTreeSet<&str> = operations.iter().map(|operation| operation.method().as_str()).collect();
        let others = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW"];
        let others = others.into_iter().filter(|method| !allowed.contains(method)).collect::<Vec<_>>();
        allowed.extend(get.map(|_| "HEAD").into_iter().chain(["OPTIONS"]));
        let allow = allowed.into_iter().collect::<Vec<_>>().join(", ");
        for method in others {
            // As in authentik, who may change no object of a kind may not even try it by a wrong method.
            let is_change = ["POST", "PUT", "PATCH", "DELETE"].contains(&method);
            let strictest = strictest(path);
            let callers = if is_change { strictest } else { strictest.map(|_| Callers::Users) };
            for caller in CALLERS {
                let (status, body) = match get.filter(|_| method == "HEAD") {
                    Some(get) => refusal(get.callers(), path, caller.rights)
                        .unwrap_or_else(|| (get.success().unwrap(), Value::Null)),
                    None => refusal(callers, "", caller.rights).unwrap_or_else(|| without_operation(method)),
                };
                let request = world.server.request(method.parse().unwrap(), &subject.path(path));
                let request = request.body(if is_change { "{" } else { "" });
                let response = world.server.send(caller.sign(request, &subject)).await;
                let body = if method == "HEAD" { Value::Null } else { body };
                let allow = if status == 405 || method == "OPTIONS" && status == 200 { &allow } else { "" };
                if response.both() != (status, body) || response.header("allow") != allow {
                    failures.push(format!("{method} {path} as {}: {:?}", caller.name, response.both()));
                }
            }
        }
    }
    assert!(world.state(&subject).await == before, "a method that its path doesn't have changed something");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    world.stop().await;
}

/// The callers of the operation in the collection of a path that fewest may call.
fn strictest(path: &str) -> Option<Callers> {
    // Of the paths that begin like `/core/users/`.
    let is_related = |other: &str| other.split('/').take(3).eq(path.split('/').take(3));
    let related = docs().into_iter().filter(|operation| is_related(operation.path()));
    related.filter_map(|operation| operation.callers()).max()
}

/// The response to a method that no operation has, for those who may know.
fn without_operation(method: &str) -> (u16, Value) {
    match method {
        "OPTIONS" => (200, json!({"renders": ["application/json"], "parses": ["application/json"]})),
        _ => (405, json!({"detail": format!("Method \"{method}\" not allowed.")})),
    }
}
