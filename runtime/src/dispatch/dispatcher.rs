//! Finds the handler for an event and calls it, through the layers where there are any.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use centrifugo_proto::proxy;
use prost::Message;

use super::layer::Next;
use super::route::{Answering, Call, Entry, Found, Invalid, InvalidDef, Route};
use super::running::{Running, Stage, Subject};
use super::table::Table;
use super::{Builder, Outcome};
use crate::error::Error;
use crate::event::fields::{Fields, Malformed};
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
    /// Of the same handlers, at the same places.
    pub(super) entries: Vec<Entry>,
    pub(super) tables: [Table; Kind::ALL.len()],
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
        let found = match self.handlers.find(&event) {
            Ok(found) => found,
            Err(outcome) => return Running::ready(outcome),
        };
        let subject = Subject::new(&event, &found);
        let limit = found.entry.and_then(|entry| entry.timeout).unwrap_or(self.limit);
        match (&self.layered, found.entry) {
            (None, None) => Running::ready(self.handlers.unhandled(&event, &found.fields)),
            (None, Some(entry)) => Running::new(
                subject,
                limit,
                Stage::Begin(entry.handler, self.handlers.call(event, found)),
            ),
            (Some(layered), _) => {
                Running::new(subject, limit, Stage::Answering(layered.run(event.found(found))))
            }
        }
    }

    /// Tells the `#[invalid]` function, if there is one, of an event that could not be read.
    pub async fn invalid(&self, invalid: Invalid) {
        tracing::error!(target: "centrifugo", kind = ?invalid.kind, reason = invalid.reason, "an event could not be read");
        if let Some(def) = self.handlers.invalid
            && let Err(error) = (def.call)(invalid, self.states().clone()).await
        {
            tracing::error!(target: "centrifugo", function = def.name, error, "the invalid function failed");
        }
    }
}

impl Handlers {
    fn find(&self, event: &Event) -> Result<Found, Outcome> {
        let kind = event.kind();
        let fields = match Fields::read(event.body(), kind.layout()) {
            Ok(fields) => fields,
            Err(Malformed(reason)) => {
                return Err(Outcome::Unreadable(format!(
                    "the body is no message of kind `{kind}`: {reason}"
                )));
            }
        };
        let target = fields.text(event.body(), kind.layout().target);
        let (index, params) = self.tables[kind as usize].find(target).unzip();
        Ok(Found {
            entry: index.and_then(|index| self.entries.get(index).copied()),
            index: index.unwrap_or(usize::MAX),
            fields,
            params: params.unwrap_or_default(),
        })
    }

    fn call(&self, event: Event, found: Found) -> Call {
        Call {
            event,
            fields: found.fields,
            states: self.states.clone(),
            params: found.params,
        }
    }

    /// Answers an event that came through all layers.
    pub(super) async fn answer(&self, mut event: Event) -> Outcome {
        let found = match event.take_found().map_or_else(|| self.find(&event), Ok) {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        match found.entry {
            Some(entry) => match entry.handler.call(self.call(event, found)) {
                Answering::Now(outcome) => outcome,
                Answering::Later(future) => future.await,
            },
            None => self.unhandled(&event, &found.fields),
        }
    }

    fn unhandled(&self, event: &Event, fields: &Fields) -> Outcome {
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
        let target = fields.text(event.body(), kind.layout().target);
        tracing::warn!(target: "centrifugo", %kind, target, "no handler for this event: refused");
        Outcome::Error(error)
    }
}
