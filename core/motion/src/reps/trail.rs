//! The last seconds of poses, so that a repetition can be measured once it is over.

use super::pose::Pose;

/// One point of the trail.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) at_us: f64,
    pub(super) pose: Pose,
    /// Upward part of the specific force, m/s².
    pub(super) up_mps2: f64,
    /// Level part of it, m/s²: over the whole way of a leg that comes back to rest it averages to nothing.
    pub(super) level_mps2: [f64; 2],
    /// Angular rate without bias in the cuff's axes, °/s.
    pub(super) gyr_dps: [f64; 3],
}

/// A ring of points, addressed by their running number.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    points: Vec<Point>,
    room: usize,
    /// Number of the next point.
    next: u64,
}

impl Trail {
    pub(super) fn new(room: usize) -> Self {
        Self { points: Vec::with_capacity(room), room, next: 0 }
    }

    pub(super) fn push(&mut self, point: Point) {
        if self.points.len() < self.room {
            self.points.push(point);
        } else if let Some(slot) = self.points.get_mut((self.next % self.room as u64) as usize) {
            *slot = point;
        }
        self.next += 1;
    }

    /// Number the next point will get.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.next = 0;
    }

    /// Oldest number still held.
    pub(super) fn oldest(&self) -> u64 {
        self.next - self.points.len() as u64
    }

    /// The points from number `from` on, oldest first, as far as they are held.
    pub(super) fn since(&self, from: u64) -> impl Iterator<Item = &Point> + '_ {
        (from.max(self.oldest())..self.next).filter_map(|number| self.points.get((number % self.room as u64) as usize))
    }
}
