//! The requests that create what is in a seed.

use std::collections::{BTreeSet, HashMap};

use poem::{
    Endpoint, Request,
    endpoint::BoxEndpoint,
    http::{Method, header},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value, json};

use super::describe;
use crate::api::CONTRACT_JSON;

/// Sends requests with the administrator's token, and keeps the ids of what has a name.
pub struct Requests<'e> {
    endpoint: &'e BoxEndpoint<'static>,
    authorization: String,
    properties: Properties,
    groups: HashMap<String, Value>,
    users: HashMap<String, Value>,
}

impl<'e> Requests<'e> {
    pub async fn new(endpoint: &'e BoxEndpoint<'static>, token: &SecretString) -> Result<Self, String> {
        let authorization = format!("Bearer {}", token.expose_secret());
        let properties = Properties::of_contract()?;
        let (groups, users) = (HashMap::new(), HashMap::new());
        let mut requests = Self { endpoint, authorization, properties, groups, users };
        // Those that are always there.
        for (path, name) in [("core/groups/?include_users=false", "name"), ("core/users/", "username")] {
            let list = requests.send(Method::GET, path, &Value::Null).await?;
            for object in list["results"].as_array().into_iter().flatten() {
                let ids = if name == "name" { &mut requests.groups } else { &mut requests.users };
                ids.insert(object[name].as_str().unwrap_or_default().to_owned(), object["pk"].clone());
            }
        }
        Ok(requests)
    }

    pub async fn create_group(&mut self, group: &Value) -> Result<(), String> {
        let mut body = self.properties.of("GroupRequest", &[], group)?;
        for name in ["parent", "parents"] {
            replace_names(&mut body, name, "group", &self.groups)?;
        }
        let created = self.send(Method::POST, "core/groups/", &body.into()).await?;
        self.groups.insert(created["name"].as_str().unwrap_or_default().to_owned(), created["pk"].clone());
        Ok(())
    }

    pub async fn create_user(&mut self, user: &Value) -> Result<(), String> {
        let mut body = self.properties.of("UserRequest", &["password"], user)?;
        replace_names(&mut body, "groups", "group", &self.groups)?;
        let password = body.remove("password");
        let created = self.send(Method::POST, "core/users/", &body.into()).await?;
        let id = &created["pk"];
        if let Some(password) = password {
            let path = format!("core/users/{id}/set_password/");
            self.send(Method::POST, &path, &json!({ "password": password })).await?;
        }
        self.users.insert(created["username"].as_str().unwrap_or_default().to_owned(), id.clone());
        Ok(())
    }

    pub async fn create_token(&mut self, token: &Value) -> Result<(), String> {
        let mut body = self.properties.of("TokenRequest", &["key"], token)?;
        replace_names(&mut body, "user", "user", &self.users)?;
        let Some(key) = body.remove("key") else {
            self.send(Method::POST, "core/tokens/", &body.into()).await?;
            return Ok(());
        };
        // The key of a token that has expired can't be set, so it expires only in the end.
        let expires = body.remove("expires");
        let expiring = body.insert("expiring".into(), false.into()).unwrap_or(true.into());
        let created = self.send(Method::POST, "core/tokens/", &body.into()).await?;
        let path = format!("core/tokens/{}/", created["identifier"].as_str().unwrap_or_default());
        self.send(Method::POST, &format!("{path}set_key/"), &json!({ "key": key })).await?;
        let mut expiry = json!({ "expiring": expiring });
        if let Some(expires) = expires {
            expiry["expires"] = expires;
        }
        self.send(Method::PATCH, &path, &expiry).await?;
        Ok(())
    }

    /// Sends a request, and returns the body of the response.
    ///
    /// # Errors
    ///
    /// What the API says is wrong.
    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value, String> {
        let request = Request::builder()
            .method(method)
            .uri_str(format!("/api/v3/{path}"))
            .header(header::AUTHORIZATION, &self.authorization)
            .content_type("application/json")
            .body(if body.is_null() { String::new() } else { body.to_string() });
        let response = self.endpoint.get_response(request).await;
        let is_success = response.status().is_success();
        let text = response.into_body().into_string().await.map_err(|error| error.to_string())?;
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(text.into()) };
        if is_success { Ok(body) } else { Err(describe(&body)) }
    }
}

/// Replaces the name in a member, or the names, by their ids.
fn replace_names(
    body: &mut Map<String, Value>,
    member: &str,
    kind: &str,
    ids: &HashMap<String, Value>,
) -> Result<(), String> {
    let replace = |value: &mut Value| {
        let Some(name) = value.as_str() else { return Ok(()) };
        let id = ids.get(name).ok_or_else(|| format!("{member}: There is no {kind} {name:?} before this place."))?;
        *value = id.clone();
        Ok(())
    };
    match body.get_mut(member) {
        Some(Value::Array(names)) => names.iter_mut().try_for_each(replace),
        Some(value) => replace(value),
        None => Ok(()),
    }
}

/// The properties of the contract's schemas.
#[derive(Deserialize)]
struct Properties {
    components: Components,
}

#[derive(Deserialize)]
struct Components {
    schemas: HashMap<String, Schema>,
}

#[derive(Deserialize)]
struct Schema {
    #[serde(default)]
    properties: HashMap<String, IgnoredAny>,
}

impl Properties {
    fn of_contract() -> Result<Self, String> {
        serde_json::from_str(CONTRACT_JSON).map_err(|error| error.to_string())
    }

    /// The members of an entry. The API would ignore those that it doesn't know.
    fn of(&self, schema: &str, additional: &[&str], entry: &Value) -> Result<Map<String, Value>, String> {
        let members = entry.as_object().ok_or("Expected an object.")?;
        let known = self.components.schemas.get(schema).map(|schema| schema.properties.keys().map(String::as_str));
        let known: BTreeSet<&str> = known.into_iter().flatten().chain(additional.iter().copied()).collect();
        match members.keys().find(|name| !known.contains(name.as_str())) {
            Some(unknown) => {
                let known = known.into_iter().collect::<Vec<_>>().join(", ");
                Err(format!("{unknown}: Unknown field; there are {known}."))
            }
            None => Ok(members.clone()),
        }
    }
}
