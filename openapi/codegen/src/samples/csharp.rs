//! A C# program, in the words that both .NET and Mono's compiler understand; the latter has no asynchronous `Main`.

use super::{
    literal::{self, Json},
    request::{Request, ResponseBody},
};

pub fn sample(request: &Request) -> String {
    let mut imports = vec!["System", "System.Net.Http", "System.Threading.Tasks"];
    let mut details = String::new();
    if request.needs_token {
        imports.push("System.Net.Http.Headers");
        details += "            var token = Environment.GetEnvironmentVariable(\"ROLLCALL_TOKEN\");\n            \
                    request.Headers.Authorization = new AuthenticationHeaderValue(\"Bearer\", token);\n";
    }
    if let Some(body) = &request.body {
        imports.push("System.Text");
        details += &format!(
            "            var body = @\"{}\";\n            \
             request.Content = new StringContent(body, Encoding.UTF8, \"application/json\");\n",
            literal::write::<Json>(body, "            ").replace('"', "\"\"")
        );
    }
    let method = match request.method.as_str() {
        // Mono has no name for it.
        "patch" => "new HttpMethod(\"PATCH\")".to_owned(),
        _ => format!("HttpMethod.{}", request.pascal_case_method()),
    };
    let print = match request.response {
        ResponseBody::Json | ResponseBody::Text => "            Console.WriteLine(content);\n",
        ResponseBody::Nothing => "",
    };
    imports.sort_unstable();
    let imports: String = imports.iter().map(|import| format!("using {import};\n")).collect();
    format!(
        r#"{imports}
class Program
{{
    static void Main() => Run().GetAwaiter().GetResult();

    static async Task Run()
    {{
        using (var client = new HttpClient())
        {{
            var request = new HttpRequestMessage({method}, "{}");
{details}
            var response = await client.SendAsync(request);
            var content = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
            {{
                Console.Error.WriteLine(content);
            }}
            response.EnsureSuccessStatusCode();
{print}        }}
    }}
}}
"#,
        request.url
    )
}
