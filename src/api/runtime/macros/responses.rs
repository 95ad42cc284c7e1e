//! `responses!` declares the responses of an operation: the successful ones, which it returns, as an enum, and after
//! that the errors, which are [`Failure`](super::super::Failure)s.
//!
//! It expands to the enum, its `IntoResponse`, and a constant `RESPONSES` that describes them all. What follows a `=>`
//! is a [`ResponseDoc`](super::super::ResponseDoc), such as `json(&User::SCHEMA)`.

macro_rules! responses {
    (
        pub enum $responses:ident {
            $(
                $(#[doc = $about:literal])*
                $variant:ident $(($body:ident: $type:ty))? = $status:literal => $content:expr,
            )+
        }
        $(
            $(#[doc = $error_about:literal])*
            $error:literal => $error_content:expr,
        )*
    ) => {
        #[derive(Clone, Debug)]
        pub enum $responses {
            $(
                $(#[doc = $about])*
                $variant $(($type))?,
            )+
        }

        impl $responses {
            const RESPONSES: &'static [(u16, $crate::api::runtime::ResponseDoc)] = &[
                $(($status, $content.description($crate::api::runtime::text!($($about)*))),)+
                $(($error, $error_content.description($crate::api::runtime::text!($($error_about)*))),)*
            ];
        }

        impl poem::IntoResponse for $responses {
            fn into_response(self) -> poem::Response {
                match self {
                    $(Self::$variant $(($body))? => responses!(@write $status $($body)?),)+
                }
            }
        }
    };
    (@write $status:literal) => {
        $crate::api::runtime::empty(const { $crate::api::runtime::success($status) })
    };
    (@write $status:literal $body:ident) => {
        $crate::api::runtime::ResponseBody::write($body, const { $crate::api::runtime::success($status) })
    };
}
pub(crate) use responses;
