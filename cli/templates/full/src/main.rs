//! The backend of a Centrifugo application.

mod connect;
mod error;
mod greet;
mod room;
#[cfg(test)]
mod tests;

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
