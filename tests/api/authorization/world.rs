//! A server, everyone who calls it, and what they call it about.

use std::cell::Cell;

use futures_util::future::join_all;
use reqwest::{Method, RequestBuilder};
use rollcall::api::Callers;
use serde_json::{Value, json};

use crate::support::{NOBODY, Server};

const MISSING: &str = "Authentication credentials were not provided.";
const MALFORMED: &str = "Malformed header";
const UNSUPPORTED: &str = "Unsupported authentication type";
const INVALID: &str = "Token invalid/expired";

/// Everyone. Revoked tokens and those in malformed headers are superusers'.
pub const CALLERS: &[Caller] = &[
    Caller { name: "no header", authorization: None, rights: Rights::None(MISSING) },
    Caller::new("an empty header", b"", Rights::None(MISSING)),
    Caller::new("a scheme without a token", b"Bearer", Rights::None(MISSING)),
    Caller::new("an empty token", b"Bearer ", Rights::None(MISSING)),
    Caller::new("a token without a scheme", b"key-of-superuser", Rights::None(MISSING)),
    Caller::new("the scheme Basic", b"Basic key-of-superuser", Rights::None(UNSUPPORTED)),
    Caller::new("the scheme Token", b"Token key-of-superuser", Rights::None(UNSUPPORTED)),
    Caller::new("a header that isn't ASCII", b"Bearer key-of-superuser\xe9", Rights::None(MALFORMED)),
    Caller::new("an unknown token", b"Bearer key-of-nobody", Rights::None(INVALID)),
    Caller::new("an expired token", b"Bearer key-of-late", Rights::None(INVALID)),
    Caller::new("a token of a deactivated user", b"Bearer key-of-dismissed", Rights::None(INVALID)),
    Caller::new("a password of an application", b"Bearer key-of-application", Rights::None(INVALID)),
    Caller::new("a user without rights", b"Bearer key-of-plain", Rights::Plain),
    Caller { name: "the owner, who has no rights", authorization: None, rights: Rights::Owner },
    Caller::new("a member of a superuser group", b"Bearer key-of-superuser", Rights::Superuser),
    Caller::new("a member of its grandchild", b"Bearer key-of-grandchild", Rights::Superuser),
];

/// Someone who sends requests.
pub struct Caller {
    pub name: &'static str,
    /// The value of the header; that of the owner depends on the subject.
    authorization: Option<&'static [u8]>,
    pub rights: Rights,
}

#[derive(Clone, Copy)]
pub enum Rights {
    /// None, for this reason.
    None(&'static str),
    /// Those of a user who has nothing to do with the subject.
    Plain,
    /// Those of the subject: the user, the member of the group, the owner of the token.
    Owner,
    Superuser,
}

impl Caller {
    const fn new(name: &'static str, authorization: &'static [u8], rights: Rights) -> Self {
        Self { name, authorization: Some(authorization), rights }
    }

    /// Adds the `Authorization` header.
    pub fn sign(&self, request: RequestBuilder, subject: &Subject) -> RequestBuilder {
        match (self.rights, self.authorization) {
            (Rights::Owner, _) => request.bearer_auth(key_of(&subject.name)),
            (_, Some(authorization)) => request.header("authorization", authorization),
            (_, None) => request,
        }
    }
}

/// The response to those who are not among `callers` of this path; `None` to those who are.
pub fn refusal(callers: Option<Callers>, path: &str, rights: Rights) -> Option<(u16, Value)> {
    let (status, detail) = match (rights, callers?) {
        (Rights::None(reason), _) => (403, reason),
        (Rights::Plain | Rights::Owner, Callers::Superusers) => {
            (403, "You do not have permission to perform this action.")
        }
        // To others, somebody's token doesn't exist.
        (Rights::Plain, Callers::Users) if path.contains("{identifier}") => (404, "No Token matches the given query."),
        _ => return None,
    };
    Some((status, json!({"detail": detail})))
}

/// A user, a group and a token for requests to be about. The user has no rights, is a member of the group, and owns the
/// token and another one, with which to call.
pub struct Subject {
    /// That of the user, the group and the token.
    pub name: String,
    pub user: i64,
    group: String,
    /// Somebody else.
    pub plain: i64,
}

impl Subject {
    /// One that doesn't exist.
    pub fn unknown() -> Self {
        Self { name: "unknown".into(), user: 999_999, group: NOBODY.into(), plain: 999_999 }
    }

    /// A path of the contract with the ids of the subject.
    pub fn path(&self, template: &str) -> String {
        let path = template.replace("{id}", &self.user.to_string());
        path.replace("{group_uuid}", &self.group).replace("{identifier}", &self.name)
    }

    /// A name that nothing has.
    pub fn new_name(&self) -> String {
        format!("new-{}", self.name)
    }
}

pub struct World {
    pub server: Server,
    plain: i64,
    subjects: Cell<usize>,
}

impl World {
    pub async fn start() -> Self {
        let server = Server::start().await;
        let top = server.group(json!({"name": "superusers", "is_superuser": true})).await;
        let child = server.group(json!({"name": "child", "parent": top})).await;
        let grandchild = server.group(json!({"name": "grandchild", "parent": child})).await;
        for name in ["superuser", "late", "dismissed", "application"] {
            user(&server, name, &[&top]).await;
            let request = server.request(Method::GET, "/core/users/").bearer_auth(key_of(name));
            assert_eq!(server.send(request).await.status, 200, "{name}");
        }
        user(&server, "grandchild", &[&grandchild]).await;
        let plain = user(&server, "plain", &[]).await;
        let dismissed = server.get("/core/users/?username=dismissed").await.body["results"][0]["pk"].clone();
        for (path, change) in [
            ("/core/tokens/token-of-late/", json!({"expiring": true, "expires": "2020-01-01T00:00:00Z"})),
            ("/core/tokens/token-of-application/", json!({"intent": "app_password"})),
            (&format!("/core/users/{dismissed}/"), json!({"is_active": false})),
        ] {
            assert_eq!(server.patch(path, change).await.status, 200, "{path}");
        }
        Self { server, plain, subjects: Cell::new(0) }
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }

    /// Creates a subject.
    pub async fn subject(&self) -> Subject {
        self.subjects.set(self.subjects.get() + 1);
        let name = format!("subject-{}", self.subjects.get());
        let user = user(&self.server, &name, &[]).await;
        let group = self.server.group(json!({"name": name, "users": [user]})).await;
        let token = self.server.post("/core/tokens/", json!({"identifier": name, "user": user})).await;
        assert_eq!(token.status, 201, "{}", token.body);
        Subject { name, user, group, plain: self.plain }
    }

    /// Everything about the subject, and how many objects there are.
    pub async fn state(&self, subject: &Subject) -> Vec<(u16, Value)> {
        let paths = [
            "/core/users/?page_size=1",
            "/core/groups/?page_size=1",
            "/core/tokens/?page_size=1",
            "/core/users/{id}/",
            "/core/groups/{group_uuid}/",
            "/core/tokens/{identifier}/",
            "/core/tokens/{identifier}/view_key/",
        ];
        join_all(paths.map(async |path| self.server.get(&subject.path(path)).await.both())).await
    }

    /// The id of a caller who may see no other user.
    pub fn without_rights(&self, caller: &Caller, subject: &Subject) -> Option<i64> {
        match caller.rights {
            Rights::Plain => Some(self.plain),
            Rights::Owner => Some(subject.user),
            Rights::None(_) | Rights::Superuser => None,
        }
    }
}

/// Creates a user with a token, and returns the id.
async fn user(server: &Server, name: &str, groups: &[&str]) -> i64 {
    let response = server.user(name, json!({"groups": groups})).await;
    assert_eq!(response.status, 201, "{}", response.body);
    server.token(name, &format!("token-of-{name}"), &key_of(name)).await;
    response.body["pk"].as_i64().unwrap()
}

fn key_of(name: &str) -> String {
    format!("key-of-{name}")
}
