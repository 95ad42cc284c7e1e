//! The data that a stand-in begins with, from a file.
//!
//! Users, groups and tokens are created by requests to the API, so its rules hold for them, and its messages say what is
//! wrong.

mod requests;

use std::{fs, path::PathBuf, sync::Arc};

use poem::endpoint::BoxEndpoint;
use secrecy::SecretString;
use serde_json::Value;

use self::requests::Requests;
use super::{
    faults::{Fault, Faults},
    members::Members,
    operations::Operations,
    responses::Responses,
};
use crate::api::{Failure, FieldErrors, ValidationError};

/// What is wrong with a seed, with the file and the place in it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SeedError(String);

#[derive(Debug, Default)]
pub struct Seed {
    file: PathBuf,
    groups: Vec<Value>,
    users: Vec<Value>,
    tokens: Vec<Value>,
    pub responses: Responses,
    pub faults: Vec<Arc<Fault>>,
}

impl Seed {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it can't be read, or is wrong in a way that the API needn't find out.
    pub fn read(file: PathBuf, operations: &Operations) -> Result<Self, SeedError> {
        let at = |message: String| SeedError(format!("{}: {message}", file.display()));
        let text = fs::read_to_string(&file).map_err(|error| at(error.to_string()))?;
        let is_json = file.extension().is_some_and(|extension| extension == "json");
        let value = if is_json { parse_json(&text) } else { parse_yaml(&text) }.map_err(at)?;
        // A file without anything in it.
        let value = if value.is_null() { Value::Object(Default::default()) } else { value };
        let mut members = Members::of(value).map_err(|errors| at(in_words(errors)))?;
        let mut lists = ["groups", "users", "tokens", "responses", "faults"]
            .map(|name| members.read(name, "Must be a list.", |value| value.as_array().cloned()).unwrap_or_default());
        members.finish().map_err(|errors| at(in_words(errors)))?;
        let [groups, users, tokens, responses, faults] = lists.each_mut().map(std::mem::take);
        let mut seed = Self { groups, users, tokens, ..Self::default() };
        for (number, response) in responses.into_iter().enumerate() {
            let label = label(&response, "path");
            let added = seed.responses.add(response);
            added.map_err(|errors| at(format!("responses[{number}]{label}: {}", in_words(errors))))?;
        }
        let mut all = Faults::default();
        for (number, fault) in faults.into_iter().enumerate() {
            let label = label(&fault, "operation");
            let read = Fault::read(fault, operations).map(Arc::new).map_err(Failure::Invalid);
            let read = read.and_then(|fault| all.add(fault.clone()).map(|_| fault));
            seed.faults.push(read.map_err(|failure| {
                let message = match failure {
                    Failure::Invalid(errors) => in_words(errors),
                    other => other.to_string(),
                };
                at(format!("faults[{number}]{label}: {message}"))
            })?);
        }
        Ok(Self { file, ..seed })
    }

    /// Whether it has no users, groups and tokens.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.users.is_empty() && self.tokens.is_empty()
    }

    /// Creates the users, groups and tokens, with the administrator's token.
    ///
    /// # Errors
    ///
    /// The first one that can't be created.
    pub async fn apply(&self, endpoint: &BoxEndpoint<'static>, token: &SecretString) -> Result<(), SeedError> {
        let at = |message: String| SeedError(format!("{}: {message}", self.file.display()));
        let mut requests = Requests::new(endpoint, token).await.map_err(at)?;
        for (number, group) in self.groups.iter().enumerate() {
            let place = |message| at(format!("groups[{number}]{}: {message}", label(group, "name")));
            requests.create_group(group).await.map_err(place)?;
        }
        for (number, user) in self.users.iter().enumerate() {
            let place = |message| at(format!("users[{number}]{}: {message}", label(user, "username")));
            requests.create_user(user).await.map_err(place)?;
        }
        for (number, token) in self.tokens.iter().enumerate() {
            let place = |message| at(format!("tokens[{number}]{}: {message}", label(token, "identifier")));
            requests.create_token(token).await.map_err(place)?;
        }
        Ok(())
    }
}

fn parse_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Not directly as JSON, which would let a key that is there twice pass.
fn parse_yaml(text: &str) -> Result<Value, String> {
    let value: yaml_serde::Value = yaml_serde::from_str(text).map_err(|error| error.to_string())?;
    serde_json::to_value(value).map_err(|error| error.to_string())
}

/// What an entry is called, for people who don't count.
fn label(entry: &Value, name: &str) -> String {
    entry.get(name).and_then(Value::as_str).map_or_else(String::new, |name| format!(" ({name})"))
}

fn in_words(errors: FieldErrors) -> String {
    serde_json::to_value(ValidationError::from(errors)).map_or_else(|error| error.to_string(), |body| describe(&body))
}

/// The body of an error in one line.
fn describe(body: &Value) -> String {
    let Some(fields) = body.as_object() else { return body.to_string() };
    let field = |(name, messages): (&String, &Value)| {
        let text = match messages {
            Value::Array(messages) => messages.iter().map(text).collect::<Vec<_>>().join(" "),
            message => text(message),
        };
        if ["detail", "non_field_errors"].contains(&name.as_str()) { text } else { format!("{name}: {text}") }
    };
    fields.iter().map(field).collect::<Vec<_>>().join("; ")
}

fn text(message: &Value) -> String {
    message.as_str().map_or_else(|| message.to_string(), ToOwned::to_owned)
}
