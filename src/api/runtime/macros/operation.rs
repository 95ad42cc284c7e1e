//! `operation!` declares an operation, `api!` lists all of them.

/// Declares an operation. The first line of its doc comment is the summary.
///
/// It expands to the trait, and to a module named after the operation with the functions `doc`, which describes the
/// operation, and `route`, which adds its route. All arguments after `&self` are optional. The route evaluates them in
/// this order, so a request without a valid token, or of a user who may not call the operation, is rejected before its
/// parameters are parsed.
macro_rules! operation {
    (
        #[doc = $summary:literal]
        #[doc = $blank:literal]
        $(#[doc = $doc:literal])*
        #[operation(
            $method:ident $path:literal, tags = [$($tag:literal),*]
            $(, security = $security:literal, callers = $callers:ident)? $(, body_required = $body_required:literal)?
        )]
        pub trait $operation:ident {
            async fn $id:ident(
                &self
                $(, caller: Self::$caller:ident)?
                $(, params: $params:ident)?
                $(, media_type: $media_type:ty)?
                $(, body: Body<$body:ident>)?
                $(,)?
            ) -> Result<$responses:ident, Failure>;
        }
    ) => {
        #[doc = $summary]
        #[doc = $blank]
        $(#[doc = $doc])*
        pub trait $operation: $crate::api::runtime::Authenticate {
            fn $id(
                &self,
                $(caller: Self::$caller,)?
                $(params: $params,)?
                $(media_type: $media_type,)?
                $(body: $crate::api::runtime::Body<$body>,)?
            ) -> impl Future<Output = Result<$responses, $crate::api::runtime::Failure>> + Send;
        }

        pub(super) mod $id {
            use poem::{IntoResponse, http::Method};

            use super::*;
            use $crate::api::runtime::{OperationDoc, RouteTable, text};

            pub fn doc() -> OperationDoc {
                OperationDoc::new(Method::$method, $path, stringify!($id), $responses::RESPONSES)
                    .summary(text!($summary))
                    .description(text!($($doc)*))
                    .tags(&[$($tag),*])
                    $(.security($security, $crate::api::runtime::Callers::$callers))?
                    $(.parameters($params::meta()))?
                    $(.body(&$body::SCHEMA))?
                    $(.body_required($body_required))?
            }

            #[allow(unused_variables, reason = "an operation without arguments ignores its call")]
            pub fn route<A: $operation>(routes: &mut RouteTable<'_, A>) {
                routes.add(stringify!($id), (Method::$method, $path), &doc().media_types(), |api, call| async move {
                    let response = api.$id(
                        $({ let caller: A::$caller = call.caller(&*api, $crate::api::runtime::Callers::$callers).await?; caller },)?
                        $($params::read(&call)?,)?
                        $({ let media_type: $media_type = call.media_type(); media_type },)?
                        $(call.body::<$body>().await?,)?
                    );
                    Ok(response.await?.into_response())
                });
            }
        }
    };
}
pub(crate) use operation;

/// Lists the operations: each with its trait, in the order of the contract.
///
/// It expands to the trait `Api`, which is all of them, and the functions `docs` and `add_routes`.
macro_rules! api {
    ($($operation:ident: $id:ident,)+) => {
        /// Every operation of the contract.
        pub trait Api: $($operation +)+ {}

        impl<T: $($operation +)+> Api for T {}

        /// The descriptions of all operations.
        pub fn docs() -> Vec<$crate::api::runtime::OperationDoc> {
            vec![$($id::doc(),)+]
        }

        fn add_routes<A: Api>(routes: &mut $crate::api::runtime::RouteTable<'_, A>) {
            $($id::route(routes);)+
        }
    };
}
pub(crate) use api;
