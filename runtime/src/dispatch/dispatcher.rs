//! Finds the handler for an event and calls it, through the layers where there are any.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use centrifugo_proto::proxy;
use prost::Message;

use super::error_log::{log_unhandled, log_unreadable};
use super::layer::Next;
use super::route::{Answering, Call, Entry, Found, Invalid, InvalidDef, Route};
use super::running::{Running, Stage, Subject};
use super::table::Table;
use super::{Builder, Outcome};
use crate::error::Error;
use crate::event::fields::Malformed;
use crate::event::{Event, Kind};
use crate::state::States;

/// Answers events: finds their handlers and calls them.
pub struct Dispatcher {
    pub(super) handlers: Arc<Handlers>,
    /// The outermost layer.
    pub(super) layered: Option<Next>,
    pub(super) limit: Duration,
}

/// The table of handlers, behind all layers.
pub(crate) struct Handlers {
    pub(super) routes: Vec<&'static Route>,
    pub(super) tables: [Table<Entry>; Kind::ALL.len()],
    pub(super) states: Arc<States>,
    pub(super) invalid: Option<&'static InvalidDef>,
    pub(super) warned: AtomicBool,
}

impl Dispatcher {
    pub(crate) fn builder() -> Builder {
        Builder::default()
    }

    /// The handlers, sorted by kind and pattern.
    pub fn routes(&self) -> &[&'static Route] {
        &self.handlers.routes
    }

    pub(crate) fn states(&self) -> &Arc<States> {
        &self.handlers.states
    }

    /// The shortest time limit of a handler.
    pub(crate) fn shortest_limit(&self) -> Duration {
        self.routes()
            .iter()
            .filter_map(|route| route.timeout)
            .fold(self.limit, Duration::min)
    }

    /// Answers an event. The future is best polled inside a tokio runtime: handlers may need one.
    pub fn dispatch(&self, event: Event) -> Running {
        let call = match self.handlers.find(event) {
            Ok(call) => call,
            Err(outcome) => return Running::ready(outcome),
        };
        let subject = Subject::new(&call);
        let limit = call
            .found
            .entry
            .and_then(|entry| entry.timeout())
            .unwrap_or(self.limit);
        match (&self.layered, call.found.entry) {
            (None, None) => Running::ready(self.handlers.unhandled(&call)),
            (None, Some(entry)) => Running::new(subject, limit, Stage::Begin(entry.handler, call)),
            (Some(layered), _) => {
                let stage = Stage::Layered(layered.clone(), Event::of_call(*call));
                Running::new(subject, limit, stage)
            }
        }
    }

    /// Tells the `#[invalid]` function, if there is one, of an event that could not be read.
    pub async fn invalid(&self, invalid: Invalid) {
        log_unreadable(invalid.kind, &invalid.reason);
        if let Some(def) = self.handlers.invalid
            && let Err(error) = (def.call)(invalid, self.states().clone()).await
        {
            tracing::error!(target: "centrifugo", function = def.name, error, "the invalid function failed");
        }
    }
}

impl Handlers {
    fn find(&self, event: Event) -> Result<Box<Call>, Outcome> {
        let mut call = self.call(event, Found::default());
        let Call { event, found, .. } = &mut *call;
        let (kind, body) = (event.kind(), event.body());
        let layout = kind.layout();
        if let Err(Malformed(reason)) = found.fields.fill(body, layout) {
            return Err(Outcome::Unreadable(format!(
                "the body is no message of kind `{kind}`: {reason}"
            )));
        }
        let target = found.fields.text(body, layout.target);
        if let Some((entry, params)) = self.tables[kind as usize].find(target) {
            found.entry = Some(entry);
            found.params = params;
        }
        Ok(call)
    }

    fn call(&self, event: Event, found: Found) -> Box<Call> {
        Box::new(Call {
            event,
            found,
            states: self.states.clone(),
        })
    }

    /// Answers an event that came through all layers.
    pub(super) async fn answer(&self, mut event: Event) -> Outcome {
        let call = match event.take_found() {
            Some(found) => self.call(event, found),
            None => match self.find(event) {
                Ok(call) => call,
                Err(outcome) => return outcome,
            },
        };
        match call.found.entry {
            Some(entry) => match entry.handler.call(call) {
                Answering::Now(outcome) => outcome,
                Answering::Later(future) => future.await,
            },
            None => self.unhandled(&call),
        }
    }

    fn unhandled(&self, Call { event, found, .. }: &Call) -> Outcome {
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
        let target = found.fields.text(event.body(), kind.layout().target);
        log_unhandled(kind, target);
        Outcome::Error(error)
    }
}
