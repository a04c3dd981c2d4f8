//! The HTTP endpoint as routes, for a server of the user's own.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::any;

use super::endpoint::Endpoint;
use crate::event::Kind;

/// Returns a route for each kind, under `prefix`.
pub(crate) fn router(endpoint: Endpoint, prefix: &str) -> Router {
    let endpoint = Arc::new(endpoint);
    Kind::ALL.into_iter().fold(Router::new(), |router, kind| {
        let Some(path) = kind.path() else {
            return router;
        };
        let endpoint = endpoint.clone();
        let answer = any(move |request: Request| async move {
            let (mut parts, mut body) = request.into_parts();
            endpoint
                .answer(kind, &mut parts, &mut body, None)
                .await
                .map(Body::new)
        });
        router.route(&format!("{prefix}/{path}"), answer)
    })
}
