//! Times in responses.

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Serialize, Serializer, ser::Error};

/// A time in UTC, serialized with a `Z` and, unless it is a whole second, with microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub DateTime<Utc>);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let (date, time) = (self.0.date_naive(), self.0.time());
        let (year, microseconds) = (u32::try_from(date.year()).unwrap_or_default(), time.nanosecond() / 1_000);
        let fields = [
            (4, year),
            (7, date.month()),
            (10, date.day()),
            (13, time.hour()),
            (16, time.minute()),
            (19, time.second()),
            (26, microseconds),
        ];
        for (end, value) in fields {
            put_digits(&mut text[..end], value);
        }
        let is_whole = microseconds == 0;
        text[19] = if is_whole { b'Z' } else { b'.' };
        let text = std::str::from_utf8(if is_whole { &text[..20] } else { &text }).map_err(S::Error::custom)?;
        serializer.serialize_str(text)
    }
}

/// Writes the digits of `value` at the end of `text`, over the zeros there.
///
/// Own code: with chrono a time takes 110 to 150 ns instead of 70, and a page of 100 users has 300.
fn put_digits(text: &mut [u8], mut value: u32) {
    for place in text.iter_mut().rev() {
        if value == 0 {
            break;
        }
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;

    use super::*;

    #[test]
    fn times_are_written_as_by_chrono() {
        // The first and the last time, and some between them, whose steps meet every digit.
        let (first, last) = (-62_135_596_800_000_000_i64, 253_402_300_799_999_999);
        let some = (first..last).step_by(98_765_432_109_871);
        for microseconds in some.chain([first, 0, -1, 1, 1_000_000, 951_782_400_000_000, last]) {
            let moment = DateTime::from_timestamp_micros(microseconds).unwrap();
            let is_whole = microseconds % 1_000_000 == 0;
            let format = if is_whole { SecondsFormat::Secs } else { SecondsFormat::Micros };
            let expected = moment.to_rfc3339_opts(format, true);
            assert_eq!(serde_json::to_value(Timestamp(moment)).unwrap(), expected);
        }
    }
}
