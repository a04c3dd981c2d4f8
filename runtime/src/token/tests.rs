//! Tests that read tokens with the secret or the public key.
//!
//! The keys in `test_keys` were created by openssl for these tests and are not used anywhere else.

use std::collections::HashMap;
use std::error::Error as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use rustls_pki_types::pem::{PemObject as _, SectionKind};
use serde_json::{Value, json};

use super::*;

macro_rules! test_key {
    ($name:literal) => {
        include_str!(concat!("test_keys/", $name, ".pem"))
    };
}

/// Splits a token into the signed text and the signature.
fn split(token: &str) -> (&str, Vec<u8>) {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    (signed, URL_SAFE_NO_PAD.decode(signature).unwrap())
}

/// Returns the claims of a token.
fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Returns the claims of a token after checking that this secret signed it.
fn verified(token: &str, secret: &str) -> Value {
    let (signed, signature) = split(token);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, signed.as_bytes(), &signature).unwrap();
    claims(token)
}

fn header(token: &str) -> Value {
    let part = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Returns the time an hour from now, and its Unix seconds.
fn in_an_hour() -> (SystemTime, u64) {
    let later = SystemTime::now() + Duration::from_secs(3600);
    (later, later.duration_since(UNIX_EPOCH).unwrap().as_secs())
}

#[test]
fn writes_all_claims_of_a_connection() {
    let key = Key::hs256("secret");
    let (later, seconds) = in_an_hour();
    let token = ConnectionToken::user("42")
        .expires_at(later)
        .ends_at(later + Duration::from_secs(1))
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
            SubscriptionOptions::new()
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
    let claims = verified(&token, "secret");
    assert_eq!(
        claims,
        json!({
            "sub": "42", "exp": seconds, "expire_at": seconds + 1, "iat": 5, "jti": "j", "aud": ["a", "b"], "iss": "i",
            "info": {"name": "ann"}, "meta": {"role": 1},
            // Channels without options too, because Centrifugo ignores "channels" if the token has "subs".
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
fn writes_channels_without_options() {
    let key = Key::hs256("secret");
    let token = ConnectionToken::user("42")
        .channel("x")
        .channel("y")
        .sign(&key)
        .unwrap();
    let claims = verified(&token, "secret");
    assert_eq!(claims, json!({"sub": "42", "channels": ["x", "y"]}));
}

#[test]
fn writes_all_claims_of_a_subscription() {
    let key = Key::hs256("secret");
    let (later, seconds) = in_an_hour();
    let options = SubscriptionOptions::new()
        .info(&1)
        .data_bytes("x")
        .join_leave(true)
        .force_positioning(false)
        .force_push_join_leave(true);
    let token = SubscriptionToken::user("42", "chat:1")
        .expires_at(later)
        .never_ends()
        .audience("a")
        .options(options)
        .allow(&["pub"])
        .sign(&key)
        .unwrap();
    let claims = verified(&token, "secret");
    assert_eq!(
        claims,
        json!({
            "sub": "42", "channel": "chat:1", "exp": seconds, "expire_at": 0, "aud": ["a"], "info": 1, "b64data": "eA==",
            "override": {"join_leave": {"value": true}, "force_positioning": {"value": false}, "force_push_join_leave": {"value": true}},
            "allow": ["pub"],
        })
    );
}

#[test]
fn writes_no_claims_that_are_not_set() {
    let key = Key::hs256("s");
    let connection = ConnectionToken::anonymous().sign(&key).unwrap();
    assert_eq!(verified(&connection, "s"), json!({"sub": ""}));
    let subscription = SubscriptionToken::anonymous("c").sign(&key).unwrap();
    assert_eq!(verified(&subscription, "s"), json!({"sub": "", "channel": "c"}));
}

#[test]
fn limits_times_to_the_year_9999() {
    let exp = |duration| {
        let token = ConnectionToken::user("42").expires_in(duration);
        claims(&token.sign(&Key::hs256("s")).unwrap())["exp"]
            .as_u64()
            .unwrap()
    };
    let (_, seconds) = in_an_hour();
    let soon = exp(Duration::from_secs(3600));
    assert!((seconds..=seconds + 5).contains(&soon));
    assert_eq!(exp(Duration::MAX), 253_402_300_799);
    assert_eq!(
        exp(Duration::from_secs(u64::from(u32::MAX) * 1000)),
        253_402_300_799
    );
}

// The expected tokens were signed by openssl.
#[test]
fn returns_known_tokens() {
    let token = ConnectionToken::user("42").sign(&Key::hs256("secret")).unwrap();
    assert_eq!(
        token,
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.cYo84rqiyvYovXGPGxY7a4qWLa5HA857Nb2uMrkVcHs"
    );
    for pem in [test_key!("rsa_2048_pkcs1"), test_key!("rsa_2048_pkcs8")] {
        let key = Key::rs256(pem).unwrap();
        let token = ConnectionToken::user("42").sign(&key).unwrap();
        assert_eq!(
            token,
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.clxj8B1_Y4o8Q5wmBdGv_f4CdgV-lFFApHu0qNEiVHXiNIOkhD2F6bfXYSXCjFLJ5aHHXwO0O4YIsuFG0J2LmaZ-PNX1Ms_vRxv95xKgRwXjaFjdP_eC7zLCctKk4TSeXepSJ8iJed0dD3lQzmocLdZpu9E94jS12f7dcxD0ialfLwnaTcFKcIs6AuL7gN9ZunVipiiPIc4exM_rnt6em-rH3ThaKTa2NOvaYdCD-4tAsbZ-U5vZnNVzFmq-f8v_1DklObHq_RI2vVz10KVhN9tMI27cIwc_aicVLiaF8b7d-ZbEgNZ-sL4wRj2YuZQHutbWKyw83LnBGxLWMpHZUA"
        );
    }
}

#[test]
fn signs_with_a_p256_key_of_both_forms() {
    let public = test_key!("ec_p256_public");
    let (_, spki) = <(SectionKind, Vec<u8>)>::from_pem_slice(public.as_bytes()).unwrap();
    // The point is the last part of the public key info.
    let point = &spki[spki.len() - 65..];
    for pem in [test_key!("ec_p256_sec1"), test_key!("ec_p256_pkcs8")] {
        let key = Key::es256(pem).unwrap().id("k1");
        let token = SubscriptionToken::user("42", "c").sign(&key).unwrap();
        assert_eq!(header(&token), json!({"typ": "JWT", "alg": "ES256", "kid": "k1"}));
        assert_eq!(claims(&token), json!({"sub": "42", "channel": "c"}));
        let (signed, signature) = split(&token);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(signed.as_bytes(), &signature)
            .unwrap();
    }
}

#[test]
fn refuses_keys_that_cannot_sign_and_names_the_cause() {
    for (pem, cause) in [
        (test_key!("rsa_1024"), "at least 2,048 bits"),
        (test_key!("rsa_2048_public"), "has a public key"),
        (test_key!("rsa_2048_encrypted"), "is encrypted"),
        (test_key!("ec_p256_sec1"), "is an EC key"),
        (test_key!("ec_p256_pkcs8"), "is not an RSA key"),
        ("s3cret", "no private key in PEM"),
    ] {
        let error = Key::rs256(pem).unwrap_err().to_string();
        assert!(error.contains(cause), "{error}");
    }
    for (pem, cause) in [
        (test_key!("ec_p384_sec1"), "is not a P-256 key"),
        (test_key!("ec_p256_no_public"), "has no public part"),
        (test_key!("ec_p256_public"), "has a public key"),
        (test_key!("rsa_2048_pkcs1"), "is an RSA key"),
        (test_key!("rsa_2048_pkcs8"), "is not a P-256 key"),
        ("s3cret", "no private key in PEM"),
    ] {
        let error = Key::es256(pem).unwrap_err().to_string();
        assert!(error.contains(cause), "{error}");
    }
}

#[test]
fn never_shows_a_key() {
    let key = Key::hs256("t0p-s3cret");
    assert_eq!(format!("{key:?}"), "Key { algorithm: HS256, .. }");
    let pem = "-----BEGIN PRIVATE KEY-----\nt0ps3cret\n-----END PRIVATE KEY-----";
    for error in [Key::rs256(pem).unwrap_err(), Key::es256(pem).unwrap_err()] {
        assert!(!format!("{error} {error:?}").contains("t0ps3cret"), "{error}");
    }
}

#[test]
fn refuses_to_sign_data_that_is_not_json() {
    let broken = HashMap::from([((1, 2), 3)]);
    let error = ConnectionToken::user("42")
        .info(&broken)
        .sign(&Key::hs256("s"))
        .unwrap_err();
    assert!(error.to_string().starts_with("the claim `info`"), "{error}");
    assert!(error.source().is_some());
    let options = SubscriptionOptions::new().data(&broken);
    assert!(
        ConnectionToken::user("42")
            .subscription("c", options)
            .sign(&Key::hs256("s"))
            .is_err()
    );
}
