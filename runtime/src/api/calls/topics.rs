//! Topics of push notifications, for devices and users (Centrifugo PRO).

use centrifugo_proto::api::{
    DeviceTopicFilter, DeviceTopicListRequest, DeviceTopicUpdateRequest, UserTopicFilter,
    UserTopicListRequest, UserTopicUpdateRequest,
};

use super::{options, texts};
use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::methods::method::{DeviceTopicList, DeviceTopicUpdate, UserTopicList, UserTopicUpdate};

impl Client {
    /// Lists the topics of devices, page by page (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let page = api.device_topic_list().with_device().limit(100).await?;
    /// println!("{} topics", page.items.len());
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn device_topic_list(&self) -> Call<DeviceTopicList> {
        self.call(DeviceTopicListRequest::default())
    }

    /// Changes the topics of a device: `op` is `add`, `remove` or `set` (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.device_topic_update("d-1", "add", ["news"]).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn device_topic_update<I: IntoIterator<Item: Into<String>>>(
        &self,
        device: impl Into<String>,
        op: impl Into<String>,
        topics: I,
    ) -> Call<DeviceTopicUpdate> {
        self.call(DeviceTopicUpdateRequest {
            device_id: device.into(),
            op: op.into(),
            topics: texts(topics),
            ..Default::default()
        })
    }

    /// Lists the topics of users, page by page (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let page = api.user_topic_list().count().await?;
    /// println!("{} of {}", page.items.len(), page.total_count);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn user_topic_list(&self) -> Call<UserTopicList> {
        self.call(UserTopicListRequest::default())
    }

    /// Changes the topics of a user: `op` is `add`, `remove` or `set` (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.user_topic_update("42", "set", ["news", "offers"]).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn user_topic_update<I: IntoIterator<Item: Into<String>>>(
        &self,
        user: impl Into<String>,
        op: impl Into<String>,
        topics: I,
    ) -> Call<UserTopicUpdate> {
        self.call(UserTopicUpdateRequest {
            user: user.into(),
            op: op.into(),
            topics: texts(topics),
        })
    }
}

impl Call<DeviceTopicList> {
    options!(page);

    /// Lists only topics that match this filter.
    pub fn filter(self, filter: DeviceTopicFilter) -> Self {
        self.set(|request| request.filter = Some(filter))
    }

    /// Includes the devices.
    pub fn with_device(self) -> Self {
        self.set(|request| request.include_device = true)
    }
}

impl Call<DeviceTopicUpdate> {
    /// Sets the user of the device.
    pub fn user(self, user: impl Into<String>) -> Self {
        let user = user.into();
        self.set(|request| request.user = user)
    }
}

impl Call<UserTopicList> {
    options!(page);

    /// Lists only topics that match this filter.
    pub fn filter(self, filter: UserTopicFilter) -> Self {
        self.set(|request| request.filter = Some(filter))
    }
}
