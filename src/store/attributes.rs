//! SQL for attribute filters. Paths and values are always bound as parameters.
//!
//! PostgreSQL compares `jsonb`. SQLite calls a function that [`AttributeTest::passes`] defines, because its own functions
//! compare texts, and know no integers beyond 64 bits.

use sea_orm::{
    Condition, DbBackend, JsonValue,
    sea_query::{ArrayType, Expr, ExprTrait, SimpleExpr, Value},
};
use serde_json::json;

use super::connection::functions::ATTRIBUTES_PASS;
use crate::domain::attribute_test::{AttributeTest, Comparison, is_index, text};

/// The condition that the JSON column `column`, such as `"users"."attributes"`, satisfies all `tests`; `None` if there
/// are none.
pub fn condition(backend: DbBackend, column: &'static str, tests: &[AttributeTest]) -> Option<Condition> {
    if tests.is_empty() {
        return None;
    }
    if backend == DbBackend::Sqlite {
        let tests = json!(tests).to_string();
        return Some(Condition::all().add(Expr::cust_with_values(format!("{ATTRIBUTES_PASS}({column}, ?)"), [tests])));
    }
    let test = |test| Condition::all().add(contained(column, test)).add(compare(column, test));
    Some(tests.iter().fold(Condition::all(), |all, one| all.add(test(one))))
}

/// A necessary condition for the test that can use the index on containment.
fn contained(column: &'static str, test: &AttributeTest) -> Condition {
    let values = match (test.comparison, &test.value) {
        (Comparison::Exact, value) => vec![value.clone()],
        (Comparison::In, JsonValue::Array(values)) => values.clone(),
        // A list contains its scalars, but only a list contains a list.
        (Comparison::Contains, value) if !value.is_array() && !value.is_object() => vec![value.clone(), json!([value])],
        (Comparison::Contains, value) => vec![value.clone()],
        _ => return Condition::all(),
    };
    let documents: Option<Vec<_>> = values.iter().map(|value| documents(&test.path, value)).collect();
    let contains = |document: JsonValue| on_values(format!("{column} @> CAST($1 AS jsonb)"), [document.to_string()]);
    documents.into_iter().flatten().flatten().fold(Condition::any(), |any, document| any.add(contains(document)))
}

/// The smallest documents with `value` at `path`, where a number is an object key or a list index; `None` if there are
/// too many.
fn documents(path: &[String], value: &JsonValue) -> Option<Vec<JsonValue>> {
    const MAX: usize = 8;
    let nest = |documents: Vec<JsonValue>, step: &String| {
        let lists = if is_index(step) { documents.clone() } else { Vec::new() };
        let objects = documents.into_iter().map(|document| json!({ step: document }));
        Some(objects.chain(lists.into_iter().map(|document| json!([document]))).collect::<Vec<_>>())
            .filter(|documents| documents.len() <= MAX)
    };
    path.iter().rev().try_fold(vec![value.clone()], nest)
}

/// The condition itself.
fn compare(column: &'static str, test: &AttributeTest) -> SimpleExpr {
    use Comparison::{
        Contains, EndsWith, Exact, Gt, Gte, IContains, IEndsWith, IExact, IStartsWith, In, IsNull, Lt, Lte, StartsWith,
    };
    let place = Place::new(column, &test.path);
    let pattern = super::like_pattern(&text(&test.value).unwrap_or_default());
    // Nothing is like a null.
    let like = |pattern: String| if test.value == JsonValue::Null { never() } else { place.like(pattern) };
    let ilike = |pattern: String| if test.value == JsonValue::Null { never() } else { place.ilike(pattern) };
    match test.comparison {
        Exact => place.json("=", &test.value),
        Gt => place.ordered(">", &test.value),
        Gte => place.ordered(">=", &test.value),
        Lt => place.ordered("<", &test.value),
        Lte => place.ordered("<=", &test.value),
        In => {
            let values = test.value.as_array().map(Vec::as_slice).unwrap_or_default();
            values.iter().fold(never(), |any, value| any.or(place.json("=", value)))
        }
        IsNull if test.value == JsonValue::Bool(false) => place.value().is_not_null(),
        IsNull => place.value().is_null(),
        Contains => place.json("@>", &test.value),
        StartsWith => like(format!("{pattern}%")),
        EndsWith => like(format!("%{pattern}")),
        IContains => ilike(format!("%{pattern}%")),
        IStartsWith => ilike(format!("{pattern}%")),
        IEndsWith => ilike(format!("%{pattern}")),
        IExact => ilike(pattern),
    }
}

/// The location of an attribute: SQL of type `jsonb`, and its parameters.
struct Place {
    sql: String,
    values: Vec<Value>,
}

impl Place {
    fn new(column: &str, path: &[String]) -> Self {
        let mut place = Self { sql: column.to_owned(), values: Vec::new() };
        // `#>` takes any integer for an index, such as `+1`, `-1` and `01`; `->` takes a text for a key.
        for steps in path.chunk_by(|a, b| !may_be_misread(a) && !may_be_misread(b)) {
            match steps {
                [step] if may_be_misread(step) => place.extend("->", step.as_str().into()),
                steps => {
                    let steps = steps.iter().map(|step| step.as_str().into()).collect();
                    place.extend("#>", Value::Array(ArrayType::String, Some(Box::new(steps))));
                }
            }
        }
        place
    }

    fn extend(&mut self, operator: &str, value: Value) {
        self.values.push(value);
        self.sql = format!("{} {operator} ${}", self.sql, self.values.len());
    }

    fn value(&self) -> SimpleExpr {
        on_values(format!("({})", self.sql), self.values.clone())
    }

    /// The attribute as text, regardless of type.
    fn text(&self) -> SimpleExpr {
        on_values(format!("(({}) #>> '{{}}')", self.sql), self.values.clone())
    }

    /// Compares the attribute with a JSON value.
    fn json(&self, operator: &str, value: &JsonValue) -> SimpleExpr {
        let values = self.values.iter().cloned().chain([value.to_string().into()]);
        on_values(format!("({}) {operator} CAST(${} AS jsonb)", self.sql, self.values.len() + 1), values)
    }

    /// Compares numbers with numbers, and strings with strings by code points; other types don't match.
    fn ordered(&self, operator: &str, value: &JsonValue) -> SimpleExpr {
        let kind = on_values(format!("jsonb_typeof({})", self.sql), self.values.clone());
        match value {
            JsonValue::Number(_) => kind.eq("number").and(self.json(operator, value)),
            JsonValue::String(text) => {
                let values = self.values.iter().cloned().chain([text.as_str().into()]);
                let place = self.values.len() + 1;
                let sql = format!(r#"(({}) #>> '{{}}') COLLATE "C" {operator} ${place}"#, self.sql);
                kind.eq("string").and(on_values(sql, values))
            }
            _ => never(),
        }
    }

    fn like(&self, pattern: String) -> SimpleExpr {
        self.text().like(sea_orm::sea_query::LikeExpr::new(pattern).escape('\\'))
    }

    fn ilike(&self, pattern: String) -> SimpleExpr {
        super::ilike(DbBackend::Postgres, self.text(), pattern)
    }
}

/// Whether `#>` could take a step for an index though it is none.
fn may_be_misread(step: &str) -> bool {
    step.ends_with(|c: char| c.is_ascii_digit()) && !is_index(step)
}

fn on_values<V: Into<Value>>(sql: String, values: impl IntoIterator<Item = V>) -> SimpleExpr {
    Expr::cust_with_values(sql, values)
}

fn never() -> SimpleExpr {
    Expr::val(1).eq(0)
}
