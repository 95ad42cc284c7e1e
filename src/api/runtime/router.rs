//! How a request reaches its operation.
//!
//! Checks run in authentik's order, which clients can observe: media type (406), credentials (403), method (405), path
//! (404); then the operation checks existence (404) and the body (400, 415). Whether the caller may use the operation
//! is checked with the credentials, as authentik does, whose permissions belong to a model and a method: a user who may not
//! change users gets 403 for a `PATCH` of the list, which nobody can change. poem's own method router would return 405
//! before anything else, so this one replaces it.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
};

use futures_util::TryStreamExt;
use poem::{
    Endpoint, IntoResponse, Request, Response, Result, Route,
    endpoint::{BoxEndpoint, EndpointExt, make},
    http::{HeaderMap, Method, StatusCode, header},
};
use poem_openapi::OpenApi;
use serde::Serialize;
use tracing::Span;

use super::{Body, Failure, FromObject, OperationDoc, Parameters, json_response, media::negotiate};
use crate::telemetry::visible;

/// Limits on requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body, in bytes.
    pub body: usize,
    /// The most keys of all objects in a body.
    pub json_keys: usize,
    /// The most parameters in a query string.
    pub query_parameters: usize,
}

impl Limits {
    /// The defaults of the settings.
    pub const DEFAULT: Self = Self { body: 1024 * 1024, json_keys: 10_000, query_parameters: 1_000 };
}

/// Who may call an operation, of those with a valid token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callers {
    /// Every user.
    Users,
    /// Superusers only.
    Superusers,
}

/// Authentication.
pub trait Authenticate: Send + Sync + 'static {
    /// The authenticated caller, passed to every operation that requires a token.
    type Caller: Send;

    /// Resolves a bearer token, sent from `client`.
    ///
    /// # Errors
    ///
    /// 403 if the token is not valid, 429 if the client has sent too many that are not.
    fn authenticate(&self, token: &str, client: IpAddr) -> impl Future<Output = Result<Self::Caller, Failure>> + Send;

    /// The caller's username, for the log.
    fn username(caller: &Self::Caller) -> &str;

    /// Whether the caller is one of `callers`.
    fn is_among(caller: &Self::Caller, callers: Callers) -> bool;
}

/// The address of a request's client, `0.0.0.0` if the request came over no connection.
pub fn client_address(request: &Request) -> IpAddr {
    request.remote_addr().as_socket_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), SocketAddr::ip)
}

/// A request on its way to an operation.
pub struct Call {
    request: Request,
    limits: Limits,
    media_type: &'static str,
}

impl Call {
    /// Authenticates the caller.
    ///
    /// # Errors
    ///
    /// 403 without a valid bearer token, or if the caller isn't one of `callers`; 429 after too many invalid ones.
    pub async fn caller<A: Authenticate>(&self, api: &A, callers: Callers) -> Result<A::Caller, Failure> {
        authorize(api, &self.request, callers).await
    }

    /// The parameters of the path and the query string.
    ///
    /// # Errors
    ///
    /// 400 if there are too many.
    pub fn parameters(&self) -> Result<Parameters<'_>, Failure> {
        Parameters::new(&self.request, self.limits.query_parameters)
    }

    /// The negotiated media type of the response.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// Receives the body, but does not parse it yet.
    ///
    /// # Errors
    ///
    /// 413 if it is too large, at once if its length says so; 408 if it doesn't arrive in time; 503 if the server is
    /// receiving too much already; 400 if the connection breaks.
    pub async fn body<T: FromObject>(mut self) -> Result<Body<T>, Failure> {
        let limit = self.limits.body;
        let length = self.request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length > limit as u64) {
            return Err(Failure::TooLarge { limit });
        }
        let mut stream = self.request.take_body().into_bytes_stream();
        let mut bytes = Vec::new();
        while let Some(chunk) = stream.try_next().await.map_err(unreadable)? {
            if chunk.len() > limit - bytes.len() {
                return Err(Failure::TooLarge { limit });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Body::new(self.request.headers(), bytes, self.limits.json_keys))
    }
}

fn unreadable(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::TimedOut => Failure::BodyTimeout,
        io::ErrorKind::OutOfMemory => Failure::Unavailable,
        _ => Failure::Unreadable,
    }
}

/// Authenticates the caller, names them in the log from now on, and logs a refusal.
///
/// # Errors
///
/// Those of [`Call::caller`].
pub async fn authorize<A: Authenticate>(api: &A, request: &Request, callers: Callers) -> Result<A::Caller, Failure> {
    let client = client_address(request);
    let authorized = async {
        let caller = api.authenticate(bearer_token(request.headers())?, client).await?;
        if let Some(watched) = Watched::of(request) {
            watched.span.record("user", &*visible(A::username(&caller)));
        }
        if A::is_among(&caller, callers) { Ok(caller) } else { Err(Failure::Forbidden) }
    };
    authorized.await.inspect_err(|failure| {
        let is_refusal =
            matches!(failure, Failure::Unauthenticated(_) | Failure::Forbidden | Failure::TooManyGuesses { .. });
        if is_refusal {
            let (method, path) = (request.method(), visible(request.original_uri().path()));
            tracing::info!(%client, %method, path = &*path, reason = failure.to_string(), "refused");
        }
    })
}

/// The token of the `Authorization` header (RFC 6750). The error messages are authentik's.
fn bearer_token(headers: &HeaderMap) -> Result<&str, Failure> {
    const MISSING: Failure = Failure::Unauthenticated("Authentication credentials were not provided.");
    let header = headers.get(header::AUTHORIZATION).ok_or(MISSING)?;
    let header = header.to_str().map_err(|_| Failure::Unauthenticated("Malformed header"))?;
    let (scheme, token) = header.trim().split_once(' ').ok_or(MISSING)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token)
    } else {
        Err(Failure::Unauthenticated("Unsupported authentication type"))
    }
}

/// What is found out about a request, for those who watch it from outside. They put it into the request's data, in an
/// [`Arc`].
#[derive(Debug)]
pub struct Watched {
    operation: OnceLock<&'static str>,
    span: Span,
}

impl Watched {
    /// Of a request whose lines in the log are in `span`, which has a field `user`.
    pub fn new(span: Span) -> Self {
        Self { operation: OnceLock::new(), span }
    }

    pub fn span(&self) -> &Span {
        &self.span
    }

    /// The id of the operation, if the request was for one.
    pub fn operation(&self) -> Option<&'static str> {
        self.operation.get().copied()
    }

    fn of(request: &Request) -> Option<&Self> {
        request.data::<Arc<Self>>().map(|watched| &**watched)
    }
}

/// The routes of poem-openapi, to which the generated code adds the operations.
pub struct RouteTable<'t, A> {
    pub api: Arc<A>,
    pub limits: Limits,
    pub table: &'t mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>,
}

impl<A: Send + Sync + 'static> RouteTable<'_, A> {
    /// Adds the operation `id`. `path` is as in the contract, `produces` are the media types of its responses.
    pub fn add<F, R>(
        &mut self,
        id: &'static str,
        (method, path): (Method, &str),
        produces: &[&'static str],
        operation: F,
    ) where
        F: Fn(Arc<A>, Call) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Response, Failure>> + Send,
    {
        let (api, limits, operation) = (self.api.clone(), self.limits, Arc::new(operation));
        let produces = produces.to_vec();
        let endpoint = make(move |request: Request| {
            if let Some(watched) = Watched::of(&request) {
                let _ = watched.operation.set(id);
            }
            let (api, operation) = (api.clone(), operation.clone());
            let media_type = preferred_media_type(&request, &produces);
            async move {
                let response = match media_type {
                    Ok(media_type) => operation(api, Call { request, limits, media_type }).await,
                    Err(failure) => Err(failure),
                };
                response.unwrap_or_else(IntoResponse::into_response)
            }
        });
        // The contract writes `{id}`, poem writes `:id`.
        self.table.entry(path.replace('{', ":").replace('}', "")).or_default().insert(method, endpoint.boxed());
    }
}

fn preferred_media_type(request: &Request, produces: &[&'static str]) -> Result<&'static str, Failure> {
    let query = request.uri().query().unwrap_or_default();
    let format = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "format").map(|(_, value)| value);
    let accept = request.headers().get(header::ACCEPT).map(|accept| accept.to_str().unwrap_or_default());
    negotiate(accept, format.as_deref(), produces).ok_or(match format {
        Some(_) => Failure::NoRoute,
        None => Failure::NotAcceptable,
    })
}

/// Serves the operations of `routes`, each path with and without its trailing slash. `docs` describes them.
pub fn router<A: Authenticate>(api: &Arc<A>, routes: impl OpenApi, docs: &[OperationDoc]) -> Route {
    let mut table = HashMap::new();
    routes.add_routes(&mut table);
    table.into_iter().fold(Route::new(), |router, (path, methods)| {
        let siblings = docs.iter().filter(|doc| collection(doc.path()).eq(collection(&path)));
        let callers = siblings.filter_map(OperationDoc::callers).max();
        let methods = Arc::new(Methods { api: api.clone(), methods, callers });
        let without_slash = path.trim_end_matches('/').to_owned();
        router.at(path, methods.clone()).at(without_slash, methods)
    })
}

/// The first two segments of a path, such as `/core/users/`: all below is about one kind of object.
fn collection(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').take(3)
}

/// The operations of one path.
struct Methods<A> {
    api: Arc<A>,
    methods: HashMap<Method, BoxEndpoint<'static>>,
    /// Who may change the objects of its collection; `None` if no operation there needs a token.
    callers: Option<Callers>,
}

/// The response to `OPTIONS`.
#[derive(Serialize)]
struct Options {
    renders: [&'static str; 1],
    parses: [&'static str; 1],
}

impl<A: Authenticate> Methods<A> {
    fn allow(&self) -> String {
        let mut allowed: Vec<&str> = self.methods.keys().map(Method::as_str).chain(["OPTIONS"]).collect();
        if self.methods.contains_key(&Method::GET) {
            allowed.push("HEAD");
        }
        allowed.sort_unstable();
        allowed.join(", ")
    }

    /// Responds to a method that no operation has.
    async fn other(&self, request: &Request) -> Result<Response, Failure> {
        const JSON: &str = "application/json";
        preferred_media_type(request, &[JSON])?;
        if let Some(changers) = self.callers {
            let is_change = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH | Method::DELETE);
            authorize(&*self.api, request, if is_change { changers } else { Callers::Users }).await?;
        }
        let allow = self.allow();
        if request.method() != Method::OPTIONS {
            return Err(Failure::MethodNotAllowed { method: request.method().to_string(), allow });
        }
        let response = json_response(StatusCode::OK, &Options { renders: [JSON], parses: [JSON] });
        Ok(response.with_header(header::ALLOW, allow).into_response())
    }
}

impl<A: Authenticate> Endpoint for Methods<A> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        // poem would match the empty segment between two slashes as a parameter.
        if request.uri().path().contains("//") {
            return Ok(Failure::NoRoute.into_response());
        }
        if let Some(operation) = self.methods.get(request.method()) {
            return operation.call(request).await;
        }
        if request.method() == Method::HEAD
            && let Some(operation) = self.methods.get(&Method::GET)
        {
            request.set_method(Method::GET);
            let mut response = operation.call(request).await?;
            response.set_body(());
            return Ok(response);
        }
        Ok(self.other(&request).await.unwrap_or_else(IntoResponse::into_response))
    }
}
