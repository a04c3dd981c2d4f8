//! Limits the headers of a request.

use hyper_util::server::conn::auto::Builder;

/// The most headers of one request. Centrifugo sends about ten of its own, and those of the client that it is configured to
/// forward.
pub(crate) const MAX_HEADERS: usize = 256;
/// The most bytes of one request's headers. Over HTTP/2, each header counts 32 bytes in addition (RFC 9113, 6.5.2).
const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// Sets the limits for both versions of HTTP. For HTTP/2, hyper cannot limit the number of headers: the services check it.
pub(crate) fn set_header_limits<E>(builder: &mut Builder<E>) {
    builder
        .http1()
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES as usize);
    builder.http2().max_header_list_size(MAX_HEADER_BYTES);
}
