//! Free-form JSON data of users and groups, kept as text: most of it is only stored and returned.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value, value::RawValue};

/// A JSON object as text, in the form in which requests are parsed.
#[derive(Clone, Debug)]
pub struct Attributes(Arc<RawValue>);

static EMPTY: LazyLock<Attributes> = LazyLock::new(|| Map::new().into());

impl Default for Attributes {
    fn default() -> Self {
        EMPTY.clone()
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Attributes {
    /// Takes a text from the database.
    ///
    /// # Errors
    ///
    /// If it is not JSON.
    pub fn stored(text: String) -> serde_json::Result<Self> {
        RawValue::from_string(text).map(|json| Self(json.into()))
    }

    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// Parses the text.
    pub fn members(&self) -> Map<String, Value> {
        serde_json::from_str(self.text()).unwrap_or_default()
    }
}

impl From<Arc<RawValue>> for Attributes {
    fn from(json: Arc<RawValue>) -> Self {
        Self(json)
    }
}

impl From<Attributes> for Arc<RawValue> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}

impl From<Map<String, Value>> for Attributes {
    fn from(members: Map<String, Value>) -> Self {
        let json = serde_json::value::to_raw_value(&members);
        // Printing a map can't fail.
        Self(json.unwrap_or_else(|_| RawValue::NULL.to_owned()).into())
    }
}
