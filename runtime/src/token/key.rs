//! Keys that sign tokens.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::aws_lc;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

use super::error::TokenError;

/// A key that signs tokens, by HS256, RS256 or ES256. `Debug` shows the algorithm alone.
#[derive(Clone)]
pub struct Key {
    algorithm: Algorithm,
    id: Option<String>,
    key: EncodingKey,
}

impl Key {
    /// A secret that Centrifugo knows too: `client.token.hmac_secret_key`.
    pub fn hs256(secret: impl AsRef<[u8]>) -> Self {
        Self::new(Algorithm::HS256, EncodingKey::from_secret(secret.as_ref()))
    }

    /// A private RSA key in PEM (PKCS#1 or PKCS#8); Centrifugo knows the public one: `client.token.rsa_public_key`.
    ///
    /// # Errors
    ///
    /// When it can't be read.
    pub fn rs256(pem: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let key = EncodingKey::from_rsa_pem(pem.as_ref())
            .map_err(|_| TokenError::new("the key is no private RSA key in PEM"))?;
        Ok(Self::new(Algorithm::RS256, key))
    }

    /// A private P-256 key in PEM (PKCS#8); Centrifugo knows the public one: `client.token.ecdsa_public_key`.
    ///
    /// ```
    /// use centrifugo::token::Key;
    ///
    /// assert!(Key::es256("not PEM").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When it can't be read.
    pub fn es256(pem: impl AsRef<[u8]>) -> Result<Self, TokenError> {
        let key = EncodingKey::from_ec_pem(pem.as_ref())
            .map_err(|_| TokenError::new("the key is no private EC key in PEM (PKCS#8)"))?;
        let key = Self::new(Algorithm::ES256, key);
        // A key of another curve shows itself when it signs.
        key.sign(&())
            .map_err(|_| TokenError::new("the key is no P-256 key"))?;
        Ok(key)
    }

    fn new(algorithm: Algorithm, key: EncodingKey) -> Self {
        // Where the program has other cryptography for tokens too, one of them has to be chosen; theirs stands.
        let _ = aws_lc::DEFAULT_PROVIDER.install_default();
        Self {
            algorithm,
            id: None,
            key,
        }
    }

    /// The key's name among several (`kid`), where Centrifugo looks keys up by JWKS.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    pub(super) fn sign<T: Serialize>(&self, claims: &T) -> Result<String, TokenError> {
        let mut header = Header::new(self.algorithm);
        header.kid.clone_from(&self.id);
        jsonwebtoken::encode(&header, claims, &self.key)
            .map_err(|_| TokenError::new(format!("the {:?} key does not sign", self.algorithm)))
    }

    /// The HMAC of these bytes, by SHA-256.
    pub(super) fn hmac(&self, bytes: &[u8]) -> Result<Vec<u8>, TokenError> {
        let signature = match self.algorithm {
            Algorithm::HS256 => jsonwebtoken::crypto::sign(bytes, &self.key, Algorithm::HS256).ok(),
            _ => None,
        };
        signature
            .and_then(|signature| URL_SAFE_NO_PAD.decode(signature).ok())
            .ok_or_else(|| TokenError::new("what a shared poll asks for is signed with an HS256 key"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}
