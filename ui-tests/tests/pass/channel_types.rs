//! Channel types with aliases, in a module, without warnings.
#![deny(warnings)]
#![deny(missing_docs, unreachable_pub, unused_qualifications, clippy::all)]

use centrifugo as renamed;

mod rooms {
    use centrifugo::reply;

    pub(crate) type Line = String;
    pub(crate) type Reply<T> = Result<reply::Publish<T>, centrifugo::Error>;

    #[renamed::channel("r#type:{type}/{größe*}", publication = Line, crate = renamed, presence = true)]
    pub(crate) struct Room {
        pub(crate) r#type: u32,
        pub(crate) größe: String,
    }

    use super::renamed;
}

use rooms::Room as Alias;

#[centrifugo::publish(channel = rooms::Room)]
fn say(_room: rooms::Room, centrifugo::Json(line): centrifugo::Json<rooms::Line>) -> rooms::Reply<String> {
    Ok(centrifugo::reply::Publish::typed(&line))
}

#[centrifugo::subscribe(channel = Alias)]
#[centrifugo::subscribe(channel = "news:*")]
async fn join() -> centrifugo::reply::Subscribe {
    centrifugo::reply::Subscribe::allow()
}

fn main() {
    let room = Alias {
        r#type: 1,
        größe: "a:b".to_owned(),
    };
    assert_eq!(room.to_string(), "r#type:1/a:b");
}
