//! The table of handlers, behind all layers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use centrifugo_proto::proxy;
use futures_core::future::BoxFuture;
use prost::Message;

use super::error_log::log_unhandled;
use crate::error::Error;
use crate::event::{Event, Kind, Malformed, Resolved};
use crate::handler::{Answering, Call, Entry, Format, Found, InvalidDef, Outcome, Route, States};
use crate::routing::Router;

/// The table of handlers, behind all layers.
pub(crate) struct Handlers {
    pub(crate) routes: Vec<&'static Route>,
    pub(crate) tables: [Router<Entry>; Kind::ALL.len()],
    pub(crate) states: Arc<States>,
    pub(crate) invalid: Option<&'static InvalidDef>,
    pub(crate) warned: AtomicBool,
}

impl Handlers {
    pub(super) fn find(&self, event: Event) -> Result<Box<Call>, Outcome> {
        let format = Format::of(event.request());
        let mut call = self.call(event, Found::default(), format);
        let Call { event, found, .. } = &mut *call;
        let (kind, request) = (event.kind(), event.request());
        if let Err(Malformed(reason)) = request.fill(&mut found.fields, kind) {
            return Err(Outcome::Unreadable(format!(
                "the body is no message of kind `{kind}`: {reason}"
            )));
        }
        let target = request.target(&found.fields, kind);
        if let Some((entry, params)) = self.tables[kind as usize].find(target) {
            found.entry = Some(entry);
            found.params = params;
        }
        Ok(call)
    }

    fn call(&self, event: Event, found: Found, format: Format) -> Box<Call> {
        Box::new(Call {
            event,
            found,
            format,
            states: self.states.clone(),
        })
    }

    /// A function that answers events, for the innermost layer.
    pub(crate) fn answering(this: &Arc<Self>) -> impl Fn(Event) -> BoxFuture<'static, Outcome> + use<> {
        let this = this.clone();
        move |event| {
            let this = this.clone();
            Box::pin(async move { this.answer(event).await })
        }
    }

    /// Answers an event that came through all layers. The reply is encoded, whatever the transport: layers may read it.
    async fn answer(&self, mut event: Event) -> Outcome {
        let mut call = match event.take_resolved() {
            Some(Resolved {
                fields,
                params,
                route,
            }) => {
                let entry = route.map(|(index, _)| Entry::new(index, self.routes[index]));
                let found = Found {
                    entry,
                    fields,
                    params,
                };
                self.call(event, found, Format::Protobuf)
            }
            None => match self.find(event) {
                Ok(call) => call,
                Err(outcome) => return outcome,
            },
        };
        call.format = Format::Protobuf;
        match call.found.entry {
            Some(entry) => match entry.handler.call(call) {
                Answering::Now(outcome) => outcome,
                Answering::Later(future) => future.await,
            },
            None => self.unhandled(&call),
        }
    }

    pub(super) fn unhandled(&self, Call { event, found, .. }: &Call) -> Outcome {
        let kind = event.kind();
        let error = match kind {
            Kind::NotifyChannelState | Kind::NotifyCacheEmpty => {
                // Centrifugo repeats a refused notification for ever: say it once and let it go.
                if !self.warned.swap(true, Ordering::Relaxed) {
                    tracing::warn!(target: "centrifugo", %kind, "no handler for this notification: it is taken as done");
                }
                return Outcome::Reply(if kind == Kind::NotifyChannelState {
                    let result = Some(proxy::NotifyChannelStateResult {});
                    proxy::NotifyChannelStateResponse { result, error: None }
                        .encode_to_vec()
                        .into()
                } else {
                    let result = Some(proxy::NotifyCacheEmptyResult { populated: false });
                    proxy::NotifyCacheEmptyResponse { result }.encode_to_vec().into()
                });
            }
            Kind::Refresh | Kind::SubRefresh | Kind::SharedPollRefresh => Error::internal("no handler"),
            Kind::Rpc => Error::method_not_found(),
            Kind::Connect => Error::unauthorized(),
            Kind::Subscribe | Kind::Publish | Kind::MapPublish | Kind::MapRemove | Kind::SubscribeStream => {
                Error::permission_denied()
            }
        };
        let target = event.request().target(&found.fields, kind);
        log_unhandled(kind, target);
        Outcome::Error(error)
    }
}
