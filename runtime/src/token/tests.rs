//! Tokens, read again with the public half of their keys.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::*;
use crate::time::Time;

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

/// The claims of a token whose signature is right.
fn read(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Value, ErrorKind> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    jsonwebtoken::decode::<Value>(token, key, &validation)
        .map(|token| token.claims)
        .map_err(|error| error.into_kind())
}

fn header(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

#[test]
fn all_claims_of_a_connection() {
    let key = Key::hs256("secret");
    let later = now() + 3600;
    let token = Connection::user("42")
        .expires_at(Time::from_unix_seconds(later))
        .ends_at(Time::from_unix_seconds(later + 1))
        .issued_at(UNIX_EPOCH + Duration::from_secs(5))
        .id("j")
        .audience("a")
        .audience("b")
        .issuer("i")
        .info(&json!({"name": "ann"}))
        .meta(&json!({"role": 1}))
        .channel("plain")
        .channel("z")
        .subscription(
            "z",
            Options::new()
                .info_bytes([1])
                .data(&"hi")
                .presence(false)
                .force_recovery(true),
        )
        .caps(&json!([{"channels": ["*"], "allow": ["sub"]}]))
        .label("tier", "gold")
        .sign(&key)
        .unwrap();
    assert_eq!(header(&token), json!({"typ": "JWT", "alg": "HS256"}));
    let claims = read(&token, &DecodingKey::from_secret(b"secret"), Algorithm::HS256).unwrap();
    assert_eq!(
        claims,
        json!({
            "sub": "42", "exp": later, "expire_at": later + 1, "iat": 5, "jti": "j", "aud": ["a", "b"], "iss": "i",
            "info": {"name": "ann"}, "meta": {"role": 1},
            // Those without options too: beside "subs", Centrifugo does not look at "channels".
            "subs": {"plain": {}, "z": {
                "b64info": "AQ==", "data": "hi",
                "override": {"presence": {"value": false}, "force_recovery": {"value": true}},
            }},
            "caps": [{"channels": ["*"], "allow": ["sub"]}],
            "labels": {"tier": "gold"},
        })
    );
}

#[test]
fn channels_without_options() {
    let key = Key::hs256("secret");
    let token = Connection::user("42")
        .channel("x")
        .channel("y")
        .sign(&key)
        .unwrap();
    let claims = read(&token, &DecodingKey::from_secret(b"secret"), Algorithm::HS256).unwrap();
    assert_eq!(claims, json!({"sub": "42", "channels": ["x", "y"]}));
}

#[test]
fn all_claims_of_a_subscription() {
    let key = Key::hs256("secret");
    let later = now() + 3600;
    let options = Options::new()
        .info(&1)
        .data_bytes("x")
        .join_leave(true)
        .force_positioning(false)
        .force_push_join_leave(true);
    let token = Subscription::user("42", "chat:1")
        .expires_at(Time::from_unix_seconds(later))
        .never_ends()
        .audience("a")
        .options(options)
        .allow(&["pub"])
        .sign(&key)
        .unwrap();
    let claims = read(&token, &DecodingKey::from_secret(b"secret"), Algorithm::HS256).unwrap();
    assert_eq!(
        claims,
        json!({
            "sub": "42", "channel": "chat:1", "exp": later, "expire_at": 0, "aud": ["a"], "info": 1, "b64data": "eA==",
            "override": {"join_leave": {"value": true}, "force_positioning": {"value": false}, "force_push_join_leave": {"value": true}},
            "allow": ["pub"],
        })
    );
}

#[test]
fn little_is_said_unless_asked() {
    let secret = DecodingKey::from_secret(b"s");
    let key = Key::hs256("s");
    let connection = Connection::anonymous().sign(&key).unwrap();
    assert_eq!(
        read(&connection, &secret, Algorithm::HS256).unwrap(),
        json!({"sub": ""})
    );
    let subscription = Subscription::anonymous("c").sign(&key).unwrap();
    assert_eq!(
        read(&subscription, &secret, Algorithm::HS256).unwrap(),
        json!({"sub": "", "channel": "c"})
    );
}

#[test]
fn expired_tokens_and_those_of_another_key_are_seen() {
    let token = Connection::user("42")
        .expires_at(Time::from_unix_seconds(now() - 3600))
        .sign(&Key::hs256("s"))
        .unwrap();
    let read = |secret: &[u8]| read(&token, &DecodingKey::from_secret(secret), Algorithm::HS256);
    assert_eq!(read(b"s").unwrap_err(), ErrorKind::ExpiredSignature);
    assert_eq!(read(b"other").unwrap_err(), ErrorKind::InvalidSignature);
    let soon = Connection::user("42")
        .expires_in(Duration::from_secs(60))
        .sign(&Key::hs256("s"))
        .unwrap();
    let exp = self::read(&soon, &DecodingKey::from_secret(b"s"), Algorithm::HS256).unwrap()["exp"]
        .as_i64()
        .unwrap();
    assert!((now() + 58..=now() + 61).contains(&exp));
}

#[test]
fn rsa_and_ec_keys() {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let private = pem(
        "PRIVATE KEY",
        AsDer::<Pkcs8V1Der<'_>>::as_der(&rsa).unwrap().as_ref(),
    );
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(rsa.public_key()).unwrap();
    let public = DecodingKey::from_rsa_pem(pem("PUBLIC KEY", public.as_ref()).as_bytes()).unwrap();
    let key = Key::rs256(&private).unwrap().id("k1");
    let token = Connection::user("42").sign(&key).unwrap();
    assert_eq!(header(&token), json!({"typ": "JWT", "alg": "RS256", "kid": "k1"}));
    assert_eq!(
        read(&token, &public, Algorithm::RS256).unwrap(),
        json!({"sub": "42"})
    );
    assert!(Key::es256(&private).is_err());

    let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let private = pem("PRIVATE KEY", ec.to_pkcs8v1().unwrap().as_ref());
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(ec.public_key()).unwrap();
    let public = DecodingKey::from_ec_pem(pem("PUBLIC KEY", public.as_ref()).as_bytes()).unwrap();
    let key = Key::es256(&private).unwrap();
    let token = Subscription::user("42", "c").sign(&key).unwrap();
    assert_eq!(header(&token)["alg"], "ES256");
    assert_eq!(
        read(&token, &public, Algorithm::ES256).unwrap(),
        json!({"sub": "42", "channel": "c"})
    );
    assert!(Key::rs256(&private).is_err());

    let other = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let other = pem("PRIVATE KEY", other.to_pkcs8v1().unwrap().as_ref());
    assert_eq!(
        Key::es256(other).unwrap_err().to_string(),
        "the key is no P-256 key"
    );
}

#[test]
fn keys_are_never_shown() {
    let key = Key::hs256("t0p-s3cret");
    assert_eq!(format!("{key:?}"), "Key { algorithm: HS256, .. }");
    let pem = "-----BEGIN PRIVATE KEY-----\nt0ps3cret\n-----END PRIVATE KEY-----";
    for error in [Key::rs256(pem).unwrap_err(), Key::es256(pem).unwrap_err()] {
        assert!(!format!("{error} {error:?}").contains("t0ps3cret"), "{error}");
    }
}

#[test]
fn what_is_no_json_is_told_when_the_token_is_signed() {
    let broken = HashMap::from([((1, 2), 3)]);
    let error = Connection::user("42")
        .info(&broken)
        .sign(&Key::hs256("s"))
        .unwrap_err();
    assert!(error.to_string().starts_with("the claim `info`"), "{error}");
    let options = Options::new().data(&broken);
    assert!(
        Connection::user("42")
            .subscription("c", options)
            .sign(&Key::hs256("s"))
            .is_err()
    );
}
