//! A program without handlers.

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
