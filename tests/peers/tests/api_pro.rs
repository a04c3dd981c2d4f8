//! Methods of Centrifugo PRO: the answers of the open-source server, over each transport.

mod support;

use std::time::{Duration, SystemTime};

use centrifugo::api::{Call, Delivery, Error, ErrorKind, Method};
use centrifugo::proto::api::{FcmPushNotification, PushNotification, PushRecipient};
use support::api::{ApiPeers, over_each_transport};

over_each_transport!(reports_methods_of_centrifugo_pro);

/// Checks that a call is refused, alone and in a batch.
async fn assert_refused<M: Method>(peers: &ApiPeers, call: impl Fn() -> Call<M>) {
    let error = call().await.expect_err("not in the open-source server");
    assert_eq!(
        (error.kind(), error.delivery(), error.is_temporary()),
        (ErrorKind::Unsupported, Delivery::Refused, false),
        "{error}"
    );
    assert!(
        error.to_string().contains(error.method()) && error.to_string().contains("not offer"),
        "{error}"
    );
    let mut batch = peers.api.batch();
    let ticket = batch.add(call());
    let mut replies = batch.await.expect("replies");
    let error: Error = replies.take(ticket).expect_err("not in the open-source server");
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Answered, Some(104)),
        "{error}"
    );
}

async fn reports_methods_of_centrifugo_pro(peers: ApiPeers) {
    let api = &peers.api;
    let hour = Duration::from_secs(3600);
    assert_refused(&peers, || api.connections().user("42")).await;
    assert_refused(&peers, || api.update_user_status(["42"]).state("away")).await;
    assert_refused(&peers, || api.get_user_status(["42"])).await;
    assert_refused(&peers, || api.delete_user_status(["42"])).await;
    assert_refused(&peers, || api.block_user("42").expires_in(hour)).await;
    assert_refused(&peers, || api.unblock_user("42")).await;
    assert_refused(&peers, || api.revoke_token("jti").expires_in(hour)).await;
    assert_refused(&peers, || {
        api.invalidate_user_tokens("42").issued_before(SystemTime::now())
    })
    .await;
    assert_refused(&peers, || {
        api.device_register("fcm", "token", "android")
            .meta("os", "15")
            .topics(["news"])
    })
    .await;
    assert_refused(&peers, || {
        api.device_update().ids(["d-1"]).set_topics("add", ["news"])
    })
    .await;
    assert_refused(&peers, || api.device_remove().users(["42"])).await;
    assert_refused(&peers, || api.device_list().with_topics().limit(10)).await;
    assert_refused(&peers, || api.device_topic_list().with_device().count()).await;
    assert_refused(&peers, || api.device_topic_update("d-1", "set", ["news"])).await;
    assert_refused(&peers, || api.user_topic_list().limit(10)).await;
    assert_refused(&peers, || api.user_topic_update("42", "remove", ["news"])).await;
    assert_refused(&peers, || {
        let recipient = PushRecipient {
            fcm_topic: "news".into(),
            ..Default::default()
        };
        let message = r#"{"notification":{"title":"hello"}}"#;
        let notification = PushNotification {
            fcm: Some(FcmPushNotification {
                message: message.into(),
            }),
            ..Default::default()
        };
        api.send_push_notification(recipient, notification).uid("n-1")
    })
    .await;
    assert_refused(&peers, || api.update_push_status("news-17", "d-1", "delivered")).await;
    assert_refused(&peers, || api.cancel_push("n-1")).await;
}
