//! Signals that tell the process to end: nothing half written is left behind.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use jetc_runtime::files::Unfinished;

/// The files that are being written.
static UNFINISHED: LazyLock<Unfinished> = LazyLock::new(Unfinished::new);

/// The list for files that must not be left behind half written; whoever asks for it is watched over.
pub(crate) fn unfinished() -> &'static Unfinished {
    #[cfg(unix)]
    watch::begin();
    &UNFINISHED
}

/// Whether a signal that asks to end only says so from now on, once.
static IS_ASKED_TO_WAIT: AtomicBool = AtomicBool::new(false);
static IS_ASKED_TO_END: AtomicBool = AtomicBool::new(false);

/// From now on the first signal to end is only noted: whoever asks for it finishes what it is at, and ends by itself. A second
/// one ends the process.
pub(crate) fn ask_for_signals() {
    IS_ASKED_TO_WAIT.store(true, Ordering::SeqCst);
    unfinished();
}

/// Whether there was a signal to end.
pub(crate) fn is_asked_to_end() -> bool {
    IS_ASKED_TO_END.load(Ordering::SeqCst)
}

#[cfg(unix)]
mod watch {
    use std::sync::Once;
    use std::thread;

    use libc::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, c_int};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    use super::{IS_ASKED_TO_END, IS_ASKED_TO_WAIT, Ordering, UNFINISHED};

    /// Starts the thread that waits for signals. Without it, signals end the process as always.
    pub(super) fn begin() {
        static BEGUN: Once = Once::new();
        BEGUN.call_once(|| {
            let heeded = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(|&signal| !is_ignored(signal));
            if let Ok(mut signals) = Signals::new(heeded) {
                // A thread that cannot be started is one of the things that signals are not needed for.
                let _ = thread::Builder::new().name("signals".to_owned()).spawn(move || {
                    for signal in signals.forever() {
                        end(signal);
                    }
                });
            }
        });
    }

    /// Removes what is half written and lets the signal do what it does to any process.
    fn end(signal: c_int) {
        if IS_ASKED_TO_WAIT.swap(false, Ordering::SeqCst) {
            IS_ASKED_TO_END.store(true, Ordering::SeqCst);
            return;
        }
        UNFINISHED.remove_and(|| {
            let _ = emulate_default_handler(signal);
        });
    }

    /// Whether the signal was turned off for this process, as `nohup` does.
    fn is_ignored(signal: c_int) -> bool {
        let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: a null pointer asks for the present action alone, which is written to a place of that type; all bits zero
        // are a `sigaction` too, should the call fail.
        let action = unsafe {
            libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
            action.assume_init()
        };
        action.sa_sigaction == libc::SIG_IGN
    }
}
