//! What wrappers can do, written once.

/// A text in a wrapper of its own: used as a `str`, compared with one, shown and serialized as one.
macro_rules! text {
    ($name:ident) => {
        impl std::ops::Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

/// A value that is shared: it comes from an `Arc` and goes into one, so that a test can make it.
macro_rules! shared {
    ($name:ident) => {
        impl<T> std::ops::Deref for $name<T> {
            type Target = T;
            fn deref(&self) -> &T {
                &self.inner
            }
        }

        impl<T> From<$name<T>> for std::sync::Arc<T> {
            fn from(shared: $name<T>) -> Self {
                shared.inner
            }
        }

        impl<T> From<std::sync::Arc<T>> for $name<T> {
            fn from(inner: std::sync::Arc<T>) -> Self {
                Self { inner }
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self {
                    inner: std::sync::Arc::new(value),
                }
            }
        }
    };
}
