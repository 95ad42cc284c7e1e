//! The code samples of the operations, for the document that poem-openapi emits.

use std::{collections::HashMap, sync::LazyLock};

use poem_openapi::registry::MetaCodeSample;
use serde::Deserialize;

use super::CONTRACT_JSON;

#[derive(Deserialize)]
struct Document {
    paths: HashMap<String, HashMap<String, Operation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    operation_id: String,
    #[serde(rename = "x-codeSamples")]
    code_samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    lang: String,
    label: String,
    source: String,
}

static SAMPLES: LazyLock<HashMap<String, Vec<Sample>>> = LazyLock::new(|| {
    let document: Document =
        serde_json::from_str(CONTRACT_JSON).unwrap_or_else(|error| panic!("the contract has code samples: {error}"));
    let operations = document.paths.into_values().flat_map(HashMap::into_values);
    operations.map(|operation| (operation.operation_id, operation.code_samples)).collect()
});

/// The samples of an operation, read from the contract's JSON, into which the generator wrote them.
pub fn code_samples(operation_id: &str) -> Vec<MetaCodeSample> {
    let samples = SAMPLES.get(operation_id).into_iter().flatten();
    samples
        .map(|sample| MetaCodeSample { lang: &sample.lang, label: Some(&sample.label), source: &sample.source })
        .collect()
}
