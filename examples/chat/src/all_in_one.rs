//! Runs the page, the endpoint for Centrifugo and Centrifugo itself in one program.

use centrifugo::BoxError;
use centrifugo::api::Client;

use crate::centrifugo_process::CentrifugoProcess;
use crate::find_centrifugo;
use crate::page::Page;
use crate::settings::Settings;
use crate::token_key::{TokenKey, TokenSecret};

/// Runs until a signal arrives or one of the three ends.
pub async fn run(settings: Settings) -> Result<(), BoxError> {
    let program = find_centrifugo::find()?;
    let page = Page::open(&settings).await?;
    let api = Client::grpc(format!("grpc://{}", settings.api)).build()?;
    let secret = TokenSecret::from_env().map_or_else(TokenSecret::random, Ok)?;
    let server = crate::server()?
        .api(api)
        .state(TokenKey::new(Some(&secret)))
        .listen(settings.events.clone());
    let mut node = CentrifugoProcess::start(&program, &settings, &secret)?;
    let hint = format!("chat: open http://{}", page.address());
    let ended = tokio::select! {
        ended = server.serve() => ended.map_err(Into::into),
        ended = page.serve() => ended,
        ended = node.run(&hint) => ended,
    };
    node.stop().await;
    ended
}
