//! Reading whole inputs: what each format gives, what bad input is told, and the shared corpus.

mod bad_input;
mod common;
mod corpus;
mod formats;
