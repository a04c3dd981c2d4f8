//! Push notifications (Centrifugo PRO).

use centrifugo_proto::api::{
    CancelPushRequest, PushLimitStrategy, PushLocalization, PushNotification, PushRecipient,
    SendPushNotificationRequest, UpdatePushStatusRequest,
};

use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::methods::method::{CancelPush, SendPushNotification, UpdatePushStatus};
use crate::time::Time;

impl Client {
    /// Sends a push notification (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use centrifugo::proto::api::{FcmPushNotification, PushNotification, PushRecipient};
    ///
    /// let recipient = PushRecipient { fcm_topic: "news".into(), ..Default::default() };
    /// let fcm = FcmPushNotification { message: r#"{"notification":{"title":"hello"}}"#.into() };
    /// let notification = PushNotification { fcm: Some(fcm), ..Default::default() };
    /// let sent = api.send_push_notification(recipient, notification).uid("n-1").await?;
    /// println!("{}", sent.uid);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn send_push_notification(
        &self,
        recipient: PushRecipient,
        notification: PushNotification,
    ) -> Call<SendPushNotification> {
        self.call(SendPushNotificationRequest {
            recipient: Some(recipient),
            notification: Some(notification),
            ..Default::default()
        })
    }

    /// Records the status of a push notification on a device for analytics: `delivered` or `interacted` (Centrifugo
    /// PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.update_push_status("news-17", "d-1", "delivered").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn update_push_status(
        &self,
        analytics_uid: impl Into<String>,
        device: impl Into<String>,
        status: impl Into<String>,
    ) -> Call<UpdatePushStatus> {
        self.call(UpdatePushStatusRequest {
            analytics_uid: analytics_uid.into(),
            device_id: device.into(),
            status: status.into(),
            ..Default::default()
        })
    }

    /// Cancels a push notification that was not sent yet (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.cancel_push("n-1").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn cancel_push(&self, uid: impl Into<String>) -> Call<CancelPush> {
        self.call(CancelPushRequest { uid: uid.into() })
    }
}

impl Call<SendPushNotification> {
    /// Sets an id, by which [`Client::cancel_push`] cancels the notification.
    pub fn uid(self, uid: impl Into<String>) -> Self {
        let uid = uid.into();
        self.set(|request| request.uid = uid)
    }

    /// Sets when to send it. By default it is sent now.
    pub fn send_at(self, time: impl Into<Time>) -> Self {
        let time = time.into().unix_seconds();
        self.set(|request| request.send_at = time)
    }

    /// Prefers reliability over throughput.
    pub fn optimize_for_reliability(self) -> Self {
        self.set(|request| request.optimize_for_reliability = true)
    }

    /// Sets limits of rate and time.
    pub fn limits(self, limits: PushLimitStrategy) -> Self {
        self.set(|request| request.limit_strategy = Some(limits))
    }

    /// Sets an id for analytics.
    pub fn analytics_uid(self, uid: impl Into<String>) -> Self {
        let uid = uid.into();
        self.set(|request| request.analytics_uid = uid)
    }

    /// Adds texts in a language.
    pub fn localization(self, language: impl Into<String>, texts: PushLocalization) -> Self {
        let language = language.into();
        self.set(|request| drop(request.localizations.insert(language, texts)))
    }

    /// Enables templates.
    pub fn use_templating(self) -> Self {
        self.set(|request| request.use_templating = true)
    }

    /// Gives templates access to the metadata of the device.
    pub fn use_meta(self) -> Self {
        self.set(|request| request.use_meta = true)
    }
}

impl Call<UpdatePushStatus> {
    /// Sets the id of the message at its provider.
    pub fn message(self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.set(|request| request.msg_id = id)
    }
}
