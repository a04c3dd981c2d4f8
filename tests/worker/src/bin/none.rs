//! No handler at all.

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
