//! Where things stand in a `.proto` file, and what is said above them.

use std::collections::HashMap;

use prost_types::FileDescriptorProto;

/// Locations of one file by their path in the descriptor.
pub(crate) struct Comments<'a> {
    places: HashMap<&'a [i32], (usize, &'a str)>,
}

impl<'a> Comments<'a> {
    /// Indexes the source info of a file.
    pub(crate) fn of(file: &'a FileDescriptorProto) -> Self {
        let locations = file.source_code_info.iter().flat_map(|info| &info.location);
        let places = locations.map(|l| {
            let line = l.span.first().map_or(0, |line| usize::try_from(*line).unwrap_or(0) + 1);
            (l.path.as_slice(), (line, l.leading_comments()))
        });
        Self { places: places.collect() }
    }

    /// The line, from 1; zero if it is not known.
    pub(crate) fn line(&self, path: &[i32]) -> usize {
        self.places.get(path).map_or(0, |(line, _)| *line)
    }

    /// The comment above; empty if there is none.
    pub(crate) fn text(&self, path: &[i32]) -> &'a str {
        self.places.get(path).map_or("", |(_, text)| text.trim())
    }
}
