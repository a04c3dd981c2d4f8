//! The messages for the console's page, in their order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::state::State;
use super::terminal::Terminal;

/// Messages that are kept for pages that are opened later.
const MAX_MESSAGES: usize = 10_000;
/// Bytes of these messages.
const MAX_BYTES: usize = 64 << 20;

/// Keeps the last messages. Pages read them at their own speed, and miss some if they are too slow.
pub(crate) struct Hub {
    messages: Mutex<Messages>,
    newest: watch::Sender<u64>,
    state: Mutex<State>,
    terminal: Terminal,
}

#[derive(Default)]
struct Messages {
    /// The number of the first one.
    first: u64,
    texts: VecDeque<Arc<str>>,
    bytes: usize,
}

impl Hub {
    pub(crate) fn new(state: State, terminal: Terminal) -> Self {
        Self {
            messages: Mutex::new(Messages {
                first: 1,
                ..Messages::default()
            }),
            newest: watch::Sender::new(0),
            state: Mutex::new(state),
            terminal,
        }
    }

    /// Adds a message.
    pub(crate) fn push(&self, message: &Value) {
        let text: Arc<str> = message.to_string().into();
        self.terminal.json(&text);
        let mut messages = lock(&self.messages);
        messages.bytes += text.len();
        messages.texts.push_back(text);
        while messages.texts.len() > MAX_MESSAGES || messages.bytes > MAX_BYTES {
            let Some(oldest) = messages.texts.pop_front() else {
                break;
            };
            messages.bytes -= oldest.len();
            messages.first += 1;
        }
        let newest = messages.first + messages.texts.len() as u64 - 1;
        drop(messages);
        self.newest.send_modify(|number| *number = newest.max(*number));
    }

    /// Returns the messages after this number that are still kept, with their numbers.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Vec<(u64, Arc<str>)> {
        let messages = lock(&self.messages);
        let skipped =
            usize::try_from(number.saturating_add(1).saturating_sub(messages.first)).unwrap_or(usize::MAX);
        let numbers = messages.first..;
        numbers
            .zip(&messages.texts)
            .skip(skipped)
            .take(limit)
            .map(|(number, text)| (number, Arc::clone(text)))
            .collect()
    }

    /// Returns the number of the newest message, and how to wait for more.
    pub(crate) fn newest(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    /// Changes the state, and tells the pages.
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = lock(&self.state);
        change(&mut state);
        self.push(&json!({ "type": "state", "state": &*state }));
    }

    /// Returns the current state.
    pub(crate) fn state(&self) -> State {
        lock(&self.state).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_messages() {
        let hub = Hub::new(State::default(), Terminal::silent());
        for number in 1..=MAX_MESSAGES + 5 {
            hub.push(&number.into());
        }
        let all = hub.after(0, usize::MAX);
        assert_eq!(all.len(), MAX_MESSAGES);
        assert_eq!((all[0].0, &*all[0].1), (6, "6"));
        let last = hub.after(10_004, 10);
        assert_eq!(last.len(), 1);
        assert_eq!((last[0].0, &*last[0].1), (10_005, "10005"));
        assert!(hub.after(10_005, 10).is_empty());
        assert!(hub.after(u64::MAX - 1, 10).is_empty());
        assert!(hub.after(u64::MAX, 10).is_empty());
        assert_eq!(*hub.newest().borrow(), 10_005);
    }
}
