"""What lessons on graphs that torch recorded share: the way back, and the next graph."""

from __future__ import annotations

from typing import Any

from manim import Mobject

from backprop_studio.scenes.lesson.board_lesson import BoardLesson
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.parts.graphs.recorded_graph import RecordedGraph


class RecordedLesson(BoardLesson):
    """Base of lessons on autograd.

    Attributes
    ----------
    graph : RecordedGraph
        The one on the stage.
    """

    graph: RecordedGraph
    record: Any

    @property
    def size(self) -> int:
        """How many entries x has."""
        return len(self.record.x)

    def send_back(self, there: float = TIMES.travel, then: float = TIMES.change) -> None:
        """Let gradients flow from the output to the leaf, and gather in the nodes on the way."""
        for heads in self.graph.waves():
            self.move(self.graph.animate.flow(heads, self.short), seconds=there)
            self.graph.settle()
            self.move(self.graph.animate.gather(heads, self.short), seconds=then)

    def replace_graph(self, new: RecordedGraph, *leaving: Mobject) -> None:
        """Show another graph in place of the present one and of what else is to go."""
        old, self.graph = self.graph, new
        new.reveal().light_values(self.short)
        self.exchange([old, *leaving], new)
