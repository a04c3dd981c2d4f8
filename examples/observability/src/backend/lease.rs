//! Subscriptions that expire and are renewed.

use std::time::Duration;

use centrifugo::{Error, reply};

/// How long a subscription lives without a renewal, plus a second for each number in the channel's name.
const LIFETIME: Duration = Duration::from_secs(2);

#[centrifugo::subscribe(channel = "lease:{name}-{number}")]
fn take(name: String, number: u32) -> reply::Subscribe {
    let _ = name;
    reply::Subscribe::allow().expires_in(LIFETIME + Duration::from_secs(number.into()))
}

/// Fails for the name `broken`: Centrifugo then keeps the subscription for a grace period.
#[centrifugo::sub_refresh(channel = "lease:{name}-{number}")]
fn renew(name: String, number: u32) -> Result<reply::SubRefresh, Error> {
    if name == "broken" {
        return Err(Error::internal("the database of leases is down"));
    }
    Ok(reply::SubRefresh::extend_by(
        LIFETIME + Duration::from_secs(number.into()),
    ))
}
