//! Which handler a pattern finds, and which patterns a program does not start with.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::time::{Duration, Instant};

use centrifugo::__private::generated_dispatcher::{dispatcher, find};
use centrifugo::event::Kind;
use centrifugo::testing::TestClient;
use centrifugo::{Data, Json};

#[centrifugo::rpc("echo")]
fn echo(data: Data) -> Data {
    data
}

#[centrifugo::rpc("{first*}/{second}/get")]
fn get(second: u32, first: String) -> Json<(String, u32)> {
    Json((first, second))
}

#[centrifugo::rpc("*/get")]
fn other() -> Json<&'static str> {
    Json("other")
}

async fn problems(patterns: &[&str]) -> String {
    let patterns = patterns.iter().map(|pattern| ("echo", (*pattern).to_owned()));
    dispatcher(patterns).await.err().unwrap().to_string()
}

#[tokio::test]
async fn names_bind_to_the_shortest_split_of_the_best_pattern() {
    let t = TestClient::builder().build().await.unwrap();
    let get = |method| t.rpc(method);
    assert_eq!(
        get("a/b/7/get").await.json::<(String, u32)>().unwrap(),
        ("a/b".to_owned(), 7)
    );
    assert_eq!(get("a/get").await.json::<String>().unwrap(), "other");
    // No second choice for a value that does not parse.
    assert_eq!(get("a/b/get").await.error().unwrap().code, 104);
    assert_eq!(get("get").await.error().unwrap().code, 104);
}

#[tokio::test]
async fn equal_patterns_are_named_once_each() {
    let text = problems(&["a{x}", "b", "b", "a{y}", "b", "a{x*}"]).await;
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, (here, there, what)) in lines.iter().zip([
        (3, 2, "two handlers have `#[rpc]` with the pattern `b`"),
        (
            4,
            1,
            "two handlers have `#[rpc]` with equivalent patterns, `a{y}` and `a{x}`",
        ),
        (5, 2, "two handlers have `#[rpc]` with the pattern `b`"),
    ]) {
        assert!(line.contains(&format!("patterns.rs:{here}: {what}")), "{line}");
        assert!(
            line.ends_with(&format!("patterns.rs:{there}; keep one of them")),
            "{line}"
        );
    }
}

#[tokio::test]
async fn patterns_that_tie_are_shown_with_a_text_that_is_for_both() {
    let text = problems(&["chat:{x}:a{y}", "{x}:b{y}", "chat:b{y}:{x}", "{x}:{y}b", "news:*"]).await;
    let lines: Vec<_> = text.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].contains(
            "patterns.rs:3: `#[rpc]` patterns `chat:b{y}:{x}` of `echo` here and `chat:{x}:a{y}` of `echo` at"
        ),
        "{text}"
    );
    assert!(
        lines[0].contains("patterns.rs:1 both match `chat:bx:ax`"),
        "{text}"
    );
    assert!(lines[1].contains("both match `x:bb`"), "{text}");
    assert!(lines[1].contains("give one of them more literal text"), "{text}");
}

#[tokio::test]
async fn a_flood_of_ties_ends() {
    let patterns: Vec<_> = (0..5_000)
        .flat_map(|n| [format!("a{n:04}:*"), format!("*:b{n:04}")])
        .collect();
    let patterns: Vec<_> = patterns.iter().map(String::as_str).collect();
    let text = problems(&patterns).await;
    assert_eq!(text.lines().count(), 102);
    assert!(text.contains("100 pairs of `#[rpc]` patterns are ambiguous, and there may be more"));
}

/// Handlers that have every shape, all of them different.
fn handlers(count: usize) -> impl Iterator<Item = (&'static str, String)> {
    (0..count).map(|n| {
        let pattern = match n % 5 {
            0 => format!("users{n}/get"),
            1 => format!("chat{n}:*"),
            2 => format!("{}:{n}:{{room}}/{{rest*}}", "deep/".repeat(n % 37)),
            3 => format!("tenant/{{id}}/method{n}/{{of}}"),
            _ => format!("{{tenant}}/{n}/get"),
        };
        ("echo", pattern)
    })
}

#[tokio::test]
async fn ten_thousand_handlers_start_in_proportion() {
    let mut quickest = [Duration::MAX; 2];
    for _ in 0..3 {
        for (time, count) in quickest.iter_mut().zip([1_000, 10_000]) {
            let start = Instant::now();
            let dispatcher = dispatcher(handlers(count)).await.unwrap();
            *time = start.elapsed().min(*time);
            assert_eq!(dispatcher.routes().len(), count);
        }
    }
    // The tenth part of the handlers takes the tenth part of the time, not the hundredth.
    assert!(quickest[1] < quickest[0] * 40, "{quickest:?}");
}

#[tokio::test]
async fn each_of_ten_thousand_handlers_is_found() {
    let dispatcher = dispatcher(handlers(10_000)).await.unwrap();
    for (_, pattern) in handlers(10_000) {
        let target = pattern
            .replace("{room}", "a")
            .replace("{rest*}", "b/c")
            .replace("{id}", "7")
            .replace("{of}", "8")
            .replace("{tenant}", "t")
            .replace('*', "any:thing");
        let found = find(&dispatcher, Kind::Rpc, &target).unwrap();
        assert_eq!(dispatcher.routes()[found].pattern, Some(pattern.as_str()));
    }
}
