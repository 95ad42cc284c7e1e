//! Examples of errors. Each example is caused in the same way on every operation that has it.

use reqwest::{Method, header};
use serde_json::{Value, json};

use super::session::{Operation, Session};
use crate::support::{ADMIN, BODY_LIMIT, NOBODY};

/// How a request differs from a valid one.
#[derive(Default)]
struct Fault {
    values: Vec<(&'static str, String)>,
    query: &'static str,
    body: Option<Body>,
    token: Option<&'static str>,
    headers: Vec<(header::HeaderName, &'static str)>,
}

enum Body {
    Json(Value),
    Bytes(Vec<u8>),
}

impl Fault {
    fn json(body: Value) -> Self {
        Self { body: Some(Body::Json(body)), ..Self::default() }
    }

    fn query(query: &'static str) -> Self {
        Self { query, ..Self::default() }
    }

    fn path(values: &[(&'static str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { values, ..Self::default() }
    }
}

/// The requests that cause the example with this name.
async fn fault(session: &Session, operation: &Operation, name: &str) -> Fault {
    let admins = || async {
        let found = session.server.get("/core/groups/?name=authentik%20Admins").await;
        found.body["results"][0]["pk"].as_str().unwrap().to_owned()
    };
    let engineering = || session.real(&json!("01932f6b-7c1d-7a52-9f0e-3b1c5d7e9a10"));
    // Below Engineering.
    let compilers = || session.real(&json!("01932f6b-be08-7c35-9a41-7d2e4f6a8b0c"));
    match name {
        "TokenMissing" => Fault { token: Some(""), ..Fault::default() },
        "TokenInvalid" => Fault { token: Some("wrong"), ..Fault::default() },
        "PermissionDenied" => Fault { token: Some("the-plain-token"), ..Fault::default() },
        "PathMalformed" => Fault::path(&[("id", "%FF"), ("group_uuid", "%FF"), ("identifier", "%FF")]),
        "UserUnknown" => Fault::path(&[("id", "404")]),
        "GroupUnknown" => Fault::path(&[("group_uuid", NOBODY)]),
        "TokenUnknown" => Fault::path(&[("identifier", "nothing")]),
        "NotFound" if operation.id == "schema_retrieve" => Fault::query("?format=xml"),
        "NotFound" => Fault::json(json!({"pk": 404})),
        "PageInvalid" => Fault::query("?page=9"),
        "NotAcceptable" => Fault { headers: vec![(header::ACCEPT, "text/html")], ..Fault::default() },
        "BodyMalformed" => Fault { body: Some(Body::Bytes(b"?".into())), ..Fault::default() },
        "BodyTooLarge" => Fault { body: Some(Body::Bytes(vec![b' '; BODY_LIMIT + 1])), ..Fault::default() },
        "MediaTypeUnsupported" => Fault { headers: vec![(header::CONTENT_TYPE, "text/plain")], ..Fault::default() },
        "BodyNotAnObject" => Fault::json(json!([])),
        "NoSuperuserLeft" if operation.path.starts_with("/core/users/") => {
            let body = json!({"username": "akadmin", "name": "Administrator", "is_active": false});
            Fault { values: Fault::path(&[("id", "1")]).values, ..Fault::json(body) }
        }
        "NoSuperuserLeft" => {
            let body = json!({"pk": 1, "name": "authentik Admins", "is_superuser": false});
            Fault { values: vec![("group_uuid", admins().await)], ..Fault::json(body) }
        }
        "UserFieldsRequired" | "NameRequired" | "KeyRequired" | "PasswordRequired" => Fault::json(json!({})),
        "UsernameTaken" => Fault::json(json!({"username": "akadmin", "name": ""})),
        "SeveralFieldsInvalid" => {
            Fault::json(json!({"username": "", "name": "", "email": "nobody", "path": "/staff", "type": "robot"}))
        }
        "GroupsUnknown" => Fault::json(json!({"username": "new", "name": "", "groups": [NOBODY]})),
        "PasswordBlank" => Fault::json(json!({"password": ""})),
        "PasswordHashUnsupported" => Fault::json(json!({"password": "bcrypt_sha256$$2b$12$abc"})),
        "ServiceAccountNameTaken" => Fault::json(json!({"name": "akadmin"})),
        "GroupNameTaken" => Fault::json(json!({"name": "authentik Admins"})),
        "ParentUnknown" => Fault::json(json!({"name": "new", "parent": NOBODY})),
        "ParentCycle" => Fault::json(json!({"name": "Engineering", "parent": compilers()})),
        "ParentsDisagree" => Fault::json(json!({"name": "new", "parent": engineering(), "parents": []})),
        "UserIdUnknown" => Fault::json(json!({"name": "new", "users": [404]})),
        "IdentifierTaken" => Fault::json(json!({"identifier": "monitoring"})),
        "IdentifierInvalid" => Fault::json(json!({"identifier": "two words"})),
        "KeyTaken" => Fault::json(json!({"key": ADMIN})),
        "UuidFilterInvalid" => Fault::query("?uuid=ada"),
        "GroupFilterUnknown" => Fault::query("?groups_by_name=Astronomy"),
        "EditionInvalid" => Fault::query("?edition=2025.2"),
        "MomentFilterInvalid" => Fault::query("?last_updated__gt=soon"),
        "MemberFilterUnknown" => Fault::query("?members_by_pk=404"),
        "SearchInvalid" => Fault::query("?search=%00"),
        "IntentFilterInvalid" => Fault::query("?intent=login"),
        "TokenFiltersInvalid" => Fault::query("?intent=login&expires=soon"),
        other => panic!("{}: nothing is known to cause the example {other}", operation.id),
    }
}

/// Sends a valid request with one fault.
async fn send(session: &Session, operation: &Operation, fault: Fault) -> crate::support::Response {
    let values: Vec<_> = fault.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = session.path(operation, &values) + fault.query;
    let mut request = session.server.request(operation.method.clone(), &path);
    let token = fault.token.unwrap_or(ADMIN);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if !operation.json["requestBody"].is_null() {
        let valid = || session.real(&session.examples(&operation.json["requestBody"]["content"])[0].2);
        request = match fault.body.unwrap_or_else(|| Body::Json(valid())) {
            Body::Json(body) => request.body(body.to_string()),
            Body::Bytes(bytes) => request.body(bytes),
        };
        let declared = fault.headers.iter().any(|(name, _)| name == header::CONTENT_TYPE);
        request = if declared { request } else { request.header(header::CONTENT_TYPE, "application/json") };
    }
    let request = fault.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    session.server.send(request).await
}

/// Causes every example of every error, and checks that a user without rights gets 403 only where that is documented.
pub async fn all(session: &mut Session) {
    session.server.plain_token().await;
    // What a user without rights may do comes last: some of it changes the directory.
    let (mut harmless, changing): (Vec<_>, Vec<_>) =
        session.operations().into_iter().partition(|operation| operation.method == Method::GET);
    harmless.extend(changing);
    let mut unavailable = Vec::new();
    for operation in &harmless {
        let mut may_be_denied = false;
        for (status, response) in operation.json["responses"].as_object().unwrap() {
            for (key, name, _) in session.examples(&session.resolve(response)["content"]) {
                may_be_denied |= name == "PermissionDenied";
                if status.starts_with('2') {
                    continue;
                }
                if name == "Unavailable" {
                    unavailable.push((operation, key));
                    continue;
                }
                let fault = fault(session, operation, &name).await;
                let response = send(session, operation, fault).await;
                assert_eq!(response.status.to_string(), *status, "{} {name}: {}", operation.id, response.body);
                session.check(&operation.id, &key, &response);
            }
        }
        if !may_be_denied {
            let response = send(session, operation, Fault { token: Some("the-plain-token"), ..Fault::default() }).await;
            assert_ne!(response.status, 403, "{}: 403 is not documented", operation.id);
        }
    }
    session.server.app.store.clone().close().await;
    for (operation, key) in unavailable {
        // Callers are cached, and nothing else is looked up for the version.
        let token = (operation.id == "admin_version_retrieve").then_some("never seen before");
        let response = send(session, operation, Fault { token, ..Fault::default() }).await;
        assert_eq!(response.status, 503, "{}: {}", operation.id, response.body);
        session.check(&operation.id, &key, &response);
        let headers = &session.resolve(&operation.json["responses"]["503"])["headers"];
        assert_eq!(response.header("retry-after"), headers["Retry-After"]["example"].to_string());
    }
}
