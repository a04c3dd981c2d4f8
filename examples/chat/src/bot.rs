//! A bot that publishes through the server API.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use centrifugo::api::Client;
use centrifugo::{Api, State};

use crate::ChatError;
use crate::member::Card;
use crate::messages::{Message, Post};
use crate::rooms::{ROOMS, Room};
use crate::store::Store;

pub const NAME: &str = "bot";

const HELP: &str = "I know: “@bot who” – who is here; “@bot recap” – who said how much of late; “@bot help”.";

#[derive(Clone)]
pub struct Bot {
    api: Client,
    store: Store,
    /// The delay between the typing notice and the answer.
    typing_delay: Duration,
}

#[centrifugo::state]
fn bot(api: Api, store: State<Store>) -> Bot {
    Bot::new(api.into(), Store::clone(&store), Duration::from_millis(600))
}

impl Bot {
    pub fn new(api: Client, store: Store, typing_delay: Duration) -> Self {
        Self {
            api,
            store,
            typing_delay,
        }
    }

    /// Welcomes a user who enters a room for the first time.
    pub async fn greet(&self, room: &Room, name: &str) {
        let text = format!("Welcome, {name}! Say “@bot help” to me.");
        self.say_or_log(room, &text).await;
    }

    /// Answers a message that begins with the bot's name, in a task, because the message is not published yet.
    pub fn answer_later(&self, room: &Room, message: &Message) {
        if let Some(question) = question_to_bot(&message.text) {
            let (bot, room, question) = (self.clone(), *room, question.to_lowercase());
            tokio::spawn(async move { bot.reply(&room, &question).await });
        }
    }

    /// Publishes a notice to all rooms.
    pub async fn announce(&self, text: String) -> Result<(), ChatError> {
        let channels = ROOMS.map(|room| room.channel());
        self.api.broadcast_to(channels, &Post::Notice { text }).await?;
        Ok(())
    }

    async fn reply(&self, room: &Room, question: &str) {
        let typing = Post::Typing { by: NAME.to_owned() };
        let channel = self.api.channel(room.channel());
        if let Err(error) = channel.publish(&typing).skip_history().await {
            tracing::warn!(%error, "publish of the typing notice failed");
        }
        tokio::time::sleep(self.typing_delay).await;
        let answer = self.answer(room, question).await.unwrap_or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "answer of the bot failed"
            );
            "I can't tell right now.".to_owned()
        });
        self.say_or_log(room, &answer).await;
    }

    async fn answer(&self, room: &Room, question: &str) -> Result<String, ChatError> {
        match question {
            "who" => self.who(room).await,
            "recap" => self.recap(room).await,
            _ => Ok(HELP.to_owned()),
        }
    }

    /// Lists the users in the room, from Centrifugo's presence.
    async fn who(&self, room: &Room) -> Result<String, ChatError> {
        let presence = self.api.channel(room.channel()).presence().await?.presence;
        let names: BTreeSet<String> = presence
            .values()
            .filter_map(|client| serde_json::from_slice::<Card>(&client.conn_info).ok())
            .map(|card| card.name)
            .collect();
        let names: Vec<_> = names.into_iter().collect();
        Ok(format!("Here are: {}.", names.join(", ")))
    }

    /// Counts the recent messages of each user, from Centrifugo's history.
    async fn recap(&self, room: &Room) -> Result<String, ChatError> {
        let channel = self.api.channel(room.channel());
        let history = channel.history().limit(100).reverse().await?;
        let mut counts = BTreeMap::<String, usize>::new();
        for publication in history.publications {
            if let Post::Message(message) = publication.data {
                *counts.entry(message.by).or_default() += 1;
            }
        }
        let counts: Vec<_> = counts
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        Ok(format!("Messages in the last hour: {}.", counts.join(", ")))
    }

    async fn say_or_log(&self, room: &Room, text: &str) {
        if let Err(error) = self.say(room, text).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "publish of the bot failed"
            );
        }
    }

    /// Stores and publishes a message. The `#[publish]` handler does not run for publications through the API.
    async fn say(&self, room: &Room, text: &str) -> Result<(), ChatError> {
        let message = self.store.save_message(room.name, NAME, text).await?;
        // The client repeats a lost call. The key keeps it from being published twice.
        let key = format!("message-{}", message.id);
        self.api
            .channel(room.channel())
            .publish(&Post::Message(message))
            .idempotency_key(key)
            .await?;
        Ok(())
    }
}

/// Returns the rest of a message that begins with the bot's name.
fn question_to_bot(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("@bot")?;
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    ends.then(|| rest.trim_matches(|c: char| !c.is_alphanumeric()))
}
