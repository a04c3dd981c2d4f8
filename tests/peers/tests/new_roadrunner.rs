//! A project of `cargo centrifugo new --roadrunner` with the real RoadRunner and the real Centrifugo, and its own configuration.

use peers::{Client, NewProject, Stack};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_project_runs_under_roadrunner_with_its_own_files() {
    let project = NewProject::new("new-under-roadrunner", &["--roadrunner"]);
    project.build();
    let stack = Stack::of_project(project);

    let mut client = Client::start(&stack, &json!({ "name": "ann" }));
    assert_eq!(client.outcome().await, "connected");
    let greeting = client.rpc("greet", &json!({ "whom": "bob" })).await;
    assert_eq!(greeting, Ok(json!({ "text": "ann greets bob" })));
    let mut room = client.subscribe("room:tea");
    assert_eq!(room.outcome().await, "subscribed \"welcome to tea\"");
    assert_eq!(
        client.publish("room:tea", &json!({ "text": " hi " })).await,
        Ok(())
    );
    assert_eq!(room.publication().await.0, json!({ "by": "ann", "text": "hi" }));
    let refused = client.publish("room:tea", &json!({ "text": "" })).await;
    assert_eq!(refused, Err("error 1001 write something first".to_owned()));
    assert_eq!(stack.workers().len(), 2);

    let mut nameless = Client::start(&stack, &json!({ "name": "" }));
    assert_eq!(
        nameless.outcome().await,
        "error Connect: choose another name (1000)"
    );
}
