//! Standard output, of which it is known whether somebody still reads it.

use std::io::{self, BufWriter, Write};

/// Buffered output that remembers whether its reader has gone, whatever becomes of the error on its way through others' code.
#[derive(Debug)]
pub(crate) struct Out<W: Write> {
    buffer: BufWriter<Watched<W>>,
}

#[derive(Debug)]
struct Watched<W> {
    inner: W,
    closed: bool,
}

impl Out<io::StdoutLock<'static>> {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self::to(io::stdout().lock())
    }
}

impl<W: Write> Out<W> {
    fn to(inner: W) -> Self {
        Self { buffer: BufWriter::new(Watched { inner, closed: false }) }
    }

    /// Whether nobody reads any more, as behind `| head`.
    pub(crate) fn is_closed(&self) -> bool {
        self.buffer.get_ref().closed
    }
}

impl<W: Write> Write for Out<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.buffer.flush()
    }
}

impl<W: Write> Watched<W> {
    fn seen<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.closed |= result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        result
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.inner.write(bytes);
        self.seen(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.inner.flush();
        self.seen(result)
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::Format;
    use crate::output::{Listing, column};

    use super::*;

    /// A reader that goes away before the first byte, or a disk that is full.
    struct Gone(io::ErrorKind);

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_went_is_known_in_every_format() {
        let mut listing = Listing::new(&[column("QUOTE", "quote")]);
        // More than any buffer on the way holds.
        listing.row(vec!["x".repeat(100_000).into()]);
        for format in [Format::Table, Format::Csv, Format::Json, Format::Jsonl] {
            let mut out = Out::to(Gone(io::ErrorKind::BrokenPipe));
            let written = listing.print(format, &mut out).and_then(|()| out.flush());
            assert!(written.is_err() && out.is_closed(), "{format:?}");
            let mut full = Out::to(Gone(io::ErrorKind::StorageFull));
            let written = listing.print(format, &mut full).and_then(|()| full.flush());
            assert!(written.is_err() && !full.is_closed(), "{format:?}");
        }
    }
}
