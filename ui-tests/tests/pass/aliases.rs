//! Types under other names, in modules, with defaults and generics: nothing depends on how a type is spelled.

mod handlers {
    use centrifugo::Json as Wire;
    use std::collections::HashMap as Map;

    type Answer<T> = Result<Wire<T>, centrifugo::Error>;
    type Db = centrifugo::State<Vec<u8>>;

    #[centrifugo::rpc("len/{key*}")]
    pub async fn len(key: String, db: Db, Wire(map): Wire<Map<String, Vec<u8>>>) -> Answer<usize> {
        Ok(Wire(db.len() + key.len() + map.len()))
    }
}

fn main() {}
