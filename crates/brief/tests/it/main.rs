//! What a brief says of records made by hand, and what it must never do.

mod choice;
mod hostile;
mod made;
mod pages;
mod properties;
