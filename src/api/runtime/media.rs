//! Content negotiation, as in Django REST framework.

/// Chooses the first media type of `produced` that matches the most specific media range of the client.
///
/// `accept` is the Accept header; without it every type matches. Quality values are ignored. `format`, from the query
/// string, is `json` or `yaml` and takes precedence over `accept`.
pub fn negotiate(accept: Option<&str>, format: Option<&str>, produced: &[&'static str]) -> Option<&'static str> {
    let format_of = |media: &str| if media.ends_with("json") { "json" } else { "yaml" };
    let offered = || produced.iter().copied().filter(|media| format.is_none_or(|wanted| wanted == format_of(media)));
    if format.is_some() {
        return offered().next();
    }
    let mut ranges: Vec<Range<'_>> = accept.unwrap_or("*/*").split(',').map(Range::parse).collect();
    ranges.sort_by_key(|range| std::cmp::Reverse(range.specificity()));
    ranges
        .chunk_by(|a, b| a.specificity() == b.specificity())
        .find_map(|equals| offered().find(|media| equals.iter().any(|range| range.allows(media))))
}

struct Range<'a> {
    main: &'a str,
    sub: &'a str,
    has_parameters: bool,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Self {
        let (range, parameters) = text.split_once(';').unwrap_or((text, ""));
        let (main, sub) = range.trim().split_once('/').unwrap_or((range.trim(), ""));
        let is_quality = |parameter: &str| parameter.trim().is_empty() || parameter.trim().starts_with("q=");
        Self { main, sub, has_parameters: !parameters.split(';').all(is_quality) }
    }

    fn specificity(&self) -> u8 {
        match (self.main, self.sub) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ if self.has_parameters => 3,
            _ => 2,
        }
    }

    fn allows(&self, media: &str) -> bool {
        let (main, sub) = media.split_once('/').unwrap_or((media, ""));
        (self.main == "*" || self.main.eq_ignore_ascii_case(main))
            && (self.sub == "*" || self.sub.eq_ignore_ascii_case(sub))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_wins() {
        let json: &[&'static str] = &["application/json"];
        let both: &[&'static str] = &["application/vnd.oai.openapi", "application/json"];
        for (accept, format, produced, picked) in [
            (None, None, json, Some(json[0])),
            (Some("*/*"), None, both, Some(both[0])),
            (Some("application/*"), None, json, Some(json[0])),
            (Some("application/json; indent=4"), None, json, Some(json[0])),
            (Some("*/*, application/json;q=0.1"), None, both, Some(both[1])),
            (Some("text/html"), None, json, None),
            (Some(""), None, json, None),
            (Some("text/html"), Some("json"), both, Some(both[1])),
            (None, Some("xml"), both, None),
        ] {
            assert_eq!(negotiate(accept, format, produced), picked, "{accept:?} {format:?}");
        }
    }
}
