//! TLS and mutual TLS on both endpoints.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::net::SocketAddr;
use std::sync::Arc;

use support::http_client::{HttpResponse, exchange};
use support::{Client, Program, outcome_text, start_error};
use test_support::Authority;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tonic::transport::{Certificate, ClientTlsConfig, Identity};

async fn echo_over_grpc(program: &Program, tls: ClientTlsConfig) -> Result<String, String> {
    let endpoint = program
        .endpoint("https")
        .tls_config(tls.domain_name("localhost"))
        .map_err(|error| error.to_string())?;
    let client = Client(endpoint.connect().await.map_err(|error| error.to_string())?);
    match client.rpc("echo", "1").await {
        Ok(answer) => Ok(outcome_text(&answer)),
        Err(status) => Err(status.to_string()),
    }
}

async fn echo_over_https(
    address: SocketAddr,
    ca: &str,
    identity: Option<&(String, String)>,
) -> Option<HttpResponse> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
        .unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some((cert, key)) => builder
            .with_client_auth_cert(
                vec![CertificateDer::from_pem_slice(cert.as_bytes()).unwrap()],
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap(),
    };
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .ok()?;
    let body = br#"{"method":"echo","data":1}"#;
    let answer = tokio::spawn(async move { exchange(stream, "POST", "/centrifugo/rpc", &[], body).await });
    // In TLS 1.3, the client sees that its certificate was refused when it first reads.
    answer.await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn serves_tls_and_refuses_plain_connections() {
    let authority = Authority::new("tls");
    let (cert, key) = authority.sign("localhost");
    let program = Program::start(&[
        ("WORKER_TLS_CERT", &authority.file("cert.pem", &cert)),
        ("WORKER_TLS_KEY", &authority.file("key.pem", &key)),
    ]);
    let ca = Certificate::from_pem(&authority.pem);
    let answer = echo_over_grpc(&program, ClientTlsConfig::new().ca_certificate(ca)).await;
    assert_eq!(answer.unwrap(), "1");
    let answer = echo_over_https(program.http.unwrap(), &authority.pem, None).await;
    assert_eq!(answer.unwrap(), (200, r#"{"result":{"data":1}}"#.into()));

    let plain = program.endpoint("http").connect().await;
    let refused = match plain {
        Err(_) => true,
        Ok(channel) => Client(channel).rpc("echo", "1").await.is_err(),
    };
    assert!(refused, "a plain connection was served");
    let other = Authority::new("tls-other");
    let ca = Certificate::from_pem(&other.pem);
    assert!(
        echo_over_grpc(&program, ClientTlsConfig::new().ca_certificate(ca))
            .await
            .is_err()
    );
    let log = program.log.wait_for(", TLS");
    assert!(log.contains("\"tls\""), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accepts_only_client_certificates_of_the_configured_authority() {
    let authority = Authority::new("mtls");
    let (cert, key) = authority.sign("localhost");
    let program = Program::start(&[
        // With mutual TLS, an open address needs no secret.
        ("WORKER_LISTEN", "0.0.0.0:0"),
        ("WORKER_TLS_CERT", &authority.file("cert.pem", &cert)),
        ("WORKER_TLS_KEY", &authority.file("key.pem", &key)),
        ("WORKER_TLS_CLIENT_CA", &authority.file("ca.pem", &authority.pem)),
    ]);
    let tls = |identity: Option<&(String, String)>| {
        let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&authority.pem));
        match identity {
            None => tls,
            Some((cert, key)) => tls.identity(Identity::from_pem(cert, key)),
        }
    };
    let known = authority.sign("centrifugo");
    let stranger = Authority::new("mtls-other").sign("centrifugo");
    assert_eq!(echo_over_grpc(&program, tls(Some(&known))).await.unwrap(), "1");
    assert!(echo_over_grpc(&program, tls(None)).await.is_err());
    assert!(echo_over_grpc(&program, tls(Some(&stranger))).await.is_err());
    let http = program.http.unwrap();
    assert_eq!(
        echo_over_https(http, &authority.pem, Some(&known))
            .await
            .unwrap()
            .0,
        200
    );
    assert!(echo_over_https(http, &authority.pem, None).await.is_none());
    assert!(
        echo_over_https(http, &authority.pem, Some(&stranger))
            .await
            .is_none()
    );
    program.log.wait_for(", mutual TLS");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_unusable_certificate_and_key_files() {
    let authority = Authority::new("files");
    let (cert, key) = authority.sign("localhost");
    let (_, other) = authority.sign("localhost");
    let cert = authority.file("cert.pem", &cert);
    let key = authority.file("key.pem", &key);
    let other = authority.file("other.pem", &other);
    let empty = authority.file("empty.pem", "nothing");
    for (env, part) in [
        (
            vec![("WORKER_TLS_CERT", "/nowhere.pem"), ("WORKER_TLS_KEY", &key)],
            "`/nowhere.pem` cannot be read",
        ),
        (
            vec![("WORKER_TLS_CERT", empty.as_str()), ("WORKER_TLS_KEY", &key)],
            "has no certificate",
        ),
        (
            vec![("WORKER_TLS_CERT", cert.as_str()), ("WORKER_TLS_KEY", &empty)],
            "has no private key",
        ),
        (
            vec![("WORKER_TLS_CERT", cert.as_str()), ("WORKER_TLS_KEY", &other)],
            "WORKER_TLS_CERT and WORKER_TLS_KEY:",
        ),
        (
            vec![("WORKER_TLS_CLIENT_CA", cert.as_str())],
            "is in addition to them",
        ),
    ] {
        let text = start_error(&env);
        assert!(text.contains(part), "{part} in {text}");
        assert!(!text.contains("PRIVATE KEY"), "{text}");
    }
}
