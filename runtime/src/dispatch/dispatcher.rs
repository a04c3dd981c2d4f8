//! Finds the handler for an event and calls it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use centrifugo_proto::proxy;
use prost::Message;

use super::route::{Call, Invalid, InvalidDef, Route};
use super::running::Running;
use super::table::Table;
use super::{Builder, Outcome};
use crate::error::Error;
use crate::event::fields::{Fields, Malformed};
use crate::event::{Event, Kind};
use crate::state::States;

/// The table of handlers.
pub struct Dispatcher {
    pub(super) routes: Vec<&'static Route>,
    pub(super) tables: [Table; Kind::ALL.len()],
    pub(super) states: Arc<States>,
    pub(super) invalid: Option<&'static InvalidDef>,
    pub(super) limit: Duration,
    pub(super) warned: AtomicBool,
}

impl Dispatcher {
    pub(crate) fn builder() -> Builder {
        Builder::default()
    }

    /// The handlers, sorted by kind and pattern.
    pub fn routes(&self) -> &[&'static Route] {
        &self.routes
    }

    pub(crate) fn states(&self) -> &Arc<States> {
        &self.states
    }

    /// The shortest time limit of a handler.
    pub(crate) fn shortest_limit(&self) -> Duration {
        self.routes
            .iter()
            .filter_map(|route| route.timeout)
            .fold(self.limit, Duration::min)
    }

    /// Answers an event. The future is best polled inside a tokio runtime: handlers may need one.
    pub fn dispatch(&self, event: Event) -> Running {
        let kind = event.kind();
        let fields = match Fields::read(event.body(), kind.layout()) {
            Ok(fields) => fields,
            Err(Malformed(reason)) => {
                return Running::ready(Outcome::Unreadable(format!(
                    "the body is no message of kind `{kind}`: {reason}"
                )));
            }
        };
        let target = fields.text(event.body(), kind.layout().target);
        let Some((index, params)) = self.tables[kind as usize].find(target) else {
            return Running::ready(self.unhandled(kind, target));
        };
        let Some(route) = self.routes.get(index).copied() else {
            return Running::ready(self.unhandled(kind, target));
        };
        let limit = route.timeout.unwrap_or(self.limit);
        let call = Call {
            event,
            fields,
            states: self.states.clone(),
            params,
        };
        Running::new(route, index, limit, call)
    }

    fn unhandled(&self, kind: Kind, target: &str) -> Outcome {
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
        tracing::warn!(target: "centrifugo", %kind, target, "no handler for this event: refused");
        Outcome::Error(error)
    }

    /// Tells the `#[invalid]` function, if there is one, of an event that could not be read.
    pub async fn invalid(&self, invalid: Invalid) {
        tracing::error!(target: "centrifugo", kind = ?invalid.kind, reason = invalid.reason, "an event could not be read");
        if let Some(def) = self.invalid
            && let Err(error) = (def.call)(invalid, self.states.clone()).await
        {
            tracing::error!(target: "centrifugo", function = def.name, error, "the invalid function failed");
        }
    }
}
