//! Tokens of the crate, checked by the real Centrifugo.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use centrifuge::ClientEvent;
use centrifugo::api::Client as Api;
use centrifugo::token::{ConnectionToken, Key, SubscriptionOptions, SubscriptionToken};
use peers::{Client, Socket, StandaloneNode};
use serde_json::{Value, json};

const SECRET: &str = "s3cret of these tests";
const HOUR: Duration = Duration::from_secs(3600);

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

/// Returns a key and the settings of Centrifugo for it.
fn hs256() -> (Key, Value) {
    (Key::hs256(SECRET), json!({ "hmac_secret_key": SECRET }))
}

fn rsa_pair() -> RsaKeyPair {
    RsaKeyPair::generate(KeySize::Rsa2048).expect("a key")
}

fn rs256() -> (Key, Value) {
    rs256_of(&rsa_pair())
}

fn rs256_of(pair: &RsaKeyPair) -> (Key, Value) {
    let private = AsDer::<Pkcs8V1Der<'_>>::as_der(pair).expect("a key");
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).expect("a key");
    let key = Key::rs256(pem("PRIVATE KEY", private.as_ref())).expect("a key");
    (
        key,
        json!({ "rsa_public_key": pem("PUBLIC KEY", public.as_ref()) }),
    )
}

fn ecdsa_pair() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key")
}

fn es256() -> (Key, Value) {
    es256_of(&ecdsa_pair())
}

fn es256_of(pair: &EcdsaKeyPair) -> (Key, Value) {
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).expect("a key");
    let private = pair.to_pkcs8v1().expect("a key");
    let key = Key::es256(pem("PRIVATE KEY", private.as_ref())).expect("a key");
    (
        key,
        json!({ "ecdsa_public_key": pem("PUBLIC KEY", public.as_ref()) }),
    )
}

fn start(token: Value) -> (StandaloneNode, Api) {
    let namespace = |name: &str| json!({ "name": name, "presence": true });
    let alone = StandaloneNode::start(json!({
        "http_api": { "insecure": true },
        "client": { "token": token, "expired_close_delay": "1s", "expired_sub_close_delay": "1s" },
        "channel": { "namespaces": [namespace("private"), namespace("own")] },
    }));
    let api = Api::grpc(format!("grpc://{}", alone.grpc_api()))
        .build()
        .expect("a client");
    (alone, api)
}

fn signed(token: ConnectionToken, key: &Key) -> String {
    token.sign(key).expect("a token")
}

/// Returns the outcome of connecting with this token.
async fn outcome(alone: &StandaloneNode, token: String) -> String {
    Client::start_with_token(alone, token).outcome().await
}

/// Waits for `count` server-side subscriptions. Returns their channels and data.
async fn server_side_subscriptions(client: &mut Client, count: usize) -> Vec<(String, String)> {
    let (mut channels, mut is_connected) = (Vec::new(), false);
    while channels.len() < count || !is_connected {
        match client.next().await {
            ClientEvent::Connected(_) => is_connected = true,
            ClientEvent::ServerSubscribed(event) => {
                let data = event.info.data.unwrap_or_default();
                channels.push((event.channel, String::from_utf8_lossy(&data).into_owned()));
            }
            _ => {}
        }
    }
    channels.sort();
    channels
}

/// Returns the reply to a subscription with these connection and subscription tokens.
async fn answer(alone: &StandaloneNode, connection: &str, channel: &str, subscription: &str) -> String {
    let mut socket = Socket::open(alone, &[]).await;
    let reply = socket
        .command(json!({ "connect": { "token": connection } }))
        .await;
    assert!(reply.contains(r#""client":"#), "{reply}");
    let subscribe = json!({ "subscribe": { "channel": channel, "token": subscription } });
    socket.command(subscribe).await
}

async fn check_tokens((key, settings): (Key, Value), others: impl IntoIterator<Item = Key>) {
    let others: Vec<_> = others.into_iter().collect();
    let (alone, api) = start(settings);
    let token = ConnectionToken::user("42")
        .info(&json!({ "name": "ann" }))
        .expires_in(HOUR)
        .channel("own:a")
        .subscription(
            "own:b",
            SubscriptionOptions::new().data(&"welcome").info(&"guest"),
        );
    let mut client = Client::start_with_token(&alone, signed(token, &key));
    let channels = server_side_subscriptions(&mut client, 2).await;
    let expected = [("own:a", ""), ("own:b", r#""welcome""#)];
    assert_eq!(
        channels,
        expected.map(|(channel, data)| (channel.into(), data.into()))
    );
    let present = api.presence("own:b").await.expect("presence").presence;
    let info = present.values().next().expect("somebody");
    assert_eq!(info.user, "42");
    assert_eq!(info.conn_info, br#"{"name":"ann"}"#.as_slice());
    assert_eq!(info.chan_info, br#""guest""#.as_slice());

    let token = SubscriptionToken::user("42", "private:1")
        .options(SubscriptionOptions::new().data(&"hello").info(&"moderator"))
        .expires_in(HOUR)
        .sign(&key)
        .expect("a token");
    let mut subscribed = client.subscribe_with_settings("private:1", |builder| builder.token(token));
    assert_eq!(subscribed.outcome().await, r#"subscribed "hello""#);
    let present = api.presence("private:1").await.expect("presence").presence;
    let info = present.values().next().expect("somebody");
    assert_eq!(info.chan_info, br#""moderator""#.as_slice());
    api.publish("private:1", &1).await.expect("published");
    assert_eq!(subscribed.publication().await.0, 1);

    // Without a token, with one for another user or channel, and with another key.
    let subscription =
        |user, channel, key: &Key| SubscriptionToken::user(user, channel).sign(key).expect("a token");
    let none = client.subscribe("private:2").outcome().await;
    assert_eq!(none, "unsubscribed 103 permission denied");
    let good = signed(ConnectionToken::user("42").expires_in(HOUR), &key);
    for other in &others {
        let reply = answer(
            &alone,
            &good,
            "private:1",
            &subscription("42", "private:1", other),
        )
        .await;
        assert!(reply.contains(r#""error":{"code":103,"#), "{reply}");
    }
    for token in [
        subscription("43", "private:1", &key),
        subscription("42", "private:2", &key),
    ] {
        let reply = answer(&alone, &good, "private:1", &token).await;
        assert_eq!(reply, "CLOSED 3500 invalid token");
    }
    for other in &others {
        let token = signed(ConnectionToken::user("42").expires_in(HOUR), other);
        assert_eq!(outcome(&alone, token).await, "disconnected 3500 invalid token");
    }
    let anonymous = signed(ConnectionToken::anonymous(), &key);
    assert_eq!(outcome(&alone, anonymous).await, "connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_tokens_signed_with_hs256() {
    check_tokens(hs256(), [Key::hs256("another"), rs256().0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_tokens_signed_with_rs256() {
    check_tokens(rs256(), [rs256().0, hs256().0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_tokens_signed_with_es256() {
    check_tokens(es256(), [es256().0, hs256().0]).await;
}

/// Centrifugo fetches a key set over HTTP and selects keys by id.
#[tokio::test(flavor = "multi_thread")]
async fn selects_keys_of_a_key_set_by_id() {
    let (rsa, ecdsa) = (rsa_pair(), ecdsa_pair());
    let url = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (n, e) = (rsa.public_key().modulus(), rsa.public_key().exponent());
    // An uncompressed point: the byte 4, then both coordinates.
    let point = ecdsa.public_key().as_ref();
    let keys = json!({ "keys": [
        {
            "kid": "old", "use": "sig", "kty": "RSA", "alg": "RS256",
            "n": url(n.big_endian_without_leading_zero()), "e": url(e.big_endian_without_leading_zero()),
        },
        {
            "kid": "new", "use": "sig", "kty": "EC", "alg": "ES256", "crv": "P-256",
            "x": url(&point[1..33]), "y": url(&point[33..]),
        },
    ] });
    let settings = json!({ "jwks_public_endpoint": served(keys.to_string()) });
    let (old, new) = (rs256_of(&rsa).0, es256_of(&ecdsa).0);
    for key in [old.clone().id("old"), new.clone().id("new")] {
        // With the id of another key, with an unknown id, and signed by another key.
        let others = [old.clone().id("new"), new.clone().id("lost"), es256().0.id("new")];
        check_tokens((key, settings.clone()), others).await;
    }
}

/// Serves a text over HTTP until the end of the test. Returns the URL.
fn served(text: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = answer_with(stream, &text);
        }
    });
    format!("http://{address}/keys")
}

fn answer_with(mut stream: TcpStream, text: &str) -> io::Result<()> {
    for line in BufReader::new(&stream).lines() {
        if line?.is_empty() {
            break;
        }
    }
    let len = text.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {len}\r\nconnection: close\r\n\r\n{text}"
    )
}

/// Expired connection and subscription tokens.
#[tokio::test(flavor = "multi_thread")]
async fn refuses_expired_tokens() {
    let (key, settings) = hs256();
    let (alone, _) = start(settings);
    let past = SystemTime::now() - HOUR;
    let token = signed(ConnectionToken::user("42").expires_at(past), &key);
    // The client has no callback that returns a new token.
    let mut client = Client::start_with_token(&alone, token);
    assert_eq!(client.outcome().await, "error Connect: token expired (109)");
    assert_eq!(client.end().await, "disconnected 1 unauthorized");

    let good = signed(ConnectionToken::user("42").expires_in(HOUR), &key);
    let token = SubscriptionToken::user("42", "private:1").expires_at(past);
    let token = token.sign(&key).expect("a token");
    let reply = answer(&alone, &good, "private:1", &token).await;
    assert!(
        reply.contains(r#""error":{"code":109,"message":"token expired"}"#),
        "{reply}"
    );
    let mut client = Client::start_with_token(&alone, good);
    assert_eq!(client.outcome().await, "connected");
    let mut refused = client.subscribe_with_settings("private:1", |builder| builder.token(token));
    let outcome = refused.outcome().await;
    assert!(outcome.contains("subscription token expired"), "{outcome}");
}

#[tokio::test(flavor = "multi_thread")]
async fn renews_expiring_tokens() {
    let (key, settings) = hs256();
    let (alone, _) = start(settings);
    let count = Arc::new(AtomicU32::new(0));
    let (given, signer) = (count.clone(), key.clone());
    let mut client = Client::start_with_settings(&alone, |builder| {
        builder.get_token(move |_| {
            given.fetch_add(1, Ordering::Relaxed);
            let token = ConnectionToken::user("42")
                .expires_in(Duration::from_secs(2))
                .sign(&signer);
            async { Ok(Some(token?)) }
        })
    });
    assert_eq!(client.outcome().await, "connected");
    // A token that is valid for connecting within seconds, and then does not expire the connection.
    let once = ConnectionToken::user("43")
        .expires_in(Duration::from_secs(1))
        .never_ends();
    let mut stays = Client::start_with_token(&alone, signed(once, &key));
    assert_eq!(stays.outcome().await, "connected");
    let (renewed, stayed) = tokio::join!(
        tokio::time::timeout(Duration::from_secs(12), client.outcome()),
        tokio::time::timeout(Duration::from_secs(12), stays.outcome()),
    );
    assert!(renewed.is_err() && stayed.is_err(), "{renewed:?} {stayed:?}");
    assert!(count.load(Ordering::Relaxed) >= 3, "{count:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_audience_and_issuer() {
    let (key, mut settings) = hs256();
    settings["audience"] = "chat".into();
    settings["issuer"] = "backend".into();
    let (alone, _) = start(settings);
    let token = || {
        ConnectionToken::user("42")
            .expires_in(HOUR)
            .issued_at(SystemTime::now())
            .id("t-1")
    };
    for (token, expected) in [
        (token().audience("chat").issuer("backend"), "connected"),
        (
            token().audience("other").audience("chat").issuer("backend"),
            "connected",
        ),
        (
            token().audience("other").issuer("backend"),
            "disconnected 3500 invalid token",
        ),
        (
            token().audience("chat").issuer("other"),
            "disconnected 3500 invalid token",
        ),
        (token(), "disconnected 3500 invalid token"),
    ] {
        assert_eq!(outcome(&alone, signed(token, &key)).await, expected);
    }
}
