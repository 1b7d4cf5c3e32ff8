//! The inverse of the normal equations of nine unknowns.

/// Unknowns of the accelerometer's fit.
pub(super) const N: usize = 9;

/// The inverse of a symmetric matrix by Gauss and Jordan, with the largest pivot first; `None` for a singular one.
pub(super) fn inverted(mut a: [[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut inverse = [[0.0; N]; N];
    for (i, row) in inverse.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for column in 0..N {
        let pivot = (column..N).max_by(|i, j| a[*i][column].abs().total_cmp(&a[*j][column].abs()))?;
        if a[pivot][column].is_nan() || a[pivot][column].abs() < 1e-12 {
            return None;
        }
        a.swap(column, pivot);
        inverse.swap(column, pivot);
        let scale = 1.0 / a[column][column];
        a[column] = a[column].map(|v| v * scale);
        inverse[column] = inverse[column].map(|v| v * scale);
        let (lead, lead_inverse) = (a[column], inverse[column]);
        for i in (0..N).filter(|i| *i != column) {
            let share = a[i][column];
            for k in 0..N {
                a[i][k] -= share * lead[k];
                inverse[i][k] -= share * lead_inverse[k];
            }
        }
    }
    Some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        let mut a = [[0.0; N]; N];
        for (i, row) in a.iter_mut().enumerate() {
            for (j, v) in row.iter_mut().enumerate() {
                *v = 1.0 / (1.0 + i.abs_diff(j) as f64) + if i == j { 0.3 * i as f64 } else { 0.0 };
            }
        }
        let inverse = inverted(a).unwrap();
        for (i, row) in a.iter().enumerate() {
            for j in 0..N {
                let product: f64 = row.iter().zip(&inverse).map(|(a, b)| a * b[j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12, "{i} {j} {product}");
            }
        }
        assert!(inverted([[1.0; N]; N]).is_none());
    }
}
