//! Serves the web page.

use std::net::SocketAddr;

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use centrifugo::BoxError;
use tokio::net::TcpListener;

use crate::settings::Settings;

/// The content security policy: own scripts, the client library from its CDN, and connections to Centrifugo.
const POLICY: &str = "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net; style-src 'self'; \
                      img-src data:; connect-src ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub struct Page {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

impl Page {
    pub async fn open(settings: &Settings) -> Result<Self, BoxError> {
        let listener = TcpListener::bind(&settings.page)
            .await
            .map_err(|error| format!("the page can't be served on {}: {error}", settings.page))?;
        let address = listener.local_addr()?;
        // Centrifugo runs on the same host on another port.
        let port = settings.clients.rsplit(':').next().unwrap_or_default();
        let html = include_str!("../page/index.html").replace("{port}", port);
        let html = get(async move || {
            let headers = [(CONTENT_TYPE, "text/html"), (CONTENT_SECURITY_POLICY, POLICY)];
            (headers, html).into_response()
        });
        let file = |kind: &'static str, text: &'static str| get(async move || ([(CONTENT_TYPE, kind)], text));
        let router = Router::new()
            .route("/", html)
            .route("/api.js", file("text/javascript", include_str!("../page/api.js")))
            .route("/chat.css", file("text/css", include_str!("../page/chat.css")))
            .route(
                "/chat.js",
                file("text/javascript", include_str!("../page/chat.js")),
            )
            .route(
                "/device.js",
                file("text/javascript", include_str!("../page/device.js")),
            )
            .route(
                "/session.js",
                file("text/javascript", include_str!("../page/session.js")),
            )
            .route(
                "/view.js",
                file("text/javascript", include_str!("../page/view.js")),
            );
        Ok(Self {
            listener,
            address,
            router,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn serve(self) -> Result<(), BoxError> {
        Ok(axum::serve(self.listener, self.router).await?)
    }
}
