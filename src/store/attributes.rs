//! SQL for attribute filters. Paths and values are always bound as parameters.
//!
//! PostgreSQL compares `jsonb`. SQLite compares JSON text, or the extracted value for numbers and strings.

use sea_orm::{
    Condition, DbBackend, JsonValue,
    sea_query::{ArrayType, Expr, ExprTrait, SimpleExpr, Value},
};

use serde_json::json;

use crate::domain::filter::{AttributeTest, Comparison};

/// The condition that the JSON column `column`, such as `"users"."attributes"`, satisfies `test`.
pub fn condition(backend: DbBackend, column: &'static str, test: &AttributeTest) -> Condition {
    let places = if backend == DbBackend::Postgres {
        vec![Place::Postgres(column, test.path.clone())]
    } else {
        sqlite_paths(&test.path).into_iter().map(|path| Place::Sqlite(column, path)).collect()
    };
    if test.comparison == Comparison::IsNull {
        let missing = places.iter().fold(Condition::all(), |all, place| all.add(place.is_missing()));
        return if test.value == JsonValue::Bool(false) { missing.not() } else { missing };
    }
    let passed =
        places.iter().fold(Condition::any(), |any, place| any.add(place.compare(test.comparison, &test.value)));
    if backend == DbBackend::Postgres { Condition::all().add(passed).add(contained(column, test)) } else { passed }
}

/// A necessary condition for the test that can use PostgreSQL's index on containment.
fn contained(column: &'static str, test: &AttributeTest) -> Condition {
    let values = match (test.comparison, &test.value) {
        (Comparison::Exact, value) => std::slice::from_ref(value),
        (Comparison::In, JsonValue::Array(values)) => values.as_slice(),
        _ => return Condition::all(),
    };
    let documents: Option<Vec<_>> = values.iter().map(|value| documents(&test.path, value)).collect();
    let contains = |document| Expr::cust_with_values(format!("{column} @> $1"), [document]);
    documents.into_iter().flatten().flatten().fold(Condition::any(), |any, document| any.add(contains(document)))
}

/// The smallest documents with `value` at `path`, where a number is an object key or a list index; `None` if there are
/// too many.
fn documents(path: &[String], value: &JsonValue) -> Option<Vec<JsonValue>> {
    const MAX: usize = 8;
    let nest = |documents: Vec<JsonValue>, step: &String| {
        let lists = if step.parse::<i64>().is_ok() { documents.clone() } else { Vec::new() };
        let objects = documents.into_iter().map(|document| json!({ step: document }));
        Some(objects.chain(lists.into_iter().map(|document| json!([document]))).collect::<Vec<_>>())
            .filter(|documents| documents.len() <= MAX)
    };
    path.iter().rev().try_fold(vec![value.clone()], nest)
}

/// The possible forms of a path for SQLite, where a number is an object key or a list index.
fn sqlite_paths(path: &[String]) -> Vec<String> {
    let quoted = |step: &String| format!(".{}", JsonValue::String(step.clone()));
    let keys: String = path.iter().map(quoted).collect();
    let places: String =
        path.iter().map(|step| if step.parse::<u32>().is_ok() { format!("[{step}]") } else { quoted(step) }).collect();
    let mut paths = vec![format!("${keys}")];
    if places != keys {
        paths.push(format!("${places}"));
    }
    paths
}

/// The location of an attribute.
enum Place {
    Postgres(&'static str, Vec<String>),
    Sqlite(&'static str, String),
}

impl Place {
    /// Builds an SQL expression from templates with `{}` for the column and `?` or `$1` for the path.
    fn expression(&self, postgres: &str, sqlite: &str) -> SimpleExpr {
        match self {
            Self::Postgres(column, path) => {
                let steps = path.iter().map(|step| Value::from(step.clone())).collect();
                let path = Value::Array(ArrayType::String, Some(Box::new(steps)));
                Expr::cust_with_values(postgres.replace("{}", column), [path])
            }
            Self::Sqlite(column, path) => Expr::cust_with_values(sqlite.replace("{}", column), [path.clone()]),
        }
    }

    fn backend(&self) -> DbBackend {
        match self {
            Self::Postgres(..) => DbBackend::Postgres,
            Self::Sqlite(..) => DbBackend::Sqlite,
        }
    }

    fn is_missing(&self) -> SimpleExpr {
        self.expression("{} #> $1", "json_type({}, ?)").is_null()
    }

    /// The attribute as text, regardless of type.
    fn text(&self) -> SimpleExpr {
        self.expression("{} #>> $1", "json_extract({}, ?)")
    }

    fn compare(&self, comparison: Comparison, value: &JsonValue) -> Condition {
        use Comparison::{
            EndsWith, Exact, Gt, Gte, IContains, IEndsWith, IExact, IStartsWith, In, IsNull, Lt, Lte, StartsWith,
        };
        let one = |expression: SimpleExpr| Condition::all().add(expression);
        let text = value.as_str().map_or_else(|| value.to_string(), Into::into);
        let pattern = super::like_pattern(&text);
        match comparison {
            Exact | IsNull => self.equals(value),
            In => {
                let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
                // An empty `any` would match everything, but an empty list contains nothing.
                let none = Condition::any().add(Expr::val(1).eq(0));
                values.iter().fold(none, |any, value| any.add(self.equals(value)))
            }
            Gt => self.ordered(value, |a, b| a.gt(b)),
            Gte => self.ordered(value, |a, b| a.gte(b)),
            Lt => self.ordered(value, |a, b| a.lt(b)),
            Lte => self.ordered(value, |a, b| a.lte(b)),
            StartsWith => one(super::starts_with(self.backend(), self.text(), &text)),
            EndsWith => one(super::ends_with(self.backend(), self.text(), &text)),
            IContains => one(super::ilike(self.backend(), self.text(), format!("%{pattern}%"))),
            IStartsWith => one(super::ilike(self.backend(), self.text(), format!("{pattern}%"))),
            IEndsWith => one(super::ilike(self.backend(), self.text(), format!("%{pattern}"))),
            IExact => one(super::ilike(self.backend(), self.text(), pattern)),
        }
    }

    fn equals(&self, value: &JsonValue) -> Condition {
        match (self, value) {
            (Self::Sqlite(..), JsonValue::Number(_)) => self.ordered(value, |a, b| a.eq(b)),
            (Self::Sqlite(column, path), _) => Condition::all().add(
                Expr::cust_with_values(format!("({column} -> ?)"), [path.clone()]).eq(Expr::val(value.to_string())),
            ),
            (Self::Postgres(..), _) => {
                Condition::all().add(self.expression("({} #> $1)", "").eq(Expr::val(value.clone())))
            }
        }
    }

    /// Compares numbers with numbers and strings with strings; other types don't match.
    fn ordered(&self, value: &JsonValue, compare: fn(SimpleExpr, SimpleExpr) -> SimpleExpr) -> Condition {
        let never = Condition::all().add(Expr::val(1).eq(0));
        match (self, value) {
            (Self::Postgres(..), _) => {
                let kind = match value {
                    JsonValue::Number(_) => "number",
                    JsonValue::String(_) => "string",
                    _ => return never,
                };
                Condition::all()
                    .add(self.expression("jsonb_typeof({} #> $1)", "").eq(kind))
                    .add(compare(self.expression("({} #> $1)", ""), Expr::val(value.clone())))
            }
            (Self::Sqlite(..), JsonValue::Number(number)) => {
                let number = match (number.as_i64(), number.as_f64()) {
                    (Some(whole), _) => Expr::val(whole),
                    (None, Some(real)) => Expr::val(real),
                    (None, None) => return never,
                };
                Condition::all()
                    .add(self.expression("", "json_type({}, ?)").is_in(["integer", "real"]))
                    .add(compare(self.text(), number))
            }
            (Self::Sqlite(..), JsonValue::String(text)) => Condition::all()
                .add(self.expression("", "json_type({}, ?)").eq("text"))
                .add(compare(self.text(), Expr::val(text.clone()))),
            _ => never,
        }
    }
}
