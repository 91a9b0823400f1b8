"""What the page says by itself, in English; the lecture's language is put in its place."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_

WORDS = {
    # Of the controls
    "back": N_("Back"),
    "next": N_("Next step"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "position": N_("Position"),
    "subtitles": N_("Subtitles"),
    "sound": N_("Sound"),
    "details": N_("Text and numbers"),
    "overview": N_("Overview"),
    "presenter": N_("Presenter view"),
    "full_screen": N_("Full screen"),
    "appearance": N_("Light or dark"),
    "help": N_("Keys"),
    "close": N_("Close"),
    "lecture": N_("Lecture"),
    "controls": N_("Controls"),
    "start": N_("Start"),
    "picture_back": N_("Show the picture again"),
    # Where one is
    "step_of": N_("Step {number} of {count}"),
    "at_time": N_("{time} of {whole}"),
    "loading": N_("The film is being loaded"),
    "no_film": N_("This browser cannot play the film; pictures and text are here."),
    "end": N_("End of the lecture"),
    # Of a step
    "script": N_("What is said"),
    "seen": N_("What is to be seen"),
    "numbers": N_("Numbers"),
    "number_shown": N_("Shown"),
    "number_name": N_("Name"),
    "number_value": N_("Full value"),
    "no_numbers": N_("This step shows no new numbers."),
    "notes": N_("Notes"),
    # Questions
    "question": N_("Your prediction"),
    "go_on": N_("Go on"),
    "think": N_("Think first; the film waits."),
    "after_question": N_("The rest is here after your prediction."),
    "predicted": N_("Right predictions: {right} of {count}"),
    "right": N_("right"),
    "wrong": N_("wrong"),
    # The presenter's window
    "now": N_("Now"),
    "then": N_("Next"),
    "last_step": N_("This is the last step."),
    "clock": N_("Clock"),
    "elapsed": N_("Elapsed"),
    "reset": N_("Set to zero"),
    "black": N_("Black"),
    "no_window": N_("The browser has not opened a second window; allow it to."),
    # Keys
    "key_next": N_("Next step; in the middle of one: to its end"),
    "key_back": N_("Back to the end of the step before"),
    "key_play": N_("Play on through, pause"),
    "key_again": N_("This step once more"),
    "key_first": N_("Beginning, end"),
    "key_number": N_("To the step of this number"),
    "key_black": N_("Black picture"),
    "key_close": N_("Close what is open"),
    "key_swipe": N_("On a touch screen: swipe to the left and to the right"),
    "letters": N_("Single letters are keys, too"),
    "space": N_("Space"),
    "enter": N_("Enter"),
}
