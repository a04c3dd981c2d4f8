#[centrifugo::rpc("a")]
async fn handler() {
    let here = std::rc::Rc::new(());
    std::future::ready(()).await;
    drop(here);
}

fn main() {}
