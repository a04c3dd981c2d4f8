//! Why an event could not be sent.

use std::fmt;

use crate::description::Event;

/// Why an event was not sent, or its answer is not readable.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvokeError {
    /// The event needs a field that is not set.
    Missing {
        /// The kind of the event.
        kind: Event,
        /// The name of the field.
        name: &'static str,
    },
    /// Data of a client on the JSON protocol is not JSON.
    NotJson {
        /// The name of the field.
        name: &'static str,
    },
    /// A message is not JSON of its type.
    Request(String),
    /// A header cannot be sent.
    Header(String),
    /// The address is not one.
    Address(String),
    /// Certificates are given for an address without TLS.
    CertificateWithoutTls,
    /// The certificates cannot be used.
    Certificate(String),
    /// Nobody listens at the address.
    Connect {
        /// The address.
        address: String,
        /// Whether the connection was to have TLS.
        is_secure: bool,
        /// Why.
        cause: String,
    },
    /// The answer is not of its type.
    Answer(String),
}

impl fmt::Display for InvokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { kind, name } => write!(f, "an event `{kind}` needs a {name}"),
            Self::NotJson { name } => write!(
                f,
                "the {name} of a client on the JSON protocol must be JSON; use the protocol `protobuf` for bytes"
            ),
            Self::Request(error) => write!(f, "the request is not one of this kind: {error}"),
            Self::Header(name) => write!(
                f,
                "the header `{}` cannot be sent over gRPC: names have letters, digits, `-`, `_` and `.`, they do not begin with `grpc-` or \
                 end with `-bin`, values have no control characters, and headers of the transport, such as `te` and `host`, belong to no event",
                name.escape_debug()
            ),
            Self::Address(address) => write!(
                f,
                "`{address}` is no address of a gRPC endpoint; write HOST:PORT, or https://HOST:PORT for a program with TLS"
            ),
            Self::CertificateWithoutTls => {
                f.write_str("certificates need a program with TLS; write its address as https://HOST:PORT")
            }
            Self::Certificate(error) => write!(f, "the certificates cannot be used: {error}"),
            Self::Connect {
                address,
                is_secure: false,
                cause,
            } => write!(
                f,
                "no program answers at {address}: {cause}; start it, or leave out the address to have it started"
            ),
            Self::Connect { address, cause, .. } => write!(
                f,
                "no program answers with TLS at {address}: {cause}; start it with WORKER_TLS_CERT, write the name of its certificate in \
                 the address, and give the certificate of its authority if the system does not trust it"
            ),
            Self::Answer(error) => write!(f, "the program's answer cannot be read: {error}"),
        }
    }
}

impl std::error::Error for InvokeError {}
