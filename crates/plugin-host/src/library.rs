//! Loads a library and calls into it: the only unsafe code of the host.
#![expect(unsafe_code, reason = "foreign code is called here, and nowhere else in the host")]

use std::cell::UnsafeCell;
use std::ffi::{CString, c_char, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ThreadId;

use api::analysis::{Failed, FailureCode, Manifest, ServedAnalyzer};
use bytes::Bytes;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use plugin_abi as abi;
use prost::Message as _;

use crate::error::Rejection;
use crate::manifest::{self, Bounds};

/// Most bytes of a failure's message or a line of log; the rest is cut off.
const MAX_MESSAGE: usize = 4096;

/// Takes lines of log from plugins: analyzer, level (`plugin_abi::LOG_*`) and message.
pub type LogSink = Arc<dyn Fn(&str, u32, &str) + Send + Sync>;

/// Whether an emitted record is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emit {
    /// It was taken.
    Taken,
    /// It is more than the limits allow; the call has failed.
    OverLimit,
    /// Nobody wants the answer any more.
    Cancelled,
}

/// Takes what an analyzer emits.
pub trait Sink {
    /// Takes one encoded record, by copying it.
    fn emit(&mut self, record: &[u8]) -> Emit;
}

/// An analyzer of a loaded library, made with its config.
#[derive(Debug)]
pub struct Loaded {
    /// Its manifest and config, as it is announced.
    pub served: ServedAnalyzer,
    /// Its limits.
    pub bounds: Bounds,
    raw: ptr::NonNull<abi::Analyzer>,
    analyze: unsafe extern "C" fn(*const abi::Analyzer, *const abi::Call) -> i32,
    destroy: unsafe extern "C" fn(*const abi::Analyzer),
}

// SAFETY: the contract marks `analyze` [worker-thread]: any thread may call it, several at a time; how many is kept by
// whoever holds this value. `destroy` runs once, in `drop`, when no call is under way.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

/// Loads the library at `path`, checks it, and makes each of its analyzers with the config that `config` answers for
/// its manifest. The library is never unloaded.
///
/// Runs the library's code in this process: whatever it does happens here.
///
/// # Errors
/// Why it is rejected.
pub fn load(
    path: &Path,
    config: &dyn Fn(&Manifest) -> Result<String, Rejection>,
    log: &LogSink,
) -> Result<Vec<Loaded>, Rejection> {
    let entry = open(path)?;
    let init = require(entry.init, "entry.init")?;
    let get_factory = require(entry.get_factory, "entry.get_factory")?;
    let c_path = CString::new(path.as_os_str().as_bytes())
        .map_err(|_| Rejection::NotLoadable("its path contains a null byte".into()))?;
    // SAFETY: `init` is called once, first, from this thread; the path is valid during the call.
    let status = unsafe { init(c_path.as_ptr()) };
    if status != abi::STATUS_OK {
        return Err(Rejection::InitFailed(status));
    }
    // SAFETY: the id ends in a null byte.
    let factory: *const abi::Factory = unsafe { get_factory(abi::FACTORY_ID.as_ptr()) }.cast();
    // SAFETY: a factory of this id starts with a `Head` and lives until `deinit`, which is never called.
    unsafe { check_head(factory.cast(), size_of::<abi::Factory>(), "factory") }?;
    // SAFETY: it is not null, of our version and long enough.
    let vtable = unsafe { &*factory };
    let count = require(vtable.count, "factory.count")?;
    // SAFETY: `factory` is valid, here and below.
    let count = unsafe { count(factory) };
    if count == 0 || count > 256 {
        return Err(Rejection::Manifest(format!("it provides {count} analyzers; expected 1 to 256")));
    }
    let mut loaded: Vec<Loaded> = Vec::new();
    for index in 0..count {
        let manifest = read_manifest(factory, vtable, index)?;
        if loaded
            .iter()
            .filter_map(|other| other.served.manifest.as_ref())
            .any(|other| (&other.name, &other.version) == (&manifest.name, &manifest.version))
        {
            let twice = format!("{} {} is provided twice", manifest.name, manifest.version);
            return Err(Rejection::Manifest(twice));
        }
        let config = config(&manifest)?;
        loaded.push(create(factory, vtable, index, manifest, config, log)?);
    }
    Ok(loaded)
}

/// Opens the library and finds its entry.
fn open(path: &Path) -> Result<&'static abi::Entry, Rejection> {
    // SAFETY: loading runs the library's constructors; that is what this process was started for.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }
        .map_err(|error| Rejection::NotLoadable(error.to_string()))?;
    // SAFETY: the symbol is a static `Entry`; only its head is read until version and length are known.
    let symbol = unsafe { library.get::<*const abi::Entry>(abi::ENTRY_SYMBOL.to_bytes_with_nul()) };
    let entry: *const abi::Entry = match symbol {
        Ok(symbol) => symbol.into_raw().cast(),
        Err(_) => return Err(Rejection::MissingSymbol),
    };
    // A library with thread-local destructors can not be unloaded, so none is.
    std::mem::forget(library);
    // SAFETY: by the contract the symbol is a static that starts with a `Head`.
    unsafe { check_head(entry.cast(), size_of::<abi::Entry>(), "entry") }?;
    // SAFETY: it is of our version, long enough, and lives as long as the library, which is for ever.
    Ok(unsafe { &*entry })
}

/// Checks the version and length of a struct of the plugin.
///
/// # Safety
/// `head` is null or points to a [`abi::Head`].
unsafe fn check_head(head: *const abi::Head, expected: usize, what: &str) -> Result<(), Rejection> {
    if head.is_null() {
        return Err(Rejection::BrokenAbi(format!("its {what} is null")));
    }
    // SAFETY: not null, and by the caller's promise a head; read unaligned, because nothing is known about it yet.
    let head = unsafe { head.read_unaligned() };
    if head.abi_major != abi::ABI_MAJOR {
        return Err(Rejection::WrongAbi { theirs: head.abi_major, ours: abi::ABI_MAJOR });
    }
    if (head.len as usize) < expected {
        let length = head.len;
        return Err(Rejection::BrokenAbi(format!("its {what} has {length} bytes, expected {expected}")));
    }
    Ok(())
}

fn require<F>(function: Option<F>, what: &str) -> Result<F, Rejection> {
    function.ok_or_else(|| Rejection::BrokenAbi(format!("its {what} is null")))
}

fn read_manifest(
    factory: *const abi::Factory,
    vtable: &abi::Factory,
    index: u32,
) -> Result<Manifest, Rejection> {
    let read = require(vtable.manifest, "factory.manifest")?;
    let mut out = abi::OwnedBytes::empty();
    // SAFETY: `factory` is valid and `out` is ours to be filled in.
    let status = unsafe { read(factory, index, &raw mut out) };
    let bytes = take(out);
    if status != abi::STATUS_OK {
        let message = String::from_utf8_lossy(&bytes).into_owned();
        return Err(Rejection::Manifest(format!("analyzer {index}: {message}")));
    }
    let manifest = Manifest::decode(bytes.as_slice())
        .map_err(|error| Rejection::Manifest(format!("analyzer {index}: {error}")))?;
    manifest::check(&manifest).map_err(Rejection::Manifest)?;
    Ok(manifest)
}

fn create(
    factory: *const abi::Factory,
    vtable: &abi::Factory,
    index: u32,
    manifest: Manifest,
    config: String,
    log: &LogSink,
) -> Result<Loaded, Rejection> {
    let make = require(vtable.create, "factory.create")?;
    let host = leak_host(&manifest.name, log);
    let mut error = abi::OwnedBytes::empty();
    // SAFETY: `factory` is valid, `host` lives for ever, `config` during the call, `error` is ours to be filled in.
    let analyzer = unsafe { make(factory, host, index, abi::Bytes::new(config.as_bytes()), &raw mut error) };
    let reason = take(error);
    let Some(raw) = ptr::NonNull::new(analyzer.cast_mut()) else {
        let reason = String::from_utf8_lossy(&reason).into_owned();
        return Err(Rejection::Config(format!("{} {}: {reason}", manifest.name, manifest.version)));
    };
    // SAFETY: not null, and by the contract an analyzer, which starts with a head.
    unsafe { check_head(raw.as_ptr().cast_const().cast(), size_of::<abi::Analyzer>(), "analyzer") }?;
    // SAFETY: it is of our version, long enough, and lives until `destroy`.
    let (analyze, destroy) = unsafe { (raw.as_ref().analyze, raw.as_ref().destroy) };
    Ok(Loaded {
        raw,
        analyze: require(analyze, "analyzer.analyze")?,
        destroy: require(destroy, "analyzer.destroy")?,
        bounds: Bounds::of(&manifest),
        served: ServedAnalyzer {
            config_digest: crate::config::digest(&config),
            manifest: Some(manifest),
            config,
        },
    })
}

/// Copies what the plugin handed over, and gives it back.
fn take(mut bytes: abi::OwnedBytes) -> Vec<u8> {
    // SAFETY: by the contract `data` is `len` bytes until released, and nobody changes them.
    let copy = unsafe { abi::Bytes { data: bytes.data, len: bytes.len }.as_slice() }.to_vec();
    if let Some(release) = bytes.release {
        // SAFETY: released once; `bytes` is not used again.
        unsafe { release(&raw mut bytes) };
    }
    copy
}

impl Loaded {
    /// Has the analyzer do one call on this thread. `cancelled` may be set from any thread meanwhile.
    ///
    /// # Errors
    /// Why the call failed, as the analyzer tells. What it emitted until then is void.
    pub fn analyze(
        &self,
        group: &str,
        inputs: &[Bytes],
        sink: &mut dyn Sink,
        cancelled: &AtomicBool,
    ) -> Result<(), Failed> {
        let views: Vec<abi::Bytes> = inputs.iter().map(|input| abi::Bytes::new(input)).collect();
        let context = Context {
            cancelled,
            thread: std::thread::current().id(),
            inner: UnsafeCell::new(Inner { sink, failed: None }),
        };
        let call = abi::Call {
            head: abi::Head::of::<abi::Call>(),
            host_data: ptr::from_ref(&context).cast_mut().cast(),
            group: abi::Bytes::new(group.as_bytes()),
            inputs: views.as_ptr(),
            input_count: views.len(),
            emit: Some(on_emit),
            cancelled: Some(on_cancelled),
            fail: Some(on_fail),
        };
        // SAFETY: the analyzer is not destroyed, because `self` is borrowed; `call` and all that it points to live on
        // this stack until it returns.
        let status = unsafe { (self.analyze)(self.raw.as_ptr(), &raw const call) };
        match (status, context.inner.into_inner().failed) {
            (abi::STATUS_OK, None) => Ok(()),
            (_, Some(failed)) => Err(failed),
            (status, None) => Err(Failed {
                code: FailureCode::Internal.into(),
                message: format!("it answered status {status} without a reason"),
            }),
        }
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: nobody borrows the analyzer any more, so no call is under way, and none follows.
        unsafe { (self.destroy)(self.raw.as_ptr()) };
    }
}

/// What a call's `host_data` points to.
struct Context<'a> {
    cancelled: &'a AtomicBool,
    thread: ThreadId,
    // Touched only on `thread`.
    inner: UnsafeCell<Inner<'a>>,
}

struct Inner<'a> {
    sink: &'a mut dyn Sink,
    failed: Option<Failed>,
}

impl<'a> Context<'a> {
    /// What may be changed, if this is the thread of the call; a plugin that breaks this rule is refused here.
    ///
    /// # Safety
    /// The result is dropped before the next call of this function.
    #[expect(clippy::mut_from_ref, reason = "the one thread that may touch it is checked")]
    unsafe fn inner(&self) -> Option<&mut Inner<'a>> {
        // SAFETY: only this thread gets here, and the caller promises not to hold two at a time.
        (std::thread::current().id() == self.thread).then(|| unsafe { &mut *self.inner.get() })
    }
}

/// # Safety
/// `call` came from [`Loaded::analyze`], which has not returned.
unsafe fn context<'a>(call: *const abi::Call) -> &'a Context<'a> {
    // SAFETY: `host_data` points to the `Context` on the stack of `analyze`.
    unsafe { &*(*call).host_data.cast::<Context<'a>>() }
}

unsafe extern "C" fn on_emit(call: *const abi::Call, record: abi::Bytes) -> i32 {
    // SAFETY: by the contract `call` is the one handed to `analyze`, which has not returned.
    let context = unsafe { context(call) };
    if context.cancelled.load(Ordering::Relaxed) {
        return abi::EMIT_CANCELLED;
    }
    // SAFETY: the borrow ends with this function, and a sink does not call back; `record` is valid during it.
    match unsafe { (context.inner(), record.as_slice()) } {
        (Some(inner), record) => match inner.sink.emit(record) {
            Emit::Taken => abi::EMIT_OK,
            Emit::OverLimit => abi::EMIT_OVER_LIMIT,
            Emit::Cancelled => abi::EMIT_CANCELLED,
        },
        (None, _) => abi::STATUS_FAILED,
    }
}

unsafe extern "C" fn on_cancelled(call: *const abi::Call) -> u32 {
    // SAFETY: by the contract `call` is the one handed to `analyze`, which has not returned.
    u32::from(unsafe { context(call) }.cancelled.load(Ordering::Relaxed))
}

unsafe extern "C" fn on_fail(call: *const abi::Call, code: i32, message: abi::Bytes) {
    // SAFETY: by the contract `call` is the one handed to `analyze`, which has not returned; `message` is valid
    // during this call; the borrow ends with it.
    let (inner, message) = unsafe { (context(call).inner(), message.as_slice()) };
    let Some(inner) = inner else { return };
    let code = match code {
        abi::FAIL_INVALID_INPUT => FailureCode::InvalidInput,
        abi::FAIL_PANIC => FailureCode::Panic,
        abi::FAIL_CANCELLED => FailureCode::Cancelled,
        _ => FailureCode::Internal,
    };
    let message = text(message);
    inner.failed.get_or_insert_with(|| Failed { code: code.into(), message });
}

/// At most [`MAX_MESSAGE`] bytes as text.
fn text(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_MESSAGE)]).into_owned();
    text.truncate(text.floor_char_boundary(MAX_MESSAGE));
    text
}

/// What a host struct's `host_data` points to.
struct HostData {
    analyzer: String,
    log: LogSink,
}

/// The host as an analyzer sees it. Lives for ever, as the library does.
fn leak_host(analyzer: &str, log: &LogSink) -> *const abi::Host {
    let data = Box::leak(Box::new(HostData { analyzer: analyzer.to_owned(), log: Arc::clone(log) }));
    Box::leak(Box::new(abi::Host {
        head: abi::Head::of::<abi::Host>(),
        host_data: ptr::from_ref(data).cast_mut().cast(),
        log: Some(on_log),
        get_extension: Some(on_get_extension),
    }))
}

unsafe extern "C" fn on_log(host: *const abi::Host, level: u32, message: abi::Bytes) {
    // SAFETY: by the contract `host` is ours, which is never freed; `message` is valid during the call.
    let (data, message) = unsafe { (&*(*host).host_data.cast::<HostData>(), message.as_slice()) };
    (data.log)(&data.analyzer, level, &text(message));
}

unsafe extern "C" fn on_get_extension(_host: *const abi::Host, _id: *const c_char) -> *const c_void {
    ptr::null()
}
