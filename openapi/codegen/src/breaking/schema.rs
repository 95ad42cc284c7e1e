//! Comparing schemas where readers send their values, and where they get them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, iter,
};

use serde_json::Value;

use super::{Comparison, members, text};

/// Keywords that are compared, each in its own way.
const COMPARED: [&str; 18] = [
    "type",
    "format",
    "nullable",
    "enum",
    "properties",
    "required",
    "readOnly",
    "writeOnly",
    "items",
    "additionalProperties",
    "pattern",
    "default",
    "maxLength",
    "maximum",
    "maxItems",
    "minLength",
    "minimum",
    "minItems",
];

/// Keywords that tell people something.
const TEXTS: [&str; 6] = ["title", "description", "example", "deprecated", "externalDocs", "xml"];

/// More references in a row refer to themselves.
const MOST_LAYERS: usize = 16;

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Request,
    Response,
}

impl Direction {
    /// What the sender may use and what the receiver knows, of what `old` and `new` have.
    fn sent_and_known<T>(self, old: T, new: T) -> (T, T) {
        match self {
            Self::Request => (old, new),
            Self::Response => (new, old),
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Request => "requests",
            Self::Response => "responses",
        })
    }
}

/// A schema and what it refers to, by `$ref` or as the only member of `allOf`. The first with a keyword counts.
#[derive(Clone)]
struct Schema<'a> {
    layers: Vec<&'a Value>,
}

impl<'a> Schema<'a> {
    fn new(document: &'a Value, schema: &'a Value) -> Self {
        let layers = iter::successors(Some(schema), |schema| referred(document, schema));
        Self { layers: layers.take(MOST_LAYERS).collect() }
    }

    fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.layers.iter().find_map(|layer| layer.get(keyword))
    }

    fn is(&self, keyword: &str) -> bool {
        self.get(keyword).is_some_and(|value| value == true)
    }

    /// The schema component that it is, with its name.
    fn component(&self) -> Option<(&'a str, Self)> {
        self.layers.iter().enumerate().find_map(|(index, layer)| {
            let name = layer["$ref"].as_str()?.strip_prefix("#/components/schemas/")?;
            let layers = self.layers[index + 1..].to_vec();
            (!layers.is_empty()).then_some((name, Self { layers }))
        })
    }

    /// Its type and format, in words.
    fn kind(&self) -> String {
        let kind = self.get("type").map_or_else(|| "anything".to_owned(), |kind| text(Some(kind)));
        self.get("format").map_or_else(|| kind.clone(), |format| format!("{kind} ({})", text(Some(format))))
    }

    fn choices(&self) -> Option<Vec<String>> {
        Some(self.get("enum")?.as_array()?.iter().map(ToString::to_string).collect())
    }

    fn required(&self) -> BTreeSet<&'a str> {
        self.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The properties that go in this direction.
    fn properties(&self, document: &'a Value, direction: Direction) -> BTreeMap<&'a str, &'a Value> {
        let absent = if direction == Direction::Request { "readOnly" } else { "writeOnly" };
        let properties = self.get("properties").into_iter().flat_map(members);
        properties
            .filter(|(_, schema)| !Schema::new(document, schema).is(absent))
            .map(|(name, schema)| (name.as_str(), schema))
            .collect()
    }

    /// The schema of properties with any name, if the schema mentions them.
    fn other_properties(&self) -> Option<&'a Value> {
        self.get("additionalProperties").filter(|schema| **schema != false)
    }

    /// A keyword that has no comparison of its own.
    fn is_uncompared(&self, keyword: &str) -> bool {
        let is_followed = match keyword {
            "$ref" => true,
            "allOf" => self.layers.iter().any(|layer| sole_part(layer).is_some()),
            _ => false,
        };
        !is_followed && !keyword.starts_with("x-") && !COMPARED.contains(&keyword) && !TEXTS.contains(&keyword)
    }

    fn uncompared(&self) -> impl Iterator<Item = &'a str> {
        let keywords = self.layers.iter().flat_map(|layer| members(layer)).map(|(keyword, _)| keyword.as_str());
        keywords.filter(|keyword| self.is_uncompared(keyword))
    }
}

/// What a schema adds keywords to, or stands for.
fn referred<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => sole_part(schema),
    }
}

/// The only member of its `allOf`.
fn sole_part(schema: &Value) -> Option<&Value> {
    match schema["allOf"].as_array()?.as_slice() {
        [part] => Some(part),
        _ => None,
    }
}

/// The old and the new schema at one place of requests or of responses.
struct Pair<'a> {
    place: String,
    old: Schema<'a>,
    new: Schema<'a>,
    direction: Direction,
}

impl Pair<'_> {
    /// Another type or format, as a predicate of the place.
    fn kind(&self) -> Option<String> {
        let (old, new) = (self.old.kind(), self.new.kind());
        (old != new).then(|| format!("is {new} instead of {old}"))
    }

    /// Other changes of the values themselves, not of what they contain, as predicates of the place.
    fn own_changes(&self) -> Vec<String> {
        let mut changes: Vec<_> = self.choices().into_iter().chain(self.uncompared()).collect();
        if self.direction == Direction::Request {
            changes.extend(["maxLength", "maximum", "maxItems"].iter().filter_map(|keyword| self.upper_limit(keyword)));
            changes.extend(["minLength", "minimum", "minItems"].iter().filter_map(|keyword| self.lower_limit(keyword)));
            changes.extend(self.pattern());
            changes.extend(self.default());
        }
        changes
    }

    fn choices(&self) -> Option<String> {
        let (sent, known) = self.direction.sent_and_known(self.old.choices(), self.new.choices());
        let known = known?;
        let Some(sent) = sent else {
            return Some(match self.direction {
                Direction::Request => format!("must be one of {}", known.join(", ")),
                Direction::Response => format!("may be something else than {}", known.join(", ")),
            });
        };
        let unknown: Vec<_> = sent.into_iter().filter(|choice| !known.contains(choice)).collect();
        let verb = if self.direction == Direction::Request { "can't be" } else { "may be" };
        (!unknown.is_empty()).then(|| format!("{verb} {}", unknown.join(", ")))
    }

    fn upper_limit(&self, keyword: &str) -> Option<String> {
        let limit = self.new.get(keyword)?;
        let was_lower = self.old.get(keyword).is_some_and(|old| old.as_f64() <= limit.as_f64());
        (!was_lower).then(|| format!("has the {keyword} {limit} instead of {}", none_or(self.old.get(keyword))))
    }

    fn lower_limit(&self, keyword: &str) -> Option<String> {
        let limit = self.new.get(keyword)?;
        // No text and no list has a negative length.
        let is_void = keyword != "minimum" && limit == 0;
        let was_higher = self.old.get(keyword).is_some_and(|old| old.as_f64() >= limit.as_f64());
        let is_raised = !is_void && !was_higher;
        is_raised.then(|| format!("has the {keyword} {limit} instead of {}", none_or(self.old.get(keyword))))
    }

    fn pattern(&self) -> Option<String> {
        let (old, new) = (self.old.get("pattern"), self.new.get("pattern")?);
        (old != Some(new)).then(|| format!("has the pattern {} instead of {}", text(Some(new)), none_or(old)))
    }

    /// Readers that send nothing mean the old default.
    fn default(&self) -> Option<String> {
        let (old, new) = (self.old.get("default")?, self.new.get("default")?);
        (old != new).then(|| format!("has the default {new} instead of {old}"))
    }

    /// Keywords whose every change counts, since the contract has none of them yet.
    fn uncompared(&self) -> Vec<String> {
        let keywords: BTreeSet<_> = self.old.uncompared().chain(self.new.uncompared()).collect();
        keywords
            .into_iter()
            .filter(|keyword| self.old.get(keyword) != self.new.get(keyword))
            .map(|keyword| format!("has another {keyword}"))
            .collect()
    }
}

fn none_or(value: Option<&Value>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| text(Some(value)))
}

impl<'a> Comparison<'a> {
    /// Compares the schemas at a place. Components are judged once, by their own name.
    pub(super) fn schema(&mut self, place: &str, old: &'a Value, new: &'a Value, direction: Direction) {
        let (old, new) = (Schema::new(self.old, old), Schema::new(self.new, new));
        let (sent, known) = direction.sent_and_known(&old, &new);
        if sent.is("nullable") && !known.is("nullable") {
            let verb = if direction == Direction::Request { "can't be" } else { "may be" };
            self.report(format!("{place} {verb} null in {direction}"));
        }
        if let Some(change) = self.other_name(&old, &new) {
            // What else differs between the two is no change of either.
            self.report(format!("{place} {change} in {direction}"));
            return;
        }
        let pair = match (old.component(), new.component()) {
            (Some((name, old)), Some((_, new))) => Pair { place: name.to_owned(), old, new, direction },
            _ => Pair { place: place.to_owned(), old, new, direction },
        };
        self.pair(&pair);
    }

    /// Another name of the class at a place, as a predicate of it, unless the old class is gone from everywhere.
    fn other_name(&self, old: &Schema, new: &Schema) -> Option<String> {
        let (old, _) = old.component()?;
        let new = new.component().map(|(name, _)| name);
        let is_other = new != Some(old) && self.new["components"]["schemas"].get(old).is_some();
        is_other.then(|| format!("is {} instead of {old}", new.unwrap_or("a schema without a name")))
    }

    fn pair(&mut self, pair: &Pair<'a>) {
        let [old, new] = [&pair.old, &pair.new].map(|schema| std::ptr::from_ref(schema.layers[0]));
        if !self.compared.insert((old, new, pair.direction)) {
            return;
        }
        if let Some(change) = pair.kind() {
            // Whatever else has changed says nothing more.
            self.report(format!("{} {change} in {}", pair.place, pair.direction));
            return;
        }
        for change in pair.own_changes() {
            self.report(format!("{} {change} in {}", pair.place, pair.direction));
        }
        self.properties(pair);
        self.other_properties(pair);
        if let (Some(old), Some(new)) = (pair.old.get("items"), pair.new.get("items")) {
            self.schema(&format!("{}[]", pair.place), old, new, pair.direction);
        }
    }

    fn properties(&mut self, pair: &Pair<'a>) {
        let Pair { place, direction, .. } = pair;
        let present = pair.new.properties(self.new, *direction);
        for (name, old) in pair.old.properties(self.old, *direction) {
            match present.get(name) {
                Some(new) => self.schema(&format!("{place}.{name}"), old, new, *direction),
                None => self.report(format!("{place}.{name} is gone from {direction}")),
            }
        }
        let (promised, needed) = direction.sent_and_known(pair.old.required(), pair.new.required());
        for name in needed.difference(&promised).filter(|name| present.contains_key(*name)) {
            let verb = if *direction == Direction::Request { "is required in" } else { "may be absent from" };
            self.report(format!("{place}.{name} {verb} {direction}"));
        }
    }

    fn other_properties(&mut self, pair: &Pair<'a>) {
        let Pair { place, direction, .. } = pair;
        let is_closed = pair.new.get("additionalProperties").is_some_and(|schema| schema == false);
        let was_open = pair.old.get("additionalProperties").is_none_or(|schema| schema != false);
        match (pair.old.other_properties(), pair.new.other_properties()) {
            (Some(old), Some(new)) => self.schema(&format!("{place}.*"), old, new, *direction),
            (Some(_), None) => self.report(format!("{place} has no other properties in {direction}")),
            (None, _) if *direction == Direction::Request && was_open && is_closed => {
                self.report(format!("{place} has no other properties in {direction}"));
            }
            (None, _) => {}
        }
    }
}
