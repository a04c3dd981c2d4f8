//! Metrics in the text format of Prometheus.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// The metrics of a peer at one moment.
#[derive(Clone, Debug)]
pub struct Scrape(String);

impl Scrape {
    /// Reads `/metrics` at `host:port`.
    ///
    /// # Panics
    ///
    /// If the peer does not answer with metrics.
    pub fn read(address: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("a connection for metrics");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a time limit");
        let request = format!("GET /metrics HTTP/1.0\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("a response");
        let (head, text) = response.split_once("\r\n\r\n").expect("a response");
        assert!(head.contains(" 200 "), "{response}");
        Self(text.to_owned())
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the time series of a metric: their labels and their values.
    pub fn series<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (Labels<'a>, f64)> + 'a {
        self.0.lines().filter_map(move |line| {
            let rest = line.strip_prefix(name)?;
            let (labels, value) = match rest.strip_prefix('{') {
                Some(rest) => rest.rsplit_once("} ")?,
                None => ("", rest.strip_prefix(' ')?),
            };
            Some((Labels(labels), value.parse().ok()?))
        })
    }

    /// Returns the sum over all time series of a metric.
    pub fn sum(&self, name: &str) -> f64 {
        self.series(name).map(|(_, value)| value).sum()
    }

    /// Adds up the time series of a metric that have the same value of this label. Leaves out sums of zero.
    pub fn sums_by(&self, name: &str, label: &str) -> BTreeMap<String, f64> {
        let mut sums = BTreeMap::new();
        for (labels, value) in self.series(name).filter(|(_, value)| *value != 0.0) {
            *sums
                .entry(labels.get(label).unwrap_or_default().to_owned())
                .or_default() += value;
        }
        sums
    }
}

/// The labels of a time series. Their values have no quotes.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a>(&'a str);

impl<'a> Labels<'a> {
    /// Returns the value of a label.
    pub fn get(self, key: &str) -> Option<&'a str> {
        self.0.split("\",").find_map(|pair| {
            let (name, value) = pair.split_once("=\"")?;
            (name == key).then(|| value.trim_end_matches('"'))
        })
    }
}
