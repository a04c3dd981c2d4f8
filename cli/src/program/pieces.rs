//! Reads the lines of a process that is waited for, without keeping more than a part of each.

use std::io::{self, BufRead as _, BufReader, Read};

/// Calls a function for each line, without its end, until the end of the output. Lines that are longer than `max_len` bytes come in
/// several pieces, and bytes that are not UTF-8 are replaced.
pub(super) fn read_pieces(output: impl Read, max_len: u64, mut on_piece: impl FnMut(&str)) -> io::Result<()> {
    let mut reader = BufReader::new(output);
    let mut piece = Vec::new();
    loop {
        piece.clear();
        if reader.by_ref().take(max_len).read_until(b'\n', &mut piece)? == 0 {
            return Ok(());
        }
        let line = piece.strip_suffix(b"\n").unwrap_or(&piece);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        on_piece(&String::from_utf8_lossy(line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_long_lines() {
        let mut pieces = Vec::new();
        read_pieces(&b"a\r\n\nb\xff\nabcdefg\nlast"[..], 4, |piece| {
            pieces.push(piece.to_owned());
        })
        .unwrap();
        assert_eq!(pieces, ["a", "", "b\u{fffd}", "abcd", "efg", "last"]);
    }
}
