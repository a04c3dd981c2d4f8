//! Fields of the requests of the proxy service by their numbers in the schema.

use bytes::Bytes;

use crate::proxy;

/// A request whose fields are read by their numbers, without its type being known.
pub trait FieldsByNumber {
    /// Returns the text with this number; an empty one if the request has none.
    fn text(&self, number: usize) -> &str;

    /// Returns the bytes with this number, if the request has any.
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
