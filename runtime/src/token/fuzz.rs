//! The fuzz target for the claims of tokens.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{ConnectionToken, Key, SharedPollSignature, SubscriptionOptions, SubscriptionToken};
use crate::fuzzing::Choices;
use crate::time::Time;

/// Signs tokens whose claims are chosen by the bytes, and compares the claims that it reads back.
pub fn token_claims(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let key = Key::hs256(choices.bytes());
    connection(&mut choices, &key);
    subscription(&mut choices, &key);
    track(&mut choices, &key);
}

fn connection(choices: &mut Choices<'_>, key: &Key) {
    let user = choices.text();
    let (exp, expire_at) = (time(choices), time(choices));
    let (info, json) = (choices.bytes(), serde_json::from_slice::<Value>(&choices.bytes()));
    let mut token = ConnectionToken::user(user.as_str())
        .expires_at(exp)
        .ends_at(expire_at)
        .info_bytes(&info);
    if let Ok(json) = &json {
        token = token.meta(json).caps(json);
    }
    let mut channels = BTreeSet::new();
    let has_options = choices.below(2) == 1;
    for _ in 0..choices.below(4) {
        let channel = choices.text();
        token = match has_options {
            true => token.subscription(channel.as_str(), options(choices)),
            false => token.channel(channel.as_str()),
        };
        channels.insert(channel);
    }
    let (id, issuer, audience) = (choices.text(), choices.text(), choices.text());
    let label = choices.text();
    let token = token
        .id(&id)
        .issuer(&issuer)
        .audience(&audience)
        .label(&label, &user);
    let claims = claims(&token.sign(key).expect("a token"));
    assert_eq!(claims["sub"], user);
    assert_eq!(
        (&claims["exp"], &claims["expire_at"]),
        (&exp.unix_seconds().into(), &expire_at.unix_seconds().into())
    );
    assert_eq!((&claims["jti"], &claims["iss"]), (&id.into(), &issuer.into()));
    assert_eq!(claims["aud"], Value::from(vec![audience]));
    assert_eq!(claims["labels"][label], user);
    assert_eq!(
        STANDARD
            .decode(claims["b64info"].as_str().expect("b64info"))
            .expect("base64"),
        info
    );
    if let Ok(json) = json {
        // serde_json may read the last digit of a fraction inexactly, so both values are read the same number of times.
        let json: Value = serde_json::from_str(&json.to_string()).expect("JSON");
        assert_eq!((&claims["meta"], &claims["caps"]), (&json, &json));
    }
    // Centrifugo reads only one of the two.
    assert!(claims.get("subs").is_none() || claims.get("channels").is_none());
    let seen: BTreeSet<String> = match (&claims["subs"], &claims["channels"]) {
        (Value::Object(subs), _) => subs.keys().cloned().collect(),
        (_, Value::Array(list)) => list
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        _ => BTreeSet::new(),
    };
    assert_eq!(seen, channels);
}

fn subscription(choices: &mut Choices<'_>, key: &Key) {
    let (user, channel, iat) = (choices.text(), choices.text(), time(choices));
    let token = SubscriptionToken::user(user.as_str(), channel.as_str())
        .issued_at(iat)
        .options(options(choices));
    let claims = claims(&token.sign(key).expect("a token"));
    assert_eq!(
        (&claims["sub"], &claims["channel"]),
        (&user.into(), &channel.into())
    );
    assert_eq!(claims["iat"], iat.unix_seconds());
    assert!(claims.get("exp").is_none());
}

fn options(choices: &mut Choices<'_>) -> SubscriptionOptions {
    let options = SubscriptionOptions::new()
        .info_bytes(choices.bytes())
        .data(&choices.text());
    match choices.below(4) {
        0 => options,
        1 => options.presence(true),
        2 => options.join_leave(false).force_recovery(true),
        _ => options.force_positioning(true).force_push_join_leave(true),
    }
}

fn track(choices: &mut Choices<'_>, key: &Key) {
    let (user, channel) = (choices.text(), choices.text());
    let keys: Vec<_> = (0..choices.below(4)).map(|_| choices.text()).collect();
    let (issued_at, expires_at) = (time(choices), time(choices));
    let has_zero = [&user, &channel]
        .into_iter()
        .chain(&keys)
        .any(|text| text.contains('\0'));
    let signed = SharedPollSignature::user(user, channel)
        .keys(keys)
        .issued_at(issued_at)
        .expires_at(expires_at)
        .sign(key);
    assert_eq!(signed.is_err(), has_zero);
    if let Ok(text) = signed {
        let parts: Vec<_> = text.split(':').collect();
        assert_eq!(
            parts[..2],
            [
                issued_at.unix_seconds().to_string(),
                expires_at.unix_seconds().to_string()
            ]
        );
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[2].len(), 64);
    }
}

/// Chooses a time up to the end of the year 9999.
fn time(choices: &mut Choices<'_>) -> Time {
    Time::from_unix_seconds(choices.long().rem_euclid(253_402_300_800))
}

/// Returns the claims of a token, which has three parts in base64.
fn claims(token: &str) -> Value {
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let json = URL_SAFE_NO_PAD.decode(parts[1]).expect("base64");
    serde_json::from_slice(&json).expect("claims")
}
