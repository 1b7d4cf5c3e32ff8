//! The last items of a stream, addressed by their running number: [`Ring`].

/// The last `room` items, addressed by their running number.
///
/// The places are a power of two, so that finding one takes a mask and no division: rings are read some hundred times a
/// sample.
#[derive(Debug, Clone)]
pub(crate) struct Ring<T> {
    items: Vec<T>,
    /// Places less one.
    mask: usize,
    room: usize,
    /// Number of the next item.
    next: u64,
    /// Number of the first item since the last cut.
    first: u64,
}

impl<T> Ring<T> {
    pub(crate) fn new(room: usize) -> Self {
        let room = room.max(1);
        let places = room.next_power_of_two();
        Self { items: Vec::with_capacity(places), mask: places - 1, room, next: 0, first: 0 }
    }

    pub(crate) fn push(&mut self, item: T) {
        let place = self.place(self.next);
        if let Some(slot) = self.items.get_mut(place) {
            *slot = item;
        } else {
            self.items.push(item);
        }
        self.next += 1;
    }

    pub(crate) fn cut(&mut self) {
        self.first = self.next;
    }

    pub(crate) fn oldest(&self) -> u64 {
        self.first.max(self.next.saturating_sub(self.room as u64))
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        if number < self.oldest() || number >= self.next {
            return None;
        }
        self.items.get(self.place(number))
    }

    /// The items numbered `from` up to but not including `to`, as far as they are held, oldest first: in two rows, as a
    /// ring has an end.
    pub(crate) fn rows(&self, from: u64, to: u64) -> [&[T]; 2] {
        let to = to.min(self.next);
        let from = from.max(self.oldest()).min(to);
        let (start, count) = (self.place(from), (to - from) as usize);
        let first = count.min(self.mask + 1 - start);
        [(start, first), (0, count - first)].map(|(from, count)| self.items.get(from..from + count).unwrap_or_default())
    }

    /// The same one after the other.
    pub(crate) fn between(&self, from: u64, to: u64) -> impl DoubleEndedIterator<Item = &T> + '_ {
        let [first, rest] = self.rows(from, to);
        first.iter().chain(rest)
    }

    fn place(&self, number: u64) -> usize {
        number as usize & self.mask
    }

    /// Number the next item will get.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    pub(crate) fn newest(&self) -> Option<&T> {
        self.get(self.next.checked_sub(1)?)
    }

    /// Number of the first item held for which `late` is true, of the next one where there is none; `late` turns from
    /// false to true once.
    pub(crate) fn first_from(&self, late: impl Fn(&T) -> bool) -> u64 {
        let (mut low, mut high) = (self.oldest(), self.next);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&late) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_items_are_held_under_their_numbers_and_read_in_order_across_the_wrap() {
        let mut ring = Ring::new(5);
        for i in 0..40_u64 {
            ring.push(i);
            let oldest = (i + 1).saturating_sub(5);
            assert_eq!((ring.oldest(), ring.next(), ring.newest()), (oldest, i + 1, Some(&i)));
            for from in oldest.saturating_sub(2)..=i + 2 {
                let held: Vec<u64> = ring.between(from, i + 3).copied().collect();
                assert_eq!(held, (from.max(oldest)..=i).collect::<Vec<u64>>());
                assert_eq!(ring.get(from).copied(), (oldest..=i).contains(&from).then_some(from));
            }
            assert_eq!(ring.between(oldest, i).next_back().copied(), i.checked_sub(1).filter(|last| *last >= oldest));
        }
        ring.cut();
        assert_eq!((ring.between(0, 99).count(), ring.newest()), (0, None));
    }
}
