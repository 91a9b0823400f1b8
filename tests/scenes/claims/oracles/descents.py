"""The claims about descents and races, worked out once more from the answer sheet."""

from __future__ import annotations

import math
from itertools import pairwise

from tests.scenes.claims.heights import goes_on, height, is_corner, slope_at
from tests.scenes.claims.oracles.registry import at, oracle, printed


def settles(told, points, rate, text, names):
    """Return how far a plain descent would still go, of the way that it went."""
    value, last = height(text), dict(zip(names, points[-1], strict=True))
    way = max(math.dist(it, points[-1]) for it in points)
    return goes_on(value, last, rate, len(points) - 1) / way if way else 0.0


@oracle("descent")
def descent(told, claim):
    """Of a run on a curve."""
    run, verdict = at(told.sheet, claim.about or "runs.0"), claim.verdict
    w, slope = run["w"], run["slope"]
    if verdict in {"diverges", "not_finite"}:
        return (run["left_at"] is not None) == (verdict == "diverges")
    if run["left_at"] is not None or run["diverged_at"] is not None:
        return False
    if verdict == "stationary":
        return slope[0] == 0 and w[-1] == w[0]
    steepest = max(map(abs, slope))
    clear = [it for it in slope if abs(it) > 1e-9 * steepest]
    crossings = sum(a * b < 0 for a, b in pairwise(clear))
    onward = settles(
        told, [[it] for it in w], run["learning_rate"], told.sheet["curve"]["text"], "w"
    )
    if verdict in {"converges", "crosses", "overshoots"}:
        if onward > 0.02 or abs(slope[-1]) > 0.03 * steepest:
            return False
        if verdict == "overshoots":
            return crossings > 1 and _shrinking_swings(w, slope)
        return (crossings > 0) == (verdict == "crosses")
    if onward < 0.005 and abs(slope[-1]) < 0.01 * steepest:
        return False
    half = (len(w) - 1) // 2
    swings = [b - a for a, b in pairwise(w)][half:]
    back = [a * b < 0 for a, b in pairwise(slope)][half:]
    if verdict == "slow":
        return not any(back)
    if verdict == "wanders":
        return any(back)
    smaller = [abs(b) < abs(a) * (1 + 1e-6) for a, b in pairwise(swings)]
    larger = [abs(b) > abs(a) * (1 - 1e-6) for a, b in pairwise(swings)]
    return all(back) and bool(smaller) and all(smaller if verdict == "oscillates" else larger)


def _shrinking_swings(w, slope):
    first = next(k for k, (a, b) in enumerate(pairwise(slope)) if a * b < 0)
    swings = [b - a for a, b in pairwise(w)][first:]
    swings = [it for it in swings if abs(it) > 1e-9 * max(map(abs, swings))]
    return all(a * b < 0 and abs(b) < abs(a) for a, b in pairwise(swings))


@oracle("ends")
def ends(told, claim):
    """Of several starts."""
    sheet, on_curve = told.sheet, claim.about == "runs"
    if on_curve:
        runs, text, names = sheet["runs"], sheet["curve"]["text"], "w"
        ways = [[[it] for it in run["w"]] for run in runs]
        inside = [run["left_at"] is None and run["diverged_at"] is None for run in runs]
        rate = runs[0]["learning_rate"]
    else:
        record, ranges = at(sheet, claim.about), sheet["surface"]["ranges"]
        text = (
            sheet["surface"].get("formula", {}).get("text")
            if "formula" in sheet["surface"]
            else None
        )
        names, ways = "xy", [path["points"] for path in record["paths"]]
        inside = [
            path["diverged_at"] is None
            and all(
                low <= x <= high for x, (low, high) in zip(path["points"][-1], ranges, strict=True)
            )
            for path in record["paths"]
        ]
        optimizer = record["optimizer"]
        rate = optimizer["learning_rate"]
        if optimizer["name"] != "sgd" or optimizer.get("weight_decay"):
            text = None
    if claim.verdict in {"outside", "some_outside"}:
        return not all(inside) and any(inside) == (claim.verdict == "some_outside")
    if claim.verdict == "one":
        return len(ways) == 1 and inside[0]
    if not all(inside):
        return False
    where = [way[-1] for way in ways]
    size = max(
        max(it[k] for way in ways for it in way) - min(it[k] for way in ways for it in way)
        for k in range(len(where[0]))
    )
    apart = max(abs(a - b) for end in where for a, b in zip(end, where[0], strict=True))
    moving = 0.0 if text is None else max(settles(told, way, rate, text, names) for way in ways)
    if claim.verdict == "under_way":
        if text is None or moving > 0.005 or _is_steep(told, ways, text, names):
            return True
        return _bounces(sheet, claim, ways, text, names)
    if moving > 0.02:
        return False
    if claim.verdict == "same":
        return apart <= 0.03 * size
    if claim.verdict == "valleys":
        value, places = height(text), sorted(end[0] for end in where)
        between = [places[0] + (places[-1] - places[0]) * k / 400 for k in range(401)]
        tops = [value(w=it) for it in between]
        return apart > 0.01 * size and max(tops) > max(tops[0], tops[-1])
    return apart > 0.01 * size


def _bounces(sheet, claim, ways, text, names):
    """Whether an end lies beside a corner by rounding alone: torch's slope leads away from it."""
    found, value = at(sheet, claim.about), height(text)
    paths = found if claim.about == "runs" else found["paths"]
    for path, way in zip(paths, ways, strict=True):
        slopes = path["slope"][-1:] if "slope" in path else path["gradients"][-1]
        here = dict(zip(names, way[-1], strict=True))
        if any(g and is_corner(value, here, it) for g, it in zip(slopes, names, strict=True)):
            return True
    return False


def _is_steep(told, ways, text, names):
    """Return whether somebody still stands on a slope that is no small part of the steepest."""
    value = height(text)
    for way in ways:
        steep = []
        for point in way:
            here = dict(zip(names, point, strict=True))
            steep.append(math.hypot(*(slope_at(value, here, it) for it in here)))
        if steep[-1] > 0.01 * max(steep):
            return True
    return False


@oracle("crawl")
def crawl(told, claim):
    """Of a descent that has become slow."""
    points = at(told.sheet, claim.about)["points"]
    moves = [math.dist(a, b) for a, b in pairwise(points)]
    is_slow = len(moves) > 1 and moves[-1] < max(moves) / 2
    return claim.verdict == "plain" or (
        is_slow and told.sheet["surface"]["formula"]["text"] == "x^2/20 + y^2"
    )


@oracle("summed")
def summed(told, claim):
    """Of gradients that are added up."""
    parts = list(zip(*at(told.sheet, claim.about), strict=True))
    both = any(min(part) < 0 < max(part) for part in parts)
    still = not any(any(part) for part in parts)
    return claim.verdict == ("stays" if still else "cancels" if both else "adds")


def _ranked(told, digits):
    """Return the printed last losses of those inside, and how many are not."""
    if "runs" in told.sheet:
        runs = told.sheet["runs"]
        inside = [
            it["loss"][-1] for it in runs if it["left_at"] is None and it["diverged_at"] is None
        ]
        return [printed(it, digits) for it in inside], len(runs) - len(inside)
    ranges, found, outside = told.lesson.full.ranges, [], 0
    for record in told.sheet["descents"]:
        path = record["paths"][0]
        is_in = all(a <= x <= b for x, (a, b) in zip(path["points"][-1], ranges, strict=True))
        if is_in and path["diverged_at"] is None:
            found.append(printed(path["values"][-1], digits))
        else:
            outside += 1
    return found, outside


@oracle("lowest")
def lowest(told, claim):
    """Of who is lowest in the end."""
    found, outside = _ranked(told, 4 if "runs" in told.sheet else 3)
    if len(found) < 2:
        return claim.verdict == ("none" if not found else "alone" if outside else "only")
    best = min(found, key=float)
    count = found.count(best)
    if count == 1:
        return claim.verdict == ("of_inside" if outside else "one")
    return claim.verdict == ("all" if count == len(found) and not outside else "several")


@oracle("pair")
def pair(told, claim):
    """Of two in a race."""
    found, outside = _ranked(told, 3)
    if outside:
        return claim.verdict.endswith("_left") and (claim.verdict == "both_left") == (outside == 2)
    first, second = map(float, found)
    rises = any(b > a for a, b in pairwise(told.sheet["descents"][0]["paths"][0]["values"]))
    return {
        "equal": first == second,
        "first": first < second,
        "second": second < first and not rises,
        "uphill": second < first and rises,
    }.get(claim.verdict, False)


@oracle("places")
def places(told, claim):
    """Of who is where after one step."""
    paths = [it["paths"][0]["points"] for it in told.sheet["descents"]]
    spots = {tuple(map(printed, it[1])) for it in paths if len(it) > 1}
    count = sum(len(it) > 1 for it in paths)
    if count < 2:
        return claim.verdict == "one"
    return claim.verdict == (
        "same" if len(spots) == 1 else "different" if len(spots) == count else "some"
    )


@oracle("speed")
def speed(told, claim):
    """Of who becomes faster."""
    quick = [
        it for it in told.sheet["descents"] if it["optimizer"]["name"] in {"momentum", "nesterov"}
    ]
    if not quick:
        return claim.verdict == "plain"
    faster = []
    for it in quick:
        moves = [math.dist(a, b) for a, b in pairwise(it["paths"][0]["points"])]
        faster.append(any(move > moves[0] for move in moves[1:]))
    return (claim.verdict == "gathers") == all(faster)


@oracle("who")
def who(told, claim):
    """Of who of a family runs."""
    two = {"squares": ("adagrad", "rmsprop"), "moments": ("adam", "adamw")}[claim.about]
    there = [it in {record["optimizer"]["name"] for record in told.sheet["descents"]} for it in two]
    return {"both": all(there), "first": there == [True, False], "second": there == [False, True]}[
        claim.verdict
    ]
