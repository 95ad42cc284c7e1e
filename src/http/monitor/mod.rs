//! What those who watch the server are told: that it lives, whether it is ready, and metrics.
//!
//! The paths are authentik's. Metrics tell how many users there are and what is done with them, so they are for
//! superusers, or have an address of their own that needs no token.

mod metrics;
mod readiness;
mod requests;

use std::{fmt, sync::Arc};

use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, endpoint::BoxEndpoint, endpoint::make};
use prometheus_client::registry::Registry;

pub use self::requests::Requests;
use self::{metrics::Totals, readiness::Readiness};
use super::{pages::read_only, protected};
use crate::{
    api::{
        Callers,
        runtime::{authorize, json_response},
    },
    operations::App,
};

/// Watches a server.
pub struct Monitor {
    app: Arc<App>,
    readiness: Readiness,
    requests: Arc<Requests>,
    registry: Registry,
    totals: Totals,
    /// Whether metrics have an address of their own.
    is_apart: bool,
}

impl fmt::Debug for Monitor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Monitor")
    }
}

impl Monitor {
    /// Begins to watch a server, without metrics of its process.
    pub fn of(app: Arc<App>) -> Arc<Self> {
        Self::new(app, Registry::with_prefix("rollcall"), false)
    }

    /// Begins to watch. `registry` has metrics of the process; those of the server are added. If metrics are `apart`, the
    /// server doesn't have them, but only [`Monitor::endpoint`].
    pub fn new(app: Arc<App>, mut registry: Registry, is_apart: bool) -> Arc<Self> {
        metrics::register_build(&mut registry, app.edition.as_str());
        app.register_metrics(&mut registry);
        let (requests, totals) = (Arc::new(Requests::new(&mut registry)), Totals::new(&mut registry));
        Arc::new(Self { app, readiness: Readiness::default(), requests, registry, totals, is_apart })
    }

    /// Says that the server is no longer ready.
    pub fn stop(&self) {
        self.readiness.stop();
    }

    /// Adds its paths to those of the server.
    pub(super) fn add_to(self: &Arc<Self>, routes: Route) -> Route {
        let monitor = self.clone();
        let for_superusers = make(move |request: Request| {
            let monitor = monitor.clone();
            async move {
                Ok::<_, poem::Error>(match authorize(&*monitor.app, &request, Callers::Superusers).await {
                    Ok(_) => monitor.metrics(&request).await,
                    Err(failure) => failure.into_response(),
                })
            }
        });
        let routes = self.health(routes);
        if self.is_apart { routes } else { at(routes, "metrics", for_superusers) }
    }

    /// The same, and metrics without a token.
    pub fn endpoint(self: &Arc<Self>) -> BoxEndpoint<'static> {
        let monitor = self.clone();
        let for_all = make(move |request: Request| {
            let monitor = monitor.clone();
            async move { Ok::<_, poem::Error>(monitor.metrics(&request).await) }
        });
        protected(at(self.health(Route::new()), "metrics", for_all)).boxed()
    }

    fn health(self: &Arc<Self>, routes: Route) -> Route {
        let live = make(|_| async { Ok::<_, poem::Error>(readiness::good()) });
        let monitor = self.clone();
        let ready = make(move |_| {
            let monitor = monitor.clone();
            async move { Ok::<_, poem::Error>(monitor.readiness.response(&monitor.app).await) }
        });
        at(at(routes, "health/live", live), "health/ready", ready)
    }

    /// Where requests are counted.
    pub(super) fn requests(&self) -> Arc<Requests> {
        self.requests.clone()
    }

    async fn metrics(&self, request: &Request) -> Response {
        self.totals.update(&self.app).await;
        metrics::response(&self.registry, request.headers())
    }
}

/// Adds an endpoint below `/-/`, with and without a slash at the end, as all paths here are.
fn at(routes: Route, path: &str, endpoint: impl Endpoint + 'static) -> Route {
    let endpoint = Arc::new(read_only(endpoint));
    routes.at(format!("/-/{path}"), endpoint.clone()).at(format!("/-/{path}/"), endpoint)
}
