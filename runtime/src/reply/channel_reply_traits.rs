//! One trait per event for the types that handlers of a channel type can return, where the reply carries data.

use super::map::MapPublish;
use super::publish::Publish;
use super::reply_traits::{
    MapPublishReply, PublishReply, SharedPollRefreshReply, SubscribeReply, SubscribeStreamReply,
};
use super::seal::Seal;
use super::shared_poll::SharedPoll;
use super::stream::Stream;
use super::untyped::IsDataOf;
use crate::channel::{HasItem, HasPublication};
use crate::error::ReplyError;
use crate::event::markers;
use crate::handler::ReplyConversion;

/// A type that a `publish` handler of the channel type `C` can return.
#[diagnostic::on_unimplemented(
    message = "a `publish` handler of the channel type `{C}` can't return `{Self}`: it returns `reply::Publish<T>`, where `T` is the `publication` of `{C}`, or a `Result` of one",
    note = "`reply::Publish::typed(&value)` makes one, from the client's data taken as `Json<T>` or from other data"
)]
pub trait ChannelPublishReply<C: HasPublication>: PublishReply {
    #[doc(hidden)]
    const REPLY: ReplyConversion<markers::Publish, Self> = ReplyConversion::INTO;

    #[doc(hidden)]
    fn seal(_: Seal);
}

impl<C: HasPublication, T: IsDataOf<C::Publication>> ChannelPublishReply<C> for Publish<T> {
    fn seal(_: Seal) {}
}

impl<C: HasPublication, R: ChannelPublishReply<C>, E: ReplyError> ChannelPublishReply<C> for Result<R, E> {
    fn seal(_: Seal) {}
}

/// A type that a `subscribe_stream` handler of the channel type `C` can return.
#[diagnostic::on_unimplemented(
    message = "a `subscribe_stream` handler of the channel type `{C}` can't return `{Self}`: it returns `reply::Stream<T>`, where `T` is the `publication` of `{C}`, or a `Result` of one",
    note = "`reply::Stream::typed(answer, publications)` makes one"
)]
pub trait ChannelStreamReply<C: HasPublication>: SubscribeStreamReply {
    #[doc(hidden)]
    const REPLY: ReplyConversion<markers::SubscribeStream, Self> = ReplyConversion::INTO;

    #[doc(hidden)]
    fn seal(_: Seal);
}

impl<C: HasPublication, T: IsDataOf<C::Publication>, A: SubscribeReply> ChannelStreamReply<C>
    for Stream<T, A>
{
    fn seal(_: Seal) {}
}

impl<C: HasPublication, R: ChannelStreamReply<C>, E: ReplyError> ChannelStreamReply<C> for Result<R, E> {
    fn seal(_: Seal) {}
}

/// A type that a `map_publish` handler of the channel type `C` can return.
#[diagnostic::on_unimplemented(
    message = "a `map_publish` handler of the channel type `{C}` can't return `{Self}`: it returns `reply::MapPublish<T>`, where `T` is the `item` of `{C}`, or a `Result` of one",
    note = "`reply::MapPublish::typed(&value)` makes one, from the client's data taken as `Json<T>` or from other data"
)]
pub trait ChannelMapPublishReply<C: HasItem>: MapPublishReply {
    #[doc(hidden)]
    const REPLY: ReplyConversion<markers::MapPublish, Self> = ReplyConversion::INTO;

    #[doc(hidden)]
    fn seal(_: Seal);
}

impl<C: HasItem, T: IsDataOf<C::Item>> ChannelMapPublishReply<C> for MapPublish<T> {
    fn seal(_: Seal) {}
}

impl<C: HasItem, R: ChannelMapPublishReply<C>, E: ReplyError> ChannelMapPublishReply<C> for Result<R, E> {
    fn seal(_: Seal) {}
}

/// A type that a `shared_poll_refresh` handler of the channel type `C` can return.
#[diagnostic::on_unimplemented(
    message = "a `shared_poll_refresh` handler of the channel type `{C}` can't return `{Self}`: it returns `reply::SharedPoll<T>`, where `T` is the `item` of `{C}`, or a `Result` of one",
    note = "`reply::SharedPoll::typed()` begins one"
)]
pub trait ChannelSharedPollReply<C: HasItem>: SharedPollRefreshReply {
    #[doc(hidden)]
    const REPLY: ReplyConversion<markers::SharedPollRefresh, Self> = ReplyConversion::INTO;

    #[doc(hidden)]
    fn seal(_: Seal);
}

impl<C: HasItem, T: IsDataOf<C::Item>> ChannelSharedPollReply<C> for SharedPoll<T> {
    fn seal(_: Seal) {}
}

impl<C: HasItem, R: ChannelSharedPollReply<C>, E: ReplyError> ChannelSharedPollReply<C> for Result<R, E> {
    fn seal(_: Seal) {}
}
