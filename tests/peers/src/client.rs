//! The official client, with events and outcomes as text.

use std::time::Duration;

use centrifuge::{ClientEvent, EventStream, Protocol, SubscriptionEvent};
use futures_util::StreamExt;
use serde_json::Value;

use crate::ClientUrl;

const LIMIT: Duration = Duration::from_secs(15);

/// A client of Centrifugo.
pub struct Client {
    /// The client of the `centrifuge` crate.
    pub inner: centrifuge::Client,
    events: EventStream<ClientEvent>,
}

impl Client {
    /// Starts to connect with this data, over the JSON protocol.
    pub fn start(peers: &impl ClientUrl, data: &Value) -> Self {
        Self::start_with(peers, Protocol::Json, data.to_string().into_bytes())
    }

    /// Starts to connect with this protocol and data.
    pub fn start_with(peers: &impl ClientUrl, protocol: Protocol, data: Vec<u8>) -> Self {
        Self::start_with_settings(peers, |builder| builder.protocol(protocol).data(data))
    }

    /// Starts to connect with this token.
    pub fn start_with_token(peers: &impl ClientUrl, token: impl Into<String>) -> Self {
        Self::start_with_settings(peers, |builder| builder.token(token))
    }

    /// Starts to connect with other settings of the client.
    pub fn start_with_settings(
        peers: &impl ClientUrl,
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

    /// Connects as this user and waits until the client is connected.
    pub async fn connect_as(peers: &impl ClientUrl, user: &str) -> Self {
        let mut client = Self::start(peers, &serde_json::json!({ "user": user }));
        assert_eq!(client.outcome().await, "connected");
        client
    }

    /// Waits for the next event.
    pub async fn next(&mut self) -> ClientEvent {
        tokio::time::timeout(LIMIT, self.events.next())
            .await
            .expect("an event of the client")
            .expect("a client that is open")
    }

    /// Waits for the outcome of connecting: `connected`, `disconnected CODE REASON` or `error TEXT`.
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

    /// Waits for the end of the connection and returns it as text. Errors before it are ignored.
    pub async fn end(&mut self) -> String {
        loop {
            let outcome = self.outcome().await;
            if outcome.starts_with("disconnected") {
                return outcome;
            }
        }
    }

    /// Calls a method. Returns the data as JSON (null if there is none) or `error CODE MESSAGE`.
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

    /// Calls a method without waiting for the answer. A disconnected client gets its answer only at its timeout.
    pub fn rpc_unseen(&self, method: &str) {
        let (inner, method) = (self.inner.clone(), method.to_owned());
        tokio::spawn(async move { inner.rpc(&method, "null").await });
    }

    /// Publishes without waiting for the answer.
    pub fn publish_unseen(&self, channel: &str) {
        let (inner, channel) = (self.inner.clone(), channel.to_owned());
        tokio::spawn(async move { inner.publish(&channel, "{}").await });
    }

    /// Starts to subscribe without waiting for the outcome.
    pub fn subscribe_unseen(&self, channel: &str) {
        let inner = self.inner.new_subscription(channel).build();
        inner.expect("a subscription").subscribe();
    }

    /// Starts to subscribe. The client blocks until the events of the subscription are read.
    pub fn subscribe(&self, channel: &str) -> ClientSubscription {
        self.subscribe_with_settings(channel, |builder| builder)
    }

    /// Starts to subscribe with other settings of the subscription.
    pub fn subscribe_with_settings(
        &self,
        channel: &str,
        settings: impl FnOnce(centrifuge::SubscriptionBuilder) -> centrifuge::SubscriptionBuilder,
    ) -> ClientSubscription {
        let inner = settings(self.inner.new_subscription(channel))
            .build()
            .expect("a subscription");
        let events = inner.events();
        inner.subscribe();
        ClientSubscription { inner, events }
    }
}

/// A subscription.
pub struct ClientSubscription {
    /// The subscription of the `centrifuge` crate.
    pub inner: centrifuge::Subscription,
    events: EventStream<SubscriptionEvent>,
}

impl ClientSubscription {
    /// Subscribes again after an outcome that ended the subscription.
    pub fn subscribe_again(&self) {
        self.inner.subscribe();
    }

    /// Waits for the next event.
    pub async fn next(&mut self) -> SubscriptionEvent {
        tokio::time::timeout(LIMIT, self.events.next())
            .await
            .expect("an event of the subscription")
            .expect("a subscription that is open")
    }

    /// Waits for the outcome: `subscribed DATA`, `unsubscribed CODE REASON`, `subscribing CODE REASON` if the client
    /// subscribes again by itself, or `error TEXT`.
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

    /// Reads events for this long. A client whose events are not read answers no ping, and Centrifugo disconnects it
    /// 20 to 33 s after it connected.
    pub async fn read_for(&mut self, time: Duration) -> Vec<SubscriptionEvent> {
        let end = tokio::time::Instant::now() + time;
        let mut events = Vec::new();
        while let Ok(event) = tokio::time::timeout_at(end, self.events.next()).await {
            events.push(event.expect("a subscription that is open"));
        }
        events
    }

    /// Waits for the next publication and returns its data and tags.
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
