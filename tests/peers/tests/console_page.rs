//! The page of the console, whose tests are in `cli/console/tests`.

use std::path::Path;

use peers::{centrifugo, chromium, node_tests};

#[test]
fn passes_its_tests_in_chromium() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cli/console/tests");
    let report = node_tests(
        &folder,
        &[("CHROMIUM", &chromium()), ("CENTRIFUGO", &centrifugo())],
    );
    // The runner also succeeds if it finds no tests.
    assert!(report.contains("connects a real client"), "{report}");
    println!("{report}");
}
