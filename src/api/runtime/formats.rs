//! String formats: email addresses and times.

use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};
use poem_openapi::registry::MetaSchema;
use serde_json::value::RawValue;

use super::{
    Describe, Parse, ParseParameter, Text, Timestamp, json,
    kind::{Messages, message},
};

/// An email address or an empty string, by the rules of Django's `EmailValidator`.
#[derive(Clone, Copy, Debug)]
pub struct Email(pub Text);

impl Describe for Email {
    fn schema(&self) -> MetaSchema {
        MetaSchema { format: Some("email"), ..self.0.schema() }
    }
}

impl Parse for Email {
    type Value = String;
    fn parse(&self, raw: &RawValue) -> Result<Option<String>, Messages> {
        const INVALID: &str = "Enter a valid email address.";
        let Some(text) = json::string(raw) else { return message(INVALID) };
        let mut messages = Messages::new();
        let text = self.0.check(&text, &mut messages);
        if !text.is_empty() && !is_email(text) {
            messages.push(INVALID.into());
        }
        if messages.is_empty() { Ok(Some(text.to_owned())) } else { Err(messages) }
    }
}

/// Own code, because the libraries decide differently from Django. Of 99 addresses, `email_address` 0.2 differs on 30
/// and `validator` 0.20 on 21, among them those in the test `libraries_decide_differently_on_these_addresses`.
fn is_email(text: &str) -> bool {
    // The maximum length by RFC 3696.
    if text.chars().count() > 320 {
        return false;
    }
    text.rsplit_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_mail_domain(domain))
}

fn is_local_part(local: &str) -> bool {
    let is_atom_character = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{}|~-".contains(c);
    let is_dot_atom = || local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_character));
    is_dot_atom() || is_quoted_string(local)
}

fn is_quoted_string(local: &str) -> bool {
    let Some(inner) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        let fits = match c {
            '\\' => characters
                .next()
                .is_some_and(|c| matches!(c, '\u{1}'..='\u{9}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{7f}')),
            '\u{1}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '!' | '#'..='[' | ']'..='\u{7f}' => true,
            _ => false,
        };
        if !fits {
            return false;
        }
    }
    true
}

fn is_mail_domain(domain: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '\u{a1}'..='\u{ffff}');
    let is_label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && label.chars().all(|c| is_letter(c) || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_host = || {
        let mut labels: Vec<&str> = domain.split('.').collect();
        let Some(top) = labels.pop() else { return false };
        !labels.is_empty() && labels.iter().all(|label| is_label(label)) && is_label(top) && top.chars().count() >= 2
    };
    let is_literal = || {
        domain
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|ip| ip.parse::<Ipv4Addr>().is_ok() || ip.parse::<Ipv6Addr>().is_ok())
    };
    domain == "localhost" || is_host() || is_literal()
}

/// A date and time in RFC 3339, or in one of the other ISO 8601 forms that authentik accepts.
#[derive(Clone, Copy, Debug)]
pub struct DateTimeText;

impl Describe for DateTimeText {
    fn schema(&self) -> MetaSchema {
        MetaSchema::new_with_format("string", "date-time")
    }
}

impl Parse for DateTimeText {
    type Value = Timestamp;
    fn parse(&self, raw: &RawValue) -> Result<Option<Timestamp>, Messages> {
        let text = json::string(raw);
        match text.as_deref().and_then(date_time) {
            None => message(
                "Datetime has wrong format. Use one of these formats instead: \
                 YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
            ),
            Some(moment) if (1..=9999).contains(&moment.0.year()) => Ok(Some(moment)),
            Some(_) => message("Datetime value out of range."),
        }
    }
}

impl ParseParameter for DateTimeText {
    type Value = Timestamp;
    fn parse_parameter(&self, text: &str) -> Result<Option<Timestamp>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let moment = date_time(text).filter(|moment| (1..=9999).contains(&moment.0.year()));
        moment.map(Some).ok_or_else(|| "Enter a valid date/time.".into())
    }
}

/// Parses a date and time as Django's `parse_datetime` does: the grammar of Python's `datetime.fromisoformat`, or a
/// date with one-digit parts. Without an offset it is UTC; without a time it is midnight.
///
/// Own code, because no parser has that grammar: chrono, jiff and speedate all reject `2024-W19-1T07` and `2024-5-6
/// 7:8`, and chrono and jiff accept the leap second `23:59:60`.
fn date_time(text: &str) -> Option<Timestamp> {
    // Python accepts any Unicode digit. Of those, the Arabic ones are in use.
    let text: String = text
        .chars()
        .map(|c| match c {
            '\u{660}'..='\u{669}' => char::from(b'0' + (c as u32 - 0x660) as u8),
            '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (c as u32 - 0x6f0) as u8),
            _ => c,
        })
        .collect();
    let local = iso_date_time(&text).or_else(|| lenient_date_time(text.strip_suffix('\n').unwrap_or(&text)))?;
    let (naive, offset) = local;
    if naive.year() < 1 {
        return None;
    }
    Some(Timestamp(naive.checked_sub_offset(offset)?.and_utc()))
}

type Local = (NaiveDateTime, FixedOffset);

fn iso_date_time(text: &str) -> Option<Local> {
    let (date, rest) = iso_date(text)?;
    let mut characters = rest.chars();
    if characters.next().is_none() {
        return Some((date.and_time(NaiveTime::MIN), FixedOffset::east_opt(0)?));
    }
    // Any single character may separate date and time.
    let rest = characters.as_str();
    let split = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(split);
    Some((date.and_time(clock_time(time)?), offset(zone)?))
}

/// Parses a date at the start of `text`, and returns the rest.
fn iso_date(text: &str) -> Option<(NaiveDate, &str)> {
    let year: i32 = digits(text.get(..4)?)?.try_into().ok()?;
    let rest = &text[4..];
    let (extended, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
    if let Some(week) = rest.strip_prefix('W') {
        let number = digits(week.get(..2)?)?;
        let rest = &week[2..];
        let day = if extended { rest.strip_prefix('-') } else { Some(rest) };
        let day = day.and_then(|rest| Some((digits(rest.get(..1)?)?, &rest[1..])));
        let (day, rest) = day.unwrap_or((1, rest));
        let weekday = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
        return Some((NaiveDate::from_isoywd_opt(year, number, weekday)?, rest));
    }
    let month = digits(rest.get(..2)?)?;
    let rest = &rest[2..];
    let rest = if extended { rest.strip_prefix('-')? } else { rest };
    let day = digits(rest.get(..2)?)?;
    Some((NaiveDate::from_ymd_opt(year, month, day)?, &rest[2..]))
}

/// `HH[:MM[:SS[.f...]]]`, with or without the colons.
fn clock_time(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.find(['.', ',']).map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
    let parts: Vec<u32> = if whole.contains(':') {
        whole.split(':').map(|part| if part.len() == 2 { digits(part) } else { None }).collect::<Option<_>>()?
    } else {
        if whole.is_empty() || whole.len() % 2 != 0 {
            return None;
        }
        (0..whole.len()).step_by(2).map(|at| digits(whole.get(at..at + 2)?)).collect::<Option<_>>()?
    };
    if parts.len() > 3 || (fraction.is_some() && parts.len() != 3) {
        return None;
    }
    let part = |index: usize| parts.get(index).copied().unwrap_or(0);
    NaiveTime::from_hms_micro_opt(parts[0], part(1), part(2), fraction.map_or(Some(0), micros)?)
}

/// Converts the digits after the decimal point to microseconds, truncating.
fn micros(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .try_fold(0, |sum, byte| Some(sum * 10 + u32::from(byte - b'0')))
}

/// An empty string, `Z`, or `+HH[:MM[:SS]]` with or without the colons; less than a day.
fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, rest) = match text.as_bytes().first() {
        None => return FixedOffset::east_opt(0),
        Some(b'Z') => return if text.len() == 1 { FixedOffset::east_opt(0) } else { None },
        Some(b'-') => (-1, &text[1..]),
        Some(_) => (1, &text[1..]),
    };
    let time = clock_time(rest)?;
    FixedOffset::east_opt(sign * i32::try_from(time.num_seconds_from_midnight()).ok()?)
}

/// `Y-M-D h:m[:s[.f]][ offset]` with parts of one or two digits.
fn lenient_date_time(text: &str) -> Option<Local> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(digits(year)?.try_into().ok()?, short(month)?, short(day)?)?;
    let split = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(split);
    let (time, fraction) =
        time.trim_end().split_once(['.', ',']).map_or((time.trim_end(), None), |(t, f)| (t, Some(f)));
    let parts: Vec<u32> = time.split(':').map(short).collect::<Option<_>>()?;
    if !(2..=3).contains(&parts.len()) || (fraction.is_some() && parts.len() != 3) {
        return None;
    }
    let micros = fraction.map_or(Some(0), |f| if f.len() <= 12 { micros(f) } else { None })?;
    let time = NaiveTime::from_hms_micro_opt(parts[0], parts[1], parts.get(2).copied().unwrap_or(0), micros)?;
    let zone = if zone.len() > 6 { return None } else { offset(zone)? };
    Some((date.and_time(time), zone))
}

fn short(text: &str) -> Option<u32> {
    if text.len() <= 2 { digits(text) } else { None }
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_parsed_as_by_authentik() {
        for (text, utc) in [
            ("2024-05-06t07:08:09Z", "2024-05-06T07:08:09Z"),
            ("2024-05-06T07:08:09.123456789Z", "2024-05-06T07:08:09.123456Z"),
            ("2024-05-06T07:08:09,5Z", "2024-05-06T07:08:09.500000Z"),
            ("2024-05-06T07:08:09-05:30", "2024-05-06T12:38:09Z"),
            ("2024-05-06T07:08:09+0200", "2024-05-06T05:08:09Z"),
            ("2024-05-06T07:08:09+02", "2024-05-06T05:08:09Z"),
            ("2024-05-06T07:08Z", "2024-05-06T07:08:00Z"),
            ("2024-05-06_07:08:09", "2024-05-06T07:08:09Z"),
            ("20240506", "2024-05-06T00:00:00Z"),
            ("2024-W19-1T07", "2024-05-06T07:00:00Z"),
            ("2024-5-6 7:8", "2024-05-06T07:08:00Z"),
            ("٢٠٢٤-٠٥-٠٦T٠٧:٠٨:٠٩Z", "2024-05-06T07:08:09Z"),
            ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ] {
            let read = date_time(text).map(|time| serde_json::to_value(time).unwrap());
            assert_eq!(read, Some(utc.into()), "{text}");
        }
        for text in [
            "2024-05-06T07:08:09+24:00",
            "2024-127",
            "2024-05",
            "1714979289",
            "yesterday",
            "05/06/2024",
            "2024-05-32T07:08:09Z",
            "2024-05-06T24:00:00Z",
            "2024-06-30T23:59:60Z",
            "",
            "2024-05-06T",
            "é024-05-06",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }

    #[test]
    fn libraries_decide_differently_on_these_addresses() {
        // Rejected here, accepted by `email_address`, `validator` or both.
        for bad in [
            "user@example",
            "user@LOCALHOST",
            "user@127.0.0.1",
            "user@example.c",
            ".user@example.com",
            "us..er@example.com",
            "user@exa_mple.com",
            "user@[127.0.0.256]",
            "user@[IPv6:2001:db8::1]",
            "User <user@example.com>",
            "zoë@example.com",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        // Accepted here, rejected by at least one of them.
        for good in
            [r#""a b"@example.com"#.replace(' ', "\\ "), r#""a@b"@example.com"#.into(), "l".repeat(65) + "@example.com"]
        {
            assert!(is_email(&good), "{good}");
        }
    }

    #[test]
    fn addresses_are_accepted_and_rejected_as_by_django() {
        for good in [
            "user@example.com",
            "a.b.c@example.co.uk",
            "!#$%&'*+/=?^_`{}|~-@example.com",
            "user@localhost",
            "user@[127.0.0.1]",
            "user@[::ffff:127.0.0.1]",
            "user@müller.example",
            "user@пример.рф",
            r#""quoted"@example.com"#,
            r#""a\ b"@example.com"#,
            "user@1.2.3.44",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "@",
            "user@.example.com",
            "user@[127.0.0.01]",
            "us er@example.com",
            "user@example.com\nx",
            "user@-a.com",
            r#""a b"@example.com"#,
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("user@{}.com", "d".repeat(64))));
        assert!(is_email(&format!("{}@example.com", "l".repeat(308))));
        assert!(!is_email(&format!("{}@example.com", "l".repeat(309))));
    }
}
