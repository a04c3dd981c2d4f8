//! How much a peer may send before anything of its call is known.

use hyper_util::server::conn::auto::Builder;

/// Headers of one call. Centrifugo's own are about ten, the client's those that its configuration lists.
pub(crate) const MAX_HEADERS: usize = 256;
/// Bytes of a call's headers. Over HTTP/2 each header counts 32 bytes more (RFC 9113, 6.5.2).
const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// Sets the limits on both versions of HTTP. HTTP/2 has none for the number of headers: services check it.
pub(crate) fn set_header_limits<E>(builder: &mut Builder<E>) {
    builder
        .http1()
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES as usize);
    builder.http2().max_header_list_size(MAX_HEADER_BYTES);
}
