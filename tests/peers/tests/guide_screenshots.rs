//! The guide has screenshots as `data:` URLs, because rustdoc and docs.rs copy no images. `BLESS=1` writes them anew.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Asserts that a page of `runtime/docs` is the introduction and the image.
fn assert_page_has_image(page: &str, introduction: &str, alternative: &str, image: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let image = fs::read(root.join(image)).expect("a screenshot");
    let text = format!(
        "# A real run\n\n{introduction}\n\n<img width=\"700\" alt=\"{alternative}\" src=\"data:image/png;base64,{}\">\n",
        BASE64_STANDARD.encode(image)
    );
    let path = root.join("runtime/docs").join(page);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).expect("the page");
    }
    let found = fs::read_to_string(&path).expect("the page");
    assert!(found == text, "{page}: run with BLESS=1");
}

#[test]
fn guide_has_the_screenshot_of_prometheus() {
    assert_page_has_image(
        "monitoring_screenshot.md",
        "Prometheus, with the events of `cargo run -p observability -- faults` that did not succeed:",
        "A graph of events per second, by handler and outcome",
        "examples/observability/screenshots/graph.png",
    );
}

#[test]
fn guide_has_the_screenshot_of_the_console() {
    assert_page_has_image(
        "develop_screenshot.md",
        "The tab \"Live\" with the events of a new project:",
        "The console: a list of events with their outcomes, and one of them with its answer and the line of its log",
        "cli/console/screenshots/live.png",
    );
}
