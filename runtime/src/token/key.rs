//! Keys that sign tokens.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::error::KeyRejected;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde::Serialize;

use super::private_key_pem::{self, PrivateKeyDer};
use super::token_error::TokenError;

/// A key that signs tokens with HS256, RS256 or ES256.
///
/// `Debug` shows the algorithm and not the key. Clones share the key.
#[derive(Clone)]
pub struct Key {
    algorithm: Algorithm,
    id: Option<String>,
}

#[derive(Clone)]
enum Algorithm {
    Hs256(hmac::Key),
    Rs256(Arc<RsaKeyPair>),
    Es256(Arc<EcdsaKeyPair>),
}

/// The header of a token.
#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

impl Algorithm {
    fn name(&self) -> &'static str {
        match self {
            Self::Hs256(_) => "HS256",
            Self::Rs256(_) => "RS256",
            Self::Es256(_) => "ES256",
        }
    }
}

impl Key {
    /// Creates an HS256 key from a secret, which Centrifugo has as `client.token.hmac_secret_key`.
    ///
    /// The bytes are not changed: a line break at the end is part of the secret.
    pub fn hs256(secret: impl AsRef<[u8]>) -> Self {
        Self::new(Algorithm::Hs256(hmac::Key::new(
            hmac::HMAC_SHA256,
            secret.as_ref(),
        )))
    }

    /// Reads a private RSA key of 2,048 to 4,096 bits from PEM (PKCS#1 or PKCS#8).
    ///
    /// Centrifugo has the public key as `client.token.rsa_public_key`.
    ///
    /// # Errors
    ///
    /// Fails if the PEM has no private RSA key of this size. The error names the cause.
    pub fn rs256(pem: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let key = match private_key_pem::read(pem.as_ref())? {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(&der),
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(&der),
            PrivateKeyDer::Sec1(_) => {
                return Err(TokenError::new("the key is an EC key: RS256 needs an RSA key"));
            }
        };
        let key = key.map_err(|rejected| match &*rejected.to_string() {
            "TooSmall" => TokenError::new(
                "the RSA key is too short: RS256 needs at least 2,048 bits (RFC 7518, section 3.3)",
            ),
            "TooLarge" => TokenError::new("the RSA key is too long: keys of up to 4,096 bits are supported"),
            "WrongAlgorithm" => TokenError::new("the key is not an RSA key: RS256 needs one"),
            _ => unreadable("RSA", rejected),
        })?;
        Ok(Self::new(Algorithm::Rs256(Arc::new(key))))
    }

    /// Reads a private P-256 key from PEM (SEC 1, as `openssl ecparam -genkey` writes it, or PKCS#8).
    ///
    /// Centrifugo has the public key as `client.token.ecdsa_public_key`.
    ///
    /// ```
    /// use centrifugo::token::Key;
    ///
    /// assert!(Key::es256("not PEM").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the PEM has no private P-256 key, or if the key has no public part. The error names the cause.
    pub fn es256(pem: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let der = match private_key_pem::read(pem.as_ref())? {
            PrivateKeyDer::Pkcs8(der) => der,
            PrivateKeyDer::Sec1(der) => private_key_pem::p256_sec1_to_pkcs8(&der),
            PrivateKeyDer::Pkcs1(_) => {
                return Err(TokenError::new("the key is an RSA key: ES256 needs a P-256 key"));
            }
        };
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new())
            .map_err(|rejected| match &*rejected.to_string() {
                "WrongAlgorithm" => TokenError::new("the key is not a P-256 key: ES256 needs one"),
                // ring needs the public part, and does not report whether it is missing or malformed.
                "InvalidEncoding" | "PublicKeyIsMissing" => TokenError::new(
                    "the P-256 key is malformed or has no public part: `openssl ec -in key.pem -out complete.pem` \
                     writes it with its public part",
                ),
                _ => unreadable("P-256", rejected),
            })?;
        Ok(Self::new(Algorithm::Es256(Arc::new(key))))
    }

    fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, id: None }
    }

    /// Sets the name of the key (`kid`), by which Centrifugo finds it in a JWKS.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Returns a JSON Web Token with these claims.
    pub(super) fn sign<T: Serialize>(&self, claims: &T) -> Result<String, TokenError> {
        let header = Header {
            typ: "JWT",
            alg: self.algorithm.name(),
            kid: self.id.as_deref(),
        };
        let mut token = part(&header)?;
        token.push('.');
        token.push_str(&part(claims)?);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, bytes: &[u8]) -> Result<Vec<u8>, TokenError> {
        let random = SystemRandom::new();
        let signature = match &self.algorithm {
            Algorithm::Hs256(key) => Ok(hmac::sign(key, bytes).as_ref().to_vec()),
            Algorithm::Rs256(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .map(|()| signature)
            }
            Algorithm::Es256(key) => key
                .sign(&random, bytes)
                .map(|signature| signature.as_ref().to_vec()),
        };
        signature.map_err(|_| TokenError::new(format!("signing with {} failed", self.algorithm.name())))
    }

    /// Returns the HMAC-SHA-256 of these bytes.
    pub(super) fn hmac(&self, bytes: &[u8]) -> Result<hmac::Tag, TokenError> {
        match &self.algorithm {
            Algorithm::Hs256(key) => Ok(hmac::sign(key, bytes)),
            other => Err(TokenError::new(format!(
                "the signature of a shared poll needs an HS256 key, not one for {}",
                other.name()
            ))),
        }
    }
}

/// Returns a part of a token: JSON in base64.
fn part<T: Serialize>(value: &T) -> Result<String, TokenError> {
    let json = serde_json::to_vec(value).map_err(|error| {
        TokenError::with_source("the claims cannot be written as JSON", Arc::new(error) as Arc<_>)
    })?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

fn unreadable(kind: &str, rejected: KeyRejected) -> TokenError {
    TokenError::new(format!("the {kind} key cannot be read: {rejected}"))
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("algorithm", &format_args!("{}", self.algorithm.name()))
            .finish_non_exhaustive()
    }
}
