//! The pages for people: where to go, and the Swagger UI. Everything they load comes from this binary.

use std::sync::Arc;

use poem::{
    EndpointExt, IntoResponse, Response, Route, get, handler,
    http::StatusCode,
    web::{Data, Html, Path, Redirect},
};
use utoipa_swagger_ui::Config;

use crate::api::Failure;

/// `/` and `/docs/`.
pub fn routes() -> Route {
    let config = Config::new(["/api/v3/schema/?format=json"])
        .deep_linking(true)
        .display_request_duration(true)
        .filter(true)
        .persist_authorization(true)
        .request_snippets_enabled(true)
        .try_it_out_enabled(true)
        // The badge would ask a server on the internet.
        .validator_url("none");
    Route::new()
        .at("/", get(index))
        .at("/docs", get(docs_without_slash))
        .at("/docs/", get(docs_page).data(Arc::new(config.clone())))
        .at("/docs/*file", get(docs_file).data(Arc::new(config)))
}

#[handler]
fn index() -> Html<&'static str> {
    Html(include_str!("index.html"))
}

#[handler]
fn docs_without_slash() -> Redirect {
    Redirect::permanent("/docs/")
}

#[handler]
fn docs_page(Data(config): Data<&Arc<Config<'static>>>) -> Response {
    swagger_ui("", config)
}

#[handler]
fn docs_file(Path(file): Path<String>, Data(config): Data<&Arc<Config<'static>>>) -> Response {
    swagger_ui(&file, config)
}

fn swagger_ui(file: &str, config: &Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(file, config.clone()) {
        Ok(Some(found)) => Response::builder().content_type(&found.content_type).body(found.bytes.into_owned()),
        Ok(None) => Failure::NoRoute.into_response(),
        Err(error) => {
            tracing::error!(%error, file, "a page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into()
        }
    }
}
