//! Data as an argument: JSON, `@FILE`, or `-` for standard input.

use std::error::Error;
use std::fs::File;
use std::io::{Read, stdin};

use crate::invoke::{Data, Protocol};

/// The longest data, in bytes.
const MAX_LEN: u64 = 64 << 20;

/// Reads data. `name` is the option, for errors.
pub(super) fn data(argument: &str, name: &str, protocol: Protocol) -> Result<Data, Box<dyn Error>> {
    let bytes = match argument.strip_prefix('@') {
        _ if argument == "-" => read(stdin()).map_err(|error| format!("standard input: {error}"))?,
        Some(path) => File::open(path)
            .and_then(read)
            .map_err(|error| format!("{name} {argument}: {error}"))?,
        None => argument.as_bytes().to_owned(),
    };
    if bytes.len() as u64 > MAX_LEN {
        return Err(format!("{name} has more than {} MiB", MAX_LEN >> 20).into());
    }
    match (std::str::from_utf8(&bytes).map(Data::json), protocol) {
        (Ok(Ok(data)), _) => Ok(data),
        (_, Protocol::Protobuf) => Ok(Data::Bytes(bytes.into())),
        (Ok(Err(error)), Protocol::Json) => Err(format!(
            "{name} is not JSON: {error}; a text needs quotes, such as {name} '\"text\"', a file an `@`; bytes need `--protocol protobuf`"
        )
        .into()),
        (Err(_), Protocol::Json) => {
            Err(format!("{name} is not text; bytes need `--protocol protobuf`").into())
        }
    }
}

fn read(input: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(MAX_LEN + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(argument: &str, protocol: Protocol) -> Result<(bool, String), String> {
        data(argument, "--data", protocol)
            .map(|data| {
                (
                    data.is_json(),
                    String::from_utf8_lossy(&data.to_bytes()).into_owned(),
                )
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn reads_json_and_bytes() {
        assert_eq!(
            read_text("{\"a\": 1.0}", Protocol::Json),
            Ok((true, "{\"a\": 1.0}".into()))
        );
        assert_eq!(
            read_text("hello", Protocol::Protobuf),
            Ok((false, "hello".into()))
        );
        let error = read_text("hello", Protocol::Json).unwrap_err();
        assert!(error.contains("needs quotes"), "{error}");
        let error = read_text("@/nowhere", Protocol::Json).unwrap_err();
        assert!(error.contains("@/nowhere"), "{error}");
        let file = format!("@{}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
        assert!(read_text(&file, Protocol::Json).is_err());
        assert!(!read_text(&file, Protocol::Protobuf).unwrap().0);
    }
}
