//! Who may call, and what is said at start.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::net::TcpListener;

use centrifugo::proto::proxy::RpcResponse;
use support::http::send;
use support::{Program, rpc, seen, start_error};
use tonic::metadata::MetadataValue;
use tonic::{Code, Request, Status};

const SECRET: &[(&str, &str)] = &[
    ("WORKER_SECRET_KEY", "X-Backend-Key"),
    ("WORKER_SECRET_VALUE", "correct-horse"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_the_secret_is_refused() {
    let program = Program::start(&[SECRET, &[("RUST_LOG", "trace")]].concat());
    let client = program.client().await;
    let call = async |values: &[&'static str]| -> Result<RpcResponse, Status> {
        let mut request = Request::new(rpc("headers", "null"));
        for value in values {
            request
                .metadata_mut()
                .append("x-backend-key", MetadataValue::from_static(value));
        }
        client.call("RPC", request).await
    };
    for wrong in [
        &[][..],
        &["correct-hors"],
        &["correct-horse-"],
        &["Correct-Horse"],
        &[""],
    ] {
        assert_eq!(
            call(wrong).await.unwrap_err().code(),
            Code::Unauthenticated,
            "{wrong:?}"
        );
    }
    // A client's own header in front does no harm, and the secret does not reach the handler.
    let headers = seen(&call(&["of-the-client", "correct-horse"]).await.unwrap());
    assert!(
        headers.contains("of-the-client") && !headers.contains("correct-horse"),
        "{headers}"
    );

    let post = async |headers: &[(&str, &str)], body: &str| {
        send(
            program.http.unwrap(),
            "POST",
            "/centrifugo/rpc",
            headers,
            body.as_bytes(),
        )
        .await
    };
    for wrong in [&[][..], &[("x-backend-key", "wrong")]] {
        // Not even what can be read is told apart.
        for body in [r#"{"method":"headers"}"#, "{"] {
            assert_eq!(post(wrong, body).await.0, 401);
        }
    }
    let (status, body) = post(&[("x-backend-key", "correct-horse")], r#"{"method":"headers"}"#).await;
    assert_eq!((status, body.contains("correct-horse")), (200, false), "{body}");

    let log = program.log.wait_for("call refused: wrong secret");
    assert!(!log.contains("correct-horse"), "{log}");
    assert!(log.contains(r#""credentials_key": "x-backend-key""#), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_need_no_secret() {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;
    let program = Program::start(SECRET);
    let mut health = HealthClient::new(program.client().await.0);
    for service in ["", "centrifugal.centrifugo.proxy.CentrifugoProxy"] {
        let request = HealthCheckRequest {
            service: service.into(),
        };
        let answer = health.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status, 1, "{service}");
    }
    let unknown = HealthCheckRequest {
        service: "other".into(),
    };
    assert_eq!(health.check(unknown).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_address_without_a_guard_is_a_start_error() {
    for key in ["WORKER_LISTEN", "WORKER_HTTP_LISTEN"] {
        let text = start_error(&[(key, "0.0.0.0:0")]);
        assert!(text.contains(key) && text.contains("can be any user"), "{text}");
    }
    // Both at once, with all else that is wrong.
    let text = start_error(&[
        ("WORKER_LISTEN", "0.0.0.0:0"),
        ("WORKER_HTTP_LISTEN", "nowhere"),
        ("WORKER_TLS_CERT", "x.pem"),
    ]);
    for part in [
        "can be any user",
        "`nowhere`, but must be an address",
        "both WORKER_TLS_CERT and WORKER_TLS_KEY",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let open = [("WORKER_LISTEN", "0.0.0.0:0"), ("WORKER_HTTP_LISTEN", "")];
    let allowed = Program::start(&[&open[..], &[("WORKER_ALLOW_PLAIN", "1")]].concat());
    assert!(allowed.grpc.unwrap().ip().is_unspecified());
    let guarded = Program::start(&[&open[..], SECRET].concat());
    assert!(guarded.http.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_a_start_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let text = start_error(&[("WORKER_LISTEN", &address)]);
    assert!(
        text.contains(&address) && text.contains("can't be listened on"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_where_it_listens_what_it_answers_and_how_it_is_asked() {
    let program = Program::start(&[]);
    let text = program.log.wait_for("\n}\n");
    let grpc = program.grpc.unwrap();
    assert!(grpc.port() > 0 && program.http.unwrap().port() > 0);
    assert!(
        text.contains("  subscribe             news:{topic}  subscribe"),
        "{text}"
    );
    let json = &text[text.find("\n{").unwrap()..];
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        json["client"]["proxy"]["connect"],
        serde_json::json!({ "enabled": true, "endpoint": format!("grpc://{grpc}") })
    );
    let namespaces = json["channel"]["namespaces"].as_array().unwrap();
    let news = namespaces
        .iter()
        .find(|namespace| namespace["name"] == "news")
        .unwrap();
    assert_eq!(news["subscribe_proxy_enabled"], true);
    assert_eq!(news["sub_refresh_proxy_enabled"], true);
    assert_eq!(json["rpc"]["without_namespace"]["proxy_enabled"], true);
}
