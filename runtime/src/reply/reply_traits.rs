//! One trait per event for the types that its handlers can return.
//!
//! `diagnostic::on_unimplemented` takes one message per trait. With one trait per event, the message lists only the
//! replies to this event.

use centrifugo_proto::proxy;

use crate::error::{Error, ReplyError};
use crate::event::{OpenedStream, markers};
use crate::handler::{IntoReply, Protocol, ReplyConversion};

macro_rules! reply_traits {
    ($($(#[$attribute:meta])* $trait:ident: $kind:ident -> $result:ty;)*) => {$(
        $(#[$attribute])*
        ///
        /// Handlers can also return a `Result` of such a type. Implement the trait to return a type of your own.
        pub trait $trait: Sized {
            /// The types of the reply, for the description of the program.
            #[cfg(feature = "schema")]
            #[doc(hidden)]
            const TYPES: crate::schema::ReplyTypes = crate::schema::ReplyTypes::UNKNOWN;

            #[doc(hidden)]
            const REPLY: ReplyConversion<markers::$kind, Self> = ReplyConversion::INTO;

            /// Converts the value into the result that the response to the event carries.
            ///
            /// # Errors
            ///
            /// The client receives the error instead of the result.
            fn into_result(self, client: Protocol) -> Result<$result, Error>;
        }

        #[diagnostic::do_not_recommend]
        impl $trait for $result {
            fn into_result(self, _: Protocol) -> Result<Self, Error> {
                Ok(self)
            }
        }

        impl<R: $trait> IntoReply<markers::$kind> for R {
            #[cfg(feature = "schema")]
            const TYPES: crate::schema::ReplyTypes = <R as $trait>::TYPES;

            fn into_reply(self, client: Protocol) -> Result<$result, Error> {
                self.into_result(client)
            }
        }
    )*};
}

reply_traits! {
    /// A type that a `connect` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `connect` handler can't return `{Self}`: it returns `reply::Connect`, `ConnectResult` or a `Result` of one"
    )]
    ConnectReply: Connect -> proxy::ConnectResult;

    /// A type that a `refresh` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `refresh` handler can't return `{Self}`: it returns `reply::Refresh`, `RefreshResult` or a `Result` of one"
    )]
    RefreshReply: Refresh -> proxy::RefreshResult;

    /// A type that a `subscribe` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `subscribe` handler can't return `{Self}`: it returns `reply::Subscribe`, `SubscribeResult` or a `Result` of one"
    )]
    SubscribeReply: Subscribe -> proxy::SubscribeResult;

    /// A type that a `publish` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `publish` handler can't return `{Self}`: it returns `reply::Publish`, `PublishResult` or a `Result` of one"
    )]
    PublishReply: Publish -> proxy::PublishResult;

    /// A type that a `sub_refresh` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `sub_refresh` handler can't return `{Self}`: it returns `reply::SubRefresh`, `SubRefreshResult` or a `Result` of one"
    )]
    SubRefreshReply: SubRefresh -> proxy::SubRefreshResult;

    /// A type that an `rpc` handler can return.
    #[diagnostic::on_unimplemented(
        message = "an `rpc` handler can't return `{Self}`: it returns `Json<T>`, `Data`, `Protobuf<T>`, `()`, `RpcResult` or a `Result` of one"
    )]
    RpcReply: Rpc -> proxy::RpcResult;

    /// A type that a `notify_channel_state` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `notify_channel_state` handler can't return `{Self}`: it returns `()`, `NotifyChannelStateResult` or a `Result` of one"
    )]
    NotifyChannelStateReply: NotifyChannelState -> proxy::NotifyChannelStateResult;

    /// A type that a `notify_cache_empty` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `notify_cache_empty` handler can't return `{Self}`: it returns `reply::CacheEmpty`, `()`, `NotifyCacheEmptyResult` or a `Result` of one"
    )]
    NotifyCacheEmptyReply: NotifyCacheEmpty -> proxy::NotifyCacheEmptyResult;

    /// A type that a `map_publish` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `map_publish` handler can't return `{Self}`: it returns `reply::MapPublish`, `MapPublishResult` or a `Result` of one"
    )]
    MapPublishReply: MapPublish -> proxy::MapPublishResult;

    /// A type that a `map_remove` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `map_remove` handler can't return `{Self}`: it returns `reply::MapRemove`, `MapRemoveResult` or a `Result` of one"
    )]
    MapRemoveReply: MapRemove -> proxy::MapRemoveResult;

    /// A type that a `shared_poll_refresh` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `shared_poll_refresh` handler can't return `{Self}`: it returns `reply::SharedPoll`, `SharedPollRefreshResult` or a `Result` of one"
    )]
    SharedPollRefreshReply: SharedPollRefresh -> proxy::SharedPollRefreshResult;

    /// A type that a `subscribe_stream` handler can return.
    #[diagnostic::on_unimplemented(
        message = "a `subscribe_stream` handler can't return `{Self}`: it returns `reply::Stream`, `OpenedStream` or a `Result` of one"
    )]
    SubscribeStreamReply: SubscribeStream -> OpenedStream;
}

macro_rules! result_of_a_reply {
    ($result:ty) => {
        #[cfg(feature = "schema")]
        const TYPES: crate::schema::ReplyTypes = R::TYPES.or(E::INFO);

        fn into_result(self, client: Protocol) -> Result<$result, Error> {
            self.map_err(E::into_error)?.into_result(client)
        }
    };
}

// The `impl` lines are not generated by a macro, because the compiler's error messages show them, and would add ten
// lines about the macro to each message.
impl<R: ConnectReply, E: ReplyError> ConnectReply for Result<R, E> {
    result_of_a_reply!(proxy::ConnectResult);
}

impl<R: RefreshReply, E: ReplyError> RefreshReply for Result<R, E> {
    result_of_a_reply!(proxy::RefreshResult);
}

impl<R: SubscribeReply, E: ReplyError> SubscribeReply for Result<R, E> {
    result_of_a_reply!(proxy::SubscribeResult);
}

impl<R: PublishReply, E: ReplyError> PublishReply for Result<R, E> {
    result_of_a_reply!(proxy::PublishResult);
}

impl<R: SubRefreshReply, E: ReplyError> SubRefreshReply for Result<R, E> {
    result_of_a_reply!(proxy::SubRefreshResult);
}

impl<R: RpcReply, E: ReplyError> RpcReply for Result<R, E> {
    result_of_a_reply!(proxy::RpcResult);
}

impl<R: NotifyChannelStateReply, E: ReplyError> NotifyChannelStateReply for Result<R, E> {
    result_of_a_reply!(proxy::NotifyChannelStateResult);
}

impl<R: NotifyCacheEmptyReply, E: ReplyError> NotifyCacheEmptyReply for Result<R, E> {
    result_of_a_reply!(proxy::NotifyCacheEmptyResult);
}

impl<R: MapPublishReply, E: ReplyError> MapPublishReply for Result<R, E> {
    result_of_a_reply!(proxy::MapPublishResult);
}

impl<R: MapRemoveReply, E: ReplyError> MapRemoveReply for Result<R, E> {
    result_of_a_reply!(proxy::MapRemoveResult);
}

impl<R: SharedPollRefreshReply, E: ReplyError> SharedPollRefreshReply for Result<R, E> {
    result_of_a_reply!(proxy::SharedPollRefreshResult);
}

impl<R: SubscribeStreamReply, E: ReplyError> SubscribeStreamReply for Result<R, E> {
    result_of_a_reply!(OpenedStream);
}
