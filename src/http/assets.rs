//! Static files of the pages: embedded in the program, compressed once, cached by browsers.
//!
//! Swagger UI and Redoc come from the crates that contain them, so no copy is kept here and nothing is fetched from
//! another server.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use poem::{
    Response,
    http::{HeaderMap, header},
};
use poem_openapi::OpenApiService;

use super::compression::{accepts, gzip};
use crate::api::Document;

/// The highest level, because it is done once.
const GZIP_LEVEL: u32 = 9;

/// From 0 to 11. 11 makes Swagger UI's script 8 % smaller, but the first visitor would wait 1.4 s for it instead of
/// 0.09 s.
const BROTLI_QUALITY: u32 = 9;

/// Base-2 logarithm of the window size in bytes; the largest in the standard format.
const BROTLI_WINDOW: u32 = 24;

/// Why compression can't fail.
const IN_MEMORY: &str = "writing to memory can't fail";

/// An embedded file.
pub struct Asset {
    media_type: &'static str,
    content: Content,
    encodings: OnceLock<Encodings>,
}

/// The source of a file's content.
pub enum Content {
    /// Embedded as is.
    Here(&'static str),
    /// Generated on first use.
    Made(fn() -> Bytes),
}

/// A file in its content encodings.
struct Encodings {
    plain: Document,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Asset {
    pub const fn new(media_type: &'static str, content: Content) -> Self {
        Self { media_type, content, encodings: OnceLock::new() }
    }

    /// A hash of the content.
    pub fn version(&self) -> &str {
        &self.encodings().plain.version
    }

    fn encodings(&self) -> &Encodings {
        self.encodings.get_or_init(|| {
            let plain = Document::new(match self.content {
                Content::Here(text) => Bytes::from_static(text.as_bytes()),
                Content::Made(make) => make(),
            });
            Encodings { plain, gzip: OnceLock::new(), brotli: OnceLock::new() }
        })
    }

    /// Responds with the file in the smallest encoding that the client accepts.
    ///
    /// The first call for an encoding blocks for a while: it generates and compresses the file.
    pub fn response(&self, headers: &HeaderMap) -> Response {
        let encodings = self.encodings();
        let plain = &encodings.plain.bytes;
        let (coding, bytes) = if accepts(headers, "br") {
            (Some("br"), encodings.brotli.get_or_init(|| brotli(plain)))
        } else if accepts(headers, "gzip") {
            (Some("gzip"), encodings.gzip.get_or_init(|| gzip(plain, GZIP_LEVEL).expect(IN_MEMORY).into()))
        } else {
            (None, plain)
        };
        let mut response =
            Response::builder().content_type(self.media_type).header(header::ETAG, encodings.plain.etag());
        if let Some(coding) = coding {
            response = response.header(header::CONTENT_ENCODING, coding);
        }
        response.body(bytes.clone())
    }
}

fn brotli(bytes: &[u8]) -> Bytes {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW);
    encoder.write_all(bytes).expect(IN_MEMORY);
    encoder.into_inner().into()
}

/// Returns a file of Swagger UI.
pub fn swagger_ui(name: &str) -> Bytes {
    let file = utoipa_swagger_ui::serve(name, Arc::default()).ok().flatten();
    let file = file.unwrap_or_else(|| panic!("utoipa-swagger-ui contains {name}"));
    file.bytes.into_owned().into()
}

/// Returns Redoc's script, extracted from poem-openapi's page, which links fonts on another server.
pub fn redoc() -> Bytes {
    const START: &str = "<script charset=\"UTF-8\">";
    const END: &str = "</script>\n  </head>";
    let page = OpenApiService::new((), "", "").redoc_html();
    let script = page.split_once(START).and_then(|(_, rest)| rest.split_once(END));
    let (script, _) = script.expect("poem-openapi's Redoc page contains the script");
    Bytes::copy_from_slice(script.as_bytes())
}
