"""Lets the peers do, now, what docs/accuracy.md says they did, on the same shared recordings and beside Talus.

    python3 -m pip install --target PEERS -r tests/peers/requirements.txt
    talus validate --data ../shared/data --json >OURS.json   (exit 1: a bar does not hold, which does not matter here)
    PYTHONPATH=PEERS python3 tests/peers/accuracy.py ../shared/data OURS.json

Files are found by their patterns, so other recordings of the same sets do as well. Prints every figure of both; exit 1 where
a peer is better than Talus by more than a hundredth, or gives another figure than the page says.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import vqf

# What gaitmap's own dependencies are told by theirs.
warnings.filterwarnings("ignore")

# Figures that were rounded for the page, and filters that do the same sums in another order.
ALLOWANCE = 0.01


def inclination_deg(estimate, trial):
    """Root mean square over the samples in motion of how far up is off, one trial."""
    w, x, y, z = estimate.T
    a, b, c, d = (trial[f"ref_q{part}"].to_numpy() for part in "wxyz")
    e = [w * a + x * b + y * c + z * d, -w * b + x * a - y * d + z * c, -w * c + x * d + y * a - z * b, -w * d - x * c + y * b + z * a]
    error = 2 * np.arctan2(np.hypot(e[1], e[2]), np.hypot(e[0], e[3]))
    moving = (trial["movement"].to_numpy() == 1) & ~np.isnan(a)
    return float(np.rad2deg(np.sqrt(np.nanmean(error[moving] ** 2))))


def orientation(folder):
    """Mean over trials, of the streaming filter, of its two passes, and of every third sample."""
    found = {"inclination_rmse_streaming": [], "inclination_rmse_offline": [], "inclination_rmse_every_third_sample": []}
    for file in sorted(folder.glob("*.csv")):
        trial = pd.read_csv(file)
        step_s = float(np.median(np.diff(trial["t_s"])))
        part = lambda of, name: np.ascontiguousarray(of[[f"{name}_{axis}" for axis in "xyz"]].to_numpy(float))
        gyr, acc = part(trial, "gyr"), part(trial, "acc")
        found["inclination_rmse_streaming"].append(inclination_deg(vqf.VQF(step_s).updateBatch(gyr, acc)["quat6D"], trial))
        both = vqf.offlineVQF(gyr, acc, None, step_s)["quat6D"]
        found["inclination_rmse_offline"].append(inclination_deg(both, trial))
        third = trial.iloc[::3]
        slow = vqf.VQF(3 * step_s).updateBatch(part(third, "gyr"), part(third, "acc"))["quat6D"]
        found["inclination_rmse_every_third_sample"].append(inclination_deg(slow, third))
    return {name: float(np.mean(values)) for name, values in found.items() if values}


def walk(folder):
    """gaitmap's whole way from samples to stride lengths and moments of contact, against the markers, all feet together."""
    from gaitmap.event_detection import RamppEventDetection
    from gaitmap.parameters import SpatialParameterCalculation, TemporalParameterCalculation
    from gaitmap.preprocessing.sensor_alignment import align_dataset_to_gravity
    from gaitmap.stride_segmentation import BarthDtw
    from gaitmap.trajectory_reconstruction import RegionLevelTrajectory, RtsKalman
    from gaitmap.utils.coordinate_conversion import convert_to_fbf

    lengths, times, contacts, offs = [], [], [], []
    for imu_file in sorted(folder.glob("*_imu.csv")):
        name = imu_file.name.removesuffix("_imu.csv")
        markers, marked = folder / f"{name}_mocap.csv", folder / f"{name}_events.csv"
        if not (markers.exists() and marked.exists()):
            continue
        imu, heel, events = pd.read_csv(imu_file), pd.read_csv(markers), pd.read_csv(marked)
        rate_hz = 1 / float((imu["t_s"].iloc[-1] - imu["t_s"].iloc[0]) / (len(imu) - 1))
        key = ("left" if "left" in name else "right") + "_sensor"
        data = {key: imu[[f"{what}_{axis}" for what in ("acc", "gyr") for axis in "xyz"]]}
        data = align_dataset_to_gravity(data, sampling_rate_hz=rate_hz, window_length_s=0.5, static_signal_th=15)
        body = convert_to_fbf(data, left_like="left_", right_like="right_")
        strides = BarthDtw().segment(body, sampling_rate_hz=rate_hz).stride_list_
        found = RamppEventDetection().detect(data=body, stride_list=strides, sampling_rate_hz=rate_hz).min_vel_event_list_
        region = {key: pd.DataFrame({"roi_id": [0], "start": [0], "end": [len(imu)]})}
        way = RegionLevelTrajectory(trajectory_method=RtsKalman()).estimate_intersect(
            data=data, regions_of_interest=region, stride_event_list=found, sampling_rate_hz=rate_hz
        )
        calculated = SpatialParameterCalculation().calculate(
            stride_event_list=found, positions=way.position_, orientations=way.orientation_, sampling_rate_hz=rate_hz
        )
        length = calculated.parameters_[key]["stride_length"]
        time = TemporalParameterCalculation().calculate(stride_event_list=found, sampling_rate_hz=rate_hz)
        time = time.parameters_[key]["stride_time"]
        near = 0.15 * rate_hz
        for stride, row in found[key].iterrows():
            i, j = (int(round(row[at] / rate_hz * 100)) for at in ("start", "end"))
            if j < len(heel) and stride in length.index:
                a, b = heel.iloc[i], heel.iloc[j]
                truth_m = np.hypot(b["heel_x_mm"] - a["heel_x_mm"], b["heel_y_mm"] - a["heel_y_mm"]) / 1000
                if not np.isnan(truth_m):
                    lengths.append(100 * abs(length[stride] - truth_m))
            off = (events["ic"] - row["ic"]).abs()
            before = (events["pre_ic"] - row["pre_ic"]).abs()
            if off.min() < near and before.min() < near:
                truth = events.loc[off.idxmin()]
                times.append(1000 * abs(time[stride] - (truth["ic"] - truth["pre_ic"]) / rate_hz))
        for at, kept in (("ic", contacts), ("tc", offs)):
            for truth in events[at].dropna():
                apart = found[key][at] - truth
                if len(apart) and apart.abs().min() < near:
                    kept.append(1000 * apart.loc[apart.abs().idxmin()] / rate_hz)
    if not lengths:
        return {}
    return {
        "stride_length_mae": float(np.mean(lengths)),
        "stride_time_mae": float(np.mean(times)),
        "initial_contact_sd": float(np.std(contacts, ddof=1)),
        "foot_off_sd": float(np.std(offs, ddof=1)),
    }


def main():
    data, ours = Path(sys.argv[1]), {}
    for line in Path(sys.argv[2]).read_text().splitlines():
        one = json.loads(line)
        key = (one["set"], one["metric"])
        # What is said of a whole set stands for it, else its worst file.
        worse = key not in ours or (ours[key]["file"] != "*" and ours[key]["value"] < one["value"])
        if one["value"] is not None and (one["file"] == "*" or worse):
            ours[key] = one
    compared, wrong = 0, []
    # VQF does the same sums on the same files: its figures are those of the page. gaitmap's were of both feet.
    for of, peers, same in (("broad", orientation(data / "broad"), True), ("gaitmap-foot", walk(data / "gaitmap-foot"), False)):
        for metric, peer in peers.items():
            one = ours.get((of, metric))
            if one is None:
                wrong.append(f"Talus gives no {metric}")
                continue
            compared += 1
            said = one["peer"]
            print(f"{of} {metric}: Talus {one['value']:.3f}, the peer {peer:.3f} {one['unit']} (the page says {said})")
            if one["value"] > peer * (1 + ALLOWANCE):
                wrong.append(f"{metric}: the peer is better")
            if same and abs(said - peer) > ALLOWANCE * peer:
                wrong.append(f"{metric}: the page says {said} of the peer, and it gives {peer:.3f}")
    if compared < 7:
        wrong.append(f"{compared} figures were compared")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
