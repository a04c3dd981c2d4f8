//! Access to the fields of proxy requests by their numbers in the schema.

use bytes::Bytes;

use crate::proxy;

/// A request whose fields can be read by their numbers, so that the caller does not need its type.
pub trait FieldsByNumber {
    /// Returns the text field with this number. It is empty if the request has no such field.
    fn text(&self, number: usize) -> &str;

    /// Returns the bytes field with this number, if the request has one.
    fn bytes(&self, number: usize) -> Option<&Bytes>;
}

macro_rules! numbers {
    ($($message:path {
        text: $($text_number:literal $text:ident),*;
        bytes: $($bytes_number:literal $bytes:ident),*;
    })*) => {$(
        impl FieldsByNumber for $message {
            fn text(&self, number: usize) -> &str {
                match number {
                    $($text_number => &self.$text,)*
                    _ => "",
                }
            }

            fn bytes(&self, number: usize) -> Option<&Bytes> {
                match number {
                    $($bytes_number => Some(&self.$bytes),)*
                    _ => None,
                }
            }
        }
    )*};
}

include!("generated/numbers.rs");
