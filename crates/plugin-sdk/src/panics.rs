//! Turns a panic of the plugin's own code into a message with its place.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

thread_local! {
    // `Some` while this thread is inside `guard`; the hook leaves the message here.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; a panic becomes its message and place.
pub(crate) fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    install_hook();
    CAUGHT.set(Some(String::new()));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    let message = CAUGHT.take().unwrap_or_default();
    outcome.map_err(|payload| {
        // A payload whose own drop panics must not unwind into the host.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(again);
        }
        if message.is_empty() { "panicked without a message".to_owned() } else { message }
    })
}

fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let text = describe(info);
            let kept = CAUGHT.try_with(|caught| match caught.try_borrow_mut() {
                Ok(mut slot) => slot.as_mut().map(|slot| *slot = text).is_some(),
                Err(_) => false,
            });
            // A panic in a thread of the plugin's own belongs to no call; it goes where panics go.
            if kept != Ok(true) {
                previous(info);
            }
        }));
    });
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a payload that is no text");
    match info.location() {
        Some(place) => format!("panicked at {place}: {message}"),
        None => format!("panicked: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_its_message_and_place() {
        let caught = guard(|| panic!("no {}", "copper")).expect_err("it panics");
        assert!(caught.contains("no copper"), "{caught}");
        assert!(caught.contains("panics.rs:"), "{caught}");
        assert_eq!(guard(|| 7), Ok(7));
    }
}
