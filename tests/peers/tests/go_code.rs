//! The checked-in Go code matches `proxy.proto`.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use prost::Message;
use prost_types::compiler::{CodeGeneratorRequest, CodeGeneratorResponse};

#[test]
fn generated_go_code_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = protox::compile(["proxy.proto"], [root.join("../../proto/proto")]).unwrap();
    let request = CodeGeneratorRequest {
        file_to_generate: vec!["proxy.proto".into()],
        // The package of the program.
        parameter: Some("Mproxy.proto=./;main".into()),
        proto_file: files.file,
        ..Default::default()
    };
    let module = root.join("go/endpoint");
    for generator in ["protoc-gen-go", "protoc-gen-go-grpc"] {
        for (name, fresh) in generate(generator, &request, &module) {
            let checked_in = module.join(&name);
            if std::env::var_os("BLESS").is_some() {
                fs::write(&checked_in, &fresh).unwrap();
            }
            let current = fs::read_to_string(&checked_in).unwrap_or_default();
            assert!(
                fresh == current,
                "go/endpoint/{name} is not what proto/proxy.proto gives: run `BLESS=1 cargo test -p peers --test go_code`"
            );
        }
    }
}

/// Runs a generator of the module as protoc does. Returns the names and contents of its files.
fn generate(generator: &str, request: &CodeGeneratorRequest, module: &Path) -> Vec<(String, String)> {
    let mut child = Command::new("go")
        .current_dir(module)
        .args(["tool", generator])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Go");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(&request.encode_to_vec()).expect("a reader");
    drop(input);
    let output = child.wait_with_output().expect("a generator");
    assert!(output.status.success(), "{generator}: {}", output.status);
    let response = CodeGeneratorResponse::decode(&*output.stdout).expect("a response");
    assert_eq!(response.error, None, "{generator}");
    assert!(!response.file.is_empty(), "{generator}");
    response
        .file
        .iter()
        .map(|file| (file.name().to_owned(), file.content().to_owned()))
        .collect()
}
