//! JSON web tokens as clients send them to Centrifugo.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

use super::configuration::Configuration;
use super::key_table::join;
use super::request::Token;
use super::tokens::{SKIP_SIGNATURE, subscription_section};

/// What a token is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TokenUse<'a> {
    /// A connection.
    Connection {
        /// The user of the connection that goes on. `None` for a new one, whose user is that of the token.
        user: Option<&'a str>,
    },
    /// A subscription of a user.
    Subscription {
        /// The channel.
        channel: &'a str,
        /// The user of the connection.
        user: &'a str,
    },
}

/// What a token is for Centrifugo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JudgedToken {
    pub(crate) state: Token,
    /// The user that the token names.
    pub(crate) user: String,
    /// Why, for people.
    pub(crate) why: String,
}

/// Returns a token that is signed with a key by HS256.
pub(crate) fn sign(key: &str, claims: &Value) -> String {
    let header = json!({ "alg": "HS256", "typ": "JWT" }).to_string();
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let signature = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Returns what a token is for Centrifugo. Signatures by public keys are not checked.
pub(crate) fn judge(
    token: &str,
    token_use: TokenUse<'_>,
    configuration: &Configuration,
    now: SystemTime,
) -> JudgedToken {
    let section = match token_use {
        TokenUse::Connection { .. } => "client.token",
        TokenUse::Subscription { .. } => subscription_section(configuration),
    };
    let judged = |state, user: &str, why: String| JudgedToken {
        state,
        user: user.to_owned(),
        why,
    };
    let Some((header, claims)) = parts(token) else {
        return judged(Token::Invalid, "", "it is not a JSON web token".to_owned());
    };
    let option = |name: &str| configuration.text(&join(section, name));
    let user_claim = Some(option("user_id_claim")).filter(|claim| !claim.is_empty());
    let user = claims.get(user_claim.as_deref().unwrap_or("sub"));
    let user = user.and_then(Value::as_str).unwrap_or_default();
    let mut why = Vec::new();
    let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    if configuration.bool(SKIP_SIGNATURE) {
        why.push("its signature does not matter".to_owned());
    } else {
        match signature(token, algorithm, section, configuration) {
            Ok(text) => why.push(text),
            Err(problem) => return judged(Token::Invalid, user, problem),
        }
    }
    for (claim, name) in [("aud", "audience"), ("iss", "issuer")] {
        let wanted = option(name);
        if !wanted.is_empty() && !has(claims.get(claim), &wanted) {
            let problem = format!("its `{claim}` is not `{wanted}` ({})", join(section, name));
            return judged(Token::Invalid, user, problem);
        }
    }
    let seconds = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64();
    let time = |claim: &str| claims.get(claim).and_then(Value::as_f64);
    if time("nbf").is_some_and(|begin| begin > seconds) {
        return judged(Token::Invalid, user, "it is not valid yet (`nbf`)".to_owned());
    }
    match time("exp").filter(|end| *end > 0.0) {
        Some(end) if end <= seconds => {
            let problem = format!("it expired {} ago", rounded(seconds - end));
            return judged(Token::Expired, user, problem);
        }
        Some(end) => why.push(format!("it expires in {}", rounded(end - seconds))),
        None => why.push("it does not expire".to_owned()),
    }
    why.push(format!("it is for the user `{user}`"));
    let asking = match token_use {
        TokenUse::Subscription {
            channel,
            user: asking,
        } => {
            let of_token = claims.get("channel").and_then(Value::as_str).unwrap_or_default();
            if of_token != channel {
                let problem = format!("it is for the channel `{of_token}`");
                return judged(Token::Other, user, problem);
            }
            Some(asking)
        }
        TokenUse::Connection { user: asking } => asking,
    };
    if let Some(asking) = asking
        && user != asking
    {
        let problem = format!("it is for the user `{user}`, not `{asking}`");
        return judged(Token::Other, user, problem);
    }
    judged(Token::Valid, user, why.join(", "))
}

/// Returns the header and the claims.
fn parts(token: &str) -> Option<(Value, Value)> {
    let mut parts = token.split('.');
    let mut part = || {
        let bytes = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        serde_json::from_slice::<Value>(&bytes)
            .ok()
            .filter(Value::is_object)
    };
    let (header, claims) = (part()?, part()?);
    let has_signature = parts.next().is_some() && parts.next().is_none();
    has_signature.then_some((header, claims))
}

/// Returns what is known about the signature of a token, or what is wrong with it.
fn signature(
    token: &str,
    algorithm: &str,
    section: &str,
    configuration: &Configuration,
) -> Result<String, String> {
    let algorithm_of_key = match algorithm {
        "HS256" => hmac::HMAC_SHA256,
        "HS384" => hmac::HMAC_SHA384,
        "HS512" => hmac::HMAC_SHA512,
        "RS256" | "RS384" | "RS512" | "ES256" | "ES384" | "ES512" | "EdDSA" => {
            return Ok(format!("its signature ({algorithm}) is not checked here"));
        }
        other => return Err(format!("Centrifugo does not know its algorithm `{other}`")),
    };
    let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| "its signature is not base64".to_owned())?;
    let mut names = Vec::new();
    for name in ["hmac_secret_key", "hmac_previous_secret_key"] {
        let path = join(section, name);
        let key = configuration.text(&path);
        if key.is_empty() {
            continue;
        }
        let key = hmac::Key::new(algorithm_of_key, key.as_bytes());
        if hmac::verify(&key, signed.as_bytes(), &signature).is_ok() {
            return Ok(format!("it is signed with {path}"));
        }
        names.push(path);
    }
    Err(if names.is_empty() {
        format!("{} is not set", join(section, "hmac_secret_key"))
    } else {
        format!("it is not signed with {}", names.join(" or "))
    })
}

/// Returns whether a claim is a text, or a list that contains it.
fn has(claim: Option<&Value>, wanted: &str) -> bool {
    match claim {
        Some(Value::String(text)) => text == wanted,
        Some(Value::Array(texts)) => texts.iter().any(|text| text == wanted),
        _ => false,
    }
}

/// Returns a duration in its largest unit.
fn rounded(seconds: f64) -> String {
    let seconds = Duration::try_from_secs_f64(seconds)
        .unwrap_or(Duration::MAX)
        .as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centrifugo::Environment;

    const NOW: u64 = 2_000_000_000;

    fn judged(config: &Value, token: &str, token_use: TokenUse<'_>) -> (Token, String) {
        let configuration = Configuration::load(config, &Environment::default());
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let judged = judge(token, token_use, &configuration, now);
        (judged.state, judged.why)
    }

    #[test]
    fn judges_connection_tokens() {
        let config =
            json!({ "client": { "token": { "hmac_secret_key": "new", "hmac_previous_secret_key": "old" } } });
        let of = |key: &str, claims: Value| {
            judged(&config, &sign(key, &claims), TokenUse::Connection { user: None })
        };
        let valid =
            "it is signed with client.token.hmac_secret_key, it expires in 2 min, it is for the user `42`";
        assert_eq!(
            of("new", json!({ "sub": "42", "exp": NOW + 120 })),
            (Token::Valid, valid.to_owned())
        );
        assert_eq!(of("old", json!({ "sub": "42" })).0, Token::Valid);
        for (key, claims, state, part) in [
            (
                "other",
                json!({}),
                Token::Invalid,
                "it is not signed with client.token.hmac_secret_key or",
            ),
            ("new", json!({ "exp": NOW }), Token::Expired, "it expired 0 s ago"),
            (
                "new",
                json!({ "exp": NOW - 172_800 }),
                Token::Expired,
                "it expired 2 days ago",
            ),
            ("new", json!({ "nbf": NOW + 1 }), Token::Invalid, "nbf"),
        ] {
            let (found, why) = of(key, claims);
            assert!(found == state && why.contains(part), "{found:?} {why}");
        }
        for text in ["", "a.b", "e30.e30", "e30.e30.x.y", "W10.e30.x"] {
            let expected = (Token::Invalid, "it is not a JSON web token".to_owned());
            assert_eq!(
                judged(&config, text, TokenUse::Connection { user: None }),
                expected,
                "{text}"
            );
        }
        // {"alg":"none"} and {"alg":"RS256"}.
        let none = judged(
            &config,
            "eyJhbGciOiJub25lIn0.e30.",
            TokenUse::Connection { user: None },
        );
        assert!(none.0 == Token::Invalid && none.1.contains("`none`"), "{none:?}");
        let public = judged(
            &config,
            "eyJhbGciOiJSUzI1NiJ9.e30.AA",
            TokenUse::Connection { user: None },
        );
        assert!(
            public.0 == Token::Valid && public.1.contains("not checked"),
            "{public:?}"
        );
        let unset = judged(
            &json!({}),
            &sign("new", &json!({})),
            TokenUse::Connection { user: None },
        );
        assert_eq!(
            unset,
            (
                Token::Invalid,
                "client.token.hmac_secret_key is not set".to_owned()
            )
        );
        let skip = json!({ "client": { "insecure_skip_token_signature_verify": true } });
        assert_eq!(
            judged(&skip, &sign("x", &json!({})), TokenUse::Connection { user: None }).0,
            Token::Valid
        );
    }

    #[test]
    fn judges_claims_that_the_configuration_names() {
        let config = json!({ "client": { "token": {
            "hmac_secret_key": "k", "audience": "app", "issuer": "login", "user_id_claim": "uid",
        } } });
        let of = |claims: Value| judged(&config, &sign("k", &claims), TokenUse::Connection { user: None });
        let (state, why) = of(json!({ "aud": ["x", "app"], "iss": "login", "uid": "7" }));
        assert!(
            state == Token::Valid && why.ends_with("for the user `7`"),
            "{why}"
        );
        for (claims, part) in [
            (json!({ "iss": "login" }), "`aud` is not `app`"),
            (json!({ "aud": "app", "iss": "x" }), "`iss` is not `login`"),
        ] {
            let (state, why) = of(claims);
            assert!(state == Token::Invalid && why.contains(part), "{why}");
        }
    }

    #[test]
    fn judges_tokens_of_refreshes() {
        let config = json!({ "client": { "token": { "hmac_secret_key": "k" } } });
        let of = |user: &str| {
            let token = sign("k", &json!({ "sub": user }));
            judged(&config, &token, TokenUse::Connection { user: Some("42") })
        };
        assert_eq!(of("42").0, Token::Valid);
        let (state, why) = of("43");
        assert!(
            state == Token::Other && why.contains("the user `43`, not `42`"),
            "{why}"
        );
    }

    #[test]
    fn judges_subscription_tokens() {
        let of = |config: Value, claims: Value| {
            let token_use = TokenUse::Subscription {
                channel: "chat:1",
                user: "42",
            };
            judged(&config, &sign("k", &claims), token_use)
        };
        let config = json!({ "client": { "token": { "hmac_secret_key": "k" } } });
        let own = json!({ "client": {
            "token": { "hmac_secret_key": "k" }, "subscription_token": { "enabled": true, "hmac_secret_key": "s" },
        } });
        let claims = json!({ "sub": "42", "channel": "chat:1" });
        assert_eq!(of(config.clone(), claims.clone()).0, Token::Valid);
        assert_eq!(of(own, claims).0, Token::Invalid);
        for (claims, part) in [
            (
                json!({ "sub": "42", "channel": "chat:2" }),
                "the channel `chat:2`",
            ),
            (
                json!({ "sub": "7", "channel": "chat:1" }),
                "the user `7`, not `42`",
            ),
        ] {
            let (state, why) = of(config.clone(), claims);
            assert!(state == Token::Other && why.contains(part), "{why}");
        }
    }
}
