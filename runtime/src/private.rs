//! What the attributes' expansions call. Not for users: it changes without notice.

use std::any::Any;
use std::sync::Arc;

pub use inventory;

use crate::error::BoxError;
use crate::handler::{AnyState, States};

pub use crate::channel::{
    ChannelDef, ChannelError, ChannelField, ChannelInfo, ChannelMatch, ChannelOption, ChannelType, HasItem,
    HasPublication, OptionValue, write_channel,
};
pub use crate::dispatch::{DispatchFuture, Dispatcher, Publications, StreamOutcome};
pub use crate::error::{Error, ReplyError};
pub use crate::event::{EventKind, HasChannel, Kind, markers};
pub use crate::extract::{FromParam, FromStates, HasRequest, MakeScoped, ScopedFuture, channel_from_event};
pub use crate::handler::{
    Argument, AsyncHandler, BlockingHandler, Extracted, FromEvent, FromInvalid, Invalid, InvalidDef,
    LayeredHandler, ReplyConversion, Route, ShutdownDef, StateDef, StateNeed, SyncHandler, TypedEvent, param,
};
pub use crate::reply::{
    ChannelMapPublishReply, ChannelPublishReply, ChannelSharedPollReply, ChannelStreamReply, ConnectReply,
    MapPublishReply, MapRemoveReply, NotifyCacheEmptyReply, NotifyChannelStateReply, PublishReply,
    RefreshReply, RpcReply, SharedPollRefreshReply, SubRefreshReply, SubscribeReply, SubscribeStreamReply,
};
pub use crate::schema::ChannelTypes;
pub use crate::server::generated_config::generated_config;
pub use crate::startup::generated_dispatcher;

#[cfg(feature = "schema")]
pub use crate::__optional_channel_data as optional_channel_data;
#[cfg(feature = "schema")]
pub use crate::error::{ErrorAnswer, ErrorCase, ErrorDef, ErrorInfo, ErrorText};
#[cfg(feature = "schema")]
pub use crate::extract::Json;
#[cfg(feature = "schema")]
pub use crate::schema::{ArgumentTypes, Probe, Undescribed, channel_data};
pub use crate::{
    __channel_types as channel_types, __error_info as error_info, __field_types as field_types,
    __handler_schemas as handler_schemas, __register_error as register_error, __scoped_error as scoped_error,
};

/// What cargo-fuzz calls.
#[cfg(fuzzing)]
pub mod fuzz {
    #[cfg(feature = "api")]
    pub use crate::api::transport::roadrunner::fuzz::rpc_codec;
    #[cfg(feature = "grpc")]
    pub use crate::endpoint::grpc::fuzz::{grpc_framing, grpc_metadata};
    #[cfg(feature = "http")]
    pub use crate::endpoint::http::fuzz::http_json;
    pub use crate::routing::fuzz::patterns;
    #[cfg(feature = "token")]
    pub use crate::token::fuzz::token_claims;
    pub use crate::worker::fuzz::worker;
}

/// The value of a `#[scoped]` function.
pub fn scoped_value<T>(value: T) -> Result<T, Error> {
    Ok(value)
}

/// The value of a `#[scoped]` function that can fail.
pub fn scoped_result<T, E: ReplyError>(result: Result<T, E>) -> Result<T, Error> {
    result.map_err(ReplyError::into_error)
}

/// Takes one argument of a function outside of events.
pub fn from_states<T: FromStates>(states: &States) -> Result<T, BoxError> {
    T::from_states(states).map_err(Into::into)
}

/// Takes one argument of an `#[invalid]` function.
pub fn from_invalid<T: FromInvalid>(invalid: &Invalid, states: &States) -> Result<T, BoxError> {
    T::from_invalid(invalid, states).map_err(Into::into)
}

/// The value of a `#[state]` function.
pub fn state_value<T: Any + Send + Sync>(value: T) -> Result<AnyState, BoxError> {
    Ok(Arc::new(value))
}

/// The value of a `#[state]` function that can fail.
pub fn state_result<T: Any + Send + Sync, E: Into<BoxError>>(
    result: Result<T, E>,
) -> Result<AnyState, BoxError> {
    result.map_err(Into::into).and_then(state_value)
}

/// A `#[shutdown]` function returns nothing.
pub fn shutdown_done(_: ()) {}
