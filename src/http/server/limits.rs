//! Limits on connections, and on what comes and goes over them. Each is a setting of the server.

use std::time::Duration;

/// How much of the machine clients may use.
#[derive(Clone, Copy, Debug)]
pub struct WireLimits {
    /// The most connections at once.
    pub connections: usize,
    /// The most connections at once from one address: an IPv4 address, or a /64 network of IPv6.
    pub connections_per_address: usize,
    /// How long a connection may wait for its next request.
    pub idle_time: Duration,
    /// How long the head of a request may take to arrive, from its first byte.
    pub head_time: Duration,
    /// How long the body of a request may take to arrive, from its head.
    pub body_time: Duration,
    /// How long a client may leave a response unread.
    pub write_time: Duration,
    /// How long a request may take, from its head to the response.
    pub request_time: Duration,
    /// How long requests in flight may go on when the server stops.
    pub stop_time: Duration,
    /// The largest head of a request, in bytes.
    pub head: usize,
    /// The most header fields of a request.
    pub header_fields: usize,
    /// The longest path and query of a request, in bytes.
    pub url: usize,
    /// The most bytes of bodies and responses that are held at once; small ones don't count.
    pub buffered: usize,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl WireLimits {
    /// The defaults of the settings.
    pub const DEFAULT: Self = Self {
        connections: 4_096,
        connections_per_address: 1_024,
        idle_time: Duration::from_secs(75),
        head_time: Duration::from_secs(10),
        body_time: Duration::from_secs(30),
        write_time: Duration::from_secs(30),
        request_time: Duration::from_secs(60),
        stop_time: Duration::from_secs(30),
        head: 64 * 1024,
        header_fields: 100,
        url: 32 * 1024,
        buffered: 256 * 1024 * 1024,
    };
}
