//! The request of an event: encoded or decoded.

use bytes::Bytes;
#[cfg(feature = "http")]
pub(crate) use decoded::Decoded;
#[cfg(feature = "http")]
use std::sync::Arc;

use super::fields::{Fields, Malformed};
use super::kind::Kind;

/// The request message of an event, in the form in which the transport has it.
#[derive(Clone)]
pub(crate) enum Request {
    /// Encoded, as gRPC and RoadRunner transmit it. [`Fields`] has the positions of its fields.
    Encoded(Bytes),
    /// Decoded, as the HTTP endpoint reads it from JSON. Its [`Fields`] are empty.
    #[cfg(feature = "http")]
    Decoded(Arc<Decoded>),
}

impl Default for Request {
    fn default() -> Self {
        Self::Encoded(Bytes::new())
    }
}

impl Request {
    /// Returns the encoded message.
    pub(crate) fn encoded(&self) -> &Bytes {
        match self {
            Self::Encoded(body) => body,
            #[cfg(feature = "http")]
            Self::Decoded(decoded) => decoded.encoded(),
        }
    }

    /// Returns the message, if it is decoded.
    pub(crate) fn message<M: 'static>(&self) -> Option<&M> {
        match self {
            Self::Encoded(_) => None,
            #[cfg(feature = "http")]
            Self::Decoded(decoded) => decoded.message(),
        }
    }

    pub(crate) fn fields(&self, kind: Kind) -> Result<Fields, Malformed> {
        let mut fields = Fields::default();
        self.fill(&mut fields, kind)?;
        Ok(fields)
    }

    /// Reads the positions of the fields into `fields`, which is still empty.
    pub(crate) fn fill(&self, fields: &mut Fields, kind: Kind) -> Result<(), Malformed> {
        match self {
            Self::Encoded(body) => fields.fill(body, kind.layout()),
            #[cfg(feature = "http")]
            Self::Decoded(_) => Ok(()),
        }
    }

    /// Returns the text field with this number. It is empty if there is none.
    pub(crate) fn text(&self, fields: &Fields, number: usize) -> &str {
        match self {
            Self::Encoded(body) => fields.text(body, number),
            #[cfg(feature = "http")]
            Self::Decoded(decoded) => decoded.fields().text(number),
        }
    }

    /// Returns the bytes field with this number. It is empty if there is none.
    pub(crate) fn bytes(&self, fields: &Fields, number: usize) -> &[u8] {
        match self {
            Self::Encoded(body) => fields.bytes(body, number),
            #[cfg(feature = "http")]
            Self::Decoded(decoded) => decoded.fields().bytes(number).map_or(&[], |bytes| bytes),
        }
    }

    /// Returns the bytes field with this number as [`Bytes`] that share the memory of the request.
    pub(crate) fn shared_bytes(&self, fields: &Fields, number: usize) -> Bytes {
        match self {
            Self::Encoded(body) => body.slice(fields.span(number)),
            #[cfg(feature = "http")]
            Self::Decoded(decoded) => decoded.fields().bytes(number).cloned().unwrap_or_default(),
        }
    }

    /// Returns the client's id. It is empty if the event does not come from a client.
    pub(crate) fn client(&self, fields: &Fields, kind: Kind) -> &str {
        self.text(fields, kind.layout().client())
    }

    /// Returns the user's id. It is empty if the event has no user.
    pub(crate) fn user(&self, fields: &Fields, kind: Kind) -> &str {
        self.text(fields, kind.layout().user())
    }

    /// Returns the channel or the method. It is empty if the event has neither.
    pub(crate) fn target(&self, fields: &Fields, kind: Kind) -> &str {
        self.text(fields, kind.layout().target)
    }
}

#[cfg(feature = "http")]
mod decoded {
    use std::any::Any;
    use std::sync::{Arc, OnceLock};

    use bytes::Bytes;
    use centrifugo_proto::FieldsByNumber;
    use prost::Message;

    use super::Request;

    /// A message of any kind, and its encoding, which is created on first use.
    pub(crate) struct Decoded<M: ?Sized = dyn AnyRequest> {
        encoded: OnceLock<Bytes>,
        message: M,
    }

    pub(crate) trait AnyRequest: FieldsByNumber + Any + Send + Sync {
        fn encode(&self) -> Bytes;
    }

    impl<M: Message + FieldsByNumber + 'static> AnyRequest for M {
        fn encode(&self) -> Bytes {
            self.encode_to_vec().into()
        }
    }

    impl Request {
        pub(crate) fn decoded(message: impl AnyRequest) -> Self {
            Self::Decoded(Arc::new(Decoded {
                encoded: OnceLock::new(),
                message,
            }))
        }
    }

    impl Decoded {
        pub(super) fn encoded(&self) -> &Bytes {
            self.encoded.get_or_init(|| self.message.encode())
        }

        pub(super) fn message<M: 'static>(&self) -> Option<&M> {
            let message: &dyn Any = &self.message;
            message.downcast_ref()
        }

        pub(super) fn fields(&self) -> &dyn FieldsByNumber {
            &self.message
        }
    }
}
