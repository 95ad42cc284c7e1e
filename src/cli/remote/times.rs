//! Times, as the commands read and print them.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};

use crate::domain::clock;

/// When a token expires: a time, or how long from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry(pub DateTime<Utc>);

/// What is wrong with an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidExpiry {
    #[error(
        "must be a duration such as 30d, 12h or 90m, a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z"
    )]
    Unknown,
    #[error("is not in the future")]
    Past,
    #[error("is too far in the future")]
    TooFar,
}

impl FromStr for Expiry {
    type Err = InvalidExpiry;
    fn from_str(text: &str) -> Result<Self, InvalidExpiry> {
        let now = clock::now();
        let time = match duration(text) {
            Some(duration) => {
                duration.and_then(|duration| now.checked_add_signed(duration)).ok_or(InvalidExpiry::TooFar)?
            }
            None => time(text).ok_or(InvalidExpiry::Unknown)?,
        };
        if time <= now {
            return Err(InvalidExpiry::Past);
        }
        // What RFC 3339 can say.
        if time.format("%Y").to_string().len() > 4 { Err(InvalidExpiry::TooFar) } else { Ok(Self(time)) }
    }
}

/// A duration such as `30d`; `None` if it is none, `Some(None)` if it is too long.
fn duration(text: &str) -> Option<Option<TimeDelta>> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds: i64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<i64>().ok().and_then(|number| number.checked_mul(seconds)).and_then(TimeDelta::try_seconds))
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    let date = || text.parse::<NaiveDate>().ok().map(|date| date.and_time(NaiveTime::MIN).and_utc());
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc()).or_else(date)
}

/// A time in whole seconds, or a dash.
pub fn shown(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_a_duration_a_date_or_a_time() {
        for (text, seconds) in [("90s", 90), ("90m", 5_400), ("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600)] {
            let Expiry(time) = text.parse().unwrap();
            assert!((time - clock::now() - TimeDelta::seconds(seconds)).abs() < TimeDelta::seconds(5), "{text}");
        }
        for (text, expected) in [
            ("2199-12-31", "2199-12-31T00:00:00Z"),
            ("2199-12-31T12:00:00Z", "2199-12-31T12:00:00Z"),
            ("2199-12-31T12:00:00+02:00", "2199-12-31T10:00:00Z"),
        ] {
            assert_eq!(shown(Some(text.parse::<Expiry>().unwrap().0)), expected);
        }
        for (text, problem) in [
            ("", InvalidExpiry::Unknown),
            ("d", InvalidExpiry::Unknown),
            ("-1d", InvalidExpiry::Unknown),
            ("+1d", InvalidExpiry::Unknown),
            ("1.5h", InvalidExpiry::Unknown),
            ("30", InvalidExpiry::Unknown),
            ("30ä", InvalidExpiry::Unknown),
            ("tomorrow", InvalidExpiry::Unknown),
            ("0d", InvalidExpiry::Past),
            ("2001-01-01", InvalidExpiry::Past),
            ("9999999999999999999d", InvalidExpiry::TooFar),
            ("9999999w", InvalidExpiry::TooFar),
        ] {
            assert_eq!(text.parse::<Expiry>(), Err(problem), "{text}");
        }
    }
}
