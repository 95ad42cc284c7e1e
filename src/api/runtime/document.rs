//! Documents that don't change while the program runs, such as the API's description.

use bytes::Bytes;
use poem::http::HeaderValue;
use sha2::{Digest, Sha256};

/// An immutable document with its entity tag.
#[derive(Clone, Debug)]
pub struct Document {
    pub bytes: Bytes,
    /// A hash of the bytes, in hexadecimal.
    pub version: String,
}

impl Document {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let hash = Sha256::digest(&bytes);
        let version = base16ct::lower::encode_string(&hash[..12]);
        Self { bytes, version }
    }

    /// Returns the entity tag (RFC 9110, section 8.8.3). It is weak, because all content encodings share it.
    pub fn etag(&self) -> HeaderValue {
        HeaderValue::try_from(format!("W/\"{}\"", self.version)).expect("hexadecimal digits are allowed in a header")
    }
}
