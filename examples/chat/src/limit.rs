//! How much one user may say: a layer around events.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use centrifugo::Error;
use centrifugo::event::{Event, Kind};
use centrifugo::layer::{Next, Outcome};
use tower::layer::{Layer, layer_fn};
use tower::{Service, service_fn};

/// So many messages of one user in so long.
const MOST: u32 = 10;
const PER: Duration = Duration::from_secs(10);

type Windows = Arc<Mutex<HashMap<String, (Instant, u32)>>>;

/// Refuses publications past the limit, before any handler sees them. The counts are those of one process.
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
                if event.kind() == Kind::Publish && !takes(&windows, event.user()) {
                    return Ok(Outcome::from(Error::too_many_requests()));
                }
                next.call(event).await
            }
        })
    })
}

fn takes(windows: &Windows, user: &str) -> bool {
    let mut windows = windows.lock().unwrap_or_else(PoisonError::into_inner);
    if windows.len() > 10_000 {
        // Who was quiet for a while costs no memory.
        windows.retain(|_, (start, _)| start.elapsed() < PER);
    }
    let (start, count) = windows.entry(user.to_owned()).or_insert((Instant::now(), 0));
    if start.elapsed() >= PER {
        (*start, *count) = (Instant::now(), 0);
    }
    *count += 1;
    *count <= MOST
}
