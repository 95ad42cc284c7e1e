//! Files of the pages: part of the program, compressed once, kept by browsers.
//!
//! The Swagger UI and Redoc come out of the crates that carry them, so nothing of theirs is copied here and nothing is
//! fetched from another server.

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

/// The hardest level; it is done once.
const GZIP_LEVEL: u32 = 9;

/// Of 0 to 11. The last one makes the Swagger UI's script 8 % smaller, but takes 1.4 s instead of 0.09 s, for which the
/// first visitor would have to wait.
const BROTLI_QUALITY: u32 = 9;

/// Base-2 logarithm of the bytes in which brotli looks for repetitions; the largest of the standard form.
const BROTLI_WINDOW: u32 = 24;

/// Why packing can't fail.
const IN_MEMORY: &str = "memory can be written to";

/// A file that is part of the program.
pub struct Asset {
    media_type: &'static str,
    content: Content,
    forms: OnceLock<Forms>,
}

/// Where the bytes of a file come from.
pub enum Content {
    /// They stand in the program.
    Here(&'static str),
    /// A part of the program makes them when they are first wanted.
    Made(fn() -> Bytes),
}

/// A file as clients take it.
struct Forms {
    plain: Document,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Asset {
    pub const fn new(media_type: &'static str, content: Content) -> Self {
        Self { media_type, content, forms: OnceLock::new() }
    }

    /// A hash of its bytes.
    pub fn version(&self) -> &str {
        &self.forms().plain.version
    }

    fn forms(&self) -> &Forms {
        self.forms.get_or_init(|| {
            let plain = Document::new(match self.content {
                Content::Here(text) => Bytes::from_static(text.as_bytes()),
                Content::Made(make) => make(),
            });
            Forms { plain, gzip: OnceLock::new(), brotli: OnceLock::new() }
        })
    }

    /// The file in the smallest form that the client accepts.
    ///
    /// The first call for a form takes a while: it makes and compresses the file.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let forms = self.forms();
        let plain = &forms.plain.bytes;
        let (coding, bytes) = if accepts(headers, "br") {
            (Some("br"), forms.brotli.get_or_init(|| brotli(plain)))
        } else if accepts(headers, "gzip") {
            (Some("gzip"), forms.gzip.get_or_init(|| gzip(plain, GZIP_LEVEL).expect(IN_MEMORY).into()))
        } else {
            (None, plain)
        };
        let mut response = Response::builder().content_type(self.media_type).header(header::ETAG, forms.plain.etag());
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

/// A file of the Swagger UI.
pub fn swagger_ui(name: &str) -> Bytes {
    let file = utoipa_swagger_ui::serve(name, Arc::default()).ok().flatten();
    let file = file.unwrap_or_else(|| panic!("utoipa-swagger-ui carries {name}"));
    file.bytes.into_owned().into()
}

/// Redoc, cut out of the page that poem-openapi would serve: that page links fonts of another server.
pub fn redoc() -> Bytes {
    const START: &str = "<script charset=\"UTF-8\">";
    const END: &str = "</script>\n  </head>";
    let page = OpenApiService::new((), "", "").redoc_html();
    let script = page.split_once(START).and_then(|(_, rest)| rest.split_once(END));
    let (script, _) = script.expect("poem-openapi's page of Redoc has its script in it");
    Bytes::copy_from_slice(script.as_bytes())
}
