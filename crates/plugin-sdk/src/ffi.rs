//! The plugin's side of the C contract: what `export!` expands to. Not for plugin authors.
#![expect(unsafe_code, reason = "this file alone speaks the C contract for plugins")]

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use plugin_abi as abi;
pub use plugin_abi::Entry;
use prost::Message;

use crate::call::{IsCancelled, Port};
use crate::panics::guard;
use crate::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Level, Manifest};

/// The analyzers of a library; implemented by `export!`.
pub trait Exports: 'static {
    /// In the order in which the host counts them.
    const ANALYZERS: &'static [Export];
}

/// One exported analyzer, without its type.
#[derive(Debug)]
pub struct Export {
    manifest: fn() -> Manifest,
    create: fn(&str) -> Result<Box<dyn Running>, ConfigError>,
}

impl Export {
    /// Exports `A`.
    #[must_use]
    pub const fn of<A: Analyzer>() -> Self {
        Self { manifest: A::manifest, create: |config| Ok(Box::new(A::create(config)?)) }
    }
}

/// An [`Analyzer`] without its type.
trait Running: Send + Sync {
    fn run(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError>;
}

impl<A: Analyzer> Running for A {
    fn run(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        self.analyze(inputs, call)
    }
}

/// The entry of a library.
#[must_use]
pub const fn entry<L: Exports>() -> Entry {
    Entry {
        head: abi::Head::of::<Entry>(),
        init: Some(init),
        deinit: Some(deinit),
        get_factory: Some(get_factory::<L>),
    }
}

unsafe extern "C" fn init(_plugin_path: *const c_char) -> i32 {
    abi::STATUS_OK
}

unsafe extern "C" fn deinit() {}

unsafe extern "C" fn get_factory<L: Exports>(id: *const c_char) -> *const c_void {
    if id.is_null() {
        return ptr::null();
    }
    // SAFETY: the contract says that `id` is a string that ends in a null byte.
    if unsafe { CStr::from_ptr(id) } == abi::FACTORY_ID {
        ptr::from_ref(Vtable::<L>::FACTORY).cast()
    } else {
        ptr::null()
    }
}

struct Vtable<L>(std::marker::PhantomData<L>);

impl<L: Exports> Vtable<L> {
    const FACTORY: &'static abi::Factory = &abi::Factory {
        head: abi::Head::of::<abi::Factory>(),
        count: Some(count::<L>),
        manifest: Some(manifest::<L>),
        create: Some(create::<L>),
    };
}

unsafe extern "C" fn count<L: Exports>(_factory: *const abi::Factory) -> u32 {
    u32::try_from(L::ANALYZERS.len()).unwrap_or(u32::MAX)
}

unsafe extern "C" fn manifest<L: Exports>(
    _factory: *const abi::Factory,
    index: u32,
    out: *mut abi::OwnedBytes,
) -> i32 {
    let made = guard(|| Some((L::ANALYZERS.get(index as usize)?.manifest)().encode_to_vec()));
    let (status, bytes) = match made {
        Ok(Some(bytes)) => (abi::STATUS_OK, bytes),
        Ok(None) => (abi::STATUS_FAILED, format!("there is no analyzer {index}").into_bytes()),
        Err(panic) => (abi::STATUS_FAILED, panic.into_bytes()),
    };
    // SAFETY: the contract says that `out` is the host's to be filled in.
    unsafe { fill(out, bytes) };
    status
}

/// An analyzer with its vtable, on the heap from `create` to `destroy`.
struct Instance {
    abi: abi::Analyzer,
    running: Box<dyn Running>,
    host: *const abi::Host,
}

unsafe extern "C" fn create<L: Exports>(
    _factory: *const abi::Factory,
    host: *const abi::Host,
    index: u32,
    config: abi::Bytes,
    error: *mut abi::OwnedBytes,
) -> *const abi::Analyzer {
    // SAFETY: the contract says that `config` is valid during this call.
    let config = unsafe { config.as_slice() };
    let made = guard(|| {
        let export =
            L::ANALYZERS.get(index as usize).ok_or_else(|| format!("there is no analyzer {index}"))?;
        let config =
            std::str::from_utf8(config).map_err(|error| format!("the config is not UTF-8: {error}"))?;
        (export.create)(config).map_err(|error| error.to_string())
    });
    match made.and_then(|made| made) {
        Ok(running) => {
            let instance = Box::into_raw(Box::new(Instance { abi: vtable(), running, host }));
            // SAFETY: `instance` was just made and nobody else knows it yet.
            unsafe {
                (*instance).abi.plugin_data = instance.cast();
                &raw const (*instance).abi
            }
        }
        Err(reason) => {
            // SAFETY: the contract says that `error` is the host's to be filled in.
            unsafe { fill(error, reason.into_bytes()) };
            ptr::null()
        }
    }
}

const fn vtable() -> abi::Analyzer {
    abi::Analyzer {
        head: abi::Head::of::<abi::Analyzer>(),
        plugin_data: ptr::null_mut(),
        destroy: Some(destroy),
        analyze: Some(analyze),
        get_extension: None,
    }
}

unsafe extern "C" fn destroy(analyzer: *const abi::Analyzer) {
    // SAFETY: the contract says that `analyzer` came from `create` and that nobody uses it any more; `plugin_data` is
    // the box that `create` leaked.
    let instance = unsafe { Box::from_raw((*analyzer).plugin_data.cast::<Instance>()) };
    // There is no way to tell the host about a panic in a drop, and it must not cross.
    let _ = guard(|| drop(instance));
}

unsafe extern "C" fn analyze(analyzer: *const abi::Analyzer, call: *const abi::Call) -> i32 {
    // SAFETY: the contract says that `analyzer` came from `create` and is not destroyed yet, and that `call` is valid
    // until this function returns.
    let (instance, abi_call) = unsafe { (&*(*analyzer).plugin_data.cast::<Instance>(), &*call) };
    let outcome = guard(|| {
        // SAFETY: the contract says that `inputs` are `input_count` slices, valid until this function returns, and
        // likewise `group`. `Bytes` is read one by one, because a null `data` is allowed for an empty one.
        let (views, group) = unsafe {
            let inputs = abi_call.inputs;
            let views: Vec<&[u8]> =
                (0..abi_call.input_count).map(|index| (*inputs.add(index)).as_slice()).collect();
            (views, abi_call.group.as_slice())
        };
        let group = String::from_utf8_lossy(group);
        let mut port = HostPort { call: abi_call, host: instance.host };
        let cancelled = HostCancelled { call: abi_call };
        instance.running.run(Inputs::new(&views), &mut Call::new(&group, &mut port, &cancelled))
    });
    let (code, message) = match outcome {
        Ok(Ok(())) => return abi::STATUS_OK,
        Ok(Err(AnalyzeError::InvalidInput(reason))) => (abi::FAIL_INVALID_INPUT, reason),
        Ok(Err(AnalyzeError::Cancelled)) => (abi::FAIL_CANCELLED, AnalyzeError::Cancelled.to_string()),
        Ok(Err(AnalyzeError::Internal(reason))) => (abi::FAIL_INTERNAL, reason),
        // The host knows its own refusal already; this is what it keeps if the analyzer made the error up.
        Ok(Err(error @ AnalyzeError::OverLimit)) => (abi::FAIL_INTERNAL, error.to_string()),
        Err(panic) => (abi::FAIL_PANIC, panic),
    };
    if let Some(fail) = abi_call.fail {
        // SAFETY: `call` is valid, this is the thread that `analyze` was called on, and `message` outlives the call.
        unsafe { fail(call, code, abi::Bytes::new(message.as_bytes())) };
    }
    abi::STATUS_FAILED
}

struct HostPort<'a> {
    call: &'a abi::Call,
    host: *const abi::Host,
}

impl Port for HostPort<'_> {
    fn emit(&mut self, record: &[u8]) -> Result<(), AnalyzeError> {
        let emit = self.call.emit.ok_or_else(|| AnalyzeError::internal("the host takes no records"))?;
        // SAFETY: the call is valid as long as this port, which does not leave the thread of `analyze`; `record`
        // outlives the call.
        match unsafe { emit(self.call, abi::Bytes::new(record)) } {
            abi::EMIT_OK => Ok(()),
            abi::EMIT_CANCELLED => Err(AnalyzeError::Cancelled),
            abi::EMIT_OVER_LIMIT => Err(AnalyzeError::OverLimit),
            other => Err(AnalyzeError::internal(format!("the host refused a record with status {other}"))),
        }
    }

    fn log(&self, level: Level, message: &str) {
        let level = match level {
            Level::Error => abi::LOG_ERROR,
            Level::Warn => abi::LOG_WARN,
            Level::Info => abi::LOG_INFO,
            Level::Debug => abi::LOG_DEBUG,
        };
        // SAFETY: the contract says that the host struct outlives the analyzer; null is allowed for here.
        if let Some(log) = unsafe { self.host.as_ref() }.and_then(|host| host.log) {
            // SAFETY: `log` may be called from any thread, and `message` outlives the call.
            unsafe { log(self.host, level, abi::Bytes::new(message.as_bytes())) };
        }
    }
}

struct HostCancelled<'a> {
    call: &'a abi::Call,
}

// SAFETY: the only thing done through it is `cancelled`, which the contract marks [thread-safe].
unsafe impl Sync for HostCancelled<'_> {}

impl IsCancelled for HostCancelled<'_> {
    fn is_cancelled(&self) -> bool {
        // SAFETY: the call is valid as long as this borrow, and `cancelled` may be called from any thread.
        self.call.cancelled.is_some_and(|cancelled| unsafe { cancelled(self.call) } != 0)
    }
}

/// Hands `bytes` over.
///
/// # Safety
/// `out` is null or may be written to.
unsafe fn fill(out: *mut abi::OwnedBytes, bytes: Vec<u8>) {
    if out.is_null() {
        return;
    }
    let owner = Box::into_raw(Box::new(bytes));
    // SAFETY: `owner` was just leaked and `out` may be written to.
    unsafe {
        *out = abi::OwnedBytes {
            data: (*owner).as_ptr(),
            len: (*owner).len(),
            owner: owner.cast(),
            release: Some(release),
        };
    }
}

unsafe extern "C" fn release(bytes: *mut abi::OwnedBytes) {
    // SAFETY: the contract says that `bytes` is what `fill` wrote and is released once; `owner` is its leaked box.
    unsafe {
        (*bytes).release = None;
        drop(Box::from_raw((*bytes).owner.cast::<Vec<u8>>()));
    }
}
