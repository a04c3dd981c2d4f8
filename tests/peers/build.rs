//! Generates the gRPC services with tonic's generator, to compare the endpoint with them.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let protos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/proto");
    println!("cargo::rerun-if-changed={}", protos.display());
    let files = protox::compile(["proxy.proto", "api.proto"], [&protos])?;
    tonic_prost_build::configure().compile_fds(files)?;
    Ok(())
}
