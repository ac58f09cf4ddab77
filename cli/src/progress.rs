//! Progress on standard error, where somebody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that counts points; silent unless standard error is a terminal.
pub(crate) fn points(total: Option<u64>) -> ProgressBar {
    match total {
        Some(total) => {
            bar(ProgressBar::new(total), "{wide_bar} {human_pos}/{human_len} points, {per_sec}, {eta} left")
        }
        None => bar(ProgressBar::no_length(), "{spinner} {human_pos} points, {per_sec}"),
    }
}

/// A bar that counts measurements and says what is measured; silent unless standard error is a terminal.
pub(crate) fn measurements(total: u64) -> ProgressBar {
    bar(ProgressBar::new(total), "{wide_bar} {pos}/{len} measurements, {msg}")
}

fn bar(bar: ProgressBar, template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // What is quick needs no bar.
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
    bar.set_style(ProgressStyle::with_template(template).expect("the template is well-formed"));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
