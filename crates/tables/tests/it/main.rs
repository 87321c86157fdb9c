//! Tables as users have them: mapped, wide, in other encodings, in workbooks, and hostile.

mod bad_input;
mod common;
mod documentation;
mod formats;
mod meeting;
mod shared;
