//! An ES module for Node.js, which has had `fetch` since version 18.

use super::{
    literal::{self, Json, Notation, Separator},
    request::{Request, ResponseBody},
};

struct JavaScript;

impl Notation for JavaScript {
    const OBJECT: [&'static str; 2] = ["{ ", " }"];
    const ELEMENTS: Separator = literal::TRAILING_COMMAS;
    const ENTRIES: Separator = literal::TRAILING_COMMAS;

    fn text(text: &str) -> String {
        Json::text(text)
    }

    fn key(key: &str) -> String {
        match key {
            // Without the brackets this is the prototype.
            "__proto__" => "[\"__proto__\"]: ".into(),
            _ if literal::is_identifier(key) => format!("{key}: "),
            _ => Json::key(key),
        }
    }
}

pub fn sample(request: &Request) -> String {
    let (mut headers, mut options) = (Vec::new(), Vec::new());
    if request.needs_token {
        headers.push("Authorization: `Bearer ${process.env.ROLLCALL_TOKEN}`");
    }
    if request.body.is_some() {
        headers.push("\"Content-Type\": \"application/json\"");
    }
    if request.method != "get" {
        options.push(format!("method: \"{}\"", request.upper_case_method()));
    }
    match headers.as_slice() {
        [] => {}
        [header] => options.push(format!("headers: {{ {header} }}")),
        _ => options.push(format!("headers: {{\n    {},\n  }}", headers.join(",\n    "))),
    }
    if let Some(body) = &request.body {
        options.push(format!("body: JSON.stringify({})", literal::write::<JavaScript>(body, "  ")));
    }
    let options = if options.is_empty() { String::new() } else { format!(", {{\n  {},\n}}", options.join(",\n  ")) };
    let print = match request.response {
        ResponseBody::Json => "console.dir(await response.json(), { depth: null });\n",
        ResponseBody::Text => "console.log(await response.text());\n",
        ResponseBody::Nothing => "",
    };
    format!(
        r"const response = await fetch({}{options});
if (!response.ok) {{
  throw new Error(`${{response.status}} ${{await response.text()}}`);
}}
{print}",
        JavaScript::text(&request.url)
    )
}
