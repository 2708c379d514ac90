//! What was added to a counter between two looks at it.

/// A counter of 32 bits begins again at zero behind this; those of `/proc/net/dev` on a 32-bit kernel have no more.
const WRAP: u64 = 1 << 32;

/// A counter that begins at zero with its object: one that went back has begun anew, and all of it is new.
pub(crate) fn added(before: Option<u64>, now: u64) -> u64 {
    before.and_then(|before| now.checked_sub(before)).unwrap_or(now)
}

/// A counter that may have 32 bits. One that went back within the same start of the kernel, from near its end, has wrapped.
pub(crate) fn added_32(before: u64, now: u64, same_boot: bool) -> u64 {
    if same_boot && now < before && before < WRAP && before > WRAP / 4 * 3 && now < WRAP / 4 {
        return now + (WRAP - before);
    }
    added(same_boot.then_some(before), now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_go_on_begin_anew_and_wrap() {
        assert_eq!(added(Some(10), 25), 15);
        assert_eq!(added(None, 25), 25);
        assert_eq!(added(Some(100), 25), 25);
        assert_eq!(added_32(WRAP - 10, 5, true), 15);
        assert_eq!(added_32(WRAP - 10, 5, false), 5);
        assert_eq!(added_32(1000, 5, true), 5);
        assert_eq!(added_32(WRAP * 4, 5, true), 5);
        assert_eq!(added_32(10, WRAP * 2, true), WRAP * 2 - 10);
    }
}
