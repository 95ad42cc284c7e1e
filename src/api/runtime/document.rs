//! Documents that stay the same as long as the program runs, such as the API's own description.

use bytes::Bytes;
use poem::http::HeaderValue;
use sha2::{Digest, Sha256};

/// Bytes that never change, with what tells a client whether it has them already.
#[derive(Clone, Debug)]
pub struct Document {
    pub bytes: Bytes,
    /// A hash of the bytes, hexadecimal.
    pub version: String,
}

impl Document {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let hash = Sha256::digest(&bytes);
        let version = base16ct::lower::encode_string(&hash[..12]);
        Self { bytes, version }
    }

    /// The entity tag (RFC 9110, section 8.8.3). It is weak, because it is the same however the bytes are compressed.
    pub fn etag(&self) -> HeaderValue {
        HeaderValue::try_from(format!("W/\"{}\"", self.version)).expect("hexadecimal digits are allowed in a header")
    }
}
