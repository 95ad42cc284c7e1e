//! Writes `routes.rs`: the poem-openapi description of every operation, and its route.

use std::fmt::Write;

use anyhow::{Context, Result};

use crate::{
    model::{Contract, Operation},
    operations::is_negotiated,
    rust::{doc, literal, pascal_case},
};

pub fn emit(contract: &Contract) -> Result<String> {
    let mut out = String::from(
        "//! The contract's operations as poem-openapi describes and routes them.\n\n\
         use std::{collections::HashMap, sync::Arc};\n\nuse poem::{IntoResponse, endpoint::BoxEndpoint, http::Method};\n\
         use poem_openapi::{ApiResponse, ContactObject, LicenseObject, OpenApi, OpenApiService, ServerObject, \
         registry::{MetaApi, MetaMediaType, MetaOperation, MetaPath, MetaRequest, MetaSecurityScheme, MetaTag, Registry}, types::Type};\n\n\
         use super::{operations::*, runtime::*, samples::code_samples, schemas::*};\n\n\
         /// The operations of `api` as poem-openapi serves them.\n#[derive(Debug)]\npub struct Routes<A> {\n    \
         pub api: Arc<A>,\n    pub limits: Limits,\n}\n\n",
    );
    service(&mut out, contract)?;
    out.push_str("\nimpl<A: Api> OpenApi for Routes<A> {\n    fn meta() -> Vec<MetaApi> {\n        vec![MetaApi { paths: vec![\n");
    for (path, item) in &contract.paths {
        writeln!(out, "            MetaPath {{ path: {}.into(), operations: vec![", literal(path))?;
        for (method, operation) in item.operations() {
            meta(&mut out, contract, method, operation).with_context(|| format!("paths.{path}"))?;
        }
        out.push_str("            ] },\n");
    }
    out.push_str("        ] }]\n    }\n\n    fn register(registry: &mut Registry) {\n");
    for tag in &contract.tags {
        writeln!(
            out,
            "        registry.create_tag(MetaTag {{ name: {}, description: Some({}), external_docs: None }});",
            literal(&tag.name),
            literal(&tag.description)
        )?;
    }
    for (name, scheme) in &contract.components.security_schemes {
        writeln!(
            out,
            "        registry.create_security_scheme({}, MetaSecurityScheme {{ ty: \"http\", description: Some({}), name: None, \
             key_in: None, scheme: Some(\"bearer\"), bearer_format: None, flows: None, openid_connect_url: None }});",
            literal(name),
            literal(&scheme.description)
        )?;
    }
    for (.., operation) in contract.operations() {
        if let Some(body) = contract.body(operation)? {
            writeln!(out, "        <{body} as Type>::register(registry);")?;
        }
        writeln!(out, "        {}Response::register(registry);", pascal_case(&operation.operation_id))?;
    }
    out.push_str(
        "    }\n\n    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {\n        \
         let mut routes = RouteTable { api: self.api, limits: self.limits, table };\n",
    );
    for (path, method, operation) in contract.operations() {
        route(&mut out, contract, path, method, operation)?;
    }
    out.push_str("    }\n}\n");
    Ok(out)
}

fn service(out: &mut String, contract: &Contract) -> Result<()> {
    let (info, server) = (&contract.info, &contract.servers[0]);
    write!(
        out,
        "{}pub fn service<A: Api>(routes: Routes<A>) -> OpenApiService<Routes<A>, ()> {{\n    OpenApiService::new(routes, {}, {})\n        \
         .description({})\n        .contact(ContactObject::new().name({}).url({}))\n        .license(LicenseObject::new({}).url({}))\n        \
         .server(ServerObject::new({}).description({}))\n}}\n",
        doc(0, "The service that emits the document."),
        literal(&info.title),
        literal(&info.version),
        literal(&info.description),
        literal(&info.contact.name),
        literal(&info.contact.url),
        literal(&info.license.name),
        literal(&info.license.url),
        literal(&server.url),
        literal(&server.description)
    )?;
    Ok(())
}

fn meta(out: &mut String, contract: &Contract, method: &str, operation: &Operation) -> Result<()> {
    let name = pascal_case(&operation.operation_id);
    let tags: Vec<String> = operation.tags.iter().map(|tag| literal(tag)).collect();
    let security: Vec<String> = operation
        .security
        .iter()
        .map(|alternative| match alternative.keys().next() {
            Some(scheme) => format!("HashMap::from([({}, vec![])])", literal(scheme)),
            None => "HashMap::new()".into(),
        })
        .collect();
    let request = match (contract.body(operation)?, &operation.request_body) {
        (Some(body), Some(described)) => format!(
            "Some(MetaRequest {{ description: None, content: vec![MetaMediaType {{ content_type: \"application/json\", \
             schema: {body}::schema_ref() }}], required: {} }})",
            described.required
        ),
        _ => "None".into(),
    };
    let id = literal(&operation.operation_id);
    let params = if operation.parameters.is_empty() { "vec![]".into() } else { format!("{name}Params::meta()") };
    writeln!(
        out,
        "MetaOperation {{ method: Method::{method}, tags: vec![{}], summary: Some({}), description: Some({}), external_docs: None, \
         params: {params}, request: {request}, responses: {name}Response::meta(), deprecated: false, security: vec![{}], \
         operation_id: Some({id}), code_samples: code_samples({id}) }},",
        tags.join(", "),
        literal(&operation.summary),
        literal(&operation.description),
        security.join(", ")
    )?;
    Ok(())
}

fn route(out: &mut String, contract: &Contract, path: &str, method: &str, operation: &Operation) -> Result<()> {
    let (name, id) = (pascal_case(&operation.operation_id), &operation.operation_id);
    let (mut lets, mut arguments) = (String::new(), Vec::new());
    if operation.is_protected() {
        lets += "let caller = call.caller(&*api).await?;\n";
        arguments.push("caller");
    }
    if !operation.parameters.is_empty() {
        lets += &format!("let params = {name}Params::read(&call)?;\n");
        arguments.push("params");
    }
    if is_negotiated(contract, operation)? {
        lets += "let media_type = call.media_type();\n";
        arguments.push("media_type");
    }
    if contract.body(operation)?.is_some() {
        lets += "let body = call.body().await?;\n";
        arguments.push("body");
    }
    let call = if lets.is_empty() { "_call" } else { "call" };
    let path = path.replace('{', ":").replace('}', "");
    let arguments = arguments.join(", ");
    writeln!(
        out,
        "        routes.add(Method::{method}, {}, {name}Response::PRODUCES, |api, {call}| async move {{\n{lets}\
         Ok(api.{id}({arguments}).await?.into_response())\n}});",
        literal(&path)
    )?;
    Ok(())
}
