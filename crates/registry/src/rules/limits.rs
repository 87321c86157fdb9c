//! Limits on what may be registered.

/// Longest name of an analyzer, in bytes.
pub const ANALYZER_NAME: usize = 64;

/// Longest version, in bytes.
pub const VERSION: usize = 128;

/// Longest description of an analyzer, in bytes.
pub const DESCRIPTION: usize = 1024;

/// Most kinds that an analyzer reads, or writes.
pub const KINDS: usize = 64;

/// Longest name of a kind or service, in bytes.
pub const FULL_NAME: usize = 256;

/// Longest name of a grouping key, in bytes.
pub const KEY_NAME: usize = 64;

/// Most days of a connection's window: a century.
pub const WINDOW_DAYS: u32 = 36_600;

/// Largest encoded manifest, in bytes.
pub const MANIFEST: usize = 512 << 10;

/// Most calls of an analyzer at a time.
pub const CONCURRENCY: u32 = 1024;

/// Longest deadline of a call, in milliseconds.
pub const DEADLINE_MS: u32 = 3_600_000;

/// Longest id of an instance or request, in bytes.
pub const ID: usize = 128;

/// Most endpoints of an instance.
pub const ENDPOINTS: usize = 16;

/// Longest endpoint, in bytes.
pub const ENDPOINT: usize = 1024;

/// Most analyzers of an instance.
pub const ANALYZERS: usize = 1024;

/// Longest digest of a config, in bytes.
pub const CONFIG_DIGEST: usize = 128;

/// Most bytes of all keys and values of an instance's metadata.
pub const METADATA: usize = 8 << 10;
