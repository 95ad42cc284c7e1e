//! Objects: their named properties, the schema made of them, and the poem-openapi type.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};

use super::{Describe, Fields};

/// A property of an object, stated once for the document and the parser.
#[derive(Debug)]
pub struct Property<K> {
    pub name: &'static str,
    pub kind: K,
    required: bool,
    nullable: bool,
    read_only: bool,
    title: Option<&'static str>,
    description: Option<&'static str>,
    default: Option<bool>,
}

impl<K> Property<K> {
    pub const fn new(name: &'static str, kind: K) -> Self {
        Self {
            name,
            kind,
            required: false,
            nullable: false,
            read_only: false,
            title: None,
            description: None,
            default: None,
        }
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub const fn title(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// The value taken when it is left out.
    pub const fn default(mut self, default: bool) -> Self {
        self.default = Some(default);
        self
    }

    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }
}

/// The schema of an object as it is put together.
pub struct Properties<'r> {
    schema: MetaSchema,
    registry: &'r mut Registry,
}

impl Properties<'_> {
    /// Adds a property.
    pub fn with<K: Describe>(mut self, property: &Property<K>) -> Self {
        property.kind.register(self.registry);
        let schema = match property.kind.schema_ref() {
            MetaSchemaRef::Inline(schema) => MetaSchemaRef::Inline(Box::new(MetaSchema {
                title: property.title.map(Into::into),
                description: property.description,
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

    /// Allows further properties of any kind.
    pub fn open(mut self) -> Self {
        self.schema.additional_properties = Some(Box::new(MetaSchemaRef::Inline(Box::new(MetaSchema::ANY))));
        self
    }
}

/// A named object of the contract.
pub trait Object {
    /// Its name under `#/components/schemas/`.
    const NAME: &'static str;
    const DESCRIPTION: &'static str;

    /// Adds its properties, in the contract's order.
    fn properties(properties: Properties<'_>) -> Properties<'_>;

    /// Registers the schema under its name.
    fn register_object(registry: &mut Registry)
    where
        Self: Sized,
    {
        registry.create_schema::<Self, _>(Self::NAME.into(), |registry| {
            let schema = MetaSchema { ty: "object", description: Some(Self::DESCRIPTION), ..MetaSchema::ANY };
            Self::properties(Properties { schema, registry }).schema
        });
    }
}

/// An object that a body can hold.
pub trait FromObject: Sized {
    /// Takes its fields; wrong ones yield defaults and errors.
    fn from_object(fields: &mut Fields<'_>) -> Self;
}

/// Makes an [`Object`] a poem-openapi type.
macro_rules! impl_object {
    ($object:ty) => {
        impl poem_openapi::types::Type for $object {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;
            fn name() -> std::borrow::Cow<'static, str> {
                <Self as Object>::NAME.into()
            }
            fn schema_ref() -> poem_openapi::registry::MetaSchemaRef {
                poem_openapi::registry::MetaSchemaRef::Reference(<Self as Object>::NAME.into())
            }
            fn register(registry: &mut poem_openapi::registry::Registry) {
                <Self as Object>::register_object(registry);
            }
            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
        impl poem_openapi::types::IsObjectType for $object {}
    };
}
pub(crate) use impl_object;
