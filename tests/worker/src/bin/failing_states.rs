//! States whose functions fail, a state that needs a failed one, and a handler that needs a state that nothing provides.

use std::error::Error;
use std::fmt;

use centrifugo::State;

#[derive(Debug)]
struct Because(&'static str, Option<Box<Because>>);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Because {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

struct Db;
struct Cache;
struct Users;
struct Missing;

#[centrifugo::state]
async fn db() -> Result<Db, Because> {
    let root = Because("connection refused", None);
    let cause = Because("the pool is empty", Some(root.into()));
    Err(Because("no database", Some(cause.into())))
}

#[centrifugo::state]
fn cache() -> Result<Cache, Because> {
    Err(Because("no cache", None))
}

#[centrifugo::state]
fn users(_db: State<Db>) -> Users {
    Users
}

#[centrifugo::rpc("only")]
fn only(_missing: State<Missing>) {}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
