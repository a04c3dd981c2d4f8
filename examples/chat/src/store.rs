//! The database of members and messages, in SQLite.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};

use crate::member::Member;
use crate::messages::{Message, MessageQuery};
use crate::name::Name;

/// The number of messages in a page.
const PAGE_LEN: i64 = 50;
/// The number of messages that are kept for each room.
const MAX_STORED: i64 = 1000;
/// How long to wait for another worker that has locked the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("the query panicked")]
    Panicked(#[from] tokio::task::JoinError),
}

type Result<T> = std::result::Result<T, StoreError>;

/// A handle to the database. Clones share the connection.
#[derive(Clone)]
pub struct Store(Arc<Mutex<Connection>>);

/// Opens the file in `CHAT_DB`, or a temporary database if it is not set. Several workers need a file.
#[centrifugo::state]
fn store() -> Result<Store> {
    Store::open(&std::env::var("CHAT_DB").unwrap_or_default())
}

impl Store {
    /// Opens a database. An empty path is a temporary database in SQLite.
    pub fn open(path: &str) -> Result<Self> {
        let db = Connection::open(path)?;
        // Workers of RoadRunner share the file and wait for its locks.
        db.busy_timeout(BUSY_TIMEOUT)?;
        use_write_ahead_log(&db)?;
        db.execute_batch(include_str!("store.sql"))?;
        Ok(Self(Arc::new(Mutex::new(db))))
    }

    /// Runs a query on a thread that may block.
    async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.0.clone();
        let query = move || query(&db.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(tokio::task::spawn_blocking(query).await??)
    }

    /// Returns the member of this name, created if new, or `None` if the secret is wrong. The first member is a moderator.
    pub async fn login(&self, name: Name, secret: String) -> Result<Option<Member>> {
        self.run(move |db| {
            db.execute(
                "INSERT INTO users (id, name, secret, is_moderator)
                 VALUES (?1, ?2, ?3, NOT EXISTS (SELECT 1 FROM users)) ON CONFLICT (id) DO NOTHING",
                params![name.id(), name.as_str(), secret],
            )?;
            let is_right = db.query_row(
                "SELECT secret = ?2 FROM users WHERE id = ?1",
                params![name.id(), secret],
                |row| row.get(0),
            )?;
            if is_right {
                member(db, &name.id())
            } else {
                Ok(None)
            }
        })
        .await
    }

    pub async fn member(&self, id: String) -> Result<Option<Member>> {
        self.run(move |db| member(db, &id)).await
    }

    /// Bans a user or lifts the ban. Returns `false` if the user is unknown or a moderator.
    pub async fn ban(&self, id: String, banned: bool) -> Result<bool> {
        self.run(move |db| {
            let changed = db.execute(
                "UPDATE users SET is_banned = ?2 WHERE id = ?1 AND NOT is_moderator",
                params![id, banned],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Records that the user has entered the room. Returns whether it is the first time.
    pub async fn enter(&self, room: &'static str, user: &str) -> Result<bool> {
        let user = user.to_owned();
        self.run(move |db| {
            let added = db.execute(
                "INSERT INTO entries (user, room) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![user, room],
            )?;
            Ok(added > 0)
        })
        .await
    }

    /// Bans the user from the room. Returns `false` if the user is unknown, a moderator or banned from it already.
    pub async fn expel(&self, room: &'static str, user: String) -> Result<bool> {
        self.run(move |db| {
            let added = db.execute(
                "INSERT INTO expulsions (user, room)
                 SELECT id, ?2 FROM users WHERE id = ?1 AND NOT is_moderator ON CONFLICT DO NOTHING",
                params![user, room],
            )?;
            Ok(added > 0)
        })
        .await
    }

    /// Lifts the user's ban from the room. Returns `false` if there is none.
    pub async fn readmit(&self, room: &'static str, user: String) -> Result<bool> {
        self.run(move |db| {
            let deleted = db.execute(
                "DELETE FROM expulsions WHERE user = ?1 AND room = ?2",
                params![user, room],
            )?;
            Ok(deleted > 0)
        })
        .await
    }

    /// Stores a message. Ids increase in the order of the calls.
    pub async fn save_message(&self, room: &'static str, by: &str, text: &str) -> Result<Message> {
        let (by, text) = (by.to_owned(), text.to_owned());
        self.run(move |db| {
            let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let at = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
            let id = db.query_row(
                "INSERT INTO messages (room, by, text, at) VALUES (?1, ?2, ?3, ?4) RETURNING id",
                params![room, by, text, at],
                |row| row.get(0),
            )?;
            db.execute(
                "DELETE FROM messages WHERE room = ?1 AND id <=
                 (SELECT id FROM messages WHERE room = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                params![room, MAX_STORED],
            )?;
            Ok(Message { id, by, text, at })
        })
        .await
    }

    /// Returns the newest selected messages, oldest first.
    pub async fn messages(&self, room: &'static str, query: MessageQuery) -> Result<Vec<Message>> {
        let before = query.before.unwrap_or(i64::MAX);
        self.run(move |db| {
            let mut query = db.prepare(
                "SELECT id, by, text, at FROM messages WHERE room = ?1 AND id < ?2
                 ORDER BY id DESC LIMIT ?3",
            )?;
            let mut messages = query
                .query_map(params![room, before, PAGE_LEN], message)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            messages.reverse();
            Ok(messages)
        })
        .await
    }
}

/// Switches to a write-ahead log, so that workers that read don't wait for one that writes.
///
/// Workers that start together switch at the same time, and SQLite reports that as busy without waiting.
fn use_write_ahead_log(db: &Connection) -> rusqlite::Result<()> {
    let start = Instant::now();
    loop {
        match db.pragma_update(None, "journal_mode", "wal") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && start.elapsed() < BUSY_TIMEOUT =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            result => return result,
        }
    }
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: row.get(0)?,
        by: row.get(1)?,
        text: row.get(2)?,
        at: row.get(3)?,
    })
}

fn member(db: &Connection, id: &str) -> rusqlite::Result<Option<Member>> {
    let rooms = |query| -> rusqlite::Result<Vec<String>> {
        db.prepare(query)?.query_map([id], |row| row.get(0))?.collect()
    };
    let entered = rooms("SELECT room FROM entries WHERE user = ?1")?;
    let expelled_from = rooms("SELECT room FROM expulsions WHERE user = ?1")?;
    db.query_row(
        "SELECT id, name, is_moderator, is_banned FROM users WHERE id = ?1",
        [id],
        |row| {
            Ok(Member {
                id: row.get(0)?,
                name: row.get(1)?,
                is_moderator: row.get(2)?,
                is_banned: row.get(3)?,
                rooms: entered,
                expelled_from,
            })
        },
    )
    .optional()
}
