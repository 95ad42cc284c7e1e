//! Writes `routes.rs`: the service, and the list of all operations.

use std::fmt::Write;

use anyhow::Result;

use crate::{
    model::Contract,
    rust::{literal, pascal_case},
};

const START: &str = "//! The contract's operations as poem-openapi describes and routes them.

use std::{collections::HashMap, sync::Arc};

use poem::{endpoint::BoxEndpoint, http::Method};
use poem_openapi::{ContactObject, LicenseObject, OpenApi, OpenApiService, ServerObject, registry::{MetaApi, Registry}};

use super::{operations::*, runtime::*};

/// The operations of `api`, for poem-openapi.
#[derive(Debug)]
pub struct Routes<A> {
    pub api: Arc<A>,
    pub limits: Limits,
}
";

const ADD_ROUTES: &str = "
    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        add_routes(&mut RouteTable { api: self.api, limits: self.limits, table });
    }
}
";

pub fn emit(contract: &Contract) -> Result<String> {
    let mut out = START.to_owned();
    let (info, server) = (&contract.info, &contract.servers[0]);
    write!(
        out,
        "\n/// The version of the contract: the authentik release whose API it is.\npub const VERSION: &str = {};\n\
         \n/// The service that emits the document.\n\
         pub fn service<A: Api>(routes: Routes<A>) -> OpenApiService<Routes<A>, ()> {{\n    \
         OpenApiService::new(routes, {}, VERSION)\n.description({})\n\
         .contact(ContactObject::new().name({}))\n.license(LicenseObject::new({}).url({}))\n\
         .server(ServerObject::new({}).description({}))\n}}\n",
        literal(&info.version),
        literal(&info.title),
        literal(&info.description),
        literal(&info.contact.name),
        literal(&info.license.name),
        literal(&info.license.url),
        literal(&server.url),
        literal(&server.description)
    )?;
    out.push_str(
        "\nimpl<A: Api> OpenApi for Routes<A> {\n    fn meta() -> Vec<MetaApi> {\n        \
         vec![MetaApi { paths: paths(docs()) }]\n    }\n\n    fn register(registry: &mut Registry) {\n",
    );
    for tag in &contract.tags {
        let (name, description) = (literal(&tag.name), literal(&tag.description));
        writeln!(out, "registry.create_tag(tag({name}, {description}));")?;
    }
    for (name, scheme) in &contract.components.security_schemes {
        let (name, description) = (literal(name), literal(&scheme.description));
        writeln!(out, "registry.create_security_scheme({name}, bearer({description}));")?;
    }
    out.push_str("register(&docs(), registry);\n    }\n");
    out.push_str(ADD_ROUTES);
    out.push_str("\napi! {\n");
    for (.., operation) in contract.operations() {
        writeln!(out, "    {}: {},", pascal_case(&operation.operation_id), operation.operation_id)?;
    }
    out.push_str("}\n");
    Ok(out)
}
