//! All in one: the page, the endpoint that Centrifugo asks, and Centrifugo itself.

use centrifugo::BoxError;
use centrifugo::api::Client;

use crate::node::{self, Node};
use crate::page::Page;
use crate::settings::Settings;

/// Runs until a signal, or until one of the three ends.
pub async fn run(settings: Settings) -> Result<(), BoxError> {
    let program = node::find()?;
    let page = Page::open(&settings).await?;
    let api = Client::grpc(format!("grpc://{}", settings.api)).build()?;
    let server = crate::server()?.api(api).listen(settings.events.clone());
    let mut node = Node::start(&program, &settings)?;
    let hint = format!("chat: open http://{}", page.address());
    let ended = tokio::select! {
        ended = server.serve() => ended.map_err(Into::into),
        ended = page.serve() => ended,
        ended = node.run(&hint) => ended,
    };
    node.stop().await;
    ended
}
