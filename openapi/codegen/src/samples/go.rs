//! A Go program.

use super::{
    literal::{self, Json},
    request::{Request, ResponseBody},
};

pub fn sample(request: &Request) -> String {
    let mut imports = vec!["io", "log", "net/http"];
    let (mut body, mut reader, mut headers) = (String::new(), "nil", String::new());
    if request.needs_token {
        imports.push("os");
        headers += "\trequest.Header.Set(\"Authorization\", \"Bearer \"+os.Getenv(\"ROLLCALL_TOKEN\"))\n";
    }
    if let Some(value) = &request.body {
        imports.push("strings");
        body = format!("\tbody := strings.NewReader({})\n", raw(&literal::write::<Json>(value, "\t")));
        reader = "body";
        headers += "\trequest.Header.Set(\"Content-Type\", \"application/json\")\n";
    }
    let print = match request.response {
        ResponseBody::Json | ResponseBody::Text => {
            imports.push("fmt");
            "\tfmt.Println(string(content))\n"
        }
        ResponseBody::Nothing => "",
    };
    imports.sort_unstable();
    let imports: String = imports.iter().map(|import| format!("\t\"{import}\"\n")).collect();
    format!(
        r#"package main

import (
{imports})

func main() {{
{body}	request, err := http.NewRequest(http.Method{}, "{}", {reader})
	if err != nil {{
		log.Fatal(err)
	}}
{headers}
	response, err := http.DefaultClient.Do(request)
	if err != nil {{
		log.Fatal(err)
	}}
	defer response.Body.Close()

	content, err := io.ReadAll(response.Body)
	if err != nil {{
		log.Fatal(err)
	}}
	if response.StatusCode/100 != 2 {{
		log.Fatalf("%s: %s", response.Status, content)
	}}
{print}}}
"#,
        request.pascal_case_method(),
        request.url
    )
}

/// A raw string, in which only the backtick means something.
fn raw(text: &str) -> String {
    format!("`{}`", text.replace('`', "` + \"`\" + `"))
}
