//! What attributes and derives expand to. `not_built.rs` has the same macros for programs without the feature `schema`.

/// Describes a type.
#[doc(hidden)]
#[macro_export]
macro_rules! __type_parts {
    ($type:ty) => {
        $crate::__private::TypeParts {
            json: $crate::__private::Probe::<$type>::JSON,
            schema: $crate::__private::Probe::<$type>::SCHEMA,
            error: $crate::__private::Probe::<$type>::ERROR,
            fields: $crate::__private::Probe::<$type>::FIELDS,
        }
    };
}

/// Describes the types of a handler: those of its arguments, and that of its reply if it can be named.
#[doc(hidden)]
#[macro_export]
macro_rules! __route_types {
    ([$($argument:ty),*] $($reply:ty)?) => {{
        #[allow(unused_imports)]
        use $crate::__private::Undescribed as _;
        $crate::__private::RouteTypes {
            arguments: &[$($crate::__private::type_parts!($argument)),*],
            reply: $crate::__private::optional_type_parts!($($reply)?),
            info: $crate::__private::optional_info_parts!($($reply)?),
        }
    }};
}

/// Describes the info that a reply sets, if the reply can be named.
#[doc(hidden)]
#[macro_export]
macro_rules! __optional_info_parts {
    () => {
        ::core::option::Option::None
    };
    ($reply:ty) => {
        ::core::option::Option::Some($crate::__private::TypeParts {
            json: $crate::__private::Probe::<$reply>::INFO,
            schema: $crate::__private::Probe::<$reply>::INFO_SCHEMA,
            error: ::core::option::Option::None,
            fields: &[],
        })
    };
}

/// Describes a type that may be missing.
#[doc(hidden)]
#[macro_export]
macro_rules! __optional_type_parts {
    () => {
        ::core::option::Option::None
    };
    ($type:ty) => {
        ::core::option::Option::Some($crate::__private::type_parts!($type))
    };
}

/// Describes the types of a channel type: that of its publications and that of its items.
#[doc(hidden)]
#[macro_export]
macro_rules! __channel_types {
    ([$($publication:ty)?] [$($item:ty)?]) => {{
        #[allow(unused_imports)]
        use $crate::__private::Undescribed as _;
        $crate::__private::ChannelTypes {
            publication: $crate::__private::optional_type_parts!($($crate::__private::Json<$publication>)?),
            item: $crate::__private::optional_type_parts!($($crate::__private::Json<$item>)?),
        }
    }};
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
                use $crate::__private::Undescribed as _;
                &[$($crate::__private::type_parts!($field)),*]
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
