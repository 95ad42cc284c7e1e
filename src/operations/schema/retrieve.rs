//! `GET /schema/`

use std::sync::LazyLock;

use crate::{
    api::{Document, Edition, Failure, Rendered, SchemaRetrieve, SchemaRetrieveParams, SchemaRetrieveResponse},
    operations::App,
};

/// The document of each edition.
type Documents = LazyLock<Vec<Document>>;

static JSON: Documents = LazyLock::new(|| Edition::all().map(|edition| Document::new(edition.json())).collect());

static YAML: Documents = LazyLock::new(|| Edition::all().map(|edition| Document::new(yaml(edition))).collect());

fn yaml(edition: Edition) -> String {
    let document = serde_json::from_str::<serde_json::Value>(edition.json()).map_err(|error| error.to_string());
    let text = document.and_then(|document| yaml_serde::to_string(&document).map_err(|error| error.to_string()));
    text.unwrap_or_else(|error| panic!("the edition converts to YAML: {error}"))
}

impl SchemaRetrieve for App {
    async fn schema_retrieve(
        &self,
        params: SchemaRetrieveParams,
        media_type: &'static str,
    ) -> Result<SchemaRetrieveResponse, Failure> {
        let edition = params.edition.unwrap_or(self.edition);
        let (documents, file_name) =
            if media_type.ends_with("json") { (&JSON, "rollcall.json") } else { (&YAML, "rollcall.yaml") };
        Ok(SchemaRetrieveResponse::Ok(Rendered { media_type, document: &documents[edition as usize], file_name }))
    }
}
