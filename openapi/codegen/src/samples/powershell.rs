//! A script for PowerShell 7.

use serde_json::Value;

use super::{
    literal::{self, Notation, Separator},
    request::{Request, ResponseBody},
};

/// What PowerShell takes for single and for double quotes.
const SINGLE_QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
const DOUBLE_QUOTES: [char; 4] = ['"', '\u{201c}', '\u{201d}', '\u{201e}'];

struct PowerShell;

impl Notation for PowerShell {
    const NULL: &'static str = "$null";
    const TRUE: &'static str = "$true";
    const FALSE: &'static str = "$false";
    const LIST: [&'static str; 2] = ["@(", ")"];
    const OBJECT: [&'static str; 2] = ["[ordered]@{ ", " }"];
    const INDENT: &'static str = "    ";
    const ENTRIES: Separator = literal::LINES;

    /// A list within a list of one would be taken apart.
    fn around_list(list: &[Value]) -> [&'static str; 2] {
        if matches!(list, [Value::Array(_)]) { ["@(, ", ")"] } else { Self::LIST }
    }

    fn text(text: &str) -> String {
        if text.chars().all(literal::is_visible) { single_quoted(text) } else { double_quoted(text) }
    }

    fn key(key: &str) -> String {
        if literal::is_identifier(key) { format!("{key} = ") } else { Self::text(key) + " = " }
    }
}

pub fn sample(request: &Request) -> String {
    let mut body = String::new();
    let mut options = vec![
        format!("Method = '{}'", request.pascal_case_method()),
        format!("Uri = {}", PowerShell::text(&request.url)),
    ];
    if request.needs_token {
        options.push("Headers = @{ Authorization = \"Bearer $env:ROLLCALL_TOKEN\" }".into());
    }
    if let Some(value) = &request.body {
        body = format!("$body = {}\n", literal::write::<PowerShell>(value, ""));
        // Without the character set, versions before 7.4 send Latin-1.
        options.push("ContentType = 'application/json; charset=utf-8'".into());
        // A pipe would take a list apart.
        options.push("Body = ConvertTo-Json -InputObject $body -Depth 10".into());
    }
    let discard = match request.response {
        ResponseBody::Json | ResponseBody::Text => "",
        ResponseBody::Nothing => " | Out-Null",
    };
    format!(
        "$ErrorActionPreference = 'Stop'\n\n{body}$request = @{{\n    {}\n}}\nInvoke-RestMethod @request{discard}\n",
        options.join("\n    ")
    )
}

fn single_quoted(text: &str) -> String {
    let mut out = String::from("'");
    for character in text.chars() {
        if SINGLE_QUOTES.contains(&character) {
            out.push(character);
        }
        out.push(character);
    }
    out + "'"
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '\n' => out.push_str("`n"),
            '\r' => out.push_str("`r"),
            '\t' => out.push_str("`t"),
            _ if !literal::is_visible(character) => out += &format!("`u{{{:x}}}", u32::from(character)),
            _ => {
                if matches!(character, '`' | '$') || DOUBLE_QUOTES.contains(&character) {
                    out.push('`');
                }
                out.push(character);
            }
        }
    }
    out + "\""
}
