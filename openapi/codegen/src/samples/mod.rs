//! Code samples: how to call each operation from the command line and from eight languages.
//!
//! A reader of the documentation wants something to paste and run. Everything a sample holds comes from the contract,
//! its examples above all, so that samples cannot fall behind it.
//!
//! Each language has one file that writes a [`Request`] as a whole program. A new language is such a file and a line
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

struct Language {
    /// What the language is called where code is coloured.
    name: &'static str,
    /// What the reader picks.
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

/// Adds `x-codeSamples` to every operation of `document` (an OpenAPI 3.0.3 document as JSON, with `$ref`s intact).
///
/// # Errors
///
/// Names the place where the document lacks what a sample needs, such as an example.
pub fn add(document: &mut Value) -> Result<()> {
    let requests = request::all(document)?;
    for request in requests {
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
