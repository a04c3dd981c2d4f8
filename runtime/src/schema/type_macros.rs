//! What attributes and derives expand to. `not_built.rs` has the same macros for programs without the feature `schema`.

/// Describes the types of a handler: those of its arguments, that of its reply if it can be named, and the info of this reply
/// if the event has one.
///
/// The compiler checks the expansion for each handler. So it has no further macros, and names of one segment.
#[doc(hidden)]
#[macro_export]
macro_rules! __route_types {
    ([$($argument:ty),*]) => {{
        #[allow(unused_imports)]
        use $crate::__private::{Probe as __Probe, Undescribed as _, argument_parts as __argument_parts};
        $crate::__private::RouteTypes {
            arguments: &[$(__argument_parts(
                __Probe::<$argument>::JSON,
                __Probe::<$argument>::SCHEMA,
                __Probe::<$argument>::ERROR,
                __Probe::<$argument>::FIELDS,
            )),*],
            reply: ::core::option::Option::None,
            info: ::core::option::Option::None,
        }
    }};
    ([$($argument:ty),*] $reply:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            Probe as __Probe, Undescribed as _, argument_parts as __argument_parts, reply_parts as __reply_parts,
        };
        $crate::__private::RouteTypes {
            arguments: &[$(__argument_parts(
                __Probe::<$argument>::JSON,
                __Probe::<$argument>::SCHEMA,
                __Probe::<$argument>::ERROR,
                __Probe::<$argument>::FIELDS,
            )),*],
            reply: __reply_parts(__Probe::<$reply>::JSON, __Probe::<$reply>::SCHEMA, __Probe::<$reply>::ERROR),
            info: ::core::option::Option::None,
        }
    }};
    ([$($argument:ty),*] $reply:ty; info) => {{
        #[allow(unused_imports)]
        use $crate::__private::{
            Probe as __Probe, Undescribed as _, argument_parts as __argument_parts, data_parts as __data_parts,
            reply_parts as __reply_parts,
        };
        $crate::__private::RouteTypes {
            arguments: &[$(__argument_parts(
                __Probe::<$argument>::JSON,
                __Probe::<$argument>::SCHEMA,
                __Probe::<$argument>::ERROR,
                __Probe::<$argument>::FIELDS,
            )),*],
            reply: __reply_parts(__Probe::<$reply>::JSON, __Probe::<$reply>::SCHEMA, __Probe::<$reply>::ERROR),
            info: __data_parts(__Probe::<$reply>::INFO, __Probe::<$reply>::INFO_SCHEMA),
        }
    }};
}

/// Describes the types of a channel type: that of its publications and that of its items.
#[doc(hidden)]
#[macro_export]
macro_rules! __channel_types {
    ([$($publication:ty)?] [$($item:ty)?]) => {{
        #[allow(unused_imports)]
        use $crate::__private::Undescribed as _;
        $crate::__private::ChannelTypes {
            publication: $crate::__private::optional_data_parts!($($crate::__private::Json<$publication>)?),
            item: $crate::__private::optional_data_parts!($($crate::__private::Json<$item>)?),
        }
    }};
}

/// Describes data that may be missing.
#[doc(hidden)]
#[macro_export]
macro_rules! __optional_data_parts {
    () => {
        ::core::option::Option::None
    };
    ($type:ty) => {
        $crate::__private::data_parts(
            $crate::__private::Probe::<$type>::JSON,
            $crate::__private::Probe::<$type>::SCHEMA,
        )
    };
}

/// Describes the fields of an extractor that a derive implements.
#[doc(hidden)]
#[macro_export]
macro_rules! __from_event_types {
    ($name:ident [$($field:ty),*]) => {
        #[automatically_derived]
        impl $crate::__private::FromEventTypes for $name {
            const FIELDS: &'static [$crate::__private::TypeParts] = {
                #[allow(unused_imports)]
                use $crate::__private::{Probe as __Probe, Undescribed as _, argument_parts as __argument_parts};
                &[$(__argument_parts(
                    __Probe::<$field>::JSON,
                    __Probe::<$field>::SCHEMA,
                    __Probe::<$field>::ERROR,
                    __Probe::<$field>::FIELDS,
                )),*]
            };
        }
    };
}

/// Describes the error of a `#[scoped]` function.
#[doc(hidden)]
#[macro_export]
macro_rules! __scoped_types {
    ($type:ty, $output:ty) => {
        #[automatically_derived]
        impl $crate::__private::ScopedTypes for $type {
            const ERROR: ::core::option::Option<&'static $crate::__private::ErrorInfo> = {
                #[allow(unused_imports)]
                use $crate::__private::Undescribed as _;
                $crate::__private::Probe::<$output>::ERROR
            };
        }
    };
}

/// Describes an error within its implementation of `ReplyError`.
#[doc(hidden)]
#[macro_export]
macro_rules! __error_info {
    ($info:expr) => {
        const INFO: ::core::option::Option<&'static $crate::__private::ErrorInfo> =
            ::core::option::Option::Some(&$info);
    };
}

/// Registers an error.
#[doc(hidden)]
#[macro_export]
macro_rules! __register_error {
    ($name:ident) => {
        const _: () = {
            $crate::__private::inventory::submit! {
                $crate::__private::ErrorDef(<$name as $crate::__private::ReplyError>::INFO)
            }
        };
    };
}
