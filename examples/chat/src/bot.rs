//! A bot that speaks through the server API.

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
    /// How long it seems to write.
    writes: Duration,
}

#[centrifugo::state]
fn bot(api: Api, store: State<Store>) -> Bot {
    Bot::new(api.into(), Store::clone(&store), Duration::from_millis(600))
}

impl Bot {
    pub fn new(api: Client, store: Store, writes: Duration) -> Self {
        Self { api, store, writes }
    }

    /// Welcomes somebody who enters a room for the first time.
    pub async fn greet(&self, room: &Room, name: &str) {
        let text = format!("Welcome, {name}! Say “@bot help” to me.");
        self.say_or_log(room, &text).await;
    }

    /// Answers a message that begins with its name: later, since the message itself is still to be published.
    pub fn hear(&self, room: &Room, message: &Message) {
        if let Some(question) = addressed(&message.text) {
            let (bot, room, question) = (self.clone(), *room, question.to_lowercase());
            tokio::spawn(async move { bot.reply(&room, &question).await });
        }
    }

    /// Tells all rooms.
    pub async fn announce(&self, text: String) -> Result<(), ChatError> {
        let channels = ROOMS.map(|room| room.channel());
        self.api.broadcast(channels, &Post::Notice { text }).await?;
        Ok(())
    }

    async fn reply(&self, room: &Room, question: &str) {
        let typing = Post::Typing { by: NAME.to_owned() };
        if let Err(error) = self.api.publish(room.channel(), &typing).skip_history().await {
            tracing::warn!(%error, "the bot can't be seen to write");
        }
        tokio::time::sleep(self.writes).await;
        let answer = self.answer(room, question).await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "the bot does not know");
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

    /// By Centrifugo's presence.
    async fn who(&self, room: &Room) -> Result<String, ChatError> {
        let presence = self.api.presence(room.channel()).await?.presence;
        let names: BTreeSet<String> = presence
            .values()
            .filter_map(|client| serde_json::from_slice::<Card>(&client.conn_info).ok())
            .map(|card| card.name)
            .collect();
        let names: Vec<_> = names.into_iter().collect();
        Ok(format!("Here are: {}.", names.join(", ")))
    }

    /// By Centrifugo's history.
    async fn recap(&self, room: &Room) -> Result<String, ChatError> {
        let history = self.api.history(room.channel()).limit(100).reverse().await?;
        let mut counts = BTreeMap::<String, usize>::new();
        for publication in &history.publications {
            if let Ok(Post::Message(message)) = publication.json() {
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
            tracing::warn!(error = &error as &dyn std::error::Error, "the bot can't speak");
        }
    }

    /// Through the API no `#[publish]` handler is asked: what it says is kept here.
    async fn say(&self, room: &Room, text: &str) -> Result<(), ChatError> {
        let message = self.store.keep(room.name, NAME, text).await?;
        // Should the call be lost on the way, it is sent again, and said once all the same.
        let key = format!("message-{}", message.id);
        self.api
            .publish(room.channel(), &Post::Message(message))
            .idempotency_key(key)
            .await?;
        Ok(())
    }
}

/// The rest of a message that begins with the bot's name.
fn addressed(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("@bot")?;
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    ends.then(|| rest.trim_matches(|c: char| !c.is_alphanumeric()))
}
