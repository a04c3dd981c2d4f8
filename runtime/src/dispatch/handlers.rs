//! The table of handlers, which is behind all layers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use centrifugo_proto::proxy;
use prost::Message;

use super::error_log::log_unhandled;
use crate::error::Error;
use crate::event::{Event, Kind, Malformed, Resolved};
use crate::handler::{
    Call, Entry, Format, InvalidDef, Next, Outcome, PendingOutcome, Route, RouteMatch, States,
};
use crate::routing::Router;

/// The table of handlers.
pub(crate) struct Handlers {
    pub(crate) routes: Vec<&'static Route>,
    /// One router for each kind of event.
    pub(crate) routers: [Router<Entry>; Kind::ALL.len()],
    pub(crate) states: Arc<States>,
    pub(crate) invalid: Option<&'static InvalidDef>,
    /// Whether a notification without a handler was logged.
    pub(crate) has_warned: AtomicBool,
}

impl Handlers {
    /// Finds the handler of an event, and extracts the parameters of its pattern.
    ///
    /// # Errors
    ///
    /// Returns an outcome if the body of the event cannot be read.
    pub(super) fn find(&self, event: Event) -> Result<Box<Call>, Outcome> {
        let format = Format::of(event.request());
        let mut call = self.call(event, RouteMatch::default(), format);
        let Call { event, found, .. } = &mut *call;
        let (kind, request) = (event.kind(), event.request());
        if let Err(Malformed(reason)) = request.fill(&mut found.fields, kind) {
            return Err(Outcome::Unreadable(format!(
                "the body is not a request of kind `{kind}`: {reason}"
            )));
        }
        let target = request.target(&found.fields, kind);
        if let Some((entry, params)) = self.routers[kind as usize].find(target) {
            found.entry = Some(entry);
            found.params = params;
        }
        Ok(call)
    }

    fn call(&self, event: Event, found: RouteMatch, format: Format) -> Box<Call> {
        Box::new(Call {
            event,
            found,
            format,
            states: self.states.clone(),
        })
    }

    /// Returns the service that the innermost layer calls.
    pub(crate) fn innermost(this: &Arc<Self>) -> Next {
        let handlers = this.clone();
        Next::new(this.states.clone(), move |event| {
            let handlers = handlers.clone();
            Box::pin(async move { handlers.call_handler(event).await })
        })
    }

    /// Calls the handler of an event that has passed all layers. The reply is encoded as protobuf, whatever the transport,
    /// because layers can read it.
    async fn call_handler(&self, mut event: Event) -> Outcome {
        let mut call = match event.take_resolved() {
            Some(Resolved {
                fields,
                params,
                route,
            }) => {
                let entry = route.map(|(index, _)| Entry::new(index, self.routes[index]));
                let found = RouteMatch {
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
                PendingOutcome::Now(outcome) => outcome,
                PendingOutcome::Later(future) => future.await,
            },
            None => self.unhandled_outcome(&call),
        }
    }

    /// Returns the outcome of an event that has no handler.
    pub(super) fn unhandled_outcome(&self, Call { event, found, .. }: &Call) -> Outcome {
        let kind = event.kind();
        let error = match kind {
            Kind::NotifyChannelState | Kind::NotifyCacheEmpty => {
                // Centrifugo repeats a refused notification without end, so it is acknowledged, with one warning.
                if !self.has_warned.swap(true, Ordering::Relaxed) {
                    tracing::warn!(target: "centrifugo", %kind, "no handler for this notification; acknowledging it");
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
