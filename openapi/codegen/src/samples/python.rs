//! A Python program; `requests` is what nearly everybody has installed.

use super::{
    literal::{self, Notation, Separator},
    request::{Request, ResponseBody},
};

struct Python;

impl Notation for Python {
    const NULL: &'static str = "None";
    const TRUE: &'static str = "True";
    const FALSE: &'static str = "False";
    const INDENT: &'static str = "    ";
    const ELEMENTS: Separator = literal::TRAILING_COMMAS;
    const ENTRIES: Separator = literal::TRAILING_COMMAS;

    fn text(text: &str) -> String {
        literal::double_quoted(text, &[], |character| format!("\\U{:08x}", u32::from(character)))
    }

    fn key(key: &str) -> String {
        Self::text(key) + ": "
    }
}

pub fn sample(request: &Request) -> String {
    let environment = if request.needs_token { "import os\n" } else { "" };
    let mut arguments = vec![Python::text(&request.url)];
    if request.needs_token {
        arguments.push(r#"headers={"Authorization": f"Bearer {os.environ['ROLLCALL_TOKEN']}"}"#.into());
    }
    if let Some(body) = &request.body {
        arguments.push(format!("json={}", literal::write::<Python>(body, "    ")));
    }
    arguments.push("timeout=10".into());
    let print = match request.response {
        ResponseBody::Json => "print(response.json())\n",
        ResponseBody::Text => "print(response.text)\n",
        ResponseBody::Nothing => "",
    };
    format!(
        r"{environment}import sys

import requests

response = requests.{}(
    {},
)
if not response.ok:
    print(response.text, file=sys.stderr)
response.raise_for_status()
{print}",
        request.method,
        arguments.join(",\n    ")
    )
}
