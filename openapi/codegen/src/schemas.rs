//! Writes `schemas.rs`: a type for each schema, its limits, its parser.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};

use crate::{
    kind::{self, Kind, Use},
    model::{Contract, RefOr, Schema, SchemaType},
    rust::{constant_case, doc, field, literal},
};

pub fn emit(contract: &Contract) -> Result<String> {
    let mut out = String::from(
        "//! The contract's schemas.\n\nuse poem_openapi::types::MaybeUndefined;\nuse serde::Serialize;\nuse uuid::Uuid;\n\n\
         use super::runtime::*;\n",
    );
    let requests = contract.request_schemas()?;
    for (name, schema) in &contract.components.schemas {
        let place = || format!("components.schemas.{name}");
        let description = schema.description.as_deref().with_context(place).context("a schema needs a description")?;
        if schema.choices.is_empty() {
            let used = if requests.contains(name.as_str()) { Use::Request } else { Use::Response };
            object(&mut out, contract, name, schema, description, used).with_context(place)?;
        } else {
            ensure!(schema.kind == Some(SchemaType::String), "{}: only strings can be enumerated", place());
            write!(out, "\n{}", kind::enumeration(name, &schema.choices, Some(description)))?;
        }
    }
    Ok(out)
}

/// A property as the writer needs it.
struct Member<'a> {
    name: &'a str,
    kind: Kind,
    schema: Option<&'a Schema>,
    description: &'a str,
    required: bool,
    nullable: bool,
    sometimes_absent: bool,
}

impl<'a> Member<'a> {
    fn new(
        contract: &'a Contract,
        owner: &'a Schema,
        name: &'a str,
        schema: &'a RefOr<Schema>,
        used: Use,
    ) -> Result<Self> {
        let kind = kind::kind(contract, schema, used, name)?;
        let (here, description) = match schema {
            RefOr::Here(schema) => {
                ensure!(schema.choices.is_empty(), "an enum has to be a component of its own");
                ensure!(schema.default.is_none() || used == Use::Request, "default is only supported in requests");
                // What is said of the component holds here too.
                let referred = match schema.all_of.as_slice() {
                    [RefOr::Ref(name)] => contract.schema(name)?.description.as_deref(),
                    _ => None,
                };
                let description = schema.description.as_deref().or(referred);
                (Some(schema), description.context("a property needs a description")?)
            }
            RefOr::Ref(reference) => (None, contract.schema(reference)?.description.as_deref().unwrap_or_default()),
        };
        let required = owner.required.iter().any(|required| required == name);
        let sometimes_absent = owner.sometimes_absent.iter().any(|absent| absent == name);
        let nullable = here.is_some_and(|schema| schema.nullable);
        ensure!(!(required && sometimes_absent), "a required property can't be absent");
        ensure!(!(used == Use::Request && required && nullable), "required and nullable is not supported in bodies");
        Ok(Self { name, kind, schema: here, description, required, nullable, sometimes_absent })
    }

    /// The value taken when a request leaves it out.
    fn default(&self) -> Option<bool> {
        self.schema.and_then(|schema| schema.default)
    }

    /// `pub const USERNAME: Property<Text> = ...`
    fn constant(&self) -> String {
        let mut line = format!(
            "    pub const {}: Property<{}> = Property::new({}, {})",
            constant_case(self.name),
            self.kind.name,
            literal(self.name),
            self.kind.expression
        );
        if self.required {
            line += ".required()";
        }
        if self.nullable {
            line += ".nullable()";
        }
        if let Some(schema) = self.schema {
            if schema.read_only {
                line += ".read_only()";
            }
            if let Some(title) = &schema.title {
                line += &format!(".title({})", literal(title));
            }
            if schema.all_of.is_empty() {
                line += &format!(".description({})", literal(self.description));
            }
        }
        if let Some(default) = self.default() {
            line += &format!(".default({default})");
        }
        line + ";\n"
    }

    /// `pub username: String,`
    fn field(&self, used: Use) -> String {
        let value = &self.kind.value;
        let (attribute, value) = match used {
            Use::Request if self.required || self.default().is_some() => ("", value.clone()),
            Use::Request if self.nullable => ("", format!("MaybeUndefined<{value}>")),
            Use::Request => ("", format!("Option<{value}>")),
            _ if self.sometimes_absent => {
                ("    #[serde(skip_serializing_if = \"Option::is_none\")]\n", format!("Option<{value}>"))
            }
            _ if self.nullable => ("", format!("Option<{value}>")),
            _ => ("", value.clone()),
        };
        format!("{}{attribute}    pub {}: {value},\n", doc(4, self.description), field(self.name))
    }

    /// `username: fields.required(&Self::USERNAME),`
    fn parser(&self) -> String {
        let how = match (self.required, self.nullable) {
            (true, _) => "required",
            (false, true) => "optional_nullable",
            (false, false) => "optional",
        };
        let default = self.default().map(|default| format!(".unwrap_or({default})")).unwrap_or_default();
        format!("            {}: fields.{how}(&Self::{}){default},\n", field(self.name), constant_case(self.name))
    }
}

fn object(
    out: &mut String,
    contract: &Contract,
    name: &str,
    schema: &Schema,
    description: &str,
    used: Use,
) -> Result<()> {
    ensure!(schema.kind == Some(SchemaType::Object), "only objects and enumerations can be components");
    ensure!(
        schema.format.is_none()
            && schema.items.is_none()
            && !schema.nullable
            && !schema.read_only
            && schema.title.is_none(),
        "format, items, nullable, readOnly and title are not supported on a component"
    );
    let open = schema.additional_properties.is_some();
    ensure!(!(open && used == Use::Request), "additionalProperties beside properties is only supported in answers");
    for listed in schema.required.iter().chain(&schema.sometimes_absent) {
        ensure!(schema.properties.contains_key(listed), "there is no property {listed}");
    }
    let in_order: Vec<&String> = schema.properties.keys().filter(|name| schema.required.contains(name)).collect();
    ensure!(schema.required.iter().eq(in_order), "required: has to be in the order of the properties");
    let members = schema
        .properties
        .iter()
        .map(|(property, schema_of)| {
            Member::new(contract, schema, property, schema_of, used).with_context(|| format!("properties.{property}"))
        })
        .collect::<Result<Vec<_>>>()?;

    let derive = if used == Use::Request { "Clone, Debug" } else { "Clone, Debug, Serialize" };
    write!(out, "\n{}#[derive({derive})]\npub struct {name} {{\n", doc(0, description))?;
    out.extend(members.iter().map(|member| member.field(used)));
    if open {
        out.push_str("    /// Further properties.\n    #[serde(flatten)]\n    pub additional: JsonObject,\n");
    }
    write!(out, "}}\n\nimpl {name} {{\n")?;
    out.extend(members.iter().map(Member::constant));
    write!(
        out,
        "}}\n\nimpl Object for {name} {{\n    const NAME: &'static str = {};\n    const DESCRIPTION: &'static str = {};\n\n    \
         fn properties(properties: Properties<'_>) -> Properties<'_> {{\n        properties",
        literal(name),
        literal(description)
    )?;
    for member in &members {
        write!(out, "\n            .with(&Self::{})", constant_case(member.name))?;
    }
    out.push_str(if open { "\n            .open()\n    }\n}\n" } else { "\n    }\n}\n" });
    if used == Use::Request {
        write!(
            out,
            "\nimpl FromObject for {name} {{\n    fn from_object(fields: &mut Fields<'_>) -> Self {{\n        Self {{\n"
        )?;
        out.extend(members.iter().map(Member::parser));
        out.push_str("        }\n    }\n}\n");
    }
    write!(out, "\nimpl_object!({name});\n")?;
    Ok(())
}
