//! `GET /schema/`

use std::sync::LazyLock;

use crate::{
    api::{Document, EDITION_JSON, Failure, Rendered, SchemaRetrieve, SchemaRetrieveParams, SchemaRetrieveResponse},
    operations::App,
};

static JSON: LazyLock<Document> = LazyLock::new(|| Document::new(EDITION_JSON));

static YAML: LazyLock<Document> = LazyLock::new(|| {
    let document = serde_json::from_str::<serde_json::Value>(EDITION_JSON).map_err(|error| error.to_string());
    let text = document.and_then(|document| yaml_serde::to_string(&document).map_err(|error| error.to_string()));
    Document::new(text.unwrap_or_else(|error| panic!("the edition converts to YAML: {error}")))
});

impl SchemaRetrieve for App {
    async fn schema_retrieve(
        &self,
        _params: SchemaRetrieveParams,
        media_type: &'static str,
    ) -> Result<SchemaRetrieveResponse, Failure> {
        let (document, file_name) =
            if media_type.ends_with("json") { (&*JSON, "rollcall.json") } else { (&*YAML, "rollcall.yaml") };
        Ok(SchemaRetrieveResponse::Ok(Rendered { media_type, document, file_name }))
    }
}
