//! The status of users, and blocked users (Centrifugo PRO).

use std::time::Duration;

use centrifugo_proto::api::{
    BlockUserRequest, DeleteUserStatusRequest, GetUserStatusRequest, UnblockUserRequest,
    UpdateUserStatusRequest,
};

use super::{options, texts};
use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::methods::method::{
    BlockUser, DeleteUserStatus, GetUserStatus, UnblockUser, UpdateUserStatus,
};
use crate::time::Time;

impl Client {
    /// Reports that users are active (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.update_user_status(["42"]).state("playing").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn update_user_status<I: IntoIterator<Item: Into<String>>>(
        &self,
        users: I,
    ) -> Call<UpdateUserStatus> {
        self.call(UpdateUserStatusRequest {
            users: texts(users),
            ..Default::default()
        })
    }

    /// Returns when users were last active and online (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// for status in api.get_user_status(["42"]).await?.statuses {
    ///     println!("{}: {}", status.user, status.active);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn get_user_status<I: IntoIterator<Item: Into<String>>>(&self, users: I) -> Call<GetUserStatus> {
        self.call(GetUserStatusRequest { users: texts(users) })
    }

    /// Deletes the status of users (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.delete_user_status(["42"]).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn delete_user_status<I: IntoIterator<Item: Into<String>>>(
        &self,
        users: I,
    ) -> Call<DeleteUserStatus> {
        self.call(DeleteUserStatusRequest { users: texts(users) })
    }

    /// Blocks a user and closes the user's connections (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use std::time::Duration;
    ///
    /// api.block_user("42").expires_in(Duration::from_secs(3600)).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn block_user(&self, user: impl Into<String>) -> Call<BlockUser> {
        self.call(BlockUserRequest {
            user: user.into(),
            ..Default::default()
        })
    }

    /// Unblocks a user (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.unblock_user("42").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn unblock_user(&self, user: impl Into<String>) -> Call<UnblockUser> {
        self.call(UnblockUserRequest { user: user.into() })
    }
}

impl Call<UpdateUserStatus> {
    /// Sets a state that the application defines.
    pub fn state(self, state: impl Into<String>) -> Self {
        let state = state.into();
        self.set(|request| request.state = state)
    }
}

impl Call<BlockUser> {
    options!(expires);
}
