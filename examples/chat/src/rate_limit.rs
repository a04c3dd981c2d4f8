//! A layer that limits the publications of each user.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use centrifugo::Error;
use centrifugo::event::{Event, Kind};
use centrifugo::layer::{Next, Outcome};
use tower::layer::{Layer, layer_fn};
use tower::{Service, service_fn};

/// The maximum of publications of one user within `WINDOW`.
const MAX_PUBLICATIONS: u32 = 10;
const WINDOW: Duration = Duration::from_secs(10);

type Windows = Arc<Mutex<HashMap<String, (Instant, u32)>>>;

/// Refuses publications above the limit before they reach a handler. Each process counts on its own.
pub fn layer() -> impl Layer<
    Next,
    Service: Service<Event, Response = Outcome, Error = Infallible, Future: Send>
                 + Clone
                 + Send
                 + Sync
                 + 'static,
> + Send
+ 'static {
    let windows = Windows::default();
    layer_fn(move |next: Next| {
        let windows = windows.clone();
        service_fn(move |event: Event| {
            let (windows, mut next) = (windows.clone(), next.clone());
            async move {
                if event.kind() == Kind::Publish && !is_within_limit(&windows, event.user()) {
                    return Ok(Outcome::from(Error::too_many_requests()));
                }
                next.call(event).await
            }
        })
    })
}

fn is_within_limit(windows: &Windows, user: &str) -> bool {
    let mut windows = windows.lock().unwrap_or_else(PoisonError::into_inner);
    if windows.len() > 10_000 {
        // Remove the entries of users whose window has passed.
        windows.retain(|_, (start, _)| start.elapsed() < WINDOW);
    }
    let (start, count) = windows.entry(user.to_owned()).or_insert((Instant::now(), 0));
    if start.elapsed() >= WINDOW {
        (*start, *count) = (Instant::now(), 0);
    }
    *count += 1;
    *count <= MAX_PUBLICATIONS
}
