//! Writing answers, and describing them.

use poem::{
    Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    registry::{MetaMediaType, MetaResponse, MetaSchema, MetaSchemaRef},
    types::Type,
};
use serde::Serialize;

use super::{Describe, Document, FreeForm};

/// A JSON answer.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => Response::builder().status(status).content_type("application/json").body(bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into()
        }
    }
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    status.into()
}

/// A document in the media type that was negotiated.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub media_type: &'static str,
    pub document: &'static Document,
}

/// A document answered as it is. Clients may keep it, but ask each time whether it is still the same.
pub fn rendered(status: StatusCode, Rendered { media_type, document }: Rendered) -> Response {
    Response::builder()
        .status(status)
        .content_type(media_type)
        .header(header::ETAG, document.etag())
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::VARY, "accept")
        .body(document.bytes.clone())
}

/// How the document shows an answer.
pub fn describe_response(status: u16, description: &'static str, content: Vec<MetaMediaType>) -> MetaResponse {
    MetaResponse { description, status: Some(status), status_range: None, content, headers: vec![] }
}

/// How the document shows a media type of an answer: `T`'s schema.
pub fn media<T: Type>(content_type: &'static str) -> MetaMediaType {
    MetaMediaType { content_type, schema: T::schema_ref() }
}

/// How the document shows a media type that holds any object.
pub fn free_form_media(content_type: &'static str) -> MetaMediaType {
    let schema: MetaSchema = FreeForm.schema();
    MetaMediaType { content_type, schema: MetaSchemaRef::Inline(Box::new(schema)) }
}
