//! The methods, by topic. History and batches have files of their own.

mod connections;
mod devices;
mod information;
mod maps;
mod presence;
mod publish;
mod push;
mod tokens;
mod topics;
mod users;

/// Options that several methods share.
macro_rules! options {
    (publication) => {
        /// A tag of the publication. Subscribers can filter by tags.
        pub fn tag(self, name: impl Into<String>, value: impl Into<String>) -> Self {
            let (name, value) = (name.into(), value.into());
            self.set(|request| drop(request.tags.insert(name, value)))
        }

        options!(idempotency_key);

        /// Subscribers that asked for it get the difference to the publication before, instead of the whole.
        pub fn delta(self) -> Self {
            self.set(|request| request.delta = true)
        }

        /// The version of the state that the data carries: Centrifugo drops a publication whose version is not above the
        /// one before.
        pub fn version(self, version: u64) -> Self {
            self.set(|request| request.version = version)
        }

        /// What the version counts in: after another epoch it may begin anew.
        pub fn version_epoch(self, epoch: impl Into<String>) -> Self {
            let epoch = epoch.into();
            self.set(|request| request.version_epoch = epoch)
        }
    };
    (idempotency_key) => {
        /// Makes the call safe to repeat: Centrifugo carries out calls with the same key (in a channel, within 5 minutes)
        /// only once. The client sends the call again, within its time limit, if it was lost or the answer is a temporary
        /// error.
        pub fn idempotency_key(self, key: impl Into<String>) -> Self {
            let key = key.into();
            self.set(|request| request.idempotency_key = key)
        }
    };
    (connections) => {
        /// Only the connection with this id, which Centrifugo gave it.
        pub fn client(self, id: impl Into<String>) -> Self {
            let id = id.into();
            self.set(|request| request.client = id)
        }

        /// Only the connection of this session.
        pub fn session(self, id: impl Into<String>) -> Self {
            let id = id.into();
            self.set(|request| request.session = id)
        }

        options!(labels);

        /// The connections of all users (Centrifugo PRO): narrow them by [`label_filter`](Self::label_filter).
        pub fn all_users(self) -> Self {
            self.set(|request| request.all_users = true)
        }
    };
    (labels) => {
        /// Only connections whose labels pass (Centrifugo PRO).
        pub fn label_filter(self, filter: centrifugo_proto::api::FilterNode) -> Self {
            self.set(|request| request.label_filter = Some(filter))
        }
    };
    (info) => {
        /// What other clients see of this one.
        pub fn info<T: Serialize + ?Sized>(self, info: &T) -> Self {
            self.set_json(info, |request, bytes| request.info = bytes)
        }

        /// The same as bytes.
        pub fn info_bytes(self, info: impl Into<Bytes>) -> Self {
            let info = info.into();
            self.set(|request| request.info = info)
        }
    };
    (expires) => {
        /// When it expires. A time that is not in the future makes the call fail without being sent.
        pub fn expires_at(mut self, time: impl Into<Time>) -> Self {
            let time = time.into();
            if self.request.is_ok() && !time.is_in_the_future() {
                self.request = Err(crate::api::Error::invalid(
                    "the time of expiry is not in the future",
                ));
            }
            self.set(|request| request.expire_at = time.unix_seconds())
        }

        /// The same from now.
        pub fn expires_in(self, duration: Duration) -> Self {
            self.expires_at(Time::after(duration))
        }
    };
    (page) => {
        /// Counts all there are, too.
        pub fn count(self) -> Self {
            self.set(|request| request.include_total_count = true)
        }

        /// Where the page starts: the `next_cursor` of the page before.
        pub fn cursor(self, cursor: impl Into<String>) -> Self {
            let cursor = cursor.into();
            self.set(|request| request.cursor = cursor)
        }

        /// At most this many.
        pub fn limit(self, limit: u32) -> Self {
            self.set(|request| request.limit = i32::try_from(limit).unwrap_or(i32::MAX))
        }
    };
}
pub(crate) use options;

/// Texts of a list.
pub(crate) fn texts<I: IntoIterator<Item: Into<String>>>(items: I) -> Vec<String> {
    items.into_iter().map(Into::into).collect()
}
