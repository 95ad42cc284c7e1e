//! The bytes of requests, prepared before the measurement.

/// The administrator's token.
pub const TOKEN: &str = "the-token-of-the-benchs-administrator";

/// A GET request. `path` is relative to `/api/v3`.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET /api/v3{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n").into_bytes()
}

/// A POST request with a JSON body. `path` is relative to `/api/v3`.
pub fn post(path: &str, body: &[u8]) -> Vec<u8> {
    with_body("POST", path, body)
}

/// A PATCH request with a JSON body. `path` is relative to `/api/v3`.
pub fn patch(path: &str, body: &[u8]) -> Vec<u8> {
    with_body("PATCH", path, body)
}

fn with_body(method: &str, path: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "{method} /api/v3{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
