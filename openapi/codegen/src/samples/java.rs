//! A Java program in one file, which `java Sample.java` runs.

use super::{
    literal::{self, Json},
    request::{Request, ResponseBody},
};

pub fn sample(request: &Request) -> String {
    let mut imports = vec!["URI", "http.HttpClient", "http.HttpRequest", "http.HttpResponse.BodyHandlers"];
    let (mut body, mut headers) = (String::new(), String::new());
    if request.needs_token {
        headers += "            .header(\"Authorization\", \"Bearer \" + System.getenv(\"ROLLCALL_TOKEN\"))\n";
    }
    if let Some(value) = &request.body {
        headers += "            .header(\"Content-Type\", \"application/json\")\n";
        body = format!("        var body = {};\n", text_block(&literal::write::<Json>(value, ""), "            "));
    }
    let method = match (request.method.as_str(), &request.body) {
        ("get", None) => String::new(),
        ("delete", None) => "            .DELETE()\n".into(),
        ("post" | "put", Some(_)) => {
            format!("            .{}(BodyPublishers.ofString(body))\n", request.upper_case_method())
        }
        (_, Some(_)) => {
            format!("            .method(\"{}\", BodyPublishers.ofString(body))\n", request.upper_case_method())
        }
        (_, None) => format!("            .method(\"{}\", BodyPublishers.noBody())\n", request.upper_case_method()),
    };
    if method.contains("BodyPublishers") {
        imports.push("http.HttpRequest.BodyPublishers");
    }
    let print = match request.response {
        ResponseBody::Json | ResponseBody::Text => "        System.out.println(response.body());\n",
        ResponseBody::Nothing => "",
    };
    imports.sort_unstable();
    let imports: String = imports.iter().map(|import| format!("import java.net.{import};\n")).collect();
    format!(
        r#"{imports}
class Sample {{
    public static void main(String[] arguments) throws Exception {{
{body}        var request = HttpRequest.newBuilder(URI.create("{}"))
{headers}{method}            .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {{
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }}
{print}    }}
}}
"#,
        request.url
    )
}

/// A text block. Up to version 17 the system decides how Java reads other characters than those of ASCII, so that
/// these are escaped.
fn text_block(text: &str, margin: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let line = line.replace('\\', r"\\").replace("\"\"\"", r#"\"""#);
        lines += &format!("{margin}{}\n", ascii(&line));
    }
    format!("\"\"\"\n{lines}{margin}\"\"\"")
}

fn ascii(text: &str) -> String {
    let escape = |character: char| {
        if character.is_ascii() { character.to_string() } else { literal::utf16_escape(character) }
    };
    text.chars().map(escape).collect()
}
