//! The objects of bodies: how the document describes them, and how a request's object is parsed.

use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};

use super::{Describe, Fields, Nested};

/// A property of an object, as the document describes it.
#[derive(Debug)]
pub struct Property<K> {
    name: &'static str,
    kind: K,
    required: bool,
    nullable: bool,
    read_only: bool,
    title: Option<&'static str>,
    description: &'static str,
    default: Option<bool>,
}

impl<K> Property<K> {
    /// A property that is always present and never null.
    pub fn required(name: &'static str, kind: K) -> Self {
        Self { required: true, ..Self::optional(name, kind) }
    }

    /// A property that is always present.
    pub fn required_nullable(name: &'static str, kind: K) -> Self {
        Self { required: true, nullable: true, ..Self::optional(name, kind) }
    }

    /// A property that is never null.
    pub fn optional(name: &'static str, kind: K) -> Self {
        let (required, nullable, read_only) = (false, false, false);
        Self { name, kind, required, nullable, read_only, title: None, description: "", default: None }
    }

    pub fn optional_nullable(name: &'static str, kind: K) -> Self {
        Self { nullable: true, ..Self::optional(name, kind) }
    }

    /// A property whose absence means `default`.
    pub fn optional_or(name: &'static str, kind: K, default: bool) -> Self {
        Self { default: Some(default), ..Self::optional(name, kind) }
    }

    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    pub fn title(self, title: &'static str) -> Self {
        Self { title: Some(title), ..self }
    }

    pub fn description(self, description: &'static str) -> Self {
        Self { description, ..self }
    }
}

/// The schema of an object under construction.
pub struct Properties<'r> {
    schema: MetaSchema,
    registry: &'r mut Registry,
}

impl Properties<'_> {
    /// Adds a property.
    pub fn with<K: Describe>(mut self, property: Property<K>) -> Self {
        property.kind.register(self.registry);
        let schema = match property.kind.schema_ref() {
            MetaSchemaRef::Inline(schema) => MetaSchemaRef::Inline(Box::new(MetaSchema {
                title: property.title.map(Into::into),
                description: Some(property.description).filter(|text| !text.is_empty()),
                nullable: property.nullable,
                read_only: property.read_only,
                default: property.default.map(Into::into),
                ..*schema
            })),
            reference => reference,
        };
        self.schema.properties.push((property.name, schema));
        if property.required {
            self.schema.required.push(property.name);
        }
        self
    }

    /// Allows additional properties of any type.
    pub fn open(mut self) -> Self {
        self.schema.additional_properties = Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::ANY))));
        self
    }
}

/// An object with a schema of its own under `#/components/schemas/`.
pub trait Object: Sized {
    const NAME: &'static str;
    const DESCRIPTION: &'static str;

    /// The object where a schema is expected: a reference to its own.
    const SCHEMA: Nested<Self> = Nested(PhantomData);

    /// Adds its properties, in the contract's order.
    fn properties(properties: Properties<'_>) -> Properties<'_>;

    /// Registers the schema under its name.
    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(Self::NAME.into(), |registry| {
            let schema = MetaSchema { ty: "object", description: Some(Self::DESCRIPTION), ..MetaSchema::ANY };
            Self::properties(Properties { schema, registry }).schema
        });
    }
}

/// An object that a request body can hold.
pub trait FromObject: Object {
    /// Parses its fields. Invalid ones get the default value of their type, and an error in `fields`.
    fn from_object(fields: &mut Fields<'_>) -> Self;
}
