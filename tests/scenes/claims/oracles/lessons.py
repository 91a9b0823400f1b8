"""The claims that one lesson alone makes, worked out once more from its answer sheet."""

from __future__ import annotations

import math
from itertools import pairwise

from tests.scenes.claims.heights import height, is_corner
from tests.scenes.claims.oracles.registry import at, number, oracle, printed


@oracle("smooth", "sides")
def smooth(told, claim):
    """Of a corner: slopes to both sides, of this formula at this point."""
    found, sheet = at(told.sheet, claim.about), told.sheet
    if claim.name == "sides":
        right, left = sheet["sides"]["slopes"]
        is_one = (
            abs(right - left) <= 0.011 * max(abs(right), abs(left)) or sheet["sides"]["is_smooth"]
        )
        return is_one == (claim.verdict == "smooth")
    place = {name: number(it) for name, it in found["point"].items()}
    moved = [found["variable"]] if "variable" in found else list(place)
    value = height(found["formula"]["text"])
    is_one = not any(is_corner(value, place, name) for name in moved)
    return is_one == (claim.verdict == "smooth")


@oracle("rest")
def rest(told, claim):
    """Of what a step adds."""
    found = at(told.sheet, claim.about)
    linear, square = (found["taylor"][k] * found["eps"][-1] ** k for k in (1, 2))
    if claim.verdict == "no_linear":
        return linear == 0
    if linear and math.isclose(abs(linear), 10 * abs(square)):
        return claim.verdict in {"smaller", "not_smaller"}  # on the bound both are true
    return linear != 0 and (abs(linear) >= 10 * abs(square)) == (claim.verdict == "smaller")


def _tried(told):
    record = at(told.sheet, "central")
    return [record["errors"][k] for k in told.lesson.tried]


@oracle("tried")
def tried(told, claim):
    """Of smaller steps."""
    errors = _tried(told)
    falls = len(errors) > 1 and all(b < a for a, b in pairwise(errors))
    return falls == (claim.verdict == "falls")


@oracle("picked")
def picked(told, claim):
    """Of the step that was chosen."""
    record = at(told.sheet, claim.about)
    error = abs(record["step_difference"] - record["gradient"])
    size = max(abs(record["gradient"]), record["step"])
    return claim.verdict == (
        "exact" if error == 0 else "unseen" if error < 1e-3 * size else "misses"
    )


@oracle("errors")
def errors(told, claim):
    """Of all steps."""
    found = [number(it) for it in at(told.sheet, claim.about)["errors"]]
    clear = [it for it in found if it > 0]
    return {
        "valley": lambda: (
            min(clear) < clear[0] and min(clear) < max(clear[clear.index(min(clear)) :])
        ),
        "exact": lambda: not clear,
        "gaps": lambda: bool(clear) and 0 in found,
        "plain": lambda: bool(clear),
    }[claim.verdict]()


@oracle("order")
def order(told, claim):
    """Of the right arm: a tenth of the step has about a hundredth of the error."""
    record = at(told.sheet, claim.about)
    is_square = 1.7 <= number(record["truncation_order"]) <= 2.3
    return is_square == (claim.verdict == "square")


@oracle("digits")
def digits(told, claim):
    """Of the left arm."""
    record, k = told.sheet["central"], int(claim.about.rpartition(".")[2])
    first, second = record["above"][k], record["below"][k]
    apart = abs(first - second) / max(abs(first), abs(second))
    return (apart < 1e-6) == (claim.verdict == "shared")


@oracle("powers")
def powers(told, claim):
    """Of the exponential."""
    logits = sorted(at(told.sheet, claim.about)["logits"])
    found = [math.exp(it) for it in logits]
    if claim.verdict == "underflows":
        return 0.0 in found
    gaps = [
        (b - a, y - x)
        for (a, b), (x, y) in zip(pairwise(logits), pairwise(found), strict=True)
        if b > a
    ]
    return (
        min(found) > 0
        and {
            "equal": not gaps,
            "widens": bool(gaps) and all(after > before for before, after in gaps),
            "ratios": any(after <= before for before, after in gaps),
        }[claim.verdict]
    )


@oracle("pull")
def pull(told, claim):
    """Of p - y."""
    record = at(told.sheet, claim.about)
    found, target = record["gradient"], record["target"]
    moved = [(it < 0) if k == target else (it > 0) for k, it in enumerate(found)]
    return claim.verdict == ("nothing" if not any(found) else "pulls" if all(moved) else "partly")


@oracle("naive")
def naive(told, claim):
    """Of softmax without the shift."""
    record = at(told.sheet, claim.about)
    found = [math.exp(it) if it < 709.7 else math.inf for it in record["logits"]]
    total = math.fsum(found) if max(found) < 1e307 else sum(found)
    if math.isinf(max(found)):
        return claim.verdict == "infinite"
    if math.isinf(total):
        return claim.verdict == "sum"
    if total == 0:
        return claim.verdict == "zeros"
    shares = [it / total for it in found]
    right = all(abs(a - b) < 5e-7 for a, b in zip(shares, record["probabilities"], strict=True))
    if shares[record["target"]] == 0:
        return claim.verdict == "true_zero"
    if not right:
        return claim.verdict == "few_digits"
    # p - y is right; what autograd divides by, the square of the sum, may be 0 all the same.
    breaks = not all(math.isfinite(number(it)) for it in record["naive"]["gradient"])
    return claim.verdict == ("gradient" if breaks else "holds")


@oracle("flow")
def flow(told, claim):
    """Of a gradient on its way back."""
    found = [it["norm_dL_dW"] for it in at(told.sheet, claim.about)["layers"]]
    rising = all(b > a for a, b in pairwise(found))
    falling = all(b < a for a, b in pairwise(found))
    if 0 in found:
        return claim.verdict == ("partly_silent" if any(found) else "silent")
    ratio = found[0] / found[-1]
    if 0.5 <= ratio <= 2:
        return claim.verdict == "keeps"
    names = ("vanishes", "shrinks") if ratio < 1 else ("explodes", "grows")
    return claim.verdict == names[0 if (rising if ratio < 1 else falling) else 1]


@oracle("dead")
def dead(told, claim):
    """Of relus."""
    layers = at(told.sheet, claim.about)["layers"]
    if any(it["dead"] == it["units"] for it in layers):
        return claim.verdict == "dead" and not any(it["norm_dL_dW"] for it in layers[:1])
    return claim.verdict == ("some_dead" if any(it["dead"] for it in layers) else "alive")


@oracle("spread")
def spread(told, claim):
    """Of the largest gradients."""
    pairs = [
        (it["largest_early"], it["largest_late"]) for it in at(told.sheet, claim.about)["layers"]
    ]
    broke = told.sheet["course"]["divergence"] is not None
    if all(late > early for early, late in pairs):
        return claim.verdict == ("breaks" if broke else "grow")
    if all(late < early for early, late in pairs):
        return claim.verdict == "shrink"
    return claim.verdict == ("same" if all(late == early for early, late in pairs) else "mixed")


@oracle("learned")
def learned(told, claim):
    """Of one sample's answer."""
    found = at(told.sheet, claim.about)
    was, now = (
        row.index(max(row)) == found["target"]
        for row in (found["probabilities"][0], found["probabilities"][-1])
    )
    names = {(0, 1): "learned", (1, 1): "known", (1, 0): "lost", (0, 0): "still_wrong"}
    return claim.verdict == names[was, now]


# A line


def _miss(fit, run, step):
    """Return how far a line is from that of least squares, in heights of the data."""
    k = max(k for k, at_step in enumerate(run["at"]) if at_step <= step)
    dw, db = run["w"][k] - fit["best_w"], run["b"][k] - fit["best_b"]
    tall = max(fit["y"]) - min(fit["y"]) or max(map(abs, fit["y"])) or 1.0
    return max(abs(dw * x + db) for x in fit["x"]) / tall


@oracle("few")
def few(told, claim):
    """Of an early look."""
    fit = told.sheet["fit"]
    run = fit["run"]
    k = max(k for k, step in enumerate(run["at"]) if step <= fit["few"])
    if claim.verdict == "fits":
        return _miss(fit, run, fit["few"]) <= 0.0201
    return (run["loss"][k] <= run["loss"][0] / 2) == (claim.verdict == "much_smaller")


@oracle("fit")
def fitted(told, claim):
    """Of the line in the end."""
    fit = told.sheet["fit"]
    return (_miss(fit, fit["run"], fit["run"]["steps"]) <= 0.02) == (claim.verdict == "fits")


@oracle("way")
def way(told, claim):
    """Of a valley with a floor: most of the loss is gone early, and the rest takes long."""
    fit = told.sheet["fit"]
    run = fit["run"]
    early = [k for k, step in enumerate(run["at"]) if step <= run["steps"] / 10][-1]
    quick = (
        early > 0
        and run["loss"][early] <= run["loss"][0] / 2
        and run["loss"][-1] < run["loss"][early]
    )
    long = fit["curvatures"][1] >= 4 * fit["curvatures"][0]
    return (quick and long) == (claim.verdict == "quick_then_slow")


@oracle("slower")
def slower(told, claim):
    """Of a smaller rate."""
    fit = told.sheet["fit"]
    if claim.verdict == "diverges":
        return fit["slower"]["loss"][-1] > fit["slower"]["loss"][0] or fit["slower"]["diverged_at"]
    return (_miss(fit, fit["slower"], fit["run"]["steps"]) <= 0.02) == (claim.verdict == "fits")


@oracle("more")
def more(told, claim):
    """Of more steps."""
    fit = told.sheet["fit"]
    run, slow = fit["run"], fit["slower"]
    right = _miss(fit, slow, slow["steps"]) <= 0.02
    if run["is_divergent"]:
        return claim.verdict == ("right" if right else "not_yet")
    ends = [(it["w"][-1], it["b"][-1]) for it in (run, slow)]
    apart = max(abs(a - b) for a, b in zip(*ends, strict=True))
    gone = max(abs(run["w"][-1] - run["w"][0]), abs(run["b"][-1] - run["b"][0]))
    if claim.verdict == "elsewhere":
        return apart > 0.1 * gone
    return apart <= 0.1 * gone and right == (claim.verdict == "as_right")


@oracle("both")
def both(told, claim):
    """Of both rates."""
    fit = told.sheet["fit"]
    right = [_miss(fit, fit[name], fit["run"]["steps"]) <= 0.02 for name in ("run", "slower")]
    return all(right) == (claim.verdict == "enough")


# Autograd, graphs, counts


@oracle("added")
def added(told, claim):
    """Of a gradient that is added to another."""
    found = told.sheet["autograd"]
    was, now, alone = ([*map(printed, found[it])] for it in ("grad", "grad_added", "grad_zeroed"))
    if claim.verdict == "lucky":
        return not any(found["grad"]) and now == alone
    return any(found["grad"]) and (now != alone) == (claim.verdict == "differs") and bool(was)


@oracle("same")
def same(told, claim):
    """Of two gradients."""
    found = told.sheet["detach"]
    alike = [*map(printed, found["grad"])] == [*map(printed, found["grad_whole"])]
    return alike == (claim.verdict == "same")


@oracle("many")
def many(told, claim):
    """Of what there is one of, or more."""
    sheet, about = told.sheet, claim.about
    if about == "control":
        count = len(sheet["control"]["turns"]) + (sheet["control"]["branch"] != "positive")
    elif "graph" in sheet and about != "graph.values":
        count = _ways(sheet["graph"], sheet["graph"]["result"], about)
    else:
        count = len(at(sheet, about))
    return count > 0 and (count == 1) == (claim.verdict == "one")


def _ways(graph, head, tail):
    """Return how many ways lead from one node back to another."""
    if head == tail:
        return 1
    edges = [it for it in graph["edges"] if it["head"] == head and it["local"] is not None]
    return sum(_ways(graph, it["tail"], tail) for it in edges)


@oracle("ways_back")
def ways_back(told, claim):
    """Of gradients that leave some nodes."""
    heads, graph = claim.about.split(","), told.sheet["graph"]
    tails = {it["tail"] for it in graph["edges"] if it["head"] in heads and it["flow"] is not None}
    used = {
        tail: sum(it["tail"] == tail and it["flow"] is not None for it in graph["edges"])
        for tail in tails
    }
    if claim.verdict == "meet":
        return any(count > 1 for count in used.values())
    return (len(heads) == 1) == (claim.verdict == "one")


@oracle("corners")
def corners(told, claim):
    """Of a graph: two inputs of max or min are alike, or relu or abs stands at 0."""
    graph, found = told.sheet["graph"], False
    values = {it["id"]: it["value"] for it in graph["nodes"]}
    for node in graph["nodes"]:
        tails = [values[it["tail"]] for it in graph["edges"] if it["head"] == node["id"]]
        found = found or (node["is_corner"] and (len(set(tails)) < len(tails) or 0 in tails))
    return found == (claim.verdict == "corner")


@oracle("turns")
def turns(told, claim):
    """Of a loop."""
    return (len(at(told.sheet, claim.about)) > 1) == (claim.verdict == "some")


@oracle("axes")
def axes(told, claim):
    """Of a shape."""
    return ("none", "one", "two", "three", "four")[
        len(at(told.sheet, claim.about))
    ] == claim.verdict


@oracle("trained")
def trained(told, claim):
    """Of parameters."""
    found = at(told.sheet, claim.about)
    return (found["trained"] == found["parameters"]) == (claim.verdict == "all")
