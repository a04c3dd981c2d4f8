//! Options that several methods share.

/// Defines the setters of a group of options.
macro_rules! options {
    (publication) => {
        /// Adds a tag to the publication. Subscribers can filter by tags.
        pub fn tag(self, name: impl Into<String>, value: impl Into<String>) -> Self {
            let (name, value) = (name.into(), value.into());
            self.set(|request| drop(request.tags.insert(name, value)))
        }

        options!(idempotency_key);

        /// Sends the difference from the previous publication to subscribers that negotiated it.
        pub fn delta(self) -> Self {
            self.set(|request| request.delta = true)
        }

        /// Sets the version of the data. Centrifugo drops a publication whose version is not higher than the one
        /// before.
        pub fn version(self, version: u64) -> Self {
            self.set(|request| request.version = version)
        }

        /// Sets the epoch of the version. Versions may restart in another epoch.
        pub fn version_epoch(self, epoch: impl Into<String>) -> Self {
            let epoch = epoch.into();
            self.set(|request| request.version_epoch = epoch)
        }
    };
    (idempotency_key) => {
        /// Makes the call safe to repeat.
        ///
        /// Centrifugo carries out calls with the same key (in a channel, within 5 minutes) only once. The client
        /// sends the call again within its time limit if the connection is lost or the answer is a temporary error.
        pub fn idempotency_key(self, key: impl Into<String>) -> Self {
            let key = key.into();
            self.set(|request| request.idempotency_key = key)
        }
    };
    (connections) => {
        /// Selects the connection with this client id.
        pub fn client(self, id: impl Into<String>) -> Self {
            let id = id.into();
            self.set(|request| request.client = id)
        }

        /// Selects the connection of this session.
        pub fn session(self, id: impl Into<String>) -> Self {
            let id = id.into();
            self.set(|request| request.session = id)
        }

        options!(labels);

        /// Selects the connections of all users (Centrifugo PRO). Narrow them by
        /// [`label_filter`](Self::label_filter).
        pub fn all_users(self) -> Self {
            self.set(|request| request.all_users = true)
        }
    };
    (labels) => {
        /// Selects connections by their labels (Centrifugo PRO).
        pub fn label_filter(self, filter: centrifugo_proto::api::FilterNode) -> Self {
            self.set(|request| request.label_filter = Some(filter))
        }
    };
    (info) => {
        /// Sets what other clients see of this client, as JSON.
        pub fn info<T: Serialize + ?Sized>(self, info: &T) -> Self {
            self.set_json(info, |request, bytes| request.info = bytes)
        }

        /// Sets what other clients see of this client, as bytes.
        pub fn info_bytes(self, info: impl Into<Bytes>) -> Self {
            let info = info.into();
            self.set(|request| request.info = info)
        }
    };
    (expires) => {
        /// Sets when it expires. A time that is not in the future makes the call fail without being sent.
        pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
            let time = time.into();
            if self.request.is_ok() && !time.is_in_the_future() {
                self.request = Err(crate::api::Error::invalid(
                    "the time of expiry is not in the future",
                ));
            }
            self.set(|request| request.expire_at = time.unix_seconds())
        }

        /// Sets how long from now it is valid.
        pub fn expires_in(self, duration: Duration) -> Self {
            self.expires_at(Time::after(duration))
        }
    };
    (page) => {
        /// Includes the total number of items.
        pub fn count(self) -> Self {
            self.set(|request| request.include_total_count = true)
        }

        /// Starts the page at this cursor: the `next_cursor` of the page before.
        pub fn cursor(self, cursor: impl Into<String>) -> Self {
            let cursor = cursor.into();
            self.set(|request| request.cursor = cursor)
        }

        /// Limits the number of items.
        pub fn limit(self, limit: u32) -> Self {
            self.set(|request| request.limit = i32::try_from(limit).unwrap_or(i32::MAX))
        }
    };
}
pub(crate) use options;
