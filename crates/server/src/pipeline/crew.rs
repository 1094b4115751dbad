//! Sharing work out over the cores, for what needs no store: the writer waits
//! for nobody else meanwhile.

use std::num::NonZeroUsize;

/// Does `work` on parts of `items`, each on a core of its own where there are
/// enough of them; `least` is what is worth a thread. The order is kept.
pub(super) fn share<T: Sync, R: Send>(
    items: &[T],
    least: usize,
    work: impl Fn(&[T]) -> Vec<R> + Sync,
) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let size = items.len().div_ceil(cores).max(least);
    let Some((first, rest)) = items.split_at_checked(size) else { return work(items) };
    let work = &work;
    std::thread::scope(|scope| {
        let others: Vec<_> =
            rest.chunks(size).map(|part| (part, scope.spawn(move || work(part)))).collect();
        let mut done = work(first);
        for (part, thread) in others {
            // A thread that failed is no result: its part is done here.
            done.extend(thread.join().unwrap_or_else(|_| work(part)));
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_kept_whatever_the_number() {
        for count in [0, 1, 7, 8, 9, 100, 1_001] {
            let items: Vec<usize> = (0..count).collect();
            let done = share(&items, 8, |part| part.iter().map(|n| n * 2).collect());
            assert_eq!(done, items.iter().map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
