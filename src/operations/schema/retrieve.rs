//! `GET /schema/`

use crate::{
    api::{self, Failure, Rendered, SchemaRetrieve, SchemaRetrieveParams, SchemaRetrieveResponse},
    operations::App,
};

impl SchemaRetrieve for App {
    async fn schema_retrieve(
        &self,
        _params: SchemaRetrieveParams,
        media_type: &'static str,
    ) -> Result<SchemaRetrieveResponse, Failure> {
        let document = if media_type.ends_with("json") { api::CONTRACT_JSON } else { api::CONTRACT_YAML };
        Ok(SchemaRetrieveResponse::Ok(Rendered { media_type, body: document.as_bytes().into() }))
    }
}
