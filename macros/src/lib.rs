//! The attribute macros and derives of `centrifugo`. Use them through that crate, which documents them.

#![allow(
    missing_docs,
    reason = "`centrifugo` documents the macros where it re-exports them, because the examples need that crate"
)]

use proc_macro::TokenStream;

use crate::kind::Kind;

mod attribute_arguments;
mod channel;
mod channel_arguments;
mod codegen;
mod derive;
mod duration;
mod errors;
mod from_event;
mod from_param;
mod handler;
mod invalid;
mod kind;
mod meta_item;
mod namespace_option;
mod namespace_options;
mod pattern;
mod reply_error;
mod route;
mod scoped;
mod shutdown;
mod signature;
#[cfg(test)]
mod snapshots;
mod state;
mod suggestion;
mod value_type;

#[proc_macro_attribute]
pub fn connect(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::Connect, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn refresh(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::Refresh, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn subscribe(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::Subscribe, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn publish(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::Publish, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn sub_refresh(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::SubRefresh, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn rpc(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::Rpc, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn notify_channel_state(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::NotifyChannelState, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn notify_cache_empty(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::NotifyCacheEmpty, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn map_publish(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::MapPublish, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn map_remove(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::MapRemove, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn shared_poll_refresh(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::SharedPollRefresh, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn subscribe_stream(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Kind::SubscribeStream, arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn channel(arguments: TokenStream, item: TokenStream) -> TokenStream {
    channel::attribute(arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn state(arguments: TokenStream, item: TokenStream) -> TokenStream {
    state::attribute(arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn scoped(arguments: TokenStream, item: TokenStream) -> TokenStream {
    scoped::attribute(arguments.into(), item.into()).into()
}

#[proc_macro_derive(FromEvent, attributes(from_event))]
pub fn from_event(item: TokenStream) -> TokenStream {
    from_event::derive(item.into()).into()
}

#[proc_macro_derive(FromParam, attributes(param))]
pub fn from_param(item: TokenStream) -> TokenStream {
    from_param::derive(item.into()).into()
}

#[proc_macro_attribute]
pub fn shutdown(arguments: TokenStream, item: TokenStream) -> TokenStream {
    shutdown::attribute(arguments.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn invalid(arguments: TokenStream, item: TokenStream) -> TokenStream {
    invalid::attribute(arguments.into(), item.into()).into()
}

#[proc_macro_derive(ReplyError, attributes(reply))]
pub fn reply_error(item: TokenStream) -> TokenStream {
    reply_error::derive(item.into()).into()
}
