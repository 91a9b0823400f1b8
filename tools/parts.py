"""Draws every part in a telling state, all on one sheet per theme: ``make parts``.

The numbers are core's, as everywhere. Look at the sheets after a change to a part or to the style.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import tempconfig
from manim.utils.color import ManimColor
from PIL import Image

from backprop_studio.core.answer_sheet import printed
from backprop_studio.core.network.optimizers import OptimizerSpec
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_step
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.core.surfaces.named import SURFACES
from backprop_studio.scenes.lesson.type_block import TypeBlock, formula_block, title_block
from backprop_studio.scenes.paint.camera import PaintingCamera
from backprop_studio.scenes.paint.style import SIZES, THEMES, hex_of
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.code_line import CodeLines
from backprop_studio.scenes.parts.charts.heat_matrix import HeatMatrix
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.histogram import Histogram
from backprop_studio.scenes.parts.charts.number_line import NumberLine
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.networks.loss_panel import LossPanel
from backprop_studio.scenes.parts.networks.network_drawing import network_view
from backprop_studio.scenes.parts.networks.tensor_blocks import TensorBlocks
from backprop_studio.scenes.parts.surfaces.contour_map import ContourMap
from backprop_studio.scenes.parts.surfaces.mesh import SurfaceMesh
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backprop_studio.core.network.record import StepRecord
    from backprop_studio.scenes.paint.painted import Painted
    from backprop_studio.scenes.paint.style import Theme

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
TILE = (7.4, 5.4)
"""Width and height of a tile in Manim units."""

COLUMNS = 3
PIXELS_PER_UNIT = 66
ROOM = (TILE[0] - 0.6, TILE[1] - 1.0)
"""What a part may take of a tile, below its title."""


def step_of(preset: str) -> StepRecord:
    """Return a training step of a preset."""
    params = NetworkGroup.model_validate({"network": {"preset": preset}})
    return run_step(params.network_spec(), params.batch(), 0.1)


def network(record: StepRecord, drawing: Any, theme: Theme, **more: Any) -> Painted:
    """Return a network after its backward pass, with the values of the forward pass."""
    layers = record.layers
    names = ["input", *(f"hidden {k + 1}" for k in range(len(layers) - 1)), "output"]
    weights, gradients = [it.weight for it in layers], [it.dL_dW for it in layers]
    network = (record.network.sizes, names, weights, gradients)
    view = network_view(drawing, *network, ROOM, theme, "en", **more).reveal()
    for number, values in enumerate((layers[0].a_in[0], *(layer.a[0] for layer in layers))):
        shown = [0.0 if k is None else float(values[k]) for k in view.units[number]]
        labels = [printed(value, view.decimals(values)) for value in shown]
        view.light(number, shown, labels, f"$a_{number}$" if number else "$x$")
    return view.grow_arrows(len(layers) - 1, layers[-1].dL_dW)


def surface_parts(theme: Theme) -> tuple[Painted, Painted]:
    """Return Himmelblau's valleys as a mesh and as a map, with the same three descents."""
    named = SURFACES["himmelblau"]
    landscape = FormulaLandscape(named.formula, named.ranges)
    grid = sample_grid(landscape, 49)
    starts = [(0.0, 0.0), (-1.0, 1.0), (-1.0, -2.0)]
    paths = descend(landscape, OptimizerSpec("sgd", 0.01), starts, 40).paths
    series = [DescentSeries(path.points, f"start {k + 1}") for k, path in enumerate(paths)]
    scale = HeightScale(grid.scale.low, grid.scale.high, grid.scale.knee)
    arguments = (grid.x, grid.y, grid.values, ROOM, theme, "en")
    names = ("$x$", "$y$", "$L$")
    shared: dict[str, Any] = {"scale": scale, "series": series, "names": names}
    mesh = SurfaceMesh(*arguments, **shared, azimuth=-0.9, elevation=0.7)
    chart = ContourMap(*arguments, **shared, fill="heat")
    return mesh.advance_to_end(), chart.advance_to_end()


def derivative_plot(theme: Theme) -> Painted:
    """Return w^2 with its secant at 3, as in the lecture."""
    w = np.linspace(0, 4.6, 300)
    plot = Plot(Axis(0, 5, "$w$"), Axis(0, 20, "$y$"), ROOM, theme, "en")
    plot.add_curve("y", w, w**2, label="$w^2$")
    plot.add_secant("secant", "y", 3.0, 4.0, legs=("$epsilon = 1$", "$7$"))
    return plot.add_point("here", 3.0, on="y", label="$(3, 9)$")


def parts(theme: Theme) -> Iterator[tuple[str, Painted]]:
    """Yield every part with its title."""
    notes, softmax = step_of("notes"), step_of("softmax")
    last = notes.layers[-1]
    yield "Network", network(notes, "collapsed", theme)
    yield "Network, drawn whole", network(softmax, "whole", theme, image_shape=(8, 8))
    yield "Network, strongest edges", network(softmax, "strongest", theme)
    mesh, chart = surface_parts(theme)
    yield "Surface", mesh
    yield "Contour map", chart
    yield "Plot", derivative_plot(theme)
    probabilities = notes.before.probabilities[0]
    bars = Bars([f"class {k + 1}" for k in range(3)], Axis(0, 0.5), ROOM, theme, "en")
    yield "Bars", bars.set_values(probabilities, [printed(p, 3) for p in probabilities])
    gradients = softmax.layers[0].dL_dW
    counts, edges = np.histogram(gradients, 25)
    x, y = Axis.around(edges, "$partial L slash partial W_1$"), Axis(0, float(counts.max()))
    yield "Histogram", Histogram(edges, x, y, ROOM, theme, "en").set_counts(counts)
    texts = [[printed(value, 3) for value in row] for row in last.dL_dW]
    matrix_names = {"row_names": ["$z_1$", "$z_2$", "$z_3$"], "column_names": ["$a_1$", "$a_2$"]}
    yield "Heat map", HeatMatrix(last.dL_dW, ROOM, theme, "en", texts=texts, **matrix_names)
    one = step_of("one_weight")
    before, after = one.layers[0].weight.item(), one.updated[0].weight.item()
    line = NumberLine(Axis(0, 3, "$w$"), ROOM[0], theme, "en").put(before, printed(before, 1))
    line.nudge(after, printed(after, 1), f"+{printed(after - before, 1)}")
    line.state["nudge"] = np.array(0.6)
    yield "Number line", line
    yield "Tensor", TensorBlocks((4, 6, 3), ["height", "width", "channel"], ROOM, theme, "en")
    code = CodeLines(
        ["y = model(x)", "loss = loss_fn(y, t)", "loss.backward()", "opt.step()"], ROOM[0], theme
    ).run(2)
    code.state["running"] = np.array(1.0)
    yield "Code", code
    classes, losses = [f"class {k + 1}" for k in range(3)], ("loss L", "loss after")
    is_target = [True, False, False]
    panel = LossPanel(
        "probability p", classes, is_target, losses, 3.2, theme, "en", most_loss=notes.loss
    )
    panel.show_answers(probabilities, [printed(p, 3) for p in probabilities])
    panel.show_loss(printed(notes.loss, 4), notes.loss)
    yield "Loss", panel.show_loss_after(printed(notes.loss_after, 4), notes.loss_after)
    formula = "$ (partial L) / (partial W) = sum_n delta^((n)) a^((n) T) $"
    yield "Formula", formula_block(formula, ROOM, theme.text)
    caption = "Captions, 中文 and $a = sigma(z)$ share one line."
    yield "Text", TypeBlock(caption, SIZES.caption, ROOM, theme.text, wrap=True)


def draw(theme: Theme) -> Image.Image:
    """Draw the sheet of one theme."""
    found = list(parts(theme))
    rows = -(-len(found) // COLUMNS)
    width, height = COLUMNS * TILE[0], rows * TILE[1]
    stage: list[Painted] = []
    for number, (title, part) in enumerate(found):
        left = -width / 2 + (number % COLUMNS) * TILE[0]
        top = height / 2 - (number // COLUMNS) * TILE[1]
        heading = title_block(title, ROOM[0], theme.muted, "en")
        stage.append(heading.move_to((left + TILE[0] / 2, top - 0.35, 0)))
        stage.append(part.move_to((left + TILE[0] / 2, top - 0.4 - TILE[1] / 2 + 0.1, 0)))
    settings = {
        "pixel_width": round(width * PIXELS_PER_UNIT),
        "pixel_height": round(height * PIXELS_PER_UNIT),
        "frame_width": width,
        "frame_height": height,
        "background_color": ManimColor(hex_of(theme.background)),
    }
    with tempconfig(settings):
        camera = PaintingCamera()
        camera.frame_width, camera.frame_height = width, height
        camera.capture_mobjects(stage)
    return Image.fromarray(camera.pixel_array).convert("RGB")


def main(show: Callable[[str], None] = print) -> None:
    """Draw the sheets of all themes into the docs."""
    for theme in THEMES.values():
        path = FOLDER / f"parts_{theme.name}.png"
        draw(theme).save(path, optimize=True)
        show(str(path.relative_to(FOLDER.parents[1])))


if __name__ == "__main__":
    main()
