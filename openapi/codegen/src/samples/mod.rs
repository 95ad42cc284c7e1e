//! Code samples: how to call each operation from the command line and from eight languages.
//!
//! A reader of the documentation wants something to paste and run. Samples are made only of the contract, mostly of its
//! examples, so they can't become outdated.
//!
//! Each language has a file that writes a [`Request`] as a complete program. A new language is such a file and a line
//! in [`LANGUAGES`].

mod csharp;
mod curl;
mod go;
mod java;
mod literal;
mod node;
mod php;
mod powershell;
mod python;
mod request;
mod ruby;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use request::Request;
use serde_json::{Value, json};

use crate::model::Contract;

struct Language {
    /// Its name for syntax highlighting.
    name: &'static str,
    /// Its name for the reader.
    label: &'static str,
    write: fn(&Request) -> String,
}

const LANGUAGES: [Language; 9] = [
    Language { name: "Shell", label: "curl", write: curl::sample },
    Language { name: "Python", label: "Python", write: python::sample },
    Language { name: "Go", label: "Go", write: go::sample },
    Language { name: "JavaScript", label: "Node.js", write: node::sample },
    Language { name: "Ruby", label: "Ruby", write: ruby::sample },
    Language { name: "C#", label: "C#", write: csharp::sample },
    Language { name: "PHP", label: "PHP", write: php::sample },
    Language { name: "Java", label: "Java", write: java::sample },
    Language { name: "PowerShell", label: "PowerShell", write: powershell::sample },
];

/// Adds `x-codeSamples` to every operation of `document`, which is the contract as JSON.
///
/// # Errors
///
/// Names the place where the contract lacks an example.
pub fn add(contract: &Contract, document: &mut Value) -> Result<()> {
    for request in request::all(contract)? {
        let samples: Vec<Value> = LANGUAGES.iter().map(|language| language.sample(&request)).collect();
        let operation = document["paths"][&request.path][&request.method].as_object_mut();
        let operation = operation.with_context(|| format!("paths.{}.{}", request.path, request.method))?;
        operation.shift_remove("x-codeSamples");
        operation.insert("x-codeSamples".into(), Value::Array(samples));
    }
    Ok(())
}

impl Language {
    fn sample(&self, request: &Request) -> Value {
        json!({"lang": self.name, "label": self.label, "source": (self.write)(request)})
    }
}
