//! Writing Rust: names, comments and literals.

/// `core_users_create` becomes `CoreUsersCreate`.
pub fn pascal_case(name: &str) -> String {
    name.split(['_', '-', '.'])
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        })
        .collect()
}

/// `last_login` becomes `LAST_LOGIN`.
pub fn constant_case(name: &str) -> String {
    name.replace("__", "_").to_ascii_uppercase()
}

/// The name as a field: keywords get their prefix, and Django's `a__b` is `a_b`.
pub fn field(name: &str) -> String {
    const KEYWORDS: [&str; 6] = ["type", "in", "ref", "use", "for", "match"];
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.replace("__", "_") }
}

/// A doc comment, wrapped.
pub fn doc(indent: usize, text: &str) -> String {
    const WIDTH: usize = 110;
    let margin = " ".repeat(indent);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > WIDTH - indent {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.iter().map(|line| format!("{margin}/// {line}\n")).collect()
}

/// A string literal; a long one over several lines.
pub fn literal(text: &str) -> String {
    const WIDTH: usize = 84;
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.chars().count() + word.chars().count() > WIDTH {
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
