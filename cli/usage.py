"""What is wrong with a command line: the library's errors as ours, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import typer

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, either, listed
from backprop_studio.render.catalogue import name_hint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer import TyperException


def usage_error(app: typer.Typer, error: TyperException, arguments: Sequence[str]) -> InputError:
    """Return what the command line's library has found.

    Parameters
    ----------
    app : Typer
        The commands.
    error : TyperException
        As it was raised.
    arguments : sequence of str
        What follows the program's name.
    """
    parameter = getattr(error, "param", None)
    match type(error).__name__:  # the library names none of them in public
        case "NoSuchOption":
            return _no_option(error)
        case "BadOptionUsage":
            return _wrong_use(app, getattr(error, "option_name", ""))
        case "MissingParameter" if parameter is not None:
            return _missing(parameter)
        case "BadParameter" if parameter is not None:
            return _wrong_value(parameter, error)
        case "UsageError" if not getattr(error, "ctx", None) or not error.ctx.parent:  # type: ignore[attr-defined]
            return _no_command(app, arguments)
        case "UsageError":
            return _too_many(error)
    return InputError(Message.plain(error.format_message()))


def _no_option(error: Any) -> InputError:
    name = error.option_name
    near = list(error.possibilities or ())
    if not near:
        text = N_("there is no option {name}; --help lists those that there are")
        return InputError("usage.no_option", text, name=name)
    text = N_("there is no option {name}; {hint}")
    return InputError("usage.near_option", text, name=name, hint=name_hint(name, near))


def _wrong_use(app: typer.Typer, name: str) -> InputError:
    group = typer.main.get_command(app)
    known = [it for command in group.commands.values() for it in command.params]  # type: ignore[attr-defined]
    if any(name in it.opts and getattr(it, "is_flag", False) for it in known):
        return InputError("usage.flag", N_("the option {name} takes no value"), name=name)
    return InputError("usage.no_value", N_("the option {name} needs a value"), name=name)


def _missing(parameter: Any) -> InputError:
    return missing(_name(parameter), is_option=parameter.param_type_name != "argument")


def missing(name: str, *, is_option: bool) -> InputError:
    """Return the error of an argument or an option that is needed."""
    if not is_option:
        return InputError("usage.no_argument", N_("the argument {name} is missing"), name=name)
    text = N_("the option {name} is missing, which is needed here")
    return InputError("usage.needed_option", text, name=name)


def _wrong_value(parameter: Any, error: TyperException) -> InputError:
    cause: Any = error.__cause__
    value = str(cause.errors()[0]["input"])
    expected = _expected(parameter.type_descriptor)
    text = N_("wrong value for {field}: {value}; expected {expected}")
    fields = {"field": _name(parameter), "value": value, "expected": expected}
    return InputError("usage.wrong_value", text, **fields)


def _expected(descriptor: Any) -> Message:
    if choices := get_args(descriptor.annotation):
        return either(choices)
    low, high = descriptor.parameter_info.min, descriptor.parameter_info.max
    is_whole = descriptor.annotation is int
    number = N_("a whole number") if is_whole else N_("a number")
    what = Message.of("expected.whole" if is_whole else "expected.number", number)
    if low is None:
        return what
    if high is None:
        text = N_("{what} of at least {low}")
        return Message.of("expected.at_least_number", text, what=what, low=f"{low:g}")
    text = N_("{what} from {low} to {high}")
    return Message.of("expected.from_to", text, what=what, low=f"{low:g}", high=f"{high:g}")


def _no_command(app: typer.Typer, arguments: Sequence[str]) -> InputError:
    word = next((it for it in arguments if not it.startswith("-")), "")
    names = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    text = N_("there is no command {name}; {hint}")
    return InputError("usage.no_command", text, name=word, hint=name_hint(word, names))


def _too_many(error: Any) -> InputError:
    taken = [_name(it) for it in error.ctx.command.params if it.param_type_name == "argument"]
    text = N_(
        "{command} takes no more arguments than {names}; a value with spaces needs quotation marks"
    )
    return InputError("usage.too_many", text, command=error.ctx.command.name, names=listed(taken))


def _name(parameter: Any) -> str:
    """Return a parameter's name as it is typed, or as the help calls it."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    return " / ".join(parameter.opts)
