//! A Ruby program.

use super::{
    literal::{self, Notation},
    request::{Request, ResponseBody},
};

struct Ruby;

impl Notation for Ruby {
    const NULL: &'static str = "nil";
    const OBJECT: [&'static str; 2] = ["{ ", " }"];

    fn text(text: &str) -> String {
        literal::double_quoted(text, &['#'], |character| format!("\\u{{{:x}}}", u32::from(character)))
    }

    fn key(key: &str) -> String {
        if literal::is_identifier(key) { format!("{key}: ") } else { Self::text(key) + " => " }
    }
}

pub fn sample(request: &Request) -> String {
    let json = if request.body.is_some() || request.response == ResponseBody::Json { "require \"json\"\n" } else { "" };
    let mut details = String::new();
    if request.needs_token {
        details += "request[\"Authorization\"] = \"Bearer #{ENV.fetch(\"ROLLCALL_TOKEN\")}\"\n";
    }
    if let Some(body) = &request.body {
        details += "request[\"Content-Type\"] = \"application/json\"\n";
        details += &format!("request.body = JSON.generate({})\n", literal::write::<Ruby>(body, ""));
    }
    let print = match request.response {
        ResponseBody::Json => "puts JSON.pretty_generate(JSON.parse(response.body))\n",
        ResponseBody::Text => "puts response.body\n",
        ResponseBody::Nothing => "",
    };
    format!(
        r##"{json}require "net/http"

uri = URI({})
request = Net::HTTP::{}.new(uri)
{details}
response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") {{ |http| http.request(request) }}
raise "#{{response.code}} #{{response.body}}" unless response.is_a?(Net::HTTPSuccess)
{print}"##,
        Ruby::text(&request.url),
        request.pascal_case_method()
    )
}
