use std::time::{Duration, Instant};

use hyper::rt::Executor as _;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::task::yield_now;

use super::*;
use crate::dispatch::TimeLimit;
use crate::endpoint::executor::handler_pool::HandlerPool;
use crate::endpoint::executor::inline_runner::run_inline;
use crate::endpoint::executor::job::Job;
use crate::endpoint::executor::slow_handlers::SlowHandlers;
use crate::event::Request;

/// Drives a connection that spawns the calls at its first poll and ends when all but the lost ones have responses. Returns
/// how often the connection was polled.
async fn poll_count(calls: Vec<Call>, lost: usize) -> usize {
    let batcher = CallBatcher::default();
    let responses = Arc::new(AtomicUsize::new(0));
    let polls = Arc::new(AtomicUsize::new(0));
    let expected = calls.len() - lost;
    let mut calls = Some(calls);
    let task: Arc<Mutex<Option<Waker>>> = Arc::default();
    let (poll_counter, executor) = (polls.clone(), batcher.clone());
    let connection = poll_fn(move |cx| {
        poll_counter.fetch_add(1, Ordering::SeqCst);
        *task.lock().unwrap() = Some(cx.waker().clone());
        for call in calls.take().into_iter().flatten() {
            let (responses, task) = (responses.clone(), task.clone());
            executor.execute(async move {
                call.await;
                responses.fetch_add(1, Ordering::SeqCst);
                task.lock().unwrap().as_ref().unwrap().wake_by_ref();
            });
        }
        if responses.load(Ordering::SeqCst) == expected {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    tokio::time::timeout(Duration::from_secs(10), batcher.drive(Box::pin(connection)))
        .await
        .unwrap();
    polls.load(Ordering::SeqCst)
}

fn ready() -> Call {
    Box::pin(async {})
}

#[tokio::test]
async fn wakes_the_connection_once_for_a_batch() {
    assert_eq!(
        poll_count((0..POLLS_PER_TURN).map(|_| ready()).collect(), 0).await,
        2
    );
    assert_eq!(poll_count(vec![ready()], 0).await, 2);
}

#[tokio::test]
async fn moves_pending_calls_to_tasks_of_their_own() {
    let notify = Arc::new(Notify::new());
    let waits = || -> Call {
        let notify = notify.clone();
        Box::pin(async move { notify.notified().await })
    };
    let wakes = || -> Call {
        let notify = notify.clone();
        Box::pin(async move {
            yield_now().await;
            notify.notify_waiters();
        })
    };
    poll_count(vec![waits(), ready(), waits(), wakes(), ready()], 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_the_other_calls_after_a_panic() {
    let panics = || -> Call { Box::pin(async { panic!("expected panic of the test") }) };
    poll_count(vec![ready(), panics(), ready(), panics(), ready()], 2).await;
}

/// A runner with a single permit.
fn runner() -> Arc<InlineRunner> {
    let (threads, slow_handlers) = (Arc::default(), Arc::new(SlowHandlers::new([false])));
    let runtime = Handle::current();
    let pool = HandlerPool::new(
        runtime.clone(),
        Arc::clone(&threads),
        Arc::clone(&slow_handlers),
        1,
        1,
    );
    Arc::new(InlineRunner::new(
        runtime,
        2,
        threads,
        slow_handlers,
        Arc::new(pool),
    ))
}

/// Leaves a handler to this thread.
fn leave(handler: impl Future<Output = ()> + Send + 'static) {
    let limit = TimeLimit::of_handler(None, Duration::from_secs(10));
    let job =
        Job::new(None, "", limit, Instant::now()).for_event(0, Request::default(), tracing::Span::none());
    assert!(run_inline(&Arc::new(job), Box::pin(handler)).is_ok());
}

/// Queues a call as another connection does, whose thread may run at the same time. Returns what is ready after the call.
fn queue(batcher: &CallBatcher) -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    let (batcher, runtime) = (batcher.clone(), Handle::current());
    let connection = std::thread::spawn(move || {
        let _entered = runtime.enter();
        batcher.execute(async move {
            let _ = sender.send(());
        });
        batcher.spawn_batches();
    });
    connection.join().unwrap();
    receiver
}

async fn is_polled(call: oneshot::Receiver<()>) -> bool {
    matches!(
        tokio::time::timeout(Duration::from_secs(5), call).await,
        Ok(Ok(()))
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn polls_calls_that_were_queued_while_a_handler_of_http1_ran() {
    let batcher = CallBatcher::new(runner());
    let (sender, receiver) = oneshot::channel();
    let mut first = Some((batcher.clone(), sender));
    let connection = poll_fn(move |_| {
        let Some((batcher, sender)) = first.take() else {
            return Poll::Ready(());
        };
        leave(async move {
            let _ = sender.send(queue(&batcher));
            // The batch of the call ends in the meantime, since this handler has the permit.
            std::thread::sleep(Duration::from_millis(50));
        });
        Poll::Pending
    });
    batcher.clone().drive(Box::pin(connection)).await;
    assert!(is_polled(receiver.await.unwrap()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frees_the_permit_of_a_call_that_panics() {
    let batcher = CallBatcher::new(runner());
    batcher.execute(async {
        leave(async {});
        panic!("expected panic of the test");
    });
    assert!(is_polled(queue(&batcher)).await);
    assert!(is_polled(queue(&batcher)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_no_handler_of_a_call_that_has_ended() {
    let batcher = CallBatcher::new(runner());
    let (ran, mut has_run) = oneshot::channel();
    let mut ran = Some(ran);
    batcher.execute(poll_fn(move |_| {
        let ran = ran.take().expect("a call is polled once");
        leave(async move {
            let _ = ran.send(());
        });
        // As hyper does if the caller has reset the stream.
        Poll::Ready(())
    }));
    assert!(is_polled(queue(&batcher)).await);
    assert!(has_run.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn polls_calls_that_were_queued_while_a_connection_ended() {
    for panics in [false, true] {
        let batcher = CallBatcher::new(runner());
        let (sender, receiver) = oneshot::channel();
        let mut first = Some((batcher.clone(), sender));
        let connection = poll_fn(move |_| {
            let (batcher, sender) = first.take().unwrap();
            leave(async {});
            let _ = sender.send(queue(&batcher));
            // The batch of the call ends in the meantime, since this connection has the permit.
            std::thread::sleep(Duration::from_millis(50));
            assert!(!panics, "expected panic of the test");
            Poll::Ready(())
        });
        let driven = tokio::spawn(batcher.clone().drive(Box::pin(connection)));
        assert_eq!(driven.await.is_err(), panics);
        assert!(is_polled(receiver.await.unwrap()).await, "panics: {panics}");
    }
}
