//! Asks a real Centrifugo what the model predicts.

use std::time::{Duration, SystemTime};

use cargo_centrifugo::centrifugo::{
    Code, Configuration, Outcome, ProblemKind, Proxy, Request, SubscriptionType, Token, decide,
    start_problems,
};
use cargo_centrifugo::description::Event;
use centrifugo::token::{ConnectionToken, Key, SubscriptionToken};
use peers::{Folder, Node, Socket};
use serde_json::{Value, json};

use super::backend::{PROXY_KEY, Ports, take};

const HOUR: Duration = Duration::from_secs(3600);

/// A configuration that the model and Centrifugo are asked about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// A name that no other configuration has.
    pub name: String,
    pub file: Value,
    pub env: Vec<(String, String)>,
    pub channels: Vec<String>,
    pub methods: Vec<String>,
    pub users: Vec<String>,
}

/// What came out of the comparison.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub probes: usize,
    pub asked: usize,
    pub let_in: usize,
    pub refused: usize,
    /// Whether Centrifugo refuses the configuration.
    pub is_refused: bool,
    pub differences: Vec<String>,
}

impl Report {
    pub fn add(&mut self, other: Self) {
        self.probes += other.probes;
        self.asked += other.asked;
        self.let_in += other.let_in;
        self.refused += other.refused;
        self.differences.extend(other.differences);
    }
}

/// What a client received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Success(String),
    Error(u32),
    Closed(u32),
}

pub fn answer(reply: &str) -> Answer {
    if let Some(rest) = reply.strip_prefix("CLOSED") {
        let code = rest.split_whitespace().next().and_then(|code| code.parse().ok());
        return Answer::Closed(code.unwrap_or(0));
    }
    let value: Value = serde_json::from_str(reply).unwrap_or_default();
    match value["error"]["code"].as_u64() {
        Some(code) => Answer::Error(u32::try_from(code).expect("a code")),
        None => Answer::Success(reply.to_owned()),
    }
}

/// Names the node and the proxy in everything that each proxy sends, and puts the backend's ports in.
fn marked(subject: &Subject, ports: Ports) -> Value {
    let text = subject
        .file
        .to_string()
        .replace("127.0.0.1:10001", &format!("127.0.0.1:{}", ports.grpc))
        .replace(
            "127.0.0.1:10002/centrifugo",
            &format!("127.0.0.1:{}/centrifugo", ports.http),
        )
        .replace("127.0.0.1:10002", &format!("127.0.0.1:{}", ports.http))
        .replace("127.0.0.1:30000", &format!("127.0.0.1:{}", ports.nobody))
        .replace("127.0.0.1:9999", &format!("127.0.0.1:{}", ports.nobody));
    let mut file: Value = serde_json::from_str(&text).expect("JSON");
    let mark = |proxy: &mut Value, path: String| {
        if let Some(proxy) = proxy.as_object_mut() {
            let sender = format!("{} {path}", subject.name);
            for (section, map) in [("grpc", "static_metadata"), ("http", "static_headers")] {
                let section = proxy.entry(section).or_insert_with(|| json!({}));
                if section[map].is_null() {
                    section[map] = json!({});
                }
                section[map][PROXY_KEY] = sender.clone().into();
            }
        }
    };
    for section in ["client", "channel"] {
        let proxies = file
            .pointer_mut(&format!("/{section}/proxy"))
            .and_then(Value::as_object_mut);
        for (name, proxy) in proxies.into_iter().flatten() {
            mark(proxy, format!("{section}.proxy.{name}"));
        }
    }
    if let Some(proxy) = file.pointer_mut("/rpc/proxy") {
        mark(proxy, "rpc.proxy".into());
    }
    let named = file.get_mut("proxies").and_then(Value::as_array_mut);
    for (index, proxy) in named.into_iter().flatten().enumerate() {
        mark(proxy, format!("proxies[{index}]"));
    }
    if file.is_null() { json!({}) } else { file }
}

/// Does the same for proxies whose endpoint is in a variable.
fn mark_variables(subject: &Subject, env: &mut Vec<(String, String)>) {
    for path in [
        "client.proxy.connect",
        "client.proxy.refresh",
        "channel.proxy.subscribe",
        "rpc.proxy",
    ] {
        let variable =
            |option: &str| format!("CENTRIFUGO_{}_{option}", path.replace('.', "_").to_uppercase());
        if env.iter().any(|(name, _)| *name == variable("ENDPOINT")) {
            let metadata = json!({ PROXY_KEY: format!("{} {path}", subject.name) });
            env.push((variable("GRPC_STATIC_METADATA"), metadata.to_string()));
        }
    }
}

/// Returns the file and the variables for a node that sends its events to the backend.
pub fn prepared(subject: &Subject, ports: Ports) -> (Value, Vec<(String, String)>) {
    let mut env = subject.env.clone();
    for (_, value) in &mut env {
        *value = value.replace("127.0.0.1:10001", &format!("127.0.0.1:{}", ports.grpc));
    }
    mark_variables(subject, &mut env);
    (marked(subject, ports), env)
}

/// Compares the model with Centrifugo.
pub async fn compare(subject: &Subject, ports: Ports) -> Report {
    let (file, env) = prepared(subject, ports);
    let configuration = Configuration::load(&file, &env.iter().cloned().collect());
    let mut report = Report::default();
    let expects_start = start_problems(&configuration).is_empty()
        && !configuration.problems().iter().any(|problem| {
            matches!(
                problem.kind,
                ProblemKind::Type(_) | ProblemKind::MissingVariable(_)
            )
        });
    let folder = Folder::new();
    let node = tokio::task::block_in_place(|| Node::try_start("centrifugo", &file, folder.path(), &env));
    let node = match node {
        Ok(node) => node,
        Err(log) => {
            report.is_refused = true;
            if expects_start {
                report.differences.push(format!(
                    "{}: the model does not see why Centrifugo does not start: {log}",
                    subject.name
                ));
            }
            return report;
        }
    };
    if !expects_start {
        let problems = start_problems(&configuration);
        report.differences.push(format!(
            "{}: Centrifugo starts, and the model has {problems:?} {:?}",
            subject.name,
            configuration.problems()
        ));
        return report;
    }
    let mut prober = Prober {
        subject,
        configuration: &configuration,
        ports,
        node: &node,
        report,
    };
    prober.connects().await;
    for user in &subject.users {
        prober.requests_of(user).await;
    }
    prober.report
}

struct Prober<'a> {
    subject: &'a Subject,
    configuration: &'a Configuration,
    ports: Ports,
    node: &'a Node,
    report: Report,
}

impl Prober<'_> {
    fn key(&self) -> Option<Key> {
        let secret = self.configuration.text("client.token.hmac_secret_key");
        (!secret.is_empty()).then(|| Key::hs256(secret))
    }

    fn token(&self, user: &str, kind: Token) -> Option<String> {
        let key = self.key()?;
        let token = match user {
            "" => ConnectionToken::anonymous(),
            user => ConnectionToken::user(user),
        };
        let (token, key) = match kind {
            Token::Expired => (token.expires_at(SystemTime::now() - HOUR), key),
            Token::Invalid => (token.expires_in(HOUR), Key::hs256("another secret")),
            _ => (token.expires_in(HOUR), key),
        };
        Some(token.sign(&key).expect("a token"))
    }

    /// Connects with and without tokens.
    async fn connects(&mut self) {
        let request = Request::Connect { token: None };
        let mut socket = Socket::open(self.node, &[]).await;
        let reply = socket
            .command(json!({ "connect": { "data": { "user": "42" } } }))
            .await;
        self.judge("connect", &request, &reply);
        for (kind, user) in [
            (Token::Valid, "42"),
            (Token::Valid, ""),
            (Token::Expired, "42"),
            (Token::Invalid, "42"),
        ] {
            // Without a key, any token is invalid.
            let text = self.token(user, kind).unwrap_or_else(|| "x.y.z".to_owned());
            let kind = if self.key().is_some() {
                kind
            } else {
                Token::Invalid
            };
            if kind == Token::Invalid
                && self
                    .configuration
                    .bool("client.insecure_skip_token_signature_verify")
                && self.key().is_none()
            {
                // This text is no token at all, whatever is checked.
                continue;
            }
            let request = Request::Connect {
                token: Some((kind, user)),
            };
            let mut socket = Socket::open(self.node, &[]).await;
            let reply = socket
                .command(json!({ "connect": { "token": text, "data": { "user": user } } }))
                .await;
            self.judge("connect with a token", &request, &reply);
        }
    }

    /// Connects as a user, with a token if Centrifugo accepts one.
    async fn connected(&self, user: &str, channels: &Value) -> Option<(Socket, String)> {
        let mut socket = Socket::open(self.node, &[]).await;
        let mut connect = json!({ "data": { "user": user }, "subs": channels });
        if let Some(token) = self.token(user, Token::Valid) {
            connect["token"] = token.into();
        }
        let reply = socket.command(json!({ "connect": connect })).await;
        take(&self.subject.name);
        matches!(answer(&reply), Answer::Success(_)).then_some((socket, reply))
    }

    async fn requests_of(&mut self, user: &str) {
        let has_token = self.key().is_some();
        let is_asked = self.configuration.bool("client.proxy.connect.enabled");
        // Without a token and a proxy, every user is anonymous.
        let user = if has_token || is_asked { user } else { "" };
        let Some((mut socket, _)) = self.connected(user, &Value::Null).await else {
            return;
        };
        for channel in self.subject.channels.clone() {
            if !self.channel(&mut socket, user, &channel).await {
                match self.connected(user, &Value::Null).await {
                    Some((fresh, _)) => socket = fresh,
                    None => return,
                }
            }
        }
        for method in self.subject.methods.clone() {
            let reply = socket.rpc(&method, "{}").await;
            self.judge("rpc", &Request::Rpc { method: &method }, &reply);
        }
        if has_token || !is_asked {
            for channel in self.subject.channels.clone() {
                self.connect_channel(user, &channel).await;
            }
        }
    }

    /// Tries a channel. Returns whether the connection is still open.
    async fn channel(&mut self, socket: &mut Socket, user: &str, channel: &str) -> bool {
        if !self.publish(socket, user, channel, false).await {
            return false;
        }
        for subscription_type in [SubscriptionType::Stream, SubscriptionType::Map] {
            let mut command = json!({ "subscribe": { "channel": channel } });
            if subscription_type == SubscriptionType::Map {
                command["subscribe"]["type"] = 1.into();
            }
            let request = Request::Subscribe {
                channel,
                user,
                token: None,
                subscription_type,
            };
            let reply = socket.command(command).await;
            self.judge("subscribe", &request, &reply);
            match answer(&reply) {
                Answer::Success(_) => {
                    let is_open = self.publish(socket, user, channel, true).await;
                    socket
                        .command(json!({ "unsubscribe": { "channel": channel } }))
                        .await;
                    if !is_open {
                        return false;
                    }
                }
                Answer::Error(_) => {}
                Answer::Closed(_) => return false,
            }
        }
        for (token, text) in self.subscription_tokens(user, channel) {
            let request = Request::Subscribe {
                channel,
                user,
                token: Some(token),
                subscription_type: SubscriptionType::Stream,
            };
            let reply = socket
                .command(json!({ "subscribe": { "channel": channel, "token": text } }))
                .await;
            self.judge("subscribe with a token", &request, &reply);
            match answer(&reply) {
                Answer::Success(_) => {
                    socket
                        .command(json!({ "unsubscribe": { "channel": channel } }))
                        .await;
                }
                Answer::Error(_) => {}
                Answer::Closed(_) => return false,
            }
        }
        true
    }

    fn subscription_tokens(&self, user: &str, channel: &str) -> Vec<(Token, String)> {
        let section = match self.configuration.bool("client.subscription_token.enabled") {
            true => "client.subscription_token",
            false => "client.token",
        };
        let secret = self.configuration.text(&format!("{section}.hmac_secret_key"));
        if secret.is_empty() {
            return Vec::new();
        }
        let token = |channel: &str| match user {
            "" => SubscriptionToken::anonymous(channel),
            user => SubscriptionToken::user(user, channel),
        };
        let sign = |token: SubscriptionToken, key: &Key| token.sign(key).expect("a token");
        let key = Key::hs256(secret);
        vec![
            (Token::Valid, sign(token(channel), &key)),
            (
                Token::Expired,
                sign(token(channel).expires_at(SystemTime::now() - HOUR), &key),
            ),
            (
                Token::Invalid,
                sign(token(channel), &Key::hs256("another secret")),
            ),
        ]
    }

    /// Publishes, and changes the map. Returns whether the connection is still open.
    async fn publish(&mut self, socket: &mut Socket, user: &str, channel: &str, is_subscribed: bool) -> bool {
        for (what, more, request) in [
            (
                "publish",
                json!({}),
                Request::Publish {
                    channel,
                    user,
                    is_subscribed,
                },
            ),
            (
                "map publish",
                json!({ "type": 1, "key": "k" }),
                Request::MapPublish {
                    channel,
                    user,
                    is_subscribed,
                },
            ),
            (
                "map remove",
                json!({ "type": 1, "key": "k", "removed": true }),
                Request::MapRemove {
                    channel,
                    user,
                    is_subscribed,
                },
            ),
        ] {
            // Changes of channels that are no maps fail later.
            let is_map = what != "publish";
            if is_map && !self.is_map(channel) {
                continue;
            }
            let mut command = json!({ "publish": { "channel": channel, "data": {} } });
            for (key, value) in more.as_object().into_iter().flatten() {
                command["publish"][key] = value.clone();
            }
            let reply = socket.command(command).await;
            self.judge(what, &request, &reply);
            if matches!(answer(&reply), Answer::Closed(_)) {
                return false;
            }
        }
        true
    }

    fn is_map(&self, channel: &str) -> bool {
        let name = channel
            .trim_start_matches('$')
            .split(':')
            .next()
            .unwrap_or_default();
        let sections = self.configuration.sections("channel.namespaces");
        channel.contains(':')
            && sections.iter().any(|(path, found)| {
                found == name && self.configuration.text(&format!("{path}.subscription_type")) == "map"
            })
    }

    /// Names the channel in a connect command.
    async fn connect_channel(&mut self, user: &str, channel: &str) {
        let request = Request::ConnectChannel { channel, user };
        let mut socket = Socket::open(self.node, &[]).await;
        let mut connect = json!({ "subs": { channel: {} } });
        if let Some(token) = self.token(user, Token::Valid) {
            connect["token"] = token.into();
        }
        let reply = socket.command(json!({ "connect": connect })).await;
        let is_subscribed = serde_json::from_str::<Value>(&reply)
            .is_ok_and(|reply| reply["connect"]["subs"].get(channel).is_some());
        let decision = decide(self.configuration, &request);
        self.count(&decision.outcome);
        let expected = matches!(decision.outcome, Outcome::LetIn { .. });
        let closed = match decision.outcome {
            Outcome::Refused {
                code: Code::Disconnect(code),
                ..
            } => Some(code),
            _ => None,
        };
        let is_right = match (closed, answer(&reply)) {
            (Some(code), Answer::Closed(found)) => code == found,
            (None, Answer::Success(_)) => expected == is_subscribed,
            // Channels that Centrifugo lets in and does not accept otherwise, such as those of maps.
            (None, Answer::Closed(_) | Answer::Error(_)) => expected,
            _ => false,
        };
        if !is_right {
            self.differ("channel in connect", &request, &format!("{decision:?}"), &reply);
        }
    }

    fn count(&mut self, outcome: &Outcome) {
        self.report.probes += 1;
        match outcome {
            Outcome::Asked(_) => self.report.asked += 1,
            Outcome::LetIn { .. } => self.report.let_in += 1,
            _ => self.report.refused += 1,
        }
    }

    /// Compares what the client received, and what the backend did, with the decision of the model.
    fn judge(&mut self, what: &str, request: &Request<'_>, reply: &str) {
        let decision = decide(self.configuration, request);
        self.count(&decision.outcome);
        let arrivals = take(&self.subject.name);
        let answer = answer(reply);
        let is_right = match &decision.outcome {
            Outcome::Asked(proxy) if self.is_reachable(proxy) => {
                // The publication goes into the stream that is open.
                let goes_into_stream =
                    proxy.event == Event::SubscribeStream && matches!(request, Request::Publish { .. });
                let arrived = arrivals == [(proxy.event.name(), proxy.path.clone())];
                // What comes after the answer of the backend is more than the model says of maps.
                let is_of_map = matches!(
                    request,
                    Request::MapPublish { .. }
                        | Request::MapRemove { .. }
                        | Request::Subscribe {
                            subscription_type: SubscriptionType::Map,
                            ..
                        }
                );
                let is_answered = matches!(answer, Answer::Success(_)) || is_of_map;
                is_answered && (arrived || goes_into_stream && arrivals.is_empty())
            }
            Outcome::Asked(proxy) => {
                let failed = match answer {
                    // The handler of another event answers.
                    Answer::Error(_) if self.has_another_path(proxy) => true,
                    Answer::Error(code) => code == 100,
                    Answer::Closed(_) => matches!(request, Request::Connect { .. }),
                    Answer::Success(_) => false,
                };
                failed && arrivals.is_empty()
            }
            Outcome::LetIn { .. } => matches!(answer, Answer::Success(_)) && arrivals.is_empty(),
            Outcome::Refused { code, .. } => {
                let is_code = match code {
                    Code::Error(code) => answer == Answer::Error(*code),
                    Code::Disconnect(code) => answer == Answer::Closed(*code),
                    _ => false,
                };
                is_code && arrivals.is_empty()
            }
            _ => false,
        };
        if !is_right {
            self.differ(
                what,
                request,
                &format!("{decision:?}"),
                &format!("{reply} {arrivals:?}"),
            );
        }
    }

    fn differ(&mut self, what: &str, request: &Request<'_>, expected: &str, found: &str) {
        self.report.differences.push(format!(
            "{}: {what}: {request:?}\n  model: {expected}\n  centrifugo: {found}",
            self.subject.name
        ));
    }

    /// Whether the endpoint is the backend's HTTP port with the path of another event.
    fn has_another_path(&self, proxy: &Proxy) -> bool {
        proxy
            .endpoint
            .starts_with(&format!("http://127.0.0.1:{}/", self.ports.http))
    }

    /// Whether the backend answers at the endpoint, in time.
    fn is_reachable(&self, proxy: &Proxy) -> bool {
        let has_tls = self
            .configuration
            .bool(&format!("{}.grpc.tls.enabled", proxy.path));
        let grpc = format!("127.0.0.1:{}", self.ports.grpc);
        let endpoint = proxy.endpoint.strip_prefix("grpc://").unwrap_or(&proxy.endpoint);
        let is_grpc = endpoint == grpc && !has_tls;
        let is_http =
            proxy.endpoint == format!("http://127.0.0.1:{}/centrifugo/{}", self.ports.http, proxy.event);
        (is_grpc || is_http) && proxy.timeout > Duration::from_millis(50)
    }
}
