"""The claims about slopes and steps, worked out once more from the answer sheet."""

from __future__ import annotations

import math

from tests.scenes.claims.heights import height
from tests.scenes.claims.oracles.registry import at, number, oracle, printed, sign_of


@oracle("slope")
def slope(told, claim):
    """Of the sign of a number."""
    return claim.verdict == sign_of(at(told.sheet, claim.about))


@oracle("level")
def level(told, claim):
    """Of a gradient that is 0, and not only torch's choice at a corner, where nothing is flat."""
    found = at(told.sheet, claim.about)
    if isinstance(found, dict) and "partials" in found:
        if not all(it["is_smooth"] for it in found.get("slices", ())):
            return claim.verdict == "slope"
        found = found["partials"]
    elif isinstance(found, dict):
        found = [found["dL_dw"][0], found["dL_db"][0]]
    return (claim.verdict == "level") == (not any(found))


@oracle("next_step")
def next_step(told, claim):
    """Of a step and the slope before it."""
    run, step = at(told.sheet, claim.about[:6]), int(claim.about.rpartition(".")[2]) + 1
    now, verdict = run["slope"][step - 1], claim.verdict
    if verdict == "leaves":
        return run["left_at"] == step
    w = run["w"]
    if verdict in {"level", "lost"}:
        return (now == 0) == (verdict == "level") and w[step] == w[step - 1]
    if verdict in {"shrinks", "grows"}:
        is_down = w[1] < w[0]
        return step == 1 and is_down == (now > 0) == (verdict == "shrinks") and w[1] != w[0]
    before = run["slope"][step - 2]
    share = abs(abs(now) / abs(before) - 1) if before else math.inf
    is_back = (now > 0) != (before > 0)
    size = verdict.removeprefix("back_")
    if is_back != verdict.startswith("back_") or not now or step < 2:
        return False
    if size == "alike":
        return share < 0.0011
    return share > 0.0009 and (abs(now) > abs(before)) == (size == "longer")


@oracle("place")
def place(told, claim):
    """Of where a ball rests, against the whole curve in the picture."""
    run, verdict = at(told.sheet, claim.about), claim.verdict
    value, picture = height(told.sheet["curve"]["text"]), told.lesson.picture
    (low, high), (left, right) = picture.heights, picture.sight
    here, rest = value(w=run["w"][-1]), run["w"][-1]
    ways = [left + (right - left) * k / 4000 for k in range(4001)]
    seen = [(value(w=it), it) for it in ways]
    seen = [it for it in seen if low <= it[0] <= high]
    least, where = min(seen, default=(here, rest))
    above = (here - least) / (high - low)
    if verdict == "open":
        return told.lesson.runs[0].verdict not in {"converges", "crosses", "overshoots"} or (
            0.005 < above < 0.06
        )
    if verdict == "lowest":
        return above <= 0.015
    between = [value(w=rest + (where - rest) * k / 1000) for k in range(1001)]
    between = [it for it in between if math.isfinite(it)]
    has_hill = max(between) > here
    return above >= 0.04 and (verdict == "lower" or (has_hill and left < where < right))


@oracle("ridge")
def ridge(told, claim):
    """Of the highest place between where a ball rests and the lowest place: it was never there."""
    run, top = at(told.sheet, claim.about), told.sheet["ridge"]
    value, lowest = height(told.sheet["curve"]["text"]), told.sheet["lowest"]["w"]
    ends = run["w"][-1], lowest
    between = [value(w=ends[0] + (ends[1] - ends[0]) * k / 1000) for k in range(1001)]
    is_top = max(between) <= top["loss"] + 1e-9 * max(1.0, abs(top["loss"]))
    is_there = math.isclose(value(w=top["w"]), top["loss"], rel_tol=1e-9)
    sides = {it > top["w"] for it in run["w"]}
    is_ridge = top["loss"] > max(value(w=it) for it in ends)
    return claim.verdict == "between" and is_top and is_there and is_ridge and len(sides) == 1


@oracle("other_start")
def other_start(told, claim):
    """Of another start beside the first."""
    here, first = at(told.sheet, claim.about), told.sheet["runs"][0]["slope"][0]
    if claim.verdict == "same_side":
        return here != 0 and (first == 0 or (here > 0) == (first > 0))
    if claim.verdict == "level":
        return here == 0
    return here * first < 0 and (claim.verdict == "shrinks") == (here > 0)


@oracle("move")
def move(told, claim):
    """Of a step that moves a point."""
    path, _, step = claim.about.rpartition(".")
    points, k = at(told.sheet, path), int(step)
    if claim.verdict == "breaks":
        return len(points) <= k
    return (points[k] != points[k - 1]) == (claim.verdict == "moves")


@oracle("update")
def update(told, claim):
    """Of all weights at once."""
    pairs = []
    for old, new in zip(told.sheet["layers"], told.sheet["updated"], strict=True):
        for rows in zip(old["weight"], new["weight"], old["dL_dW"], strict=True):
            pairs += [(b - a, g) for a, b, g in zip(*rows, strict=True)]
    against = [(moved, g) for moved, g in pairs if g and (moved > 0) == (g < 0) and moved]
    resting = [(moved, g) for moved, g in pairs if not g and not moved]
    return {
        "against": len(against) == len(pairs),
        "partly": bool(resting) and bool(against) and len(resting) + len(against) == len(pairs),
        "stationary": not any(moved for moved, _ in pairs),
        "by_rule": any(moved for moved, _ in pairs) and len(resting) + len(against) < len(pairs),
    }[claim.verdict]


@oracle("change")
def change(told, claim):
    """Of a loss before and after."""
    sheet = told.sheet
    if not claim.about:
        before, after = sheet["loss"], number(sheet["loss_after"])
    elif claim.about == "fit.run.loss":
        before, after = at(sheet, claim.about)[:2]
    else:
        losses = at(sheet, claim.about)
        before, after = losses[0], number(losses[-1])
        if claim.about == "descent.zeroed.losses" and sheet["descent"]["zeroed"]["diverged_at"]:
            after = math.inf
    if claim.verdict == "not_finite":
        return not math.isfinite(after)
    same = printed(before, 6) == printed(after, 6) or f"{before:.12f}" == f"{after:.12f}"
    if claim.verdict in {"equal", "stationary"}:
        return same
    return not same and (after < before) == (claim.verdict == "falls")


@oracle("reaches")
def reaches(told, claim):
    """Of a nudge."""
    found = at(told.sheet, claim.about)
    way = [found["dy_pred"] != 0, found["dL"] != 0]
    return {"nothing": not way[0], "prediction": way == [True, False], "loss": all(way)}[
        claim.verdict
    ]


@oracle("corner")
def corner(told, claim):
    """Of a nudge: e^2 changes by 2 e d + d^2, two strips and a corner."""
    step = at(told.sheet, claim.about)
    error, change = step["y_pred"] - told.sheet["chain"]["y"], step["nudge"]["dy_pred"]
    grows = abs(error + change) - abs(error)
    if claim.verdict == "beyond":
        return error * change < 0 <= grows + 1e-12 * abs(error)
    promised, came = step["nudge"]["linear_dL"], step["nudge"]["dL"]
    if claim.verdict == "alike":
        return printed(promised) == printed(came)
    return printed(promised) != printed(came) and (grows < 0) == (claim.verdict == "shared")


@oracle("direction")
def direction(told, claim):
    """Of a weight's step."""
    step = at(told.sheet, claim.about)
    moved, gradient = step["w_after"] - step["w"], step["dL_dw"]
    return {
        "zero": gradient == 0 and moved == 0,
        "lost": gradient != 0 and moved == 0,
        "grows": gradient < 0 < moved,
        "shrinks": moved < 0 < gradient,
    }[claim.verdict]


@oracle("course")
def course(told, claim):
    """Of many steps of one weight: L = (w x - y)^2 grows if |1 - 2 eta x^2| is above 1."""
    steps, chain = at(told.sheet, claim.about), told.sheet["chain"]
    first, last = steps[0]["loss"], steps[-1]["loss_after"]
    factor = abs(1 - 2 * chain["learning_rate"] * chain["x"] ** 2)
    return {
        "breaks": chain["divergence"] is not None,
        "rises": last > first and factor > 1,
        "falls": last < first and factor < 1,
        "equal": printed(first) == printed(last),
        "mixed": True,
    }[claim.verdict]


@oracle("loop_start")
def loop_start(told, claim):
    """Of a loop over samples that begins where the steps of one sample did."""
    loop, chain = told.sheet["loop"], told.sheet["chain"]
    is_again = loop["w"][0] == chain["steps"][0]["w"]
    rates_fall = loop["learning_rate"] - chain["learning_rate"] < 0
    is_wider = any(x * x > chain["x"] ** 2 for x in loop["x"])
    return {"slower": is_again and rates_fall and is_wider, "plain": True}[claim.verdict]


@oracle("loop_end")
def loop_end(told, claim):
    """Of a loop over samples."""
    loop = told.sheet["loop"]
    losses = [number(it) for it in loop["epoch_losses"]]
    factors = [1 - 2 * loop["learning_rate"] * x * x for x in loop["x"]]
    better = losses[-1] < losses[0]
    return {
        "diverges": loop["divergence"] is not None or (not better and abs(math.prod(factors)) > 1),
        "worse": not better,
        "known": loop["test_x"] in loop["x"] and better,
        "new": loop["test_x"] not in loop["x"] and better,
    }[claim.verdict]
