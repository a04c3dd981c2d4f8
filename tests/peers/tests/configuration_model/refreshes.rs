//! Asks a real Centrifugo what the model predicts of refreshes and polls. Time has to pass for most of them, so that each has a
//! connection of its own, and all of a node run at once.

use std::time::{Duration, SystemTime};

use cargo_centrifugo::centrifugo::{
    Code, Configuration, Decision, Outcome, Request, SubscriptionType, Token, decide, start_problems,
};
use centrifugo::token::{ConnectionToken, Key, SharedPollSignature, SubscriptionToken};
use futures_util::future::join_all;
use peers::{Folder, Node, Socket};
use serde_json::{Value, json};

use super::backend::{Ports, has_arrived, take_about};
use super::probes::{Answer, Report, Subject, answer, prepared};

const HOUR: Duration = Duration::from_secs(3600);
/// The life of connections and subscriptions that end. Centrifugo counts whole seconds.
const SHORT: Duration = Duration::from_secs(3);
/// How long an event or the end of a connection may take.
const LIMIT: Duration = Duration::from_secs(12);
const SHARED_POLL_KEY: &str = "a secret of polls";
const TOKENS: [Token; 4] = [Token::Valid, Token::Expired, Token::Invalid, Token::Other];

/// The configurations. All options for times are as short as Centrifugo allows.
pub fn subjects() -> Vec<Subject> {
    let namespaces = json!([
        { "name": "asked", "subscribe_proxy_enabled": true, "sub_refresh_proxy_enabled": true },
        { "name": "rooms", "subscribe_proxy_enabled": true, "sub_refresh_proxy_enabled": true, "sub_refresh_proxy_name": "rooms" },
        { "name": "left", "subscribe_proxy_enabled": true },
        { "name": "token" },
        { "name": "refreshed-token", "sub_refresh_proxy_enabled": true },
        { "name": "polls", "subscription_type": "shared_poll", "allow_subscribe_for_client": true,
          "shared_poll": { "refresh_interval": "200ms" } },
        { "name": "room-polls", "subscription_type": "shared_poll", "allow_subscribe_for_client": true,
          "shared_poll": { "refresh_interval": "200ms", "proxy_name": "rooms" } },
        { "name": "refreshed-polls", "subscription_type": "shared_poll", "subscribe_proxy_enabled": true,
          "sub_refresh_proxy_enabled": true, "shared_poll": { "refresh_interval": "200ms" } },
    ]);
    let grpc = json!({ "endpoint": "grpc://127.0.0.1:10001" });
    let http = |event: &str| json!({ "endpoint": format!("http://127.0.0.1:10002/centrifugo/{event}") });
    let all = json!({
        "client": {
            "presence_update_interval": "1s", "expired_close_delay": "1s", "expired_sub_close_delay": "1s",
            "token": { "hmac_secret_key": "a secret" },
            "proxy": {
                "connect": { "enabled": true, "endpoint": "grpc://127.0.0.1:10001" },
                "refresh": { "enabled": true, "endpoint": "grpc://127.0.0.1:10001" },
            },
        },
        "channel": {
            "proxy": { "subscribe": grpc, "sub_refresh": grpc, "shared_poll_refresh": grpc },
            "namespaces": namespaces,
        },
        "shared_poll": { "hmac_secret_key": SHARED_POLL_KEY },
        "proxies": [{ "name": "rooms", "endpoint": "grpc://127.0.0.1:10001" }],
    });
    let subject = |name: &str, env: &[(&str, &str)], change: &dyn Fn(&mut Value)| {
        let mut file = all.clone();
        change(&mut file);
        Subject {
            name: name.to_owned(),
            file,
            env: env
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            channels: [
                "asked:",
                "rooms:",
                "left:",
                "token:",
                "$token:",
                "refreshed-token:",
                "",
                "polls:",
                "room-polls:",
                "refreshed-polls:",
                "polls:é",
                "none:",
            ]
            .map(str::to_owned)
            .into(),
            methods: Vec::new(),
            users: Vec::new(),
        }
    };
    let no_proxy = |file: &mut Value| {
        file["client"]["proxy"]["refresh"]["enabled"] = false.into();
        for namespace in file["channel"]["namespaces"].as_array_mut().expect("a list") {
            namespace
                .as_object_mut()
                .expect("a section")
                .remove("sub_refresh_proxy_enabled");
        }
    };
    vec![
        subject("refreshes-grpc", &[], &|_| {}),
        subject("refreshes-http", &[], &|file| {
            file["client"]["proxy"]["refresh"]["endpoint"] = http("refresh")["endpoint"].clone();
            for event in ["sub_refresh", "shared_poll_refresh"] {
                file["channel"]["proxy"][event] = http(event);
            }
            file["channel"]["without_namespace"] =
                json!({ "subscribe_proxy_enabled": true, "sub_refresh_proxy_enabled": true });
        }),
        subject("refreshes-no-proxy", &[], &no_proxy),
        subject("refreshes-tokens-only", &[], &|file| {
            no_proxy(file);
            file["client"]["proxy"]["connect"]["enabled"] = false.into();
            file["client"]["subscription_token"] =
                json!({ "enabled": true, "hmac_secret_key": "another secret" });
        }),
        subject("refreshes-no-key", &[], &|file| {
            file["client"]["token"] = json!({});
        }),
        subject("refreshes-no-key-no-proxy", &[], &|file| {
            no_proxy(file);
            file["client"]["token"] = json!({});
        }),
        subject("refreshes-unchecked-tokens", &[], &|file| {
            no_proxy(file);
            file["client"]["insecure_skip_token_signature_verify"] = true.into();
        }),
        subject(
            "refreshes-variables",
            &[
                ("CENTRIFUGO_CLIENT_PROXY_REFRESH_ENABLED", "true"),
                (
                    "CENTRIFUGO_CHANNEL_NAMESPACES_LEFT_SUB_REFRESH_PROXY_ENABLED",
                    "true",
                ),
                (
                    "CENTRIFUGO_CHANNEL_NAMESPACES_TOKEN_SUB_REFRESH_PROXY_ENABLED",
                    "1",
                ),
            ],
            &no_proxy,
        ),
    ]
}

/// Compares the model with Centrifugo.
pub async fn compare(subject: &Subject, ports: Ports) -> Report {
    let (file, env) = prepared(subject, ports);
    let configuration = Configuration::load(&file, &env.iter().cloned().collect());
    assert!(
        start_problems(&configuration).is_empty(),
        "{:?}",
        start_problems(&configuration)
    );
    let folder = Folder::new();
    let node = tokio::task::block_in_place(|| Node::try_start("centrifugo", &file, folder.path(), &env));
    let node = node.unwrap_or_else(|log| panic!("{}: {log}", subject.name));
    let prober = Prober {
        name: &subject.name,
        configuration: &configuration,
        node: &node,
    };
    let mut report = Report::default();
    let connections = join_all(
        [None]
            .into_iter()
            .chain(TOKENS.map(Some))
            .map(|token| prober.refresh(token)),
    );
    let subscriptions = join_all(subject.channels.iter().flat_map(|prefix| {
        [None]
            .into_iter()
            .chain(TOKENS.map(Some))
            .map(|token| prober.sub_refresh(prefix, token))
    }));
    let polls = join_all(subject.channels.iter().map(|prefix| prober.poll(prefix)));
    let types = join_all(subject.channels.iter().flat_map(|prefix| {
        [
            SubscriptionType::Stream,
            SubscriptionType::Map,
            SubscriptionType::SharedPoll,
        ]
        .map(|subscription_type| prober.subscription_type(prefix, subscription_type))
    }));
    let (connections, subscriptions, polls, types) = tokio::join!(connections, subscriptions, polls, types);
    let probes = connections
        .into_iter()
        .chain(subscriptions)
        .chain(polls)
        .chain(types);
    for probe in probes.flatten() {
        report.probes += 1;
        match probe.outcome {
            Outcome::Asked(_) => report.asked += 1,
            Outcome::LetIn { .. } => report.let_in += 1,
            _ => report.refused += 1,
        }
        report.differences.extend(probe.difference);
    }
    report
}

/// What a probe found.
struct Probe {
    outcome: Outcome,
    difference: Option<String>,
}

struct Prober<'a> {
    name: &'a str,
    configuration: &'a Configuration,
    node: &'a Node,
}

/// What the client sees in the end.
#[derive(Debug, PartialEq)]
enum Seen {
    Answered(Answer),
    Unsubscribed(u32),
    Nothing,
}

impl Prober<'_> {
    fn key(&self, section: &str) -> Option<Key> {
        let secret = self.configuration.text(&format!("{section}.hmac_secret_key"));
        (!secret.is_empty()).then(|| Key::hs256(secret))
    }

    fn subscription_key(&self) -> Option<Key> {
        self.key(
            match self.configuration.bool("client.subscription_token.enabled") {
                true => "client.subscription_token",
                false => "client.token",
            },
        )
    }

    /// Returns a token that lasts for a time.
    fn connection_token(&self, user: &str, kind: Token, lasts: Duration) -> String {
        let user = if kind == Token::Other {
            "somebody else"
        } else {
            user
        };
        let token = ConnectionToken::user(user);
        let token = match kind {
            Token::Expired => token.expires_at(SystemTime::now() - HOUR),
            _ => token.expires_in(lasts),
        };
        token
            .sign(&key_for(kind, self.key("client.token")))
            .expect("a token")
    }

    fn subscription_token(&self, user: &str, channel: &str, kind: Token, lasts: Duration) -> String {
        let other = if kind == Token::Other { "-other" } else { "" };
        let token = SubscriptionToken::user(user, format!("{channel}{other}"));
        let token = match kind {
            Token::Expired => token.expires_at(SystemTime::now() - HOUR),
            _ => token.expires_in(lasts),
        };
        token
            .sign(&key_for(kind, self.subscription_key()))
            .expect("a token")
    }

    /// Connects as a user. The connection ends after a time, if it is given.
    async fn connected(&self, user: &str, lasts: Option<Duration>) -> Socket {
        let mut socket = Socket::open(self.node, &[]).await;
        let connect = if self.configuration.bool("client.proxy.connect.enabled") {
            json!({ "data": { "user": user, "expires_in": lasts.map(|lasts| lasts.as_secs()) } })
        } else {
            json!({ "token": self.connection_token(user, Token::Valid, lasts.unwrap_or(HOUR)) })
        };
        let reply = socket.command(json!({ "connect": connect })).await;
        assert!(
            matches!(answer(&reply), Answer::Success(_)),
            "{}: {reply}",
            self.name
        );
        socket
    }

    /// Subscribes for a time. Returns whether the client may.
    async fn subscribed(
        &self,
        socket: &mut Socket,
        user: &str,
        channel: &str,
        lasts: Option<Duration>,
    ) -> bool {
        let poll = decide(self.configuration, &Request::SharedPollRefresh { channel });
        let subscription_type = match poll.outcome {
            Outcome::Asked(_) => SubscriptionType::SharedPoll,
            _ => SubscriptionType::Stream,
        };
        let request = Request::Subscribe {
            channel,
            user,
            token: None,
            subscription_type,
        };
        let mut subscribe = json!({ "channel": channel, "type": number_of(subscription_type) });
        if matches!(decide(self.configuration, &request).outcome, Outcome::Asked(_)) {
            if let Some(lasts) = lasts {
                subscribe["data"] = json!({ "expires_in": lasts.as_secs() });
            }
        } else {
            subscribe["token"] = self
                .subscription_token(user, channel, Token::Valid, lasts.unwrap_or(HOUR))
                .into();
        }
        let reply = socket.command(json!({ "subscribe": subscribe })).await;
        matches!(answer(&reply), Answer::Success(_))
    }

    async fn refresh(&self, token: Option<Token>) -> Option<Probe> {
        let user = format!("user-{}", name_of(token));
        let mut socket = self.connected(&user, token.is_none().then_some(SHORT)).await;
        let decision = decide(self.configuration, &Request::Refresh { token });
        let seen = match token {
            Some(kind) => {
                let token = self.connection_token(&user, kind, HOUR);
                let reply = socket.command(json!({ "refresh": { "token": token } })).await;
                Seen::Answered(answer(&reply))
            }
            None => self.wait(&mut socket, &decision, &user).await,
        };
        Some(self.judge(&format!("refresh {token:?}"), decision, &user, seen))
    }

    async fn sub_refresh(&self, prefix: &str, token: Option<Token>) -> Option<Probe> {
        let (user, channel) = ("42", format!("{prefix}sub-{}", name_of(token)));
        let mut socket = self.connected(user, None).await;
        if !self
            .subscribed(&mut socket, user, &channel, token.is_none().then_some(SHORT))
            .await
        {
            return None;
        }
        let request = Request::SubRefresh {
            channel: &channel,
            token,
        };
        let decision = decide(self.configuration, &request);
        let seen = match token {
            Some(kind) => {
                let token = self.subscription_token(user, &channel, kind, HOUR);
                let command = json!({ "sub_refresh": { "channel": channel, "token": token } });
                Seen::Answered(answer(&socket.command(command).await))
            }
            None => self.wait(&mut socket, &decision, &channel).await,
        };
        Some(self.judge(&format!("{request:?}"), decision, &channel, seen))
    }

    async fn poll(&self, prefix: &str) -> Option<Probe> {
        let (user, channel) = ("42", format!("{prefix}poll"));
        let mut socket = self.connected(user, None).await;
        let request = Request::SharedPollRefresh { channel: &channel };
        let decision = decide(self.configuration, &request);
        let reply = socket
            .command(json!({ "subscribe": { "channel": channel, "type": 4 } }))
            .await;
        let mut seen = Seen::Answered(answer(&reply));
        if matches!(seen, Seen::Answered(Answer::Success(_))) {
            let signature = SharedPollSignature::user(user, &channel).keys(["gold"]);
            let signature = signature.sign(&Key::hs256(SHARED_POLL_KEY)).expect("a signature");
            let batch = json!({ "signature": signature, "items": [{ "key": "gold" }] });
            let track = json!({ "sub_refresh": { "channel": channel, "type": 1, "track": [batch] } });
            let reply = socket.command(track).await;
            assert!(
                matches!(answer(&reply), Answer::Success(_)),
                "{}: {reply}",
                self.name
            );
            seen = self.wait(&mut socket, &decision, &channel).await;
        }
        Some(self.judge(&format!("{request:?}"), decision, &channel, seen))
    }

    /// Asks for a subscription of another type than the namespace has, and of the same one.
    async fn subscription_type(&self, prefix: &str, subscription_type: SubscriptionType) -> Option<Probe> {
        let (user, channel) = ("42", format!("{prefix}type-{}", subscription_type.name()));
        let mut socket = self.connected(user, None).await;
        let request = Request::Subscribe {
            channel: &channel,
            user,
            token: None,
            subscription_type,
        };
        let decision = decide(self.configuration, &request);
        let subscribe = json!({ "channel": channel, "type": number_of(subscription_type) });
        let reply = socket.command(json!({ "subscribe": subscribe })).await;
        let seen = match answer(&reply) {
            // The other tests look at what the backend is asked here.
            Answer::Success(_) if matches!(decision.outcome, Outcome::Asked(_)) => return None,
            answer => Seen::Answered(answer),
        };
        Some(self.judge(&format!("{request:?}"), decision, &channel, seen))
    }

    /// Waits for the end of the connection or the subscription, or for the event that the model predicts.
    async fn wait(&self, socket: &mut Socket, decision: &Decision, subject: &str) -> Seen {
        if matches!(decision.outcome, Outcome::Asked(_)) {
            let arrived = async {
                while !has_arrived(self.name, subject) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            let _ = tokio::time::timeout(LIMIT, arrived).await;
            return Seen::Nothing;
        }
        let ended = async {
            loop {
                let line = socket.line().await;
                if let answer @ Answer::Closed(_) = answer(&line) {
                    return Seen::Answered(answer);
                }
                let push: Value = serde_json::from_str(&line).unwrap_or_default();
                if let Some(code) = push["push"]["unsubscribe"]["code"].as_u64() {
                    return Seen::Unsubscribed(u32::try_from(code).expect("a code"));
                }
            }
        };
        tokio::time::timeout(LIMIT, ended).await.unwrap_or(Seen::Nothing)
    }

    /// Compares what the client saw, and what the backend was asked, with the decision of the model.
    fn judge(&self, what: &str, decision: Decision, subject: &str, seen: Seen) -> Probe {
        let mut arrivals = take_about(self.name, subject);
        // Centrifugo polls again and again.
        arrivals.dedup();
        let is_right = match &decision.outcome {
            Outcome::Asked(proxy) => {
                seen == Seen::Nothing && arrivals == [(proxy.event.name(), proxy.path.clone())]
            }
            Outcome::LetIn { .. } => {
                arrivals.is_empty() && matches!(seen, Seen::Answered(Answer::Success(_)))
            }
            Outcome::Refused { code, .. } => {
                let expected = match code {
                    Code::Error(code) => Seen::Answered(Answer::Error(*code)),
                    Code::Disconnect(code) => Seen::Answered(Answer::Closed(*code)),
                    Code::Unsubscribe(code) => Seen::Unsubscribed(*code),
                    _ => Seen::Nothing,
                };
                arrivals.is_empty() && seen == expected
            }
            _ => false,
        };
        let difference = (!is_right).then(|| {
            format!(
                "{}: {what}\n  model: {decision:?}\n  centrifugo: {seen:?} {arrivals:?}",
                self.name
            )
        });
        Probe {
            outcome: decision.outcome,
            difference,
        }
    }
}

/// Returns the key that a token of this kind is signed with.
fn key_for(kind: Token, key: Option<Key>) -> Key {
    match kind {
        Token::Invalid => None,
        _ => key,
    }
    .unwrap_or_else(|| Key::hs256("a secret that Centrifugo does not know"))
}

/// Returns the number of a type in Centrifugo's protocol.
fn number_of(subscription_type: SubscriptionType) -> u8 {
    match subscription_type {
        SubscriptionType::Map => 1,
        SubscriptionType::SharedPoll => 4,
        _ => 0,
    }
}

fn name_of(token: Option<Token>) -> String {
    match token {
        Some(token) => format!("{token:?}").to_lowercase(),
        None => "time".to_owned(),
    }
}
