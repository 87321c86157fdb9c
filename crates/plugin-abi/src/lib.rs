//! The C contract between the host and native plugins, in the manner of CLAP (the audio plug-in interface).
//!
//! A plugin is a shared library with one exported symbol, [`ENTRY_SYMBOL`], a static [`Entry`]. From it the host
//! asks for a [`Factory`], from the factory for manifests and [`Analyzer`]s, and hands each analyzer one [`Call`]
//! after another. All payloads are encoded protobuf messages of `proto/monazite`; nothing here knows their shape.
//!
//! The same structs for other languages stand in `include/monazite-plugin.h`; a test compares sizes and offsets.
//!
//! # Rules
//! - **Growth.** [`Head`] comes first in every struct of functions: its own length, then the version. A struct never
//!   changes within a major version; what is new comes by `get_extension(id)`, which answers null for an unknown id.
//! - **Threads.** `[main-thread]`: the host's loading thread, one call at a time. `[worker-thread]`: any thread of
//!   the host, several at a time for one analyzer if its manifest says so. `[thread-safe]`: any thread at any time.
//! - **Ownership.** What a struct points to belongs to whoever made it, for as long as the comment says. Only
//!   [`OwnedBytes`] changes hands, and goes back through its own `release`.
//! - **Unwinding.** No exception and no panic crosses.
//! - **Null.** A function pointer is an `Option`, which Rust guarantees to be C's nullable pointer; no other
//!   `Option`, and no `bool`, enum, `str` or `Vec`, is part of the contract. A required function that is null is a
//!   reason to refuse the plugin.
//! - **Lifetime.** The host never unloads a library: an upgrade is a new process.
#![no_std]
#![expect(unsafe_code, reason = "the contract is made of raw pointers; reading them is unsafe by nature")]

use core::ffi::{CStr, c_char, c_void};

/// Version that makes two sides unable to talk when it differs.
pub const ABI_MAJOR: u16 = 1;
/// Version that only grows by extensions.
pub const ABI_MINOR: u16 = 0;
/// Name of the exported static [`Entry`].
pub const ENTRY_SYMBOL: &CStr = c"monazite_entry";
/// Id under which [`Entry::get_factory`] answers a [`Factory`].
pub const FACTORY_ID: &CStr = c"monazite.analyzer-factory/1";

/// Success, wherever a status is answered.
pub const STATUS_OK: i32 = 0;
/// Failure, wherever a status is answered that has no number of its own.
pub const STATUS_FAILED: i32 = 1;

/// [`Call::emit`]: the record was taken.
pub const EMIT_OK: i32 = 0;
/// [`Call::emit`]: more than the manifest's limits allow; the call has failed, return.
pub const EMIT_OVER_LIMIT: i32 = 1;
/// [`Call::emit`]: nobody wants the answer any more; return.
pub const EMIT_CANCELLED: i32 = 2;

/// [`Call::fail`]: the input is refused, and will be refused again. Numbers are those of
/// `monazite.analysis.v1.FailureCode`.
pub const FAIL_INVALID_INPUT: i32 = 1;
/// [`Call::fail`]: a reason of the plugin's own.
pub const FAIL_INTERNAL: i32 = 2;
/// [`Call::fail`]: a panic or exception was caught; the analyzer goes on serving.
pub const FAIL_PANIC: i32 = 3;
/// [`Call::fail`]: the analyzer gave up because the call was cancelled.
pub const FAIL_CANCELLED: i32 = 6;

/// [`Host::log`]: something is broken.
pub const LOG_ERROR: u32 = 1;
/// [`Host::log`]: something may be wrong.
pub const LOG_WARN: u32 = 2;
/// [`Host::log`]: worth knowing.
pub const LOG_INFO: u32 = 3;
/// [`Host::log`]: for whoever debugs the plugin.
pub const LOG_DEBUG: u32 = 4;

/// First in every struct of functions.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Length of the whole struct in bytes, as its maker knows it.
    pub len: u32,
    /// [`ABI_MAJOR`] of its maker.
    pub abi_major: u16,
    /// [`ABI_MINOR`] of its maker.
    pub abi_minor: u16,
}

impl Head {
    /// The head of a `T` made by this version of the crate.
    #[must_use]
    pub const fn of<T>() -> Self {
        // No struct here comes near 4 GiB, so nothing is cut off.
        Self { len: size_of::<T>() as u32, abi_major: ABI_MAJOR, abi_minor: ABI_MINOR }
    }
}

/// Borrowed bytes; valid as long as the comment at their place says. `data` may be null if `len` is zero.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Bytes {
    /// The first byte.
    pub data: *const u8,
    /// How many.
    pub len: usize,
}

impl Bytes {
    /// Borrows a slice.
    #[must_use]
    pub const fn new(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes as a slice.
    ///
    /// # Safety
    /// Unless `len` is zero, `data` must point to `len` initialized bytes that nobody changes during `'a`.
    #[must_use]
    pub const unsafe fn as_slice<'a>(self) -> &'a [u8] {
        if self.len == 0 || self.data.is_null() {
            return &[];
        }
        // SAFETY: the caller promises that `data` points to `len` bytes that live and stay unchanged for `'a`.
        unsafe { core::slice::from_raw_parts(self.data, self.len) }
    }
}

/// Bytes that change hands. The receiver calls `release` exactly once, if it is not null.
#[repr(C)]
#[derive(Debug)]
pub struct OwnedBytes {
    /// The first byte; may be null if `len` is zero.
    pub data: *const u8,
    /// How many.
    pub len: usize,
    /// The maker's own.
    pub owner: *mut c_void,
    /// Gives the bytes back and sets itself to null. `[thread-safe]`
    pub release: Option<unsafe extern "C" fn(bytes: *mut OwnedBytes)>,
}

impl OwnedBytes {
    /// Nothing, as the host passes it for a plugin to fill in.
    #[must_use]
    pub const fn empty() -> Self {
        Self { data: core::ptr::null(), len: 0, owner: core::ptr::null_mut(), release: None }
    }
}

/// What a library exports under [`ENTRY_SYMBOL`]. Lives as long as the library.
#[repr(C)]
#[derive(Debug)]
pub struct Entry {
    /// Length and version.
    pub head: Head,
    /// Called once, before anything else; `plugin_path` is the library's own path and valid during the call.
    /// Anything but [`STATUS_OK`] refuses the library. `[main-thread]`
    pub init: Option<unsafe extern "C" fn(plugin_path: *const c_char) -> i32>,
    /// Called at most once, after all analyzers are destroyed; a process that ends in another way never calls it.
    /// `[main-thread]`
    pub deinit: Option<unsafe extern "C" fn()>,
    /// Answers the factory of an id such as [`FACTORY_ID`], or null. Belongs to the plugin, valid until `deinit`.
    /// `[thread-safe]`
    pub get_factory: Option<unsafe extern "C" fn(id: *const c_char) -> *const c_void>,
}

/// Describes and makes analyzers.
#[repr(C)]
#[derive(Debug)]
pub struct Factory {
    /// Length and version.
    pub head: Head,
    /// How many analyzers there are. `[thread-safe]`
    pub count: Option<unsafe extern "C" fn(factory: *const Factory) -> u32>,
    /// Fills in the encoded `monazite.analysis.v1.Manifest` of the analyzer at `index`, counted from zero; on any
    /// status but [`STATUS_OK`], a message in UTF-8 instead. `[main-thread]`
    pub manifest:
        Option<unsafe extern "C" fn(factory: *const Factory, index: u32, out: *mut OwnedBytes) -> i32>,
    /// Makes the analyzer at `index` from a config in JSON (UTF-8, empty if there is none; valid during the call).
    /// `host` belongs to the host and is valid until the analyzer is destroyed. Answers null and fills in `error`
    /// with a message in UTF-8 if the config is refused. The analyzer belongs to the plugin and is valid until
    /// [`Analyzer::destroy`]. `[main-thread]`
    pub create: Option<
        unsafe extern "C" fn(
            factory: *const Factory,
            host: *const Host,
            index: u32,
            config: Bytes,
            error: *mut OwnedBytes,
        ) -> *const Analyzer,
    >,
}

/// One analyzer.
#[repr(C)]
#[derive(Debug)]
pub struct Analyzer {
    /// Length and version.
    pub head: Head,
    /// The plugin's own.
    pub plugin_data: *mut c_void,
    /// Ends the analyzer; no call is under way, and none follows. `[main-thread]`
    pub destroy: Option<unsafe extern "C" fn(analyzer: *const Analyzer)>,
    /// Does one call. Answers [`STATUS_OK`] if it succeeded and all of it was emitted; else it has told why through
    /// [`Call::fail`]. `call` is valid until it returns. `[worker-thread]`
    pub analyze: Option<unsafe extern "C" fn(analyzer: *const Analyzer, call: *const Call) -> i32>,
    /// Answers the extension of an id, or null. Belongs to the plugin, valid until `destroy`. May be null.
    /// `[thread-safe]`
    pub get_extension:
        Option<unsafe extern "C" fn(analyzer: *const Analyzer, id: *const c_char) -> *const c_void>,
}

/// One call: what goes in, and where the answer goes. Belongs to the host, valid until [`Analyzer::analyze`] returns.
#[repr(C)]
#[derive(Debug)]
pub struct Call {
    /// Length and version.
    pub head: Head,
    /// The host's own.
    pub host_data: *mut c_void,
    /// Name of the group, in UTF-8.
    pub group: Bytes,
    /// Encoded `monazite.record.v1.Record`s, sorted by name.
    pub inputs: *const Bytes,
    /// How many.
    pub input_count: usize,
    /// Takes an encoded `monazite.record.v1.Record`, which the host copies. On anything but [`EMIT_OK`] the plugin
    /// returns as soon as it can. `[worker-thread]`, from the thread that `analyze` was called on.
    pub emit: Option<unsafe extern "C" fn(call: *const Call, record: Bytes) -> i32>,
    /// Not zero if nobody wants the answer any more. `[thread-safe]`
    pub cancelled: Option<unsafe extern "C" fn(call: *const Call) -> u32>,
    /// Tells why the call fails, with a message in UTF-8 of at most 4,096 bytes, which the host copies. The first
    /// one counts. `[worker-thread]`, from the thread that `analyze` was called on.
    pub fail: Option<unsafe extern "C" fn(call: *const Call, code: i32, message: Bytes)>,
}

/// What the host offers a plugin besides calls. Belongs to the host.
#[repr(C)]
#[derive(Debug)]
pub struct Host {
    /// Length and version.
    pub head: Head,
    /// The host's own.
    pub host_data: *mut c_void,
    /// Takes a line of log in UTF-8, which the host copies. `[thread-safe]`
    pub log: Option<unsafe extern "C" fn(host: *const Host, level: u32, message: Bytes)>,
    /// Answers the extension of an id, or null. Belongs to the host, valid as long as it. `[thread-safe]`
    pub get_extension: Option<unsafe extern "C" fn(host: *const Host, id: *const c_char) -> *const c_void>,
}
