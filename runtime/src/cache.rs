//! The caches of this machine, as far as the system tells.

use std::sync::LazyLock;

/// What today's cores have at least.
const USUAL: usize = 1 << 20;

/// Bytes of the second-level cache of one core.
pub(crate) fn second_level() -> usize {
    static BYTES: LazyLock<usize> = LazyLock::new(|| {
        let found = std::fs::read_to_string("/sys/devices/system/cpu/cpu0/cache/index2/size");
        // A nonsensical answer, as of some virtual machines, is none.
        found
            .ok()
            .and_then(|text| parse(&text))
            .filter(|bytes| (1 << 17..=1 << 24).contains(bytes))
            .unwrap_or(USUAL)
    });
    *BYTES
}

/// Reads `1024K`.
fn parse(text: &str) -> Option<usize> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix('K') {
        Some(number) => (number, 1 << 10),
        None => (text.strip_suffix('M')?, 1 << 20),
    };
    number.parse::<usize>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        assert_eq!(
            (parse("512K\n"), parse("2M"), parse("many"), parse("")),
            (Some(1 << 19), Some(1 << 21), None, None)
        );
        assert!(second_level() >= 1 << 17);
    }
}
