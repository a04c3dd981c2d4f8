//! Reads lines of any length without keeping more than a part of each.

use std::io;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

/// Calls a function for each line, without its end, until the end of the output. Longer lines are cut after `max_len` bytes, and
/// bytes that are not UTF-8 are replaced.
pub(crate) async fn read_lines(
    output: impl AsyncRead + Unpin,
    max_len: usize,
    mut on_line: impl FnMut(&str),
) -> io::Result<()> {
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    let mut is_cut = false;
    loop {
        let chunk = reader.fill_buf().await?;
        if chunk.is_empty() {
            break;
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        let fits = part.len().min(max_len.saturating_sub(line.len()));
        line.extend_from_slice(&part[..fits]);
        is_cut |= fits < part.len();
        let used = end.map_or(chunk.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            emit(&mut line, &mut is_cut, &mut on_line);
        }
    }
    if !line.is_empty() {
        emit(&mut line, &mut is_cut, &mut on_line);
    }
    Ok(())
}

fn emit(line: &mut Vec<u8>, is_cut: &mut bool, on_line: &mut impl FnMut(&str)) {
    let mut text = String::from_utf8_lossy(line).into_owned();
    if text.ends_with('\r') {
        text.pop();
    }
    if std::mem::take(is_cut) {
        text.push_str(" […]");
    }
    on_line(&text);
    line.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(text: &[u8], max_len: usize) -> Vec<String> {
        let mut lines = Vec::new();
        read_lines(text, max_len, |line| lines.push(line.to_owned()))
            .await
            .unwrap();
        lines
    }

    #[tokio::test]
    async fn reads_lines_with_and_without_an_end() {
        assert_eq!(lines(b"a\r\n\nb\xff", 10).await, ["a", "", "b\u{fffd}"]);
        assert!(lines(b"", 10).await.is_empty());
    }

    #[tokio::test]
    async fn keeps_only_the_start_of_a_long_line() {
        let text = [vec![b'x'; 1 << 20], b"\nnext\n".to_vec()].concat();
        assert_eq!(lines(&text, 5).await, ["xxxxx […]", "next"]);
    }
}
