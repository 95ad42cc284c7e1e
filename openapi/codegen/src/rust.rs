//! Writing Rust: names, doc comments and literals.

use anyhow::{Result, ensure};

/// The width of a line.
pub const WIDTH: usize = 120;

/// `core_users_create` becomes `CoreUsersCreate`.
pub fn pascal_case(name: &str) -> String {
    name.split(['_', '-', '.'])
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

/// The name of a value: `internal` becomes `Internal`, and `2024.8` becomes `V2024_8`.
pub fn variant(value: &str) -> String {
    if value.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("V{}", value.replace('.', "_"));
    }
    pascal_case(value)
}

/// `include_groups` and `IncludeGroups` become `INCLUDE_GROUPS`.
pub fn constant_case(name: &str) -> String {
    let mut constant = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !constant.is_empty() && !constant.ends_with('_') {
            constant.push('_');
        }
        constant.push(letter.to_ascii_uppercase());
    }
    constant
}

/// The name as a field: keywords get the prefix `r#`, and Django's `a__b` becomes `a_b`.
pub fn field(name: &str) -> String {
    const KEYWORDS: [&str; 6] = ["type", "in", "ref", "use", "for", "match"];
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.replace("__", "_") }
}

/// A doc comment. It holds `text` exactly, however it is wrapped.
///
/// # Errors
///
/// Doc comments can't preserve line breaks and repeated spaces.
pub fn doc(indent: usize, text: &str) -> Result<String> {
    let is_single_spaced = text.split(' ').all(|word| !word.is_empty()) && !text.contains(['\n', '\t']);
    ensure!(is_single_spaced, "description: only one paragraph with single spaces is supported: {text:?}");
    let margin = format!("{:indent$}///", "");
    let mut lines = vec![margin.clone()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if *last != margin && last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{margin} {word}"));
        } else {
            *last += &format!(" {word}");
        }
    }
    Ok(lines.join("\n") + "\n")
}

/// A string literal; a long one spans several lines.
pub fn literal(text: &str) -> String {
    const WIDTH: usize = 90;
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '\n']) {
        let last = lines.last_mut().expect("there is always a line");
        // White space at the start of a line would not be part of the literal.
        let may_break = !last.is_empty() && !word.starts_with(' ');
        if may_break && (last.ends_with('\n') || last.chars().count() + word.chars().count() > WIDTH) {
            lines.push(word.to_owned());
        } else {
            last.push_str(word);
        }
    }
    let escape = |line: &String| {
        let quoted = format!("{line:?}");
        quoted[1..quoted.len() - 1].to_owned()
    };
    let escaped: Vec<String> = lines.iter().map(escape).collect();
    format!("\"{}\"", escaped.join("\\\n             "))
}

/// `start value,` with calls chained to the value, broken into lines where one would be too long.
pub fn assignment(indent: usize, start: &str, value: &str, calls: &[String]) -> String {
    let margin = " ".repeat(indent);
    let fits = |text: &str| text.lines().all(|line| line.chars().count() <= WIDTH);
    let line = format!("{margin}{start} {value}{},\n", calls.concat());
    if fits(&line) {
        return line;
    }
    let line = format!("{margin}    {value}{},\n", calls.concat());
    if fits(&line) {
        return format!("{margin}{start}\n{line}");
    }
    let calls: String = calls.iter().map(|call| format!("\n{margin}        {call}")).collect();
    format!("{margin}{start}\n{margin}    {value}{calls},\n")
}
