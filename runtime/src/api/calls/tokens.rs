//! Revoking tokens (Centrifugo PRO).

use std::time::Duration;

use centrifugo_proto::api::{InvalidateUserTokensRequest, RevokeTokenRequest};

use super::options;
use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::methods::method::{InvalidateUserTokens, RevokeToken};
use crate::time::Time;

impl Client {
    /// Revokes the token with this `jti` (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.revoke_token("token-17").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn revoke_token(&self, jti: impl Into<String>) -> Call<RevokeToken> {
        self.call(RevokeTokenRequest {
            uid: jti.into(),
            ..Default::default()
        })
    }

    /// Revokes a user's tokens that were issued (`iat`) before now (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use std::time::SystemTime;
    ///
    /// api.invalidate_user_tokens("42").issued_before(SystemTime::now()).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn invalidate_user_tokens(&self, user: impl Into<String>) -> Call<InvalidateUserTokens> {
        self.call(InvalidateUserTokensRequest {
            user: user.into(),
            ..Default::default()
        })
    }
}

impl Call<RevokeToken> {
    options!(expires);
}

impl Call<InvalidateUserTokens> {
    options!(expires);

    /// Revokes only tokens that were issued before this time.
    pub fn issued_before(self, time: impl Into<Time>) -> Self {
        let time = time.into().unix_seconds();
        self.set(|request| request.issued_before = time)
    }

    /// Revokes only tokens for this channel.
    pub fn channel(self, channel: impl Into<String>) -> Self {
        let channel = channel.into();
        self.set(|request| request.channel = channel)
    }
}
