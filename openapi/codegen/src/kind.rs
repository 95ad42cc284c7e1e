//! What a schema is in Rust: the expression of its kind, the type of that, and the type of its values.

use anyhow::{Result, bail, ensure};

use crate::{
    model::{Contract, Format, RefOr, Schema, SchemaType},
    rust::{literal, pascal_case},
};

/// The pattern of a slug, the one that requests have.
const SLUG: &str = "^[-a-zA-Z0-9_]+$";

/// Where a schema is used: what comes in keeps what the client wrote, what goes out is plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Request,
    Response,
    Path,
    Query,
    /// One value of a parameter that may be repeated.
    Item,
}

/// A schema in Rust.
#[derive(Debug)]
pub struct Kind {
    /// An expression that makes the kind, such as `Text::ANY.max_length(150)`.
    pub expression: String,
    /// The type of that expression.
    pub name: String,
    /// The type of the values.
    pub value: String,
}

impl Kind {
    fn new(expression: impl Into<String>, name: &str, value: &str) -> Self {
        Self { expression: expression.into(), name: name.into(), value: value.into() }
    }

    fn unit(name: &str, value: &str) -> Self {
        Self::new(name, name, value)
    }
}

/// The kind of `schema`. An enumeration in place is called `enumeration`.
pub fn kind(contract: &Contract, schema: &RefOr<Schema>, used: Use, enumeration: &str) -> Result<Kind> {
    let schema = match schema {
        RefOr::Ref(name) => {
            let kind = if contract.schema(name)?.choices.is_empty() { "Nested" } else { "Choice" };
            ensure!(
                kind == "Choice" || used == Use::Response,
                "$ref to the object {name} is only supported in answers"
            );
            return Ok(Kind::new(format!("{kind}::of()"), &format!("{kind}<{name}>"), &name.0));
        }
        RefOr::Here(schema) => schema,
    };
    if let [reference] = schema.all_of.as_slice() {
        ensure!(schema.kind.is_none() && used == Use::Response, "allOf is only supported in answers, without a type");
        let RefOr::Ref(name) = reference else { bail!("allOf has to hold a $ref") };
        return Ok(Kind::new("AllOf::of()", &format!("AllOf<{name}>"), &name.0));
    }
    ensure!(schema.all_of.is_empty(), "allOf is only supported around one $ref");
    let Some(kind_of_schema) = schema.kind else { bail!("a schema needs a type") };
    if kind_of_schema != SchemaType::String {
        let textual = schema.format.is_some_and(|format| format != Format::Double)
            || schema.min_length.or(schema.max_length).is_some()
            || schema.pattern.is_some()
            || !schema.choices.is_empty();
        ensure!(!textual, "format, lengths, pattern and enum are only supported on strings");
    }
    ensure!(schema.properties.is_empty(), "an object with properties has to be a component of its own");
    Ok(match (kind_of_schema, used) {
        (SchemaType::Boolean, Use::Query) if schema.default.is_some() => Kind::unit("Flag", "bool"),
        (SchemaType::Boolean, _) => Kind::unit("Boolean", "bool"),
        (SchemaType::Integer, Use::Path) => Kind::unit("Integer", "i64"),
        (SchemaType::Integer, Use::Query) => Kind::unit("Ordinal", "i64"),
        (SchemaType::Integer, _) => Kind::unit("Id", "i64"),
        (SchemaType::Number, Use::Response) if schema.format == Some(Format::Double) => Kind::unit("Double", "f64"),
        (SchemaType::Number, Use::Response) => Kind::unit("Count", "u64"),
        (SchemaType::Number, _) => bail!("numbers are only supported in answers"),
        (SchemaType::Array, Use::Path | Use::Query | Use::Item) => bail!("arrays of arrays are not supported"),
        (SchemaType::Array, _) => {
            let Some(items) = &schema.items else { bail!("an array needs items") };
            let item = kind(contract, items, used, enumeration)?;
            Kind::new(
                format!("List({})", item.expression),
                &format!("List<{}>", item.name),
                &format!("Vec<{}>", item.value),
            )
        }
        (SchemaType::Object, Use::Path | Use::Query | Use::Item) => bail!("object parameters are not supported"),
        (SchemaType::Object, _) => {
            ensure!(schema.additional_properties.is_some(), "an object in place needs `additionalProperties: {{}}`");
            Kind::unit("FreeForm", "JsonObject")
        }
        (SchemaType::String, _) => string(schema, used, enumeration)?,
    })
}

fn string(schema: &Schema, used: Use, enumeration: &str) -> Result<Kind> {
    if !schema.choices.is_empty() {
        let name = pascal_case(enumeration);
        return Ok(Kind::new("Choice::of()", &format!("Choice<{name}>"), &name));
    }
    let mut text = "Text::ANY".to_owned();
    if let Some(min) = schema.min_length {
        text += &format!(".min_length({min})");
    }
    if let Some(max) = schema.max_length {
        text += &format!(".max_length({max})");
    }
    if schema.verbatim {
        text += ".verbatim()";
    }
    match schema.pattern.as_deref() {
        None => {}
        Some(SLUG) => text += ".slug()",
        Some(pattern) => {
            ensure!(used == Use::Response, "this pattern is only supported in answers");
            text += &format!(".documented_pattern({})", literal(pattern));
        }
    }
    let plain = text == "Text::ANY";
    Ok(match schema.format {
        None => Kind::new(text, "Text", "String"),
        Some(Format::Email) => Kind::new(format!("Email({text})"), "Email", "String"),
        Some(_) if !plain => bail!("lengths and patterns are not supported with this format"),
        Some(Format::Uuid) => Kind::unit("IdRef", if used == Use::Request { "UuidRef" } else { "Uuid" }),
        Some(Format::Double) => bail!("double is a format of numbers"),
        Some(Format::DateTime) => Kind::unit("DateTimeText", "Timestamp"),
    })
}

/// The declaration of an enumeration. `description` is given where it has a schema of its own.
pub fn enumeration(name: &str, choices: &[String], description: Option<&str>) -> String {
    let described = description.map(|text| crate::rust::doc(0, text)).unwrap_or_default();
    let variants: String = choices.iter().map(|choice| format!("    {},\n", pascal_case(choice))).collect();
    let arms: String = choices
        .iter()
        .map(|choice| format!("            Self::{} => {},\n", pascal_case(choice), literal(choice)))
        .collect();
    let list: String = choices
        .iter()
        .map(|choice| format!("        ({}, Self::{}),\n", literal(choice), pascal_case(choice)))
        .collect();
    let named =
        description.map_or_else(|| "None".to_owned(), |text| format!("Some(({}, {}))", literal(name), literal(text)));
    format!(
        "{described}#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum {name} {{\n{variants}}}\n\n\
         impl {name} {{\n    /// The text that stands for it.\n    pub const fn as_str(self) -> &'static str {{\n        \
         match self {{\n{arms}        }}\n    }}\n}}\n\n\
         impl Enumeration for {name} {{\n    const VARIANTS: &'static [(&'static str, Self)] = &[\n{list}    ];\n    \
         const NAMED: Option<(&'static str, &'static str)> = {named};\n}}\n\nimpl_enumeration!({name});\n"
    )
}
