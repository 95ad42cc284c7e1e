//! Schemas in Rust: the expression that describes the values, and their type.

use anyhow::{Context, Result, bail, ensure};

use crate::{
    model::{Contract, Format, RefOr, Schema, SchemaType},
    rust::{doc, literal, pascal_case, variant},
};

/// The pattern of slugs, the only supported one.
const SLUG: &str = "^[-a-zA-Z0-9_]+$";

/// Where a schema is used. Requests keep how the client wrote a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Request,
    Response,
    Path,
    Query,
    /// A value of a repeated parameter.
    Item,
}

/// A schema in Rust.
#[derive(Debug)]
pub struct Kind {
    /// An expression for the kind, such as `Text::ANY.max_length(150)`.
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

/// The kind of `schema`. `context` lists the keywords that have an effect at this place whatever the type, and
/// `default`, which is for booleans. An inline enumeration has the type of the component with the same values; if there
/// is none, its type is named `enumeration`.
pub fn kind(
    contract: &Contract,
    schema: &RefOr<Schema>,
    used: Use,
    context: &[&str],
    enumeration: &str,
) -> Result<Kind> {
    let schema = match schema {
        RefOr::Ref(name) => {
            let kind = if contract.schema(name)?.choices.is_empty() { "Nested" } else { "Choice" };
            ensure!(
                kind == "Choice" || used == Use::Response,
                "$ref to the object {name} is only supported in responses"
            );
            return Ok(Kind::new(format!("{name}::SCHEMA"), &format!("{kind}<{name}>"), &name.0));
        }
        RefOr::Here(schema) => schema,
    };
    let only = |keywords: &[&str]| schema.only(&[keywords, context].concat());
    let is_parameter = matches!(used, Use::Path | Use::Query | Use::Item);
    let Some(kind_of_schema) = schema.kind else {
        ensure!(used == Use::Response, "allOf is only supported in responses");
        let [reference @ RefOr::Ref(_)] = schema.all_of.as_slice() else { bail!("a schema needs a type or an allOf") };
        ensure!(schema.default.is_none(), "default is only supported on booleans");
        only(&["allOf"])?;
        let component = kind(contract, reference, used, &[], enumeration)?;
        return Ok(Kind::new(format!("AllOf({})", component.expression), "AllOf<_>", &component.value));
    };
    ensure!(schema.default.is_none() || kind_of_schema == SchemaType::Boolean, "default is only supported on booleans");
    let (kind, effective): (Kind, &[&str]) = match (kind_of_schema, used) {
        (SchemaType::Boolean, Use::Query) if schema.default.is_some() => (Kind::unit("Flag", "bool"), &["type"]),
        (SchemaType::Boolean, Use::Item) => bail!("arrays of booleans are not supported in parameters"),
        (SchemaType::Boolean, _) => (Kind::unit("Boolean", "bool"), &["type"]),
        (SchemaType::Integer, Use::Path | Use::Response) => (Kind::unit("Integer", "i64"), &["type"]),
        (SchemaType::Integer, Use::Query) => (Kind::unit("Ordinal", "i64"), &["type"]),
        (SchemaType::Integer, Use::Request) if schema.or_text => {
            (Kind::unit("IdOrText", "i64"), &["type", "x-or-text"])
        }
        (SchemaType::Integer, Use::Request | Use::Item) => (Kind::unit("Id", "i64"), &["type"]),
        (SchemaType::Number, Use::Response) => match schema.format {
            Some(Format::Double) => (Kind::unit("Double", "f64"), &["type", "format"]),
            _ => (Kind::unit("Count", "u64"), &["type"]),
        },
        (SchemaType::Number, _) => bail!("numbers are only supported in responses"),
        (SchemaType::Array, _) if is_parameter => bail!("arrays of arrays are not supported in parameters"),
        (SchemaType::Array, _) => {
            let items = schema.items.as_deref().context("an array needs items")?;
            let item = kind(contract, items, used, &[], enumeration).context("items")?;
            let (name, value) = (format!("List<{}>", item.name), format!("Vec<{}>", item.value));
            (Kind::new(format!("List({})", item.expression), &name, &value), &["type", "items"])
        }
        (SchemaType::Object, _) if is_parameter => bail!("objects are not supported in parameters"),
        (SchemaType::Object, _) => {
            ensure!(schema.additional_properties.is_some(), "an inline object needs `additionalProperties: {{}}`");
            (Kind::unit("FreeForm", "JsonObject"), &["type", "additionalProperties"])
        }
        (SchemaType::String, _) if !schema.choices.is_empty() => {
            ensure!(is_parameter, "an enum must be a component");
            let name = contract.enumeration(&schema.choices).map_or_else(|| pascal_case(enumeration), Into::into);
            (Kind::new(format!("{name}::INLINE"), &format!("Choice<{name}>"), &name), &["type", "enum"])
        }
        (SchemaType::String, _) => string(schema, used)?,
    };
    only(effective)?;
    Ok(kind)
}

/// The kind of a string, and the keywords that it supports.
fn string(schema: &Schema, used: Use) -> Result<(Kind, &'static [&'static str])> {
    let mut text = "Text::ANY".to_owned();
    if let Some(min) = schema.min_length {
        text += &format!(".min_length({min})");
    }
    if let Some(max) = schema.max_length {
        text += &format!(".max_length({max})");
    }
    match schema.pattern.as_deref() {
        None => {}
        Some(SLUG) => text += ".slug()",
        Some(_) => bail!("the only supported pattern is {SLUG}"),
    }
    if schema.verbatim {
        ensure!(used == Use::Request, "x-verbatim is only supported in requests");
        text += ".verbatim()";
    }
    const FORMAT: &[&str] = &["type", "format"];
    const TEXT: &[&str] = &["type", "minLength", "maxLength", "pattern", "x-verbatim", "x-secret"];
    if schema.secret {
        ensure!(schema.format.is_none(), "x-secret is only supported without a format");
        ensure!(matches!(used, Use::Request | Use::Response), "x-secret is only supported in bodies");
        return Ok((Kind::new(text + ".secret()", "SecretText", "Secret"), TEXT));
    }
    Ok(match schema.format {
        None if used == Use::Item => (Kind::new(text, "Text", "String"), &["type"]),
        None => (Kind::new(text, "Text", "String"), TEXT),
        Some(Format::Email) => (
            Kind::new(format!("Email({text})"), "Email", "String"),
            &["type", "format", "minLength", "maxLength", "pattern", "x-verbatim"],
        ),
        Some(Format::Uuid) => (Kind::unit("IdRef", if used == Use::Request { "UuidRef" } else { "Uuid" }), FORMAT),
        Some(Format::Double) => bail!("format double is only supported on numbers"),
        Some(Format::DateTime) => (Kind::unit("DateTimeText", "Timestamp"), FORMAT),
    })
}

/// The declaration of an enumeration. A component has a `description`.
pub fn enumeration(name: &str, choices: &[String], description: Option<&str>) -> Result<String> {
    let described = description.map(|text| doc(4, text)).transpose()?.unwrap_or_default();
    let variants: String =
        choices.iter().map(|choice| format!("        {} = {},\n", variant(choice), literal(choice))).collect();
    Ok(format!("\nenumeration! {{\n{described}    pub enum {name} {{\n{variants}    }}\n}}\n"))
}
