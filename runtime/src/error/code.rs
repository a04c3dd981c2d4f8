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

macro_rules! codes {
    ($marker:ident: $($hundred:literal)*) => { $(codes!(@tens $marker $hundred 0 10 20 30 40 50 60 70 80 90);)* };
    (@tens $marker:ident $hundred:literal $($ten:literal)*) => { $(codes!(@ones $marker $hundred $ten 0 1 2 3 4 5 6 7 8 9);)* };
    (@ones $marker:ident $hundred:literal $ten:literal $($one:literal)*) => {$(
        #[diagnostic::do_not_recommend]
        impl $marker for Code<{ $hundred + $ten + $one }> {}
    )*};
}

codes!(CustomErrorCode: 400 500 600 700 800 900 1000 1100 1200 1300 1400 1500 1600 1700 1800 1900);
codes!(CustomDisconnectCode: 4000 4100 4200 4300 4400 4500 4600 4700 4800 4900);
