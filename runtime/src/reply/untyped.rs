//! The data of replies that no channel type describes.

use serde::Serialize;

use super::seal::Seal;

/// Stands for data of any type, where no channel type says which: `reply::Publish` is `reply::Publish<Untyped>`.
#[derive(Clone, Copy, Debug)]
pub enum Untyped {}

/// A data type that a reply can carry: any one if the reply is [`Untyped`], otherwise the type of the reply.
#[diagnostic::on_unimplemented(
    message = "the items of this reply are `{Self}`, not `{D}`",
    label = "not the `item` of the channel type"
)]
pub trait Carries<D: ?Sized> {
    #[doc(hidden)]
    fn seal(_: Seal);
}

impl<D: Serialize + ?Sized> Carries<D> for Untyped {
    fn seal(_: Seal) {}
}

impl<T> Carries<T> for T {
    fn seal(_: Seal) {}
}

/// The data type of a channel type, as the data type of a reply: it is the same one.
#[diagnostic::on_unimplemented(
    message = "the channel type carries `{D}`, but the reply has `{Self}`",
    label = "the data of this reply is not that of the channel type",
    note = "the function `typed` of the reply makes one with the data of the channel type; the data of an `Untyped` reply is unknown"
)]
pub trait IsDataOf<D> {
    #[doc(hidden)]
    fn seal(_: Seal);
}

impl<T> IsDataOf<T> for T {
    fn seal(_: Seal) {}
}
