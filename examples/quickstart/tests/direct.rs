//! Checks that `config.direct.json` has the configuration that the program prints.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

#[test]
fn configuration_file_matches_the_printed_one() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_quickstart"))
        .env_clear()
        .env("WORKER_LISTEN", "127.0.0.1:0")
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = BufReader::new(program.stderr.take().expect("a piped standard error")).lines();
    // The printed configuration begins and ends with a line that has only a brace.
    let mut printed = String::new();
    for line in lines
        .map(|line| line.expect("text"))
        .skip_while(|line| line != "{")
    {
        printed.push_str(&line);
        if line == "}" {
            break;
        }
    }
    program.kill().expect("the program is killed");
    program.wait().expect("the program ends");

    let printed: Value = serde_json::from_str(&printed).expect("a configuration");
    let endpoint = printed["rpc"]["proxy"]["endpoint"].as_str().expect("an endpoint");
    let file = include_str!("../config.direct.json").replace("grpc://127.0.0.1:10001", endpoint);
    let file: Value = serde_json::from_str(&file).expect("a configuration");
    assert_eq!(printed["client"]["proxy"], file["client"]["proxy"]);
    assert_eq!(printed["channel"], file["channel"]);
    assert_eq!(printed["rpc"], file["rpc"]);
    assert_eq!(file["client"]["allowed_origins"], json!(["*"]));
}
