//! TLS and mutual TLS between Centrifugo and a backend, with certificates made here.

use std::fs;
use std::path::PathBuf;

use peers::{Client, Direct, Pair, Transport};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};

const ADDRESS: &str = "127.0.0.1";

/// An authority, and a folder for what it signed.
struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self {
            folder,
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate and its key.
    fn sign(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let cert = params.signed_by(&key, &self.issuer).expect("a certificate");
        (cert.pem(), key.serialize_pem())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    }

    /// A program whose certificate this authority signed.
    fn program(&self, transport: Transport) -> Direct {
        let (cert, key) = self.sign(ADDRESS);
        Direct::new(env!("CARGO_BIN_EXE_backend"), transport)
            .env("WORKER_TLS_CERT", &self.file("cert.pem", &cert))
            .env("WORKER_TLS_KEY", &self.file("key.pem", &key))
    }

    fn mutual(&self, transport: Transport) -> Direct {
        self.program(transport)
            .env("WORKER_TLS_CLIENT_CA", &self.file("ca.pem", &self.pem))
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What Centrifugo's configuration needs beside what the program printed.
fn tls(transport: Transport, authority: &Authority, own: Option<(String, String)>) -> Value {
    let mut tls = json!({ "server_ca_pem": authority.pem });
    let (cert, key) = own.unwrap_or_default();
    tls["cert_pem"] = cert.into();
    tls["key_pem"] = key.into();
    match transport {
        Transport::Grpc => json!({ "grpc": { "tls": tls } }),
        Transport::Http => json!({ "http": { "tls": tls } }),
    }
}

async fn served(pair: &Pair) {
    let client = Client::user(pair, "42").await;
    assert_eq!(client.rpc("echo", &json!({})).await, Ok(json!({})));
}

async fn refused(pair: &Pair) {
    let mut client = Client::start(pair, &json!({ "user": "42" }));
    assert_eq!(
        client.outcome().await,
        "error Connect: internal server error (100)"
    );
    // Centrifugo may see no more than a broken connection: the reason is here.
    pair.program.process.wait_for_log("a TLS connection was refused");
}

async fn of_the_program(name: &str, transport: Transport) {
    let authority = Authority::new(name);
    let stranger = Authority::new(&format!("{name}-stranger"));
    let program = || authority.program(transport);
    served(&program().proxy(tls(transport, &authority, None)).start()).await;
    refused(&program().proxy(tls(transport, &stranger, None)).start()).await;
}

async fn of_both(name: &str, transport: Transport) {
    let authority = Authority::new(name);
    let stranger = Authority::new(&format!("{name}-stranger"));
    let start = |own| {
        let settings = tls(transport, &authority, own);
        authority.mutual(transport).proxy(settings).start()
    };
    served(&start(Some(authority.sign("centrifugo")))).await;
    refused(&start(None)).await;
    refused(&start(Some(stranger.sign("centrifugo")))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_over_grpc() {
    of_the_program("tls-grpc", Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_over_http() {
    of_the_program("tls-http", Transport::Http).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls_over_grpc() {
    of_both("mtls-grpc", Transport::Grpc).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mutual_tls_over_http() {
    of_both("mtls-http", Transport::Http).await;
}
