//! The address of a client behind proxies.
//!
//! Every proxy adds the address that it was called from to the end of a header. So the header is read from its end, and
//! only as far as those who wrote it are trusted: what stands before may be made up.
//!
//! Own code, because the libraries read text in quotation marks, which clients choose, as addresses (`rfc7239` 0.1), or
//! believe what stands before an address that is not told, and don't know IPv6 without brackets (`trusted-proxies` 0.3).

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use ipnet::IpNet;
use poem::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, GetAll},
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The networks of proxies that are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// What is wrong with a list of networks.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an address or network, such as `192.0.2.1` or `10.0.0.0/8`")]
pub struct InvalidNetwork(String);

impl FromStr for Proxies {
    type Err = InvalidNetwork;

    /// Parses a comma-separated list of addresses and networks.
    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let parse = |text: &str| {
            let address = text.parse::<IpAddr>().map(|address| address.to_canonical().into());
            address.or_else(|_| text.parse()).map_err(|_| InvalidNetwork(text.to_owned()))
        };
        text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Proxies {
    /// Whether no proxy is believed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The client whose connections count together if one came from `peer`; `None` for a proxy, which has many clients.
    pub fn lone_client(&self, peer: IpAddr) -> Option<IpAddr> {
        (!self.contain(peer.to_canonical())).then_some(peer)
    }

    /// The address of the client whose request came from `peer` with these headers.
    ///
    /// Proxies write one of two headers, and pass on the other as the client sent it. If both are there and differ,
    /// either may be made up, so the client remains unknown, and `peer` stands for it.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.contain(peer) {
            return peer;
        }
        let told = |name, parse| self.told(peer, headers.get_all(name), parse);
        let x_forwarded_for = told(X_FORWARDED_FOR, |value| value.split(',').map(address).collect());
        let forwarded =
            told(header::FORWARDED, |value| split(value, ',').into_iter().map(address_of_element).collect());
        match (x_forwarded_for, forwarded) {
            (Some(one), Some(other)) if one != other => peer,
            (one, other) => one.or(other).unwrap_or(peer),
        }
    }

    /// The client by the values of one header: the last address that is not a trusted proxy's, or the last one before
    /// what can't be read. `None` without the header.
    fn told(
        &self,
        peer: IpAddr,
        values: GetAll<'_, HeaderValue>,
        parse: fn(&str) -> Vec<Option<IpAddr>>,
    ) -> Option<IpAddr> {
        let read = |value: &HeaderValue| value.to_str().map_or_else(|_| vec![None], parse);
        let addresses: Vec<Option<IpAddr>> = values.iter().flat_map(read).collect();
        let mut client = peer;
        for address in addresses.iter().rev() {
            client = address.map_or(client, |address| address.to_canonical());
            if address.is_none() || !self.contain(client) {
                break;
            }
        }
        (!addresses.is_empty()).then_some(client)
    }

    fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address in `X-Forwarded-For`, which some proxies write with its port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let without_port = text.parse().or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()));
    without_port.ok().or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// The address in an element of `Forwarded`, such as `for="[2001:db8::1]:4711";proto=https`.
fn address_of_element(element: &str) -> Option<IpAddr> {
    let pairs = split(element, ';');
    let mut pairs = pairs.iter().filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    address(value.strip_prefix('"').map_or(Some(value), |rest| rest.strip_suffix('"'))?)
}

/// Splits at a separator, but not within quotation marks, where a backslash quotes the next character. If a mark is
/// missing, nothing can be told of what is before and after it, so the result is one empty part.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut in_quotes, mut is_escaped) = (false, false);
    let is_separator = |character| {
        let (was_escaped, is_quotation_mark) = (is_escaped, character == '"');
        is_escaped = in_quotes && !was_escaped && character == '\\';
        in_quotes ^= is_quotation_mark && !was_escaped;
        !in_quotes && character == separator
    };
    let parts = text.split(is_separator).collect();
    if in_quotes { vec![""] } else { parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, x_forwarded_for: &[&str], forwarded: &[&str]) -> String {
        let proxies: Proxies = "10.0.0.0/8, 192.0.2.1,2001:db8::/64".parse().unwrap();
        let mut headers = HeaderMap::new();
        for (name, values) in [(X_FORWARDED_FOR, x_forwarded_for), (header::FORWARDED, forwarded)] {
            for value in values {
                headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_client_is_the_last_address_that_is_not_a_proxys() {
        for (peer, values, expected) in [
            ("198.51.100.7", &["203.0.113.9"][..], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
            ("192.0.2.1", &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            ("192.0.2.1", &["1.1.1.1, 203.0.113.9,10.2.3.4 "], "203.0.113.9"),
            ("192.0.2.1", &["1.1.1.1", "203.0.113.9", "10.2.3.4"], "203.0.113.9"),
            ("192.0.2.2", &["203.0.113.9"], "192.0.2.2"),
            ("2001:db8::1", &["2001:db8:1::2"], "2001:db8:1::2"),
            ("10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("10.0.0.1", &["[2001:db8:1::2]:4711"], "2001:db8:1::2"),
            ("10.0.0.1", &["[2001:db8:1::2]"], "2001:db8:1::2"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // What can't be read was told by the proxy before it, which is the last that is known.
            ("10.0.0.1", &["203.0.113.9, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["203.0.113.9, "], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9", "\u{fc}"], "10.0.0.1"),
            ("10.0.0.1", &[""], "10.0.0.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
        ] {
            assert_eq!(client(peer, values, &[]), expected, "{peer} {values:?}");
        }
    }

    #[test]
    fn the_standard_header_is_read_the_same_way() {
        for (peer, values, expected) in [
            ("198.51.100.7", &["for=203.0.113.9"][..], "198.51.100.7"),
            ("10.0.0.1", &["for=203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["for=1.1.1.1, For=203.0.113.9;proto=https;by=10.0.0.1, for=10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", &["for=1.1.1.1", "host=\"a\\\";for=8.8.8.8, for=8.8.8.8\"; for=203.0.113.9"], "203.0.113.9"),
            // The client began with a quotation mark, and the proxy added to its line.
            ("10.0.0.1", &["for=\", for=203.0.113.9"], "10.0.0.1"),
            ("10.0.0.1", &["for=8.8.8.8;host=\", for=\"[2001:db8:1::2]\""], "10.0.0.1"),
            ("10.0.0.1", &["for=\"[2001:db8:1::2]:4711\""], "2001:db8:1::2"),
            ("10.0.0.1", &["for=203.0.113.9, for=unknown"], "10.0.0.1"),
            ("10.0.0.1", &["for=203.0.113.9, for=_hidden"], "10.0.0.1"),
            ("10.0.0.1", &["for=203.0.113.9, proto=https"], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9"], "10.0.0.1"),
        ] {
            assert_eq!(client(peer, &[], values), expected, "{peer} {values:?}");
        }
    }

    #[test]
    fn of_two_headers_that_differ_neither_is_believed() {
        let both = |one, other| client("10.0.0.1", &[one], &[other]);
        assert_eq!(both("203.0.113.9", "for=203.0.113.9"), "203.0.113.9");
        assert_eq!(both("8.8.8.8, 203.0.113.9", "for=\"203.0.113.9:80\", for=10.0.0.2"), "203.0.113.9");
        assert_eq!(both("203.0.113.9", "for=8.8.8.8"), "10.0.0.1");
        assert_eq!(both("203.0.113.9", ""), "10.0.0.1");
    }

    #[test]
    fn networks_are_separated_by_commas() {
        assert!("".parse::<Proxies>().unwrap().is_empty());
        for text in ["10.0.0.0/33", "proxy", "10.0.0.1 10.0.0.2", "*"] {
            assert!(text.parse::<Proxies>().is_err(), "{text}");
        }
    }
}
