"""What the chain rule's lesson says where its numbers decide, a sentence for each verdict."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import one_weight
from backprop_studio.core.claims.slopes import Sign
from backprop_studio.scenes.lesson.sentences import Sentences

DRAGGED = Sentences(
    "reaches",
    one_weight.Reaches,
    {
        **dict.fromkeys(
            ("loss", "prediction"),
            N_("Drag the weight there and back: the prediction follows, and with it the loss."),
        ),
        "nothing": N_("Drag the weight there and back: the prediction does not follow."),
    },
)
PREDICTION_MOVES = Sentences(
    "reaches",
    one_weight.Reaches,
    {
        "loss": N_("The prediction moves by {change}: x times as much."),
        "prediction": N_("The prediction moves by {change}: x times as much."),
        "nothing": N_("Nothing of it reaches the prediction."),
    },
)
LOSS_MOVES = Sentences(
    "reaches",
    one_weight.Reaches,
    {
        "loss": N_("The loss becomes {loss}: it moves by {change}."),
        "prediction": N_("And yet the loss is the same as before."),
        "nothing": N_("And nothing of it reaches the loss."),
    },
)
SIDES = Sentences(
    "slope",
    Sign,
    {
        "negative": N_(
            "As y hat grows, the square shrinks along two sides: minus twice the side, {slope}."
        ),
        "positive": N_(
            "As y hat grows, the square grows along two sides: twice the side, {slope}."
        ),
        "zero": N_("The square has no sides here along which it could grow: the slope is {slope}."),
    },
)
PROMISED = Sentences(
    "corner",
    one_weight.Corner,
    {
        "shared": N_(
            "Two whole strips would be {promised}. It was {came}: they share a corner, {corner}."
        ),
        "extra": N_(
            "Two strips alone are {promised}. It was {came}: a corner came on top, {corner}."
        ),
        "alike": N_("For our nudge that promises {promised}, and {came} came."),
        "beyond": N_("For our nudge that promises {promised}. What came was {came}."),
    },
)
DIRECTION = Sentences(
    "direction",
    one_weight.Direction,
    {
        "grows": N_("The slope is negative: a little more weight means less loss. So w goes up."),
        "shrinks": N_(
            "The slope is positive: a little less weight means less loss. So w goes down."
        ),
        "zero": N_("The slope is zero: it names no direction, so w stays where it is."),
        "lost": N_("The step is so small beside w that w stays where it is."),
    },
)
LAST = Sentences(
    "course",
    one_weight.Course,
    {
        "breaks": N_("It diverges: after step {number} the numbers are too large to compute with."),
        "rises": N_("It diverges: this is step {number}, and the loss has only grown."),
        "falls": N_("And so on: this is step {number}, and the loss is smaller than at first."),
        "equal": N_("And so on: at step {number} the loss is what it was."),
        "mixed": N_("And so on: this is step {number}."),
    },
)
LOOP_STARTS = Sentences(
    "loop_start",
    one_weight.LoopStart,
    {
        "slower": N_(
            "Again from w = {w}. Larger inputs make larger slopes, so eta is only {rate}."
        ),
        "plain": N_("The weight starts at {w}, and the learning rate is {rate}."),
    },
)
TRAINED = Sentences(
    "loop_end",
    one_weight.LoopEnd,
    {
        "diverges": N_(
            "It diverges: after {count} updates the learning rate is plainly too large."
        ),
        "worse": N_("After {count} updates the mean loss is no smaller than before."),
        "known": N_(
            "For the input {x}, one of the samples, it said {before}; now it says {after}."
        ),
        "new": N_("For the input {x}, which it never saw, it said {before}; now it says {after}."),
    },
)
ANSWER = Sentences(
    "direction",
    one_weight.Direction,
    {
        "grows": N_("Multiply the slopes: the product is negative, so w goes up."),
        "shrinks": N_("Multiply the slopes: the product is positive, so w goes down."),
        "zero": N_("Multiply the slopes: here the product is zero, and w stays where it is."),
        "lost": N_("Multiply the slopes: here the step is too small to be seen in w."),
    },
)
