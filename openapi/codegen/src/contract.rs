//! Loading a contract, and finding what its references refer to.

use std::collections::BTreeSet;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;

use crate::model::{Contract, Example, Name, Operation, Parameter, RefOr, Response, Schema};

impl Contract {
    /// Parses the YAML text of a contract; also returns it as JSON.
    ///
    /// # Errors
    ///
    /// Names the place of anything that the generator does not support.
    pub fn load(text: &str) -> Result<(Self, Value)> {
        let json = yaml_serde::from_str(text)?;
        Ok((Self::from_json(&json)?, json))
    }

    /// Parses a contract in JSON.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn from_json(json: &Value) -> Result<Self> {
        let contract: Self = serde_path_to_error::deserialize(json).map_err(|error| {
            let place = error.path().to_string();
            anyhow!("{place}: {}", error.into_inner())
        })?;
        contract.check()?;
        Ok(contract)
    }

    fn check(&self) -> Result<()> {
        ensure!(self.openapi == "3.0.3", "openapi: {} is not 3.0.3", self.openapi);
        ensure!(self.servers.len() == 1, "servers: must be exactly one");
        let mut ids = BTreeSet::new();
        for (path, method, operation) in self.operations() {
            let place = format!("paths.{path}.{}", method.to_lowercase());
            ensure!(path.starts_with('/') && path.ends_with('/'), "paths.{path}: must start and end with a slash");
            ensure!(ids.insert(&operation.operation_id), "{place}: operationId is not unique");
            for tag in &operation.tags {
                ensure!(
                    self.tags.iter().any(|described| described.name == *tag),
                    "{place}.tags: {tag} is not described"
                );
            }
            ensure!(
                operation.security.len() <= 1 && operation.security.iter().all(|schemes| schemes.len() == 1),
                "{place}.security: only one scheme is supported"
            );
            for (scheme, scopes) in operation.security.iter().flatten() {
                ensure!(self.components.security_schemes.contains_key(scheme), "{place}.security: {scheme} is unknown");
                ensure!(scopes.is_empty(), "{place}.security: scopes are not supported");
            }
        }
        Ok(())
    }

    /// All operations, with path and method.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &'static str, &Operation)> {
        self.paths.iter().flat_map(|(path, item)| {
            item.operations().map(move |(method, operation)| (path.as_str(), method, operation))
        })
    }

    /// The schema with this name.
    pub fn schema(&self, name: &Name) -> Result<&Schema> {
        self.components.schemas.get(&name.0).with_context(|| format!("#/components/schemas/{name} does not exist"))
    }

    /// The name of the component with exactly these values.
    pub fn enumeration(&self, choices: &[String]) -> Option<&str> {
        let mut schemas = self.components.schemas.iter();
        schemas.find(|(_, schema)| schema.choices == choices).map(|(name, _)| name.as_str())
    }

    /// The parameter itself.
    pub fn parameter<'a>(&'a self, parameter: &'a RefOr<Parameter>) -> Result<&'a Parameter> {
        match parameter {
            RefOr::Here(parameter) => Ok(parameter),
            RefOr::Ref(name) => self
                .components
                .parameters
                .get(&name.0)
                .with_context(|| format!("#/components/parameters/{name} does not exist")),
        }
    }

    /// The response itself.
    pub fn response<'a>(&'a self, response: &'a RefOr<Response>) -> Result<&'a Response> {
        match response {
            RefOr::Here(response) => Ok(response),
            RefOr::Ref(name) => self
                .components
                .responses
                .get(&name.0)
                .with_context(|| format!("#/components/responses/{name} does not exist")),
        }
    }

    /// The example itself.
    pub fn example<'a>(&'a self, example: &'a RefOr<Example>) -> Result<&'a Example> {
        match example {
            RefOr::Here(example) => Ok(example),
            RefOr::Ref(name) => self
                .components
                .examples
                .get(&name.0)
                .with_context(|| format!("#/components/examples/{name} does not exist")),
        }
    }

    /// The schema of an operation's request body, if it has one.
    pub fn body<'a>(&self, operation: &'a Operation) -> Result<Option<&'a Name>> {
        let Some(body) = &operation.request_body else { return Ok(None) };
        match body.content.iter().next() {
            Some((media, schema)) if media == "application/json" && body.content.len() == 1 => match &schema.schema {
                RefOr::Ref(name) => Ok(Some(name)),
                RefOr::Here(_) => bail!("requestBody: the schema must be a $ref"),
            },
            _ => bail!("requestBody: only application/json is supported"),
        }
    }

    /// The names of the schemas of request bodies.
    pub fn request_schemas(&self) -> Result<BTreeSet<&str>> {
        self.operations()
            .filter_map(|(.., operation)| self.body(operation).transpose())
            .map(|name| Ok(name?.0.as_str()))
            .collect()
    }
}
