//! The official client, and what its user sees.

use std::time::Duration;

use centrifuge::{ClientEvent, EventStream, Protocol, SubscriptionEvent};
use futures_util::StreamExt;
use serde_json::Value;

use crate::Reach;

const LIMIT: Duration = Duration::from_secs(15);

/// A client of Centrifugo.
pub struct Client {
    /// The client itself.
    pub inner: centrifuge::Client,
    events: EventStream<ClientEvent>,
}

impl Client {
    /// Begins to connect with this data, over the JSON protocol.
    pub fn start(peers: &impl Reach, data: &Value) -> Self {
        Self::start_with(peers, Protocol::Json, data.to_string().into_bytes())
    }

    /// Begins to connect.
    pub fn start_with(peers: &impl Reach, protocol: Protocol, data: Vec<u8>) -> Self {
        Self::start_as(peers, |builder| builder.protocol(protocol).data(data))
    }

    /// Begins to connect with this token.
    pub fn with_token(peers: &impl Reach, token: impl Into<String>) -> Self {
        Self::start_as(peers, |builder| builder.token(token))
    }

    /// Begins to connect with other settings.
    pub fn start_as(
        peers: &impl Reach,
        settings: impl FnOnce(centrifuge::ClientBuilder) -> centrifuge::ClientBuilder,
    ) -> Self {
        let builder = centrifuge::Client::builder(peers.url())
            .timeout(LIMIT)
            .max_message_size(32 << 20);
        let inner = settings(builder).build().expect("a client");
        let events = inner.events();
        inner.connect().expect("a client that connects");
        Self { inner, events }
    }

    /// Connects as this user.
    pub async fn user(peers: &impl Reach, user: &str) -> Self {
        let mut client = Self::start(peers, &serde_json::json!({ "user": user }));
        assert_eq!(client.outcome().await, "connected");
        client
    }

    /// The next event.
    pub async fn next(&mut self) -> ClientEvent {
        tokio::time::timeout(LIMIT, self.events.next())
            .await
            .expect("an event of the client")
            .expect("a client that is open")
    }

    /// What becomes of the connection: `connected`, `disconnected CODE REASON`, or `error TEXT`.
    pub async fn outcome(&mut self) -> String {
        loop {
            match self.next().await {
                ClientEvent::Connected(_) => return "connected".into(),
                ClientEvent::Disconnected(event) => {
                    return format!("disconnected {} {}", event.code, event.reason);
                }
                ClientEvent::Error(event) => return format!("error {}", event.error),
                ClientEvent::Connecting(event) if event.code > 1 => {
                    return format!("connecting {} {}", event.code, event.reason);
                }
                _ => {}
            }
        }
    }

    /// How the connection ends, after any errors.
    pub async fn end(&mut self) -> String {
        loop {
            let outcome = self.outcome().await;
            if outcome.starts_with("disconnected") {
                return outcome;
            }
        }
    }

    /// The answer to an rpc as JSON (null when it has no data), or `error CODE MESSAGE`.
    pub async fn rpc(&self, method: &str, data: &Value) -> Result<Value, String> {
        let answer = self.inner.rpc(method, data.to_string().into_bytes()).await;
        let answer = answer.map_err(|error| text(&error))?;
        if answer.data.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer.data).map_err(|error| format!("not JSON: {error}"))
    }

    /// Publishes without a subscription.
    pub async fn publish(&self, channel: &str, data: &Value) -> Result<(), String> {
        self.inner
            .publish(channel, data.to_string().into_bytes())
            .await
            .map_err(|error| text(&error))
    }

    /// Calls a method; nobody waits for the answer, which a client that is disconnected has only at its time limit.
    pub fn rpc_unseen(&self, method: &str) {
        let (inner, method) = (self.inner.clone(), method.to_owned());
        tokio::spawn(async move { inner.rpc(&method, "null").await });
    }

    /// Publishes; nobody waits for the answer.
    pub fn publish_unseen(&self, channel: &str) {
        let (inner, channel) = (self.inner.clone(), channel.to_owned());
        tokio::spawn(async move { inner.publish(&channel, "{}").await });
    }

    /// Begins to subscribe; nobody waits for what becomes of it.
    pub fn subscribe_unseen(&self, channel: &str) {
        let inner = self.inner.new_subscription(channel).build();
        inner.expect("a subscription").subscribe();
    }

    /// Begins to subscribe. The client goes on when the events are taken.
    pub fn subscribe(&self, channel: &str) -> Subscribed {
        self.subscribe_as(channel, |builder| builder)
    }

    /// Begins to subscribe with other settings.
    pub fn subscribe_as(
        &self,
        channel: &str,
        settings: impl FnOnce(centrifuge::SubscriptionBuilder) -> centrifuge::SubscriptionBuilder,
    ) -> Subscribed {
        let inner = settings(self.inner.new_subscription(channel))
            .build()
            .expect("a subscription");
        let events = inner.events();
        inner.subscribe();
        Subscribed { inner, events }
    }
}

/// A subscription.
pub struct Subscribed {
    /// The subscription itself.
    pub inner: centrifuge::Subscription,
    events: EventStream<SubscriptionEvent>,
}

impl Subscribed {
    /// The next event.
    pub async fn next(&mut self) -> SubscriptionEvent {
        tokio::time::timeout(LIMIT, self.events.next())
            .await
            .expect("an event of the subscription")
            .expect("a subscription that is open")
    }

    /// What becomes of it: `subscribed DATA`, `unsubscribed CODE REASON`, `subscribing CODE REASON` after an end that
    /// is not for good, or `error TEXT`.
    pub async fn outcome(&mut self) -> String {
        loop {
            match self.next().await {
                SubscriptionEvent::Subscribed(event) => {
                    let data = event.data.unwrap_or_default();
                    return format!("subscribed {}", String::from_utf8_lossy(&data));
                }
                SubscriptionEvent::Unsubscribed(event) => {
                    return format!("unsubscribed {} {}", event.code, event.reason);
                }
                SubscriptionEvent::Subscribing(event) if event.code > 1 => {
                    return format!("subscribing {} {}", event.code, event.reason);
                }
                SubscriptionEvent::Error(event) => return format!("error {}", event.error),
                _ => {}
            }
        }
    }

    /// The data and tags of the next publication.
    pub async fn publication(&mut self) -> (Value, Vec<(String, String)>) {
        loop {
            if let SubscriptionEvent::Publication(event) = self.next().await {
                let mut tags: Vec<_> = event.publication.tags.clone().into_iter().collect();
                tags.sort();
                return (
                    serde_json::from_slice(&event.publication.data).expect("JSON"),
                    tags,
                );
            }
        }
    }
}

fn text(error: &centrifuge::Error) -> String {
    match error {
        centrifuge::Error::Server(error) => format!(
            "error {} {}{}",
            error.code,
            error.message,
            if error.temporary { " (temporary)" } else { "" }
        ),
        other => other.to_string(),
    }
}
