//! The bytes of requests, made before the clock starts.

/// The token of the administrator of every directory that the bench makes.
pub const TOKEN: &str = "the-token-of-the-benchs-administrator";

/// Asks for `path`, which starts after `/api/v3`.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET /api/v3{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n").into_bytes()
}

/// Posts JSON to `path`, which starts after `/api/v3`.
pub fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST /api/v3{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
