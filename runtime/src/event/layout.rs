//! Field numbers of request messages.

/// All field numbers are below this.
pub(super) const COUNT: usize = 17;

/// The field number of the client's id, in all kinds that have it.
pub(crate) const CLIENT: usize = 1;
/// The field number of the client's transport.
pub(crate) const TRANSPORT: usize = 2;
/// The field number of the client's protocol.
pub(crate) const PROTOCOL: usize = 3;
/// The field number of the proxy's encoding.
pub(crate) const ENCODING: usize = 4;
/// The field number of the user's id.
pub(crate) const USER: usize = 10;
/// The field number of a map channel's key.
pub(crate) const KEY: usize = 12;

/// How the scanner treats a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Unknown,
    Text,
    Bytes,
    /// A list, a map or a message, which only a decoder can check.
    Nested,
}

/// The field numbers of one kind's request message, as in Centrifugo's `proxy.proto`. 0 means that there is no such
/// field.
pub(crate) struct Layout {
    shapes: [Shape; COUNT],
    /// The channel or the method, which patterns are matched against.
    pub(crate) target: usize,
    /// The data. The next field is the data in base64.
    pub(crate) data: usize,
    /// The connection's meta. The next field is the labels.
    pub(crate) meta: usize,
}

impl Layout {
    /// Returns the layout of a request that does not come from a client.
    pub(crate) const fn new() -> Self {
        Self {
            shapes: [Shape::Unknown; COUNT],
            target: 0,
            data: 0,
            meta: 0,
        }
    }

    /// Returns the layout of a request of a client.
    pub(crate) const fn of_client() -> Self {
        Self::new().texts(&[CLIENT, TRANSPORT, PROTOCOL, ENCODING])
    }

    /// Returns the layout of a request of a client whose user is known.
    pub(crate) const fn of_user() -> Self {
        Self::of_client().texts(&[USER])
    }

    pub(super) fn shape(&self, number: usize) -> Shape {
        self.shapes.get(number).copied().unwrap_or(Shape::Unknown)
    }

    /// Returns whether the kind has a text or bytes field of this number.
    pub(crate) fn has(&self, number: usize) -> bool {
        matches!(self.shape(number), Shape::Text | Shape::Bytes)
    }

    /// Returns the field number of the client's id, or 0 if the event does not come from a client.
    pub(crate) fn client(&self) -> usize {
        if self.has(PROTOCOL) { CLIENT } else { 0 }
    }

    /// Returns the field number of the user's id, or 0 if the event has no user.
    pub(crate) fn user(&self) -> usize {
        if self.has(USER) { USER } else { 0 }
    }

    pub(crate) const fn target(mut self, number: usize) -> Self {
        self.target = number;
        self.texts(&[number])
    }

    pub(crate) const fn data(mut self, number: usize) -> Self {
        self.data = number;
        self.shapes[number] = Shape::Bytes;
        self.texts(&[number + 1])
    }

    pub(crate) const fn meta(mut self, number: usize) -> Self {
        self.meta = number;
        self.shapes[number] = Shape::Bytes;
        self.nested(number + 1)
    }

    pub(crate) const fn texts(mut self, numbers: &[usize]) -> Self {
        let mut at = 0;
        while at < numbers.len() {
            self.shapes[numbers[at]] = Shape::Text;
            at += 1;
        }
        self
    }

    pub(crate) const fn nested(mut self, number: usize) -> Self {
        self.shapes[number] = Shape::Nested;
        self
    }
}
