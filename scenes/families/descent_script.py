"""What the lesson on gradient descent says of a slope, a step and an end, by what core finds."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.descent import Descent, Ends, Place, Ridge
from backprop_studio.scenes.lesson.sentences import Sentences

PLANK = Sentences(
    "slope",
    slopes.Sign,
    {
        "positive": N_(
            "Go one to the right along it, and you are {slope} higher: that is the slope."
        ),
        "negative": N_(
            "Go one to the right along it, and you go down: the slope is {slope}, with a minus."
        ),
        "zero": N_("It lies level: to the right you get no higher and no lower. The slope is 0."),
    },
)
WAY_DOWN = Sentences(
    "slope",
    slopes.Sign,
    {
        "positive": N_("To the right it goes up, so we step to the left: against the slope."),
        "negative": N_("To the right it goes down, so we step to the right: against the slope."),
        "zero": None,
    },
)
FIRST_STEP = Sentences(
    "next_step",
    slopes.Next,
    {
        "shrinks": N_("That makes {w}: w becomes smaller, and the ball moves to the left."),
        "grows": N_("That makes {w}: w becomes larger, and the ball moves to the right."),
        "leaves": N_("That makes {w}: the very first step leads out of the picture."),
        "lost": N_("That is less than the last digit of w: the ball does not move."),
        **dict.fromkeys(("level", "shorter", "longer", "alike")),
        **dict.fromkeys(("back_shorter", "back_longer", "back_alike")),
    },
)
AGAIN = Sentences(
    "next_step",
    slopes.Next,
    {
        "shorter": N_(
            "Flatter than the faint plank: the slope is {slope}, not {was}. So a shorter step."
        ),
        "longer": N_(
            "Steeper than the faint plank: the slope is {slope}, not {was}. So a longer step."
        ),
        "alike": N_("It is about as steep here, so the step is about as long."),
        "back_shorter": N_(
            "The ball is on the other side: the slope has changed its sign. A shorter step, back."
        ),
        "back_longer": N_(
            "The ball is on the other side: the slope has changed its sign. A longer step, back."
        ),
        "back_alike": N_(
            "The ball is on the other side: the slope has changed its sign. About as far, but back."
        ),
        "level": N_("The slope is 0 here: eta times 0 is 0, and there is no step at all."),
        "lost": N_("The slope is so small here that w does not move at all."),
        **dict.fromkeys(("leaves", "shrinks", "grows")),
    },
)
ENDING = Sentences(
    "descent",
    Descent,
    {
        "converges": N_(
            "And so on, {more} times more: after step {step} w has settled. "
            "Nearly flat, nearly no step."
        ),
        "crosses": N_("The steps have crossed the valley; at step {step} w has settled."),
        "overshoots": N_(
            "To and fro across the valley, ever closer: at step {step} w has settled."
        ),
        "slow": N_("On and on by the same rule: at step {step} w is still on its way."),
        "oscillates": N_("From side to side: at step {step} w still swings, but less and less."),
        "bounces": N_("From side to side: at step {step} the swings are no smaller."),
        "wanders": N_("At step {step} w has not come to rest."),
        "diverges": N_("The steps lead away: w left the picture at step {step}."),
        "not_finite": N_(
            "Step {step} would go where loss or slope is no finite number: it ends here."
        ),
        "stationary": N_("Eta times 0 is 0, so there is no step: w stays where it is."),
    },
)
PLACE = Sentences(
    "place",
    Place,
    {
        "lowest": N_("Nowhere in the picture is it lower."),
        "deeper_valley": N_("The other valley goes down to {low}! The ball could not feel it."),
        "lower": N_("Elsewhere it goes down to {low}! The ball could not feel it."),
        "open": N_("This is the hill whose slope the ball felt."),
    },
)
RIDGE = Sentences(
    "ridge",
    Ridge,
    {
        "between": N_("Between them is a ridge, {high} high: small steps downhill never cross it."),
        "crossed": None,
    },
)
OTHER = Sentences(
    "other_start",
    slopes.OtherStart,
    {
        "level": N_("The slope is 0 here: the ball stays where it is."),
        "same_side": N_("The slope here is {slope}, and the rule takes it from there."),
        "grows": N_("Here the slope is {slope}, with a minus: it goes down to the right."),
        "shrinks": N_("Here the slope is {slope}, with a plus: it goes up to the right."),
    },
)
OTHER_STEP = Sentences(
    "other_start",
    slopes.OtherStart,
    {
        "level": N_("Eta times 0 is 0: there is no step."),
        "same_side": N_("So this step, too, goes against the slope: to {w}."),
        "grows": N_("Minus times minus is plus: w grows, to {w}."),
        "shrinks": N_("Minus times plus is minus: w shrinks, to {w}."),
    },
)
ENDS = Sentences(
    "ends",
    Ends,
    {
        "one": None,
        "outside": N_("None of them ends in the picture."),
        "some_outside": N_("Not all of them end in the picture: start and rate decide."),
        "under_way": N_("Not all have arrived: with more steps they would go on."),
        "same": N_("All come to rest in the same place."),
        "valleys": N_("They come to rest in different valleys."),
        "different": N_("They come to rest in different places: the start decides."),
    },
)
STARTS = Sentences(
    "ends",
    Ends,
    {
        **dict.fromkeys(("one", "outside", "some_outside", "under_way", "same")),
        "valleys": N_("In which valley that is, the start decides."),
        "different": N_("Where that is, the start decides."),
    },
)
ANSWER = Sentences(
    "descent",
    Descent,
    {
        **dict.fromkeys(
            ("converges", "crosses", "overshoots"),
            N_("How do you get down? Step by eta times the slope, against it, until it is flat."),
        ),
        "slow": N_(
            "How do you get down? Step by eta times the slope, against it, again and again."
        ),
        **dict.fromkeys(
            ("oscillates", "bounces", "wanders"),
            N_("Step by eta times the slope, against it, again and again. Here it goes on."),
        ),
        "diverges": N_(
            "Step by eta times the slope, against it. Here that led out of the picture."
        ),
        "not_finite": N_(
            "Step by eta times the slope, against it. Here that led to where no number is."
        ),
        "stationary": N_(
            "Step by eta times the slope, against it. Here it was flat from the start."
        ),
    },
)
ANOTHER = {
    "square": N_("Another start: the square, at w = {w}."),
    "triangle": N_("Another start: the triangle, at w = {w}."),
}
"""Said of a start by the marker that it is drawn with."""
