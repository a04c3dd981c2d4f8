//! The README's program in a crate outside of this workspace, with the configuration files of the quickstart.

use std::fs;
use std::path::Path;

use peers::{Client, Stack};
use serde_json::json;
use test_support::{PROFILE, cargo, target};

/// Returns the first block of Rust in the README.
fn program(readme: &str) -> &str {
    let (_, rest) = readme.split_once("```rust\n").expect("a program");
    rest.split_once("```").expect("its end").0
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_the_program_of_the_readme_with_the_files_of_the_quickstart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the workspace");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let quickstart = root.join("examples/quickstart");
    let main = fs::read_to_string(quickstart.join("src/main.rs")).expect("the quickstart");
    assert!(
        main.ends_with(program(&readme)),
        "the README shows the quickstart"
    );

    let own = std::env::temp_dir().join(format!("centrifugo-newcomer-{}", std::process::id()));
    fs::create_dir_all(own.join("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"newcomer\"\nedition = \"2024\"\n\n[dependencies]\ncentrifugo = {{ path = {:?} }}\n\n{PROFILE}",
        root.join("runtime")
    );
    fs::write(own.join("Cargo.toml"), manifest).expect("a manifest");
    // Pin the tested versions.
    fs::copy(root.join("Cargo.lock"), own.join("Cargo.lock")).expect("the versions");
    fs::write(own.join("src/main.rs"), program(&readme)).expect("a program");
    let status = cargo()
        .current_dir(&own)
        .args(["build", "--quiet"])
        .status()
        .expect("cargo");
    assert!(status.success(), "the README's program does not build");

    let roadrunner = fs::read_to_string(quickstart.join(".rr.yaml")).expect("a configuration");
    let command = "../../target/release/quickstart";
    assert!(roadrunner.contains(command), "{roadrunner}");
    let roadrunner = roadrunner.replace(command, &target().join("debug/newcomer").display().to_string());
    let config = fs::read_to_string(quickstart.join("config.json")).expect("a configuration");
    let stack = Stack::from_files(&roadrunner, &config);
    fs::remove_dir_all(&own).expect("the folder");

    let mut client = Client::start(&stack, &json!({}));
    assert_eq!(client.outcome().await, "connected");
    assert_eq!(client.rpc("greet", &json!("Ann")).await, Ok(json!("hello Ann")));
    let mut room = client.subscribe("chat:1");
    assert_eq!(room.outcome().await, "subscribed \"welcome to 1\"");
    assert_eq!(client.publish("chat:1", &json!({ "text": "hi" })).await, Ok(()));
    assert_eq!(room.publication().await.0, json!({ "text": "hi" }));
    assert_eq!(stack.workers().len(), 2);
}
