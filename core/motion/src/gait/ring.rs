//! The last items of a stream, addressed by their running number: [`Ring`].

/// The last `room` items, addressed by their running number.
#[derive(Debug, Clone)]
pub(crate) struct Ring<T> {
    items: Vec<T>,
    room: usize,
    /// Number of the next item.
    next: u64,
    /// Number of the first item since the last cut.
    first: u64,
}

impl<T> Ring<T> {
    pub(crate) fn new(room: usize) -> Self {
        Self { items: Vec::with_capacity(room), room: room.max(1), next: 0, first: 0 }
    }

    pub(crate) fn push(&mut self, item: T) {
        let place = (self.next % self.room as u64) as usize;
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
        self.items.get((number % self.room as u64) as usize)
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
