//! Queries of Prometheus.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http_get;

/// A running Prometheus, by its address.
pub struct Prometheus(pub String);

impl Prometheus {
    /// Evaluates an expression now. Returns the labels and the value of each series whose value is a number.
    pub fn query(&self, expression: &str) -> Vec<(Value, f64)> {
        let data = self.get(&format!("query?query={}", percent_encoded(expression)));
        let series = data["result"].as_array().cloned().unwrap_or_default();
        let value = |series: &Value| series["value"][1].as_str()?.parse::<f64>().ok();
        series
            .iter()
            .filter_map(|series| Some((series["metric"].clone(), value(series)?)))
            .filter(|(_, value)| !value.is_nan())
            .collect()
    }

    /// Returns the alert rules with their states.
    pub fn rules(&self) -> Vec<Value> {
        let data = self.get("rules");
        let groups = data["groups"].as_array().cloned().unwrap_or_default();
        groups
            .iter()
            .flat_map(|group| group["rules"].as_array().cloned().unwrap_or_default())
            .collect()
    }

    fn get(&self, path: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let (status, body) =
                http_get(&self.0, &format!("/api/v1/{path}")).expect("an answer of Prometheus");
            // Prometheus listens before its storage is open.
            if status == 503 && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
            assert_eq!(status, 200, "{path}: {body}");
            let answer: Value = serde_json::from_str(&body).expect("JSON");
            return answer["data"].clone();
        }
    }
}

fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect()
}
