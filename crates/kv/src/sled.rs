//! The embedded backend; the only file that names sled.
