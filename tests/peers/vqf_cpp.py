"""Times the authors' C++ orientation filter on the leg of the orientation bench, six axes, whole arrays at once.

    python3 -m pip install vqf numpy && python3 tests/peers/vqf_cpp.py [ROUNDS]

Prints the best and the median of its rounds in million samples a second. Run it in turn with
`cargo bench -p talus-motion --bench orientation`: on a busy machine only figures of the same minutes compare.
"""

import statistics
import sys
import time

import numpy as np
from vqf import VQF

SAMPLES = 360_000


def leg(rate_hz):
    """Half a minute of swinging, half a minute of rest, again and again: that of the bench."""
    t = np.arange(SAMPLES) / rate_hz
    moving = (t % 60 < 30).astype(float)
    noise = 1e-3 * np.sin(t * 977)
    gyr = np.stack([0.3 * np.cos(t * 3), 4 * np.sin(t * 6), 0.5 * np.sin(t * 2)], axis=1)
    gyr = moving[:, None] * gyr + 0.008 + noise[:, None]
    acc = np.stack(
        [moving * 2 * np.sin(t * 6) + 1, moving * np.cos(t * 5) + noise, moving * 0.5 * np.sin(t * 9) + 9.7], axis=1
    )
    return np.ascontiguousarray(gyr), np.ascontiguousarray(acc)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    for rate_hz in (200.0, 100.0):
        gyr, acc = leg(rate_hz)
        took = []
        for _ in range(rounds):
            vqf = VQF(1 / rate_hz)
            begun = time.perf_counter()
            vqf.updateBatch(gyr, acc)
            took.append(time.perf_counter() - begun)
        best, middle = SAMPLES / min(took) / 1e6, SAMPLES / statistics.median(took) / 1e6
        print(f"{rate_hz:.0f} Hz: best {best:.2f}, median {middle:.2f} million samples a second")


if __name__ == "__main__":
    main()
