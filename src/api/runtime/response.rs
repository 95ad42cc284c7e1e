//! Writing responses.

use poem::{
    Response,
    http::{StatusCode, header},
};
use serde::Serialize;

use super::Document;

/// A JSON response.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    // Most answers fit; the buffer of a list grows.
    let mut bytes = Vec::with_capacity(2_048);
    match serde_json::to_writer(&mut bytes, value) {
        Ok(()) => Response::builder().status(status).content_type("application/json").body(bytes),
        Err(error) => {
            tracing::error!(%error, "a response could not be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into()
        }
    }
}

/// A response without a body.
pub fn empty(status: StatusCode) -> Response {
    status.into()
}

/// The status of a successful response.
pub const fn success(status: u16) -> StatusCode {
    match status {
        200 => StatusCode::OK,
        201 => StatusCode::CREATED,
        204 => StatusCode::NO_CONTENT,
        _ => panic!("a successful response has another status"),
    }
}

/// The body of a successful response.
pub trait ResponseBody {
    fn write(self, status: StatusCode) -> Response;
}

impl<T: Serialize> ResponseBody for T {
    fn write(self, status: StatusCode) -> Response {
        json(status, &self)
    }
}

/// A document in the negotiated media type.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub media_type: &'static str,
    pub document: &'static Document,
    /// The name under which browsers save it.
    pub file_name: &'static str,
}

/// Clients may cache the document, but must revalidate it each time.
impl ResponseBody for Rendered {
    fn write(self, status: StatusCode) -> Response {
        Response::builder()
            .status(status)
            .content_type(self.media_type)
            .header(header::ETAG, self.document.etag())
            .header(header::CACHE_CONTROL, "no-cache")
            .header(header::VARY, "accept")
            .header(header::CONTENT_DISPOSITION, format!("inline; filename=\"{}\"", self.file_name))
            .body(self.document.bytes.clone())
    }
}
