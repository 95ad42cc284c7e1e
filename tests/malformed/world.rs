//! A server with the objects that cases refer to.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::{FutureExt, future::join_all};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{
    case::{Case, Expected, abbreviate},
    contract::{OPERATIONS, example_of},
};
use crate::support::{ADMIN, Response, Server};

/// The collections, with the property that identifies an object in paths.
const COLLECTIONS: [(&str, &str); 3] =
    [("/core/tokens/", "identifier"), ("/core/users/", "pk"), ("/core/groups/", "pk")];

/// The group that examples refer to besides that of the path.
const OTHER_GROUP: &str = "01932f6b-b17f-7188-81bf-638204c04f51";

/// The identifier of the token that cases change.
const TARGET: &str = "target";

pub struct World {
    server: Server,
    /// The `pk` of objects that cases refer to, and that are never deleted.
    kept: Vec<Value>,
    /// Objects for cases to change.
    targets: Vec<Value>,
    /// The groups for references in examples.
    groups: [String; 2],
    /// The values of path parameters, in the order of the collections.
    target: [(&'static str, String); 3],
    before: Vec<Bytes>,
}

impl World {
    /// The objects of the contract's examples, so that filters by them find something.
    pub async fn of_examples() -> Self {
        Self::start(["core_users_create", "core_groups_create", "core_tokens_create"].map(|id| {
            let create = OPERATIONS.iter().find(|operation| operation.id == id).unwrap();
            create.valid_body().unwrap().clone()
        }))
        .await
    }

    /// Objects with other names than those in examples, so that the examples can be created.
    pub async fn of_targets() -> Self {
        let [user, group] = ["member", "parent"].map(|name| json!({"username": name, "name": name}));
        Self::start([user, group, json!({"identifier": "kept"})]).await
    }

    async fn start([user, group, token]: [Value; 3]) -> Self {
        let server = Server::start().await;
        let user = server.post("/core/users/", user).await.body["pk"].clone();
        assert_eq!(user, *example_of("id"), "other examples refer to the first user");
        let group = server.group(group).await;
        let other_group = server.group(json!({"name": "other parent"})).await;
        let token = server.post("/core/tokens/", token).await.body["identifier"].as_str().unwrap().to_owned();
        let target = [("identifier", token), ("id", user.to_string()), ("group_uuid", group.clone())];
        let mut kept = Vec::new();
        for (path, _) in COLLECTIONS {
            kept.extend(list(&server, path).await.into_iter().map(|item| item["pk"].clone()));
        }
        let before = state(&server).await;
        Self { server, kept, targets: Vec::new(), groups: [group, other_group], target, before }
    }

    /// Deletes what cases created or changed, and creates the missing targets.
    pub async fn reset(&mut self) {
        for (path, key) in COLLECTIONS {
            for item in list(&self.server, path).await {
                if self.kept.contains(&item["pk"]) || self.targets.contains(&item) {
                    continue;
                }
                let path = format!("{path}{}/", item[key].to_string().trim_matches('"'));
                let response = self.server.request(Method::DELETE, &path).bearer_auth(ADMIN).send().await.unwrap();
                assert_eq!(response.status(), 204, "{path}");
            }
        }
        let mut targets = Vec::new();
        for ((path, key), (name, value)) in COLLECTIONS.into_iter().zip(&mut self.target) {
            let mut list = list(&self.server, path).await;
            list.retain(|item| !self.kept.contains(&item["pk"]));
            if list.is_empty() {
                let body = json!({"username": TARGET, "name": TARGET, "identifier": TARGET});
                let response = self.server.post(path, body).await;
                assert_eq!(response.status, 201, "{name}: {}", response.body);
                list.push(response.body);
            }
            *value = list[0][key].to_string().trim_matches('"').to_owned();
            targets.extend(list);
        }
        self.targets = targets;
        self.before = state(&self.server).await;
    }

    /// Sends the request of a case. Returns what is wrong with the response.
    pub async fn try_case(&mut self, case: &Case) -> Result<(), String> {
        // Panics on a response that violates the contract.
        let response = AssertUnwindSafe(self.server.send(self.request(case))).catch_unwind().await;
        let response = response.map_err(|panic| match panic.downcast_ref::<String>() {
            Some(message) => abbreviate(message, 300),
            None => "panicked".into(),
        })?;
        check(case, &response)
    }

    /// Whether anything has changed since the last reset.
    pub async fn is_changed(&self) -> bool {
        state(&self.server).await != self.before
    }

    fn request(&self, case: &Case) -> RequestBuilder {
        let mut path = case.operation.path.to_owned();
        let of_target = self.target.iter().map(|(name, value)| (name, value));
        let segment = case.request.segment.iter().map(|(name, value)| (name, value));
        for (name, value) in segment.chain(of_target) {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &case.request.query {
            query.append_pair(name, &self.with_real_groups(value));
        }
        let query = query.finish();
        let path = if query.is_empty() { path } else { format!("{path}?{query}") };
        let body = match std::str::from_utf8(&case.request.body) {
            Ok(text) => self.with_real_groups(text).into_bytes(),
            Err(_) => case.request.body.clone(),
        };
        let request = self.server.request(case.operation.method.clone(), &path).bearer_auth(ADMIN).body(body);
        match case.request.content_type {
            Some(content_type) => request.header("content-type", content_type),
            None => request,
        }
    }

    fn with_real_groups(&self, text: &str) -> String {
        let [group, other] = &self.groups;
        text.replace(example_of("group_uuid").as_str().unwrap(), group).replace(OTHER_GROUP, other)
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}

async fn list(server: &Server, path: &str) -> Vec<Value> {
    let body: Value = serde_json::from_slice(&get(server, path).await).unwrap();
    body["results"].as_array().unwrap().clone()
}

/// Returns a body that is not checked against the contract, because wrongly accepted requests may have stored anything.
async fn get(server: &Server, path: &str) -> Bytes {
    let response = server.request(Method::GET, path).bearer_auth(ADMIN).send().await.unwrap();
    response.bytes().await.unwrap()
}

/// All objects, with the key of the token that cases change.
async fn state(server: &Server) -> Vec<Bytes> {
    let key = format!("/core/tokens/{TARGET}/view_key/");
    let paths = COLLECTIONS.into_iter().map(|(path, _)| path).chain([key.as_str()]);
    join_all(paths.map(|path| get(server, path))).await
}

fn check(case: &Case, response: &Response) -> Result<(), String> {
    let (found, body) = (response.status, &response.body);
    let returned = || format!("returned {found} {}", abbreviate(&body.to_string(), 300));
    match &case.expected {
        Expected::Accepted(sent) => {
            if found != case.operation.success {
                return Err(format!("{}, not {}", returned(), case.operation.success));
            }
            let differs = sent.iter().find(|(name, value)| body.get(name).is_some_and(|found| found != value));
            differs.map_or(Ok(()), |(name, value)| Err(format!("{name} is not {value} but {}", body[name])))
        }
        Expected::Rejected(status, properties) => {
            let mut named: Vec<&String> = body.as_object().into_iter().flat_map(|body| body.keys()).collect();
            named.sort();
            let is_expected = found == *status && named.iter().eq(&properties.iter().collect::<Vec<_>>());
            if is_expected { Ok(()) } else { Err(format!("{}, not {status} with {properties:?}", returned())) }
        }
    }
}
