"""What the film of a training step says where the words depend on what happened."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import backprop as claims
from backprop_studio.core.claims import counts, slopes
from backprop_studio.core.claims.change import Change
from backprop_studio.scenes.lesson.sentences import Sentences

ANSWER = Sentences(
    "network_answer",
    claims.Answer,
    {
        "wrong": N_("For this input it says {said}. It should have said {target}."),
        "right": N_("For this input it says {said}, and that is right. But how sure is it?"),
        "tie": N_("For this input no class is ahead of the others. It should have said {target}."),
        "off": N_("For this input it answers {said}. The target is {target}."),
        "all_off": N_("For this input its outputs are not yet what the targets ask for."),
        "hits": N_("For this input it answers what the target asks for, as far as we can see."),
    },
)
_BLAME = N_("Which of these {count} weights and biases is to blame, and how much?")
_MATTERS = N_("Which of these {count} weights and biases matters most for the loss, and how much?")
QUESTION = {
    **dict.fromkeys(("wrong", "tie", "off", "all_off"), _BLAME),
    **dict.fromkeys(("right", "hits"), _MATTERS),
}
"""What the film answers, by the answer of the network."""

ACTIVATED = Sentences(
    "activated",
    claims.Activated,
    {
        "identity": N_("This layer has no activation, so the sum goes on as it is."),
        "passed": N_("Then relu: a negative sum becomes 0, a positive one stays."),
        "cut": N_("Then relu: a positive sum stays, any other becomes 0."),
        "bent": N_("The activation, {name}, bends the sum to {a}."),
    },
)
ADDED = Sentences(
    "terms",
    counts.Many,
    {
        "one": N_("The neuron adds a number of its own: its bias."),
        "many": N_("The neuron adds them and a number of its own: its bias."),
    },
)
NEIGHBOURS = Sentences(
    "neighbours",
    counts.Many,
    {
        "one": N_("It is the only neuron of its layer. Written with matrices, it looks like this."),
        "many": N_("Its neighbours do the same: each row of the matrix is one neuron."),
    },
)
PASSES = Sentences(
    "passes",
    claims.Passes,
    {
        "linear": N_("The value at the start is {start}, so z changes by {dz}."),
        "passes": N_("The value at the start is {start}: z changes by {dz}, a by {da}."),
        "no_input": N_(
            "The sum z stays where it is: for this sample nothing of the nudge arrives."
        ),
        "flat": N_("The sum z changes by {dz}, but {name} lets nothing of it through."),
    },
)
BIAS_PASSES = Sentences(
    "passes",
    claims.Passes,
    {
        "linear": N_("The sum z changes by {dz}, and goes on as it is."),
        "passes": N_("The sum z changes by {dz}; after {name} the change is {da}."),
        "no_input": None,
        "flat": N_("The sum z changes by {dz}, but {name} lets nothing of it through."),
    },
)
REACTION = Sentences(
    "reaction",
    claims.Reaction,
    {
        "rises": N_("And the loss of the batch rises, from {before} to {after}."),
        "falls": N_("And the loss of the batch falls, from {before} to {after}."),
        "same": N_("The loss of the batch stays at {after}, as far as we can see."),
    },
)
_PLAIN = N_("There is no activation in between, so that is all.")
BACK = Sentences(
    "back_slopes",
    claims.Slopes,
    {
        "plain": _PLAIN,
        "stops": N_("Then comes the slope of {name}. Where it is 0, the gradient stops."),
        "flows": N_("Then each is multiplied by the slope of {name} there."),
    },
)
BACK_RELU = Sentences(
    "back_slopes",
    claims.Slopes,
    {
        "plain": _PLAIN,
        "stops": N_("Then times the slope of relu: 1 where z was positive, 0 elsewhere."),
        "flows": N_("Then times the slope of relu: 1, as z was positive."),
    },
)
BACK_AGAIN = Sentences(
    "back_slopes",
    claims.Slopes,
    {
        "plain": N_("Back to layer {layer}: through the weights, and that is all."),
        "stops": N_("So back to layer {layer}; where {name} has slope 0, the gradient stops."),
        "flows": N_("Back to layer {layer}: through the weights, then times the slope of {name}."),
    },
)
BACK_LAST = Sentences(
    "back_slopes",
    claims.Slopes,
    {
        "plain": _PLAIN,
        "stops": N_("Then times the slope of {name}: where that is 0, nothing goes on."),
        "flows": N_("Then each is multiplied by the slope of {name} there."),
    },
)
MOST = Sentences(
    "most",
    claims.Most,
    {
        "one": N_("Most to blame is {whose}: {value}."),
        "several": N_("Several are most to blame; one of them is {whose}: {value}."),
        "zero": N_("All gradients are 0: here nobody is to blame."),
    },
)
FOUND = Sentences(
    "most",
    claims.Most,
    {
        "one": N_("Most to blame is {whose}: {value}."),
        "several": N_("Several were equally to blame, such as {whose}: {value}."),
        "zero": N_("At the start nobody was to blame: every gradient was 0."),
    },
)
IDLE = Sentences(
    "idle",
    counts.Many,
    {
        "one": N_("One of the {count} has a gradient of exactly 0: it has no share in the loss."),
        "many": N_("And {zeros} of the {count} have a gradient of exactly 0: no share at all."),
    },
)
UPDATE = Sentences(
    "update",
    slopes.Update,
    {
        "against": N_("Now every weight steps against its gradient, all at once."),
        "partly": N_("Now the weights step against their gradients; where that is 0 they stay."),
        "stationary": N_("All gradients of the weights are 0, so no weight moves."),
        "by_rule": N_("Now the optimizer makes a step of each gradient, by a rule of its own."),
    },
)
_TOO_LONG = N_("The loss is worse now: {before} has become {after}. The step was too long.")
AFTER = Sentences(
    "change",
    Change,
    {
        "falls": N_("The loss has fallen from {before} to {after}."),
        "rises": _TOO_LONG,
        "not_finite": _TOO_LONG,
        "equal": N_("After the step the loss is {after}, as it was before."),
        "stationary": N_("Nothing has moved, so the loss stays {after}."),
    },
)
NEXT_ANSWER = Sentences(
    "next_answer",
    claims.NextAnswer,
    {
        "right": N_("It says {said} now, and that is right."),
        "still_right": N_("It still says {said}, and that is right."),
        "lost": N_("But it says {said} now, and that is wrong."),
        "same": N_("It still says {said}, and that is wrong."),
        "another": N_("It says {said} now: still not right."),
        "tie": N_("Now no class is ahead of the others."),
    },
)
LOSSES = Sentences(
    "change",
    Change,
    {
        "falls": N_("After {count} steps the loss has fallen from {first} to {last}."),
        "rises": N_("After {count} steps the loss has risen from {first} to {last}."),
        "not_finite": N_("After {count} steps {first} has become {last}. They were too long."),
        "equal": N_("After {count} steps the loss is {last}, as it was at the beginning."),
        "stationary": N_("After {count} steps nothing has moved: the loss stays {last}."),
    },
)
COURSE = Sentences(
    "answer_course",
    claims.Course,
    {
        "learned": N_("And from step {number} on our answer is right: {target}."),
        "known": N_("The answer to our sample was right before, and it is right now: {target}."),
        "lost": N_("But the answer to our sample was right at the beginning, and it is not now."),
        "still_wrong": N_("For our sample that is not enough: its answer is not {target} yet."),
    },
)
