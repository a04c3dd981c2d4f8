//! What attributes and derives expand to, and what the implementations of extractors and replies say of their types.
//! `not_built.rs` has the same macros for programs without the feature `schema`.

/// Finds the schemas of a handler: of its arguments, of its reply if it can be named, of the info of this reply if the event
/// has one, and of the data of the answer that opens a stream.
///
/// The compiler checks the expansion for each handler. So it has no further macros, no calls, and names of one segment.
#[doc(hidden)]
#[macro_export]
macro_rules! __handler_schemas {
    ([$($type:ty),*]) => {{
        #[allow(unused_imports)]
        use $crate::__private::{Probe as __Probe, Undescribed as _};
        &[$(__Probe::<$type>::SCHEMA),*]
    }};
    ([$($type:ty),*] info $reply:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{Probe as __Probe, Undescribed as _};
        &[$(__Probe::<$type>::SCHEMA,)* __Probe::<$reply>::INFO_SCHEMA]
    }};
    ([$($type:ty),*] stream $reply:ty) => {{
        #[allow(unused_imports)]
        use $crate::__private::{Probe as __Probe, Undescribed as _};
        &[
            $(__Probe::<$type>::SCHEMA,)*
            __Probe::<$reply>::INFO_SCHEMA,
            __Probe::<$reply>::ANSWER_SCHEMA,
        ]
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
            publication: $crate::__private::optional_channel_data!($($publication)?),
            item: $crate::__private::optional_channel_data!($($item)?),
        }
    }};
}

/// Describes data that a channel type may have.
#[doc(hidden)]
#[macro_export]
macro_rules! __optional_channel_data {
    () => {
        ::core::option::Option::None
    };
    ($type:ty) => {
        ::core::option::Option::Some($crate::__private::channel_data::<$type>(
            $crate::__private::Probe::<$crate::__private::Json<$type>>::SCHEMA,
        ))
    };
}

/// Describes the fields of an extractor within the `FromEvent` that a derive implements.
#[doc(hidden)]
#[macro_export]
macro_rules! __field_types {
    ($kind:ty, [$($field:ty),*]) => {
        const TYPES: $crate::__private::ArgumentTypes = {
            #[allow(unused_imports)]
            use $crate::__private::{Probe as __Probe, Undescribed as _};
            $crate::__private::ArgumentTypes {
                fields: &[$((
                    <$field as $crate::__private::FromEvent<$kind>>::TYPES,
                    __Probe::<$field>::SCHEMA,
                )),*],
                ..$crate::__private::ArgumentTypes::NONE
            }
        };
    };
}

/// Describes the error of a `#[scoped]` function within its `MakeScoped`.
#[doc(hidden)]
#[macro_export]
macro_rules! __scoped_error {
    ($output:ty) => {
        const ERROR: ::core::option::Option<&'static $crate::__private::ErrorInfo> = {
            #[allow(unused_imports)]
            use $crate::__private::Undescribed as _;
            $crate::__private::Probe::<$output>::ERROR
        };
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

/// Describes an extractor within its implementation of `FromEvent`: the role of the data that it takes, and its type.
macro_rules! argument_types {
    ($role:ident $type:ty) => {
        const TYPES: $crate::schema::ArgumentTypes =
            $crate::schema::ArgumentTypes::of::<$type>($crate::schema::JsonRole::$role);
    };
}

/// Describes a reply within its implementation of the trait of the event: the role of its data and its type, the type of the
/// info that it sets, and the type of the answer that opens a stream.
macro_rules! reply_types {
    (info $info:ty) => {
        const TYPES: $crate::schema::ReplyTypes = $crate::schema::ReplyTypes::UNKNOWN.with_info::<$info>();
    };
    ($role:ident $type:ty) => {
        const TYPES: $crate::schema::ReplyTypes =
            $crate::schema::ReplyTypes::of::<$type>($crate::schema::JsonRole::$role);
    };
    ($role:ident $type:ty, info $info:ty) => {
        const TYPES: $crate::schema::ReplyTypes =
            $crate::schema::ReplyTypes::of::<$type>($crate::schema::JsonRole::$role).with_info::<$info>();
    };
    ($role:ident $type:ty, answer $answer:ty) => {
        const TYPES: $crate::schema::ReplyTypes =
            $crate::schema::ReplyTypes::of::<$type>($crate::schema::JsonRole::$role)
                .with_answer(<$answer>::TYPES);
    };
}

pub(crate) use {argument_types, reply_types};
