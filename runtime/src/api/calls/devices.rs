//! Devices that receive push notifications (Centrifugo PRO).

use centrifugo_proto::api::{
    DeviceFilter, DeviceListRequest, DeviceLocaleUpdate, DeviceMetaUpdate, DeviceRegisterRequest,
    DeviceRemoveRequest, DeviceTimezoneUpdate, DeviceTopicsUpdate, DeviceUpdateRequest, DeviceUserUpdate,
};

use super::{options, texts};
use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::methods::method::{DeviceList, DeviceRegister, DeviceRemove, DeviceUpdate};

impl Client {
    /// Registers a device for push notifications (Centrifugo PRO).
    ///
    /// The device is named by its token at a provider (`fcm`, `hms`, `apns` or `webpush`) and its platform (`ios`,
    /// `android` or `web`). To renew a registration, set the [`id`](Call::id) of the device and all its options:
    /// those that are not set are reset.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let device = api.device_register("fcm", "device-token", "android").user("42").await?;
    /// println!("{}", device.id);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn device_register(
        &self,
        provider: impl Into<String>,
        token: impl Into<String>,
        platform: impl Into<String>,
    ) -> Call<DeviceRegister> {
        self.call(DeviceRegisterRequest {
            provider: provider.into(),
            token: token.into(),
            platform: platform.into(),
            ..Default::default()
        })
    }

    /// Changes devices (Centrifugo PRO). Select them by [`ids`](Call::ids) or [`users`](Call::users).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.device_update().ids(["d-1"]).set_topics("add", ["news"]).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn device_update(&self) -> Call<DeviceUpdate> {
        self.call(DeviceUpdateRequest::default())
    }

    /// Removes devices (Centrifugo PRO). Select them by [`ids`](Call::ids) or [`users`](Call::users).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.device_remove().users(["42"]).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn device_remove(&self) -> Call<DeviceRemove> {
        self.call(DeviceRemoveRequest::default())
    }

    /// Lists devices, page by page (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::proto::api::DeviceFilter;
    ///
    /// let filter = DeviceFilter { users: vec!["42".into()], ..Default::default() };
    /// let page = api.device_list().filter(filter).with_topics().limit(100).await?;
    /// println!("{} devices, more at {}", page.items.len(), page.next_cursor);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn device_list(&self) -> Call<DeviceList> {
        self.call(DeviceListRequest::default())
    }
}

impl Call<DeviceRegister> {
    /// Sets the id of a registered device, to renew its registration.
    pub fn id(self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.set(|request| request.id = id)
    }

    /// Sets the user of the device.
    pub fn user(self, user: impl Into<String>) -> Self {
        let user = user.into();
        self.set(|request| request.user = user)
    }

    /// Adds an entry to the metadata of the device.
    pub fn meta(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.set(|request| drop(request.meta.insert(name, value)))
    }

    /// Sets the topics of the device.
    pub fn topics<I: IntoIterator<Item: Into<String>>>(self, topics: I) -> Self {
        let topics = texts(topics);
        self.set(|request| request.topics = topics)
    }

    /// Sets the time zone of the device, such as `Europe/Paris`.
    pub fn timezone(self, timezone: impl Into<String>) -> Self {
        let timezone = timezone.into();
        self.set(|request| request.timezone = timezone)
    }

    /// Sets the locale of the device, such as `fr_FR`.
    pub fn locale(self, locale: impl Into<String>) -> Self {
        let locale = locale.into();
        self.set(|request| request.locale = locale)
    }
}

macro_rules! which {
    () => {
        /// Selects the devices with these ids.
        pub fn ids<I: IntoIterator<Item: Into<String>>>(self, ids: I) -> Self {
            let ids = texts(ids);
            self.set(|request| request.ids = ids)
        }

        /// Selects the devices of these users.
        pub fn users<I: IntoIterator<Item: Into<String>>>(self, users: I) -> Self {
            let users = texts(users);
            self.set(|request| request.users = users)
        }
    };
}

impl Call<DeviceUpdate> {
    which!();

    /// Sets the user of the devices.
    pub fn set_user(self, user: impl Into<String>) -> Self {
        let user = user.into();
        self.set(|request| request.user_update = Some(DeviceUserUpdate { user }))
    }

    /// Sets the metadata of the devices.
    pub fn set_meta<I, N, V>(self, meta: I) -> Self
    where
        I: IntoIterator<Item = (N, V)>,
        N: Into<String>,
        V: Into<String>,
    {
        let meta = meta
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        self.set(|request| request.meta_update = Some(DeviceMetaUpdate { meta }))
    }

    /// Changes the topics of the devices: `op` is `add`, `remove` or `set`.
    pub fn set_topics<I: IntoIterator<Item: Into<String>>>(self, op: impl Into<String>, topics: I) -> Self {
        let (op, topics) = (op.into(), texts(topics));
        self.set(|request| request.topics_update = Some(DeviceTopicsUpdate { op, topics }))
    }

    /// Sets the time zone of the devices.
    pub fn set_timezone(self, timezone: impl Into<String>) -> Self {
        let timezone = timezone.into();
        self.set(|request| request.timezone_update = Some(DeviceTimezoneUpdate { timezone }))
    }

    /// Sets the locale of the devices.
    pub fn set_locale(self, locale: impl Into<String>) -> Self {
        let locale = locale.into();
        self.set(|request| request.locale_update = Some(DeviceLocaleUpdate { locale }))
    }
}

impl Call<DeviceRemove> {
    which!();
}

impl Call<DeviceList> {
    options!(page);

    /// Lists only devices that match this filter.
    pub fn filter(self, filter: DeviceFilter) -> Self {
        self.set(|request| request.filter = Some(filter))
    }

    /// Includes the metadata of the devices.
    pub fn with_meta(self) -> Self {
        self.set(|request| request.include_meta = true)
    }

    /// Includes the topics of the devices.
    pub fn with_topics(self) -> Self {
        self.set(|request| request.include_topics = true)
    }

    /// Includes the web push keys of the devices.
    pub fn with_webpush_keys(self) -> Self {
        self.set(|request| request.include_webpush_keys = true)
    }
}
