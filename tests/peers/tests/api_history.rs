//! History and presence methods of the server API, over each transport.

mod support;

use centrifugo::api::Client;
use centrifugo::proto::api::HistoryResult;
use support::api::{ApiPeers, over_each_transport};
use tokio_stream::StreamExt as _;

over_each_transport!(reads_history, reads_history_in_pages, reads_presence);

fn numbers(history: &HistoryResult) -> Vec<u32> {
    let number = |publication: &centrifugo::proto::api::Publication| publication.json().expect("a number");
    history.publications.iter().map(number).collect()
}

/// Publishes these numbers. If they start at 1, each has the offset of its value.
async fn published(api: &Client, numbers: std::ops::RangeInclusive<u32>) {
    for number in numbers {
        let call = api.publish("room:1", &number).tag("n", number.to_string());
        call.await.expect("published");
    }
}

async fn reads_history(peers: ApiPeers) {
    let api = &peers.api;
    published(api, 1..=25).await;
    let position = api.history("room:1").await.expect("a history");
    assert_eq!((position.publications.len(), position.offset), (0, 25));
    let all = api.history("room:1").all().await.expect("a history");
    assert!(numbers(&all).into_iter().eq(1..=25));
    let last = &all.publications[24];
    assert_eq!((last.offset, last.tags["n"].as_str()), (25, "25"));
    let newest = api.history("room:1").limit(3).reverse().await.expect("a history");
    assert_eq!(numbers(&newest), [25, 24, 23]);
    let since = api.history("room:1").since(10, &all.epoch).limit(3).await;
    assert_eq!(numbers(&since.expect("a history")), [11, 12, 13]);
    let before = api
        .history("room:1")
        .since(10, &all.epoch)
        .limit(3)
        .reverse()
        .await;
    assert_eq!(numbers(&before.expect("a history")), [9, 8, 7]);
    let lost = api.history("room:1").since(10, "another epoch").limit(3).await;
    assert_eq!(lost.expect_err("another epoch").code(), Some(112));

    api.history_remove("room:1").await.expect("removed");
    let empty = api.history("room:1").all().await.expect("a history");
    assert_eq!((empty.publications.len(), empty.offset), (0, 25));
    for error in [
        api.history("bare:1").await.expect_err("no history"),
        api.history_remove("bare:1").await.expect_err("no history"),
    ] {
        assert_eq!((error.code(), error.message()), (Some(108), "not available"));
    }
    let unknown = api.history_remove("nowhere:1").await.expect_err("unknown");
    assert_eq!(unknown.code(), Some(102));
}

async fn reads_history_in_pages(peers: ApiPeers) {
    let api = &peers.api;
    published(api, 1..=25).await;
    let mut pages = api.history("room:1").pages(10);
    let mut lens = Vec::new();
    let mut seen = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.expect("a page");
        lens.push(page.publications.len());
        seen.extend(numbers(&page));
    }
    assert_eq!(lens, [10, 10, 5]);
    assert!(seen.into_iter().eq(1..=25));

    let backwards: Vec<_> = api.history("room:1").reverse().pages(5).collect().await;
    let seen: Vec<_> = backwards
        .iter()
        .flat_map(|page| numbers(page.as_ref().expect("a page")))
        .collect();
    assert_eq!(backwards.len(), 5);
    assert!(seen.into_iter().eq((1..=25).rev()));

    // Messages published between two pages are included.
    let mut pages = api.history("room:1").pages(20);
    let first = pages.next().await.expect("a page").expect("a page");
    published(api, 26..=30).await;
    let second = pages.next().await.expect("a page").expect("a page");
    assert_eq!(first.publications.len(), 20);
    assert!(numbers(&second).into_iter().eq(21..=30));
    assert!(pages.next().await.is_none());

    // The history drops the position at which a page ended.
    let mut pages = api.history("room:1").pages(10);
    pages.next().await.expect("a page").expect("a page");
    published(api, 31..=200).await;
    let lost = pages.next().await.expect("a page").expect_err("a lost place");
    assert_eq!(lost.code(), Some(112), "{lost}");
    assert!(pages.next().await.is_none());
    // A new reader starts with the oldest remaining message.
    let first = api.history("room:1").pages(10).next().await.expect("a page");
    assert_eq!(numbers(&first.expect("a page"))[0], 101);

    // In reverse order, pages end where the history was truncated.
    let mut pages = api.history("room:1").reverse().pages(40);
    let newest = pages.next().await.expect("a page").expect("a page");
    published(api, 201..=250).await;
    let rest: Vec<_> = pages.collect().await;
    let last = rest.last().map(|page| numbers(page.as_ref().expect("a page")));
    assert_eq!(numbers(&newest)[39], 161);
    assert_eq!(last.and_then(|numbers| numbers.last().copied()), Some(151));
}

async fn reads_presence(peers: ApiPeers) {
    let api = &peers.api;
    let (ann, bob, again) = (
        peers.user("ann").await,
        peers.user("bob").await,
        peers.user("ann").await,
    );
    let empty = api.presence("room:1").await.expect("presence");
    assert!(empty.presence.is_empty());
    let mut kept = Vec::new();
    for client in [&ann, &bob, &again] {
        let mut subscribed = client.subscribe("room:1");
        assert_eq!(subscribed.outcome().await, "subscribed ");
        kept.push(subscribed);
    }
    let present = api.presence("room:1").await.expect("presence").presence;
    assert!(present.iter().all(|(id, info)| *id == info.client));
    let mut users: Vec<_> = present.values().map(|info| info.user.as_str()).collect();
    users.sort_unstable();
    assert_eq!(users, ["ann", "ann", "bob"]);
    let stats = api.presence_stats("room:1").await.expect("statistics");
    assert_eq!((stats.num_clients, stats.num_users), (3, 2));

    for error in [
        api.presence("bare:1").await.expect_err("no presence"),
        api.presence_stats("bare:1").await.expect_err("no presence"),
    ] {
        assert_eq!(error.code(), Some(108), "{error}");
    }
    for error in [
        api.presence("nowhere:1").await.expect_err("unknown"),
        api.presence_stats("nowhere:1").await.expect_err("unknown"),
    ] {
        assert_eq!(error.code(), Some(102), "{error}");
    }
}
