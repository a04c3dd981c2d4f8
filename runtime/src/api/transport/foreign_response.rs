//! HTTP responses that do not come from Centrifugo's API, but from a proxy, a web server or another service.

use http::StatusCode;

use crate::api::error::Error;

/// An HTTP response that is not an answer of Centrifugo's API.
pub(super) struct ForeignResponse<'a> {
    pub(super) address: &'a str,
    /// The API that was expected there.
    pub(super) api: &'static str,
    pub(super) method: &'a str,
    pub(super) status: StatusCode,
    /// Empty if there is none, as `location`.
    pub(super) content_type: &'a str,
    pub(super) location: &'a str,
}

impl ForeignResponse<'_> {
    /// «404 Not Found, text/html: is this the URL of the HTTP API?»
    fn question(&self) -> String {
        let Self {
            api,
            status,
            content_type,
            ..
        } = self;
        let content_type = match *content_type {
            "" => "no content type",
            content_type => content_type,
        };
        format!("{status}, {content_type}: is this the URL of the {api}?")
    }

    /// Returns the error that explains this response.
    pub(super) fn into_error(self) -> Error {
        let Self {
            address,
            method,
            status,
            location,
            api,
            ..
        } = self;
        match status {
            status if status.is_success() => Error::unreadable(format!(
                "the answer of the {api} at {address} does not come from Centrifugo ({})",
                self.question()
            )),
            status if status.is_redirection() => Error::refused(format!(
                "the {api} at {address} redirects to {} ({status}): set the URL of the API to the right address",
                if location.is_empty() { "nowhere" } else { location }
            )),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Error::refused(format!(
                "Centrifugo's {api} at {address} refuses the API key ({status})"
            )),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::unsupported(format!(
                "Centrifugo's {api} at {address} does not offer `{method}` ({})",
                self.question()
            )),
            StatusCode::TOO_MANY_REQUESTS => Error::throttled(format!(
                "Centrifugo's {api} at {address}, or a proxy before it, has too many requests ({status})"
            )),
            status if status.is_client_error() => Error::refused(format!(
                "Centrifugo's {api} at {address} refuses the call ({status})"
            )),
            status => Error::lost(true, format!("Centrifugo's {api} at {address} answers {status}")),
        }
    }
}
