//! `config.direct.json` points Centrifugo's events where the program says that it wants them.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

#[test]
fn the_configuration_beside_it_is_the_one_that_it_asks_for() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_quickstart"))
        .env_clear()
        .env("WORKER_LISTEN", "127.0.0.1:0")
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let lines = BufReader::new(program.stderr.take().expect("its standard error")).lines();
    // It stands at the end of what the program says at start, from one brace to the other.
    let mut asked = String::new();
    for line in lines
        .map(|line| line.expect("text"))
        .skip_while(|line| line != "{")
    {
        asked.push_str(&line);
        if line == "}" {
            break;
        }
    }
    program.kill().expect("the end");
    program.wait().expect("the end");

    let asked: Value = serde_json::from_str(&asked).expect("a configuration");
    let endpoint = asked["rpc"]["proxy"]["endpoint"].as_str().expect("an endpoint");
    let file = include_str!("../config.direct.json").replace("grpc://127.0.0.1:10001", endpoint);
    let file: Value = serde_json::from_str(&file).expect("a configuration");
    assert_eq!(asked["client"]["proxy"], file["client"]["proxy"]);
    assert_eq!(asked["channel"], file["channel"]);
    assert_eq!(asked["rpc"], file["rpc"]);
    assert_eq!(file["client"]["allowed_origins"], json!(["*"]));
}
