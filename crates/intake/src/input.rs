//! Bytes of one file or stream, read ahead within a bound.

use std::io::{self, Read};

/// How far is read ahead at a time, and how much a detection may look at.
pub(crate) const SAMPLE_BYTES: usize = 64 * 1024;

/// A stream of bytes with a look ahead.
pub(crate) struct Input {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    offset: u64,
}

/// Why an input could not be read whole.
#[derive(Debug)]
pub(crate) enum WholeError {
    /// It is longer than was allowed.
    TooLarge,
    /// It could not be read.
    Io(io::Error),
}

impl Input {
    pub(crate) fn new(reader: Box<dyn Read + Send>) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, ended: false, offset: 0 }
    }

    /// The unread bytes, at least `want` of them unless the input ends before.
    pub(crate) fn fill(&mut self, want: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.start < want && !self.ended {
            if self.start > 0 {
                self.buffer.drain(..self.start);
                self.start = 0;
            }
            let filled = self.buffer.len();
            self.buffer.resize(filled + SAMPLE_BYTES, 0);
            let read = loop {
                match self.reader.read(&mut self.buffer[filled..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    result => break result,
                }
            };
            // What was made room for and not read must not stay, in particular not after an error.
            self.buffer.truncate(filled + read.as_ref().map_or(0, |read| *read));
            self.ended = read? == 0;
        }
        Ok(&self.buffer[self.start..])
    }

    /// True if no unread byte is behind those that `fill` gave last.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Goes past `count` of the bytes that `fill` gave.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
    }

    /// How many bytes were consumed: the offset of the next one.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Reads what is left, if it is at most `limit` bytes.
    pub(crate) fn read_whole(&mut self, limit: usize) -> Result<Vec<u8>, WholeError> {
        let filled = self.fill(limit + 1).map_err(WholeError::Io)?.len();
        if filled > limit {
            return Err(WholeError::TooLarge);
        }
        let whole = self.buffer.split_off(self.start);
        self.consume(filled);
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, with interruptions, as a slow pipe may.
    struct Slow(Vec<u8>, bool);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.0.is_empty() {
                return Ok(0);
            }
            buffer[0] = self.0.remove(0);
            Ok(1)
        }
    }

    #[test]
    fn a_slow_pipe_is_read_whole() -> io::Result<()> {
        let mut input = Input::new(Box::new(Slow(b"copper".to_vec(), false)));
        assert_eq!(&input.fill(3)?[..3], b"cop");
        input.consume(3);
        assert_eq!(input.fill(9)?, b"per");
        assert!(input.ended());
        assert_eq!(input.offset(), 3);
        assert_eq!(input.read_whole(3).ok(), Some(b"per".to_vec()));
        assert_eq!(input.offset(), 6);
        Ok(())
    }

    #[test]
    fn a_long_input_is_not_read_to_its_end() {
        let mut input = Input::new(Box::new(io::repeat(b'x')));
        assert!(matches!(input.read_whole(1000), Err(WholeError::TooLarge)));
        assert!(input.buffer.len() <= 2 * SAMPLE_BYTES);
    }
}
