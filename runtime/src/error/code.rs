//! The codes that an application may use, as trait bounds: a code out of range does not compile.

/// A code as a type, for the bounds of [`Error::custom`](super::Error::custom) and [`Error::disconnect`](super::Error::disconnect).
#[derive(Clone, Copy, Debug)]
pub struct Code<const CODE: u32>;

/// The codes of [custom errors](https://centrifugal.dev/docs/server/proxy#return-custom-error): 400 to 1999.
#[diagnostic::on_unimplemented(
    message = "this code can't be a custom error",
    label = "not in 400..=1999",
    note = "the built-in errors are functions, such as `Error::permission_denied()`"
)]
pub trait CustomErrorCode {}

/// The codes of [custom disconnects](https://centrifugal.dev/docs/server/proxy#return-custom-disconnect): 4000 to 4999.
#[diagnostic::on_unimplemented(
    message = "this code can't be a custom disconnect",
    label = "not in 4000..=4999",
    note = "4000 to 4499 let the client reconnect, 4500 to 4999 do not"
)]
pub trait CustomDisconnectCode {}

// The build script writes an implementation for each code, with the code as a literal. With a sum of digits from a macro instead, the
// compiler evaluates both sums for each pair of implementations, which takes longer than the rest of this crate.
include!(concat!(env!("OUT_DIR"), "/codes.rs"));
