//! Matrices of three rows, as small as filter and calibration need them.

use crate::orient::dot;

/// The matrix with `d` on its diagonal.
pub(crate) fn diagonal(d: [f64; 3]) -> [[f64; 3]; 3] {
    [[d[0], 0.0, 0.0], [0.0, d[1], 0.0], [0.0, 0.0, d[2]]]
}

/// A matrix times a column.
pub(crate) fn applied(m: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    m.map(|row| dot(row, v))
}

/// The product of two matrices.
pub(crate) fn times(a: [[f64; 3]; 3], b: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let columns = transposed(b);
    // Written out: the compiler does not inline a map over rows this large, and this runs thrice a sample.
    let row = |row: [f64; 3]| [dot(row, columns[0]), dot(row, columns[1]), dot(row, columns[2])];
    [row(a[0]), row(a[1]), row(a[2])]
}

/// Rows for columns.
pub(crate) fn transposed(a: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    [[a[0][0], a[1][0], a[2][0]], [a[0][1], a[1][1], a[2][1]], [a[0][2], a[1][2], a[2][2]]]
}

/// The inverse by cofactors; `None` for a singular matrix.
pub(crate) fn inverted(a: [[f64; 3]; 3]) -> Option<[[f64; 3]; 3]> {
    let cofactor = |r0: usize, r1: usize, c0: usize, c1: usize| a[r0][c0] * a[r1][c1] - a[r0][c1] * a[r1][c0];
    let first = [cofactor(1, 2, 1, 2), -cofactor(1, 2, 0, 2), cofactor(1, 2, 0, 1)];
    let determinant = dot(a[0], first);
    if determinant.is_nan() || determinant.abs() <= f64::MIN_POSITIVE {
        return None;
    }
    let s = 1.0 / determinant;
    Some([
        [first[0] * s, -cofactor(0, 2, 1, 2) * s, cofactor(0, 1, 1, 2) * s],
        [first[1] * s, cofactor(0, 2, 0, 2) * s, -cofactor(0, 1, 0, 2) * s],
        [first[2] * s, -cofactor(0, 2, 0, 1) * s, cofactor(0, 1, 0, 1) * s],
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        let a = [[2.0, 0.5, -1.0], [0.1, 3.0, 0.7], [-0.3, 0.2, 1.5]];
        let one = times(a, inverted(a).unwrap());
        for (i, row) in one.iter().enumerate() {
            for (j, v) in row.iter().enumerate() {
                assert!((v - f64::from(u8::from(i == j))).abs() < 1e-14, "{one:?}");
            }
        }
        assert!(inverted([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 0.0, 1.0]]).is_none());
    }
}
